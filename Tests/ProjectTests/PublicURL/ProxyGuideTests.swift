// The settings for nginx and Caddy in the operator's guide, run unchanged except for ports and
// certificates, and the guide's own `curl` lines sent through them.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct ProxyGuide {
        enum Proxy: String, CaseIterable, Sendable {
            case nginx, caddy

            var isThere: Bool {
                ["/usr/sbin", "/usr/bin"].contains {
                    FileManager.default.isExecutableFile(atPath: "\($0)/\(rawValue)")
                }
            }
        }

        private static let isThere = Proxy.allCases.allSatisfy(\.isThere)
        /// The network that may reach the admin API.
        private static let office = "203.0.113.0/24"

        /// Returns the text of each code block of this kind.
        private static func blocks(_ kind: String) throws -> [String] {
            try Document("docs/operating.md").blocks.filter { $0.kind == kind }
                .map { $0.lines.joined(separator: "\n") }
        }

        /// Returns the guide's lines for this service, with or without this machine in the office.
        private func lines(
            _ proxy: Proxy, before service: Service, fromOffice: Bool
        ) throws -> String {
            let kind = proxy == .nginx ? "nginx" : "caddyfile"
            let text = try #require(try Self.blocks(kind).first)
                .replacing("127.0.0.1:8080", with: "127.0.0.1:\(service.gatewayPort)")
                .replacing("127.0.0.1:8081", with: "127.0.0.1:\(service.adminPort)")
            #expect(text.contains(Self.office))
            return fromOffice ? text.replacing(Self.office, with: "127.0.0.0/8") : text
        }

        private func start(
            _ proxy: Proxy, _ lines: String, port: Int, on site: Site
        ) throws -> Child {
            let folder = site.folder.path
            switch proxy {
            case .nginx:
                let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map { "\($0)_temp_path \(folder)/\($0);" }.joined(separator: " ")
                let server = lines.replacing("listen 443 ssl", with: "listen 127.0.0.1:\(port) ssl")
                    .replacing("name pay.example.com", with: "name pay.example.com localhost")
                    .replacing(#/[^ ]+/fullchain.pem/#, with: "\(folder)/proxy.crt")
                    .replacing(#/[^ ]+/privkey.pem/#, with: "\(folder)/proxy.key")
                try site.write(
                    """
                    daemon off; master_process off; pid \(folder)/pid; error_log stderr; events {}
                    http { access_log off; \(temporary)
                    \(server) }
                    """, to: "nginx.conf")
                return try site.start(
                    ["-p", folder, "-c", site.path("nginx.conf")], program: "nginx",
                    environment: ["PATH": "/usr/sbin:/usr/bin:/bin"])
            case .caddy:
                let certificate = " {\n\ttls \(folder)/proxy.crt \(folder)/proxy.key"
                let sites = lines.replacing(
                    "pay.example.com {", with: "pay.example.com, localhost {"
                )
                .replacing(#/(?m)^([a-z].*) \{$/#) { "\($0.output.1)\(certificate)" }
                try site.write(
                    """
                    {
                    admin off
                    https_port \(port)
                    auto_https disable_redirects
                    servers {
                    protocols h1 h2
                    }
                    }
                    \(sites)
                    """, to: "Caddyfile")
                return try site.start(
                    ["run", "--config", site.path("Caddyfile")], program: "caddy",
                    environment: ["HOME": folder])
            }
        }

        /// Starts the proxy on a free port, or on another if the port was taken in the meantime.
        /// - Returns: The port, once the proxy answers a request there.
        private func start(
            _ proxy: Proxy, before service: Service, fromOffice: Bool, on site: Site
        ) async throws -> Int {
            let lines = try lines(proxy, before: service, fromOffice: fromOffice)
            for _ in 1...3 {
                let port = try Listener.freePort()
                let child = try start(proxy, lines, port: port, on: site)
                let question = "curl -s --cacert ca.pem https://localhost:\(port)/health"
                try await eventually("the proxy answers") {
                    guard child.isRunning else { return true }
                    return try await site.run(["-c", question], program: "sh").code == 0
                }
                if child.isRunning { return port }
                let end = try await child.end()
                guard "\(end)".contains("address already in use") else {
                    throw Project.Missing(description: "\(proxy): \(end)")
                }
            }
            throw Project.Missing(description: "\(proxy): no port stayed free")
        }

        /// Returns the statuses that the guide names for each `curl`, and the received ones.
        private func ask(
            port: Int, on site: Site
        ) async throws -> [(line: String, said: [Int], came: Child.Outcome)] {
            let curls = try Self.blocks("sh").flatMap { $0.split(separator: "\n") }
                .filter { $0.hasPrefix("curl ") && $0.contains("example.com") }
            #expect(curls.count == 4)
            var asked: [(String, [Int], Child.Outcome)] = []
            for curl in curls {
                let parts = curl.split(separator: "# ", maxSplits: 1)
                let said = parts[1].matches(of: /\b[1-5]\d\d\b/).compactMap { Int($0.output) }
                let command = parts[0].replacing(
                    "curl ",
                    with: "curl --http1.1 --cacert ca.pem --connect-to ::127.0.0.1:\(port) ",
                    maxReplacements: 1)
                let outcome = try await site.run(["-c", String(command)], program: "sh")
                asked.append((String(curl), said, outcome))
            }
            return asked
        }

        @Test(
            .enabled(if: isThere, "scripts/test-release installs nginx and caddy"),
            arguments: Proxy.allCases, [true, false])
        func `the guide's lines for a proxy work as described`(
            _ proxy: Proxy, fromOffice: Bool
        ) async throws {
            try await withSite { site in
                try Certificates.make(
                    "proxy", of: ["pay.example.com", "loket.example.com", "localhost"],
                    in: site.folder)
                try site.writeSettings([(of: "hosts: []", with: "hosts: [loket.example.com]")])
                let service = try await site.serve()
                let port = try await start(
                    proxy, before: service, fromOffice: fromOffice, on: site)
                for (line, said, came) in try await ask(port: port, on: site) {
                    let expected = fromOffice ? said.first : said.last
                    let status = came.output.split(separator: " ").dropFirst().first
                        .flatMap { Int($0) }
                    #expect(status == expected, "\(proxy): \(line): \(came)")
                }
                guard fromOffice else { return }
                for path in ["inquiry", "notification"] {
                    let outcome = try await site.run([
                        "check", "--public-url", "https://localhost:\(port)/doku/\(path)",
                        "--ca-file", Certificates.issuer,
                    ])
                    #expect(outcome.code == 0, "\(proxy): \(outcome)")
                    if path == "inquiry" {
                        #expect(outcome.output.contains("of a signed inquiry arrive unchanged"))
                    }
                }
            }
        }
    }
}
