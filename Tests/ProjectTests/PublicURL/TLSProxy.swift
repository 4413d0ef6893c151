// The Python proxy that terminates TLS for a gateway, with certificates made by openssl.

import Foundation
import TestSupport

struct TLSProxy {
    enum Certificate: String, CaseIterable {
        case good, ending, expired, ofAnotherName

        /// Days from now.
        fileprivate var days: Int {
            switch self {
            case .good, .ofAnotherName: 90
            case .ending: 6
            case .expired: -1
            }
        }

        fileprivate var name: String {
            self == .ofAnotherName ? "other.example" : "localhost"
        }
    }

    /// The name of the file with the issuer's certificate.
    static let issuer = "ca.pem"

    private let ports: [Int]
    private let site: Site

    /// - Parameter port: The gateway's port.
    init(before port: Int, on site: Site) async throws {
        self.site = site
        try await Self.makeCertificates(on: site)
        try site.write("pass", to: "mode")
        let child = try site.start(
            [Project.url("Tests/ProjectTests/PublicURL/tls_proxy.py").path, "\(port)", "mode"]
                + Certificate.allCases.map { "\($0.rawValue).pem" }, program: "python3")
        ports = try await eventually("the proxy's ports") {
            let ports = child.output.split(separator: "\n").compactMap { Int($0) }
            guard child.isRunning else {
                throw Project.Missing(description: "the proxy ended: \(child.errors)")
            }
            return ports.count == Certificate.allCases.count ? ports : nil
        }
    }

    func url(_ certificate: Certificate = .good, path: String = Site.path) throws -> String {
        let place = Certificate.allCases.firstIndex(of: certificate) ?? 0
        return "https://localhost:\(ports[place])\(path)"
    }

    /// Sets the error of the next request.
    func set(mode: String) throws { try site.write(mode, to: "mode") }

    private static func makeCertificates(on site: Site) async throws {
        for one in Certificate.allCases {
            try await makeCertificate(one.rawValue, of: [one.name], days: one.days, on: site)
        }
    }

    /// Creates `file.crt`, `file.key` and both together as `file.pem`.
    static func makeCertificate(
        _ file: String, of names: [String], days: Int = 90, on site: Site
    ) async throws {
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        let list = names.map { "DNS:\($0)" }.joined(separator: ",")
        let outcome = try await site.run(
            [
                "-ec",
                """
                [ -e \(issuer) ] ||
                    openssl req -x509 \(key) -keyout ca.key -out \(issuer) -subj /CN=test -days 2
                printf 'subjectAltName=\(list)' > names
                openssl req \(key) -keyout \(file).key -out request -subj /CN=\(names[0])
                openssl x509 -req -in request -CA \(issuer) -CAkey ca.key -CAcreateserial \
                    -days \(days) -extfile names -out \(file).crt
                cat \(file).key \(file).crt > \(file).pem
                """,
            ], program: "sh")
        guard outcome.code == 0 else { throw Project.Missing(description: "openssl: \(outcome)") }
    }
}
