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

    private let ports: [Int]
    private let site: Site

    /// - Parameter port: The gateway's port.
    init(before port: Int, on site: Site) async throws {
        self.site = site
        for one in Certificate.allCases {
            try Certificates.make(one.rawValue, of: [one.name], days: one.days, in: site.folder)
        }
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
}
