// Deliveries over TLS: the connection goes to an address, the certificate is for the URL's host.

import Foundation
import NIOSSL
import TestSupport
import Testing
@testable import LoketRuntime

@Suite(.timeLimit(.minutes(5))) struct WebhookTLSTests {
    /// Runs a receiver with a certificate of an issuer of its own.
    private func withReceiver(
        certificate name: String,
        _ body: (WebhookReceiver, _ issuer: NIOSSLTrustRoots) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            try Certificates.make("receiver", of: [name], in: folder)
            let receiver = try await WebhookReceiver.start(
                tls: .makeServerConfiguration(
                    certificateChain: NIOSSLCertificate.fromPEMFile(folder.file("receiver.crt"))
                        .map { .certificate($0) },
                    privateKey: .privateKey(
                        NIOSSLPrivateKey(file: folder.file("receiver.key"), format: .pem))))
            do {
                try await body(receiver, .file(folder.file(Certificates.issuer)))
            } catch {
                try? await receiver.stop()
                throw error
            }
            try await receiver.stop()
        }
    }

    /// An address is never asked for by name (RFC 6066), and its certificate contains it.
    @Test(arguments: [("hooks.invalid", "hooks.invalid"), ("127.0.0.1", nil)])
    func `a delivery asks for the URL's host by name, and checks its certificate`(
        _ host: String, _ serverName: String?
    ) async throws {
        try await withReceiver(certificate: host) { receiver, issuer in
            let names = Names(["127.0.0.1"])
            let answers = try await attempts(
                "https://\(host):\(receiver.port)/hook", allowsPrivate: true, names.resolver,
                times: 2, trustRoots: issuer)
            #expect(answers == Array(repeating: .delivered(status: 204), count: 2))
            #expect(Set(receiver.serverNames) == [serverName])
            #expect(names.hosts == [host])
            let hosts = receiver.messages.map { $0.headers["host"] }
            #expect(hosts == Array(repeating: ["\(host):\(receiver.port)"], count: 2))
        }
    }

    private static let refused: [(certificate: String, host: String, trusts: Bool, words: String)] =
        [
            ("other.invalid", "hooks.invalid", true, "the server's certificate is for another"),
            ("hooks.invalid", "127.0.0.1", true, "the server's certificate is for another name"),
            ("hooks.invalid", "hooks.invalid", false, "this machine does not trust the server's"),
            ("127.0.0.1", "127.0.0.1", false, "this machine does not trust the server's"),
        ]

    @Test(arguments: refused.indices)
    func `a certificate of another name or an unknown issuer gets no request`(
        _ index: Int
    ) async throws {
        let (certificate, host, trusts, words) = Self.refused[index]
        try await withReceiver(certificate: certificate) { receiver, issuer in
            let answers = try await attempts(
                "https://\(host):\(receiver.port)/hook", allowsPrivate: true,
                Names(["127.0.0.1"]).resolver, trustRoots: trusts ? issuer : .default)
            #expect(answers.reason.hasPrefix(words), "\(answers)")
            try await eventually("the end of the connection") { receiver.closed == 1 }
            #expect(try await receiver.connections() == ["127.0.0.1"])
            #expect(receiver.heads == 0)
        }
    }
}
