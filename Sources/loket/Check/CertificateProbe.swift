// Checks the TLS certificate at the public URL: whether its issuer is trusted, its host names and
// its expiry date.

import AsyncHTTPClient
import Foundation
import LoketCore
import LoketRuntime
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// The trusted certificate issuers: those of the system, or those in one PEM file.
struct TrustRoots: Sendable {
    let file: String?

    func configuration(_ verification: CertificateVerification) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = verification
        if let file { configuration.trustRoots = .file(file) }
        return configuration
    }
}

struct CertificateProbe {
    let url: CheckedURL
    let roots: TrustRoots

    private static let timeout = TimeAmount.seconds(10)
    /// With fewer days left, automatic renewal (usually a month before expiry) must have failed.
    private static let daysMin = 14

    func outcome() async -> (speaksTLS: Bool, entries: [CheckEntry]) {
        do {
            return (true, [judge(try await certificate(.fullVerification))])
        } catch {
            // Connects again without verification, to find out what is wrong.
            guard let certificate = try? await certificate(.none) else {
                return (
                    false, [.problem("tls", "\(unreached(error)); check the proxy's TLS settings")]
                )
            }
            return (true, [await distrust(certificate)])
        }
    }

    private func unreached(_ error: any Error) -> String {
        // A BoringSSL error text contains one name of the fault and much other text.
        let name = "\(error)".firstMatch(of: /OPENSSL_internal:([A-Z0-9_]+)/)?.output.1
        let reason =
            switch name {
            case "WRONG_VERSION_NUMBER": "the server there does not use TLS"
            case let name?: "the handshake fails (\(name))"
            case nil: connectionFailure(error) ?? "\(error)"
            }
        return "no TLS connection to \(url.host) port \(url.port ?? 443): \(reason)"
    }

    private func judge(_ certificate: NIOSSLCertificate) -> CheckEntry {
        let days = daysLeft(certificate)
        let text = "the certificate is valid until \(end(certificate)), for \(days) more days"
        return days < Self.daysMin
            ? .note("tls", text + "; renew it, and find out why it was not renewed automatically")
            : .fine("tls", text)
    }

    private func distrust(_ certificate: NIOSSLCertificate) async -> CheckEntry {
        if daysLeft(certificate) < 0 {
            return .problem("tls", "the certificate expired on \(end(certificate)); renew it")
        }
        if Int64(certificate.notValidBefore) > Moment.now.seconds {
            return .problem("tls", "the certificate is not valid yet; check this machine's clock")
        }
        guard (try? await self.certificate(.noHostnameVerification)) == nil else {
            let names = certificate._subjectAlternativeNames()
                .filter { $0.nameType == .dnsName }
                .map { String(decoding: $0.contents, as: UTF8.self) }
            let shown = names.isEmpty ? "another name" : names.joined(separator: ", ")
            return .problem(
                "tls",
                "the certificate is for \(shown), not for \(url.host); get a certificate for "
                    + "\(url.host)")
        }
        return .problem(
            "tls",
            "this machine does not trust the issuer of the certificate; give the proxy the full "
                + "chain of an issuer that browsers trust")
    }

    /// Returns whole days, rounded down; negative if the certificate has expired.
    private func daysLeft(_ certificate: NIOSSLCertificate) -> Int {
        let seconds = Double(Int64(certificate.notValidAfter) - Moment.now.seconds)
        return Int((seconds / 86_400).rounded(.down))
    }

    private func end(_ certificate: NIOSSLCertificate) -> String {
        String(Moment(seconds: Int64(certificate.notValidAfter)).utcText.prefix(10))
    }

    // MARK: The handshake

    private func certificate(
        _ verification: CertificateVerification
    ) async throws -> NIOSSLCertificate {
        let context = try NIOSSLContext(configuration: roots.configuration(verification))
        let name = url.isAddress ? nil : url.host
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: NIOSSLCertificate.self)
        let limit = loop.scheduleTask(in: Self.timeout) {
            promise.fail(ChannelError.connectTimeout(Self.timeout))
        }
        ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLClientHandler(context: context, serverHostname: name),
                        HandshakeHandler(promise))
                }
            }
            .connect(host: url.host, port: url.port ?? 443)
            .cascadeFailure(to: promise)
        defer { limit.cancel() }
        return try await promise.futureResult.get()
    }
}

/// Reports the peer's certificate, or the error of the handshake, and closes the connection.
private final class HandshakeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<NIOSSLCertificate>

    init(_ promise: EventLoopPromise<NIOSSLCertificate>) {
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted = event else {
            return context.fireUserInboundEventTriggered(event)
        }
        if let peer = try? context.pipeline.syncOperations.nioSSL_peerCertificate() {
            promise.succeed(peer)
        }
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
    }
}
