// How a command finds its service: the address, the key, and when it sends no key.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct Finding {
        /// Accepts requests on three ports and prints the port and the key of each.
        private static let recorder = """
            import http.server, os, socketserver, sys, threading
            if sys.argv[1] == "stranger":
                os.setuid(65534)
            class Recorder(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    port, key = self.server.server_address[1], self.headers.get("Authorization")
                    print(port, key.split()[-1], flush=True)
                    body = b'{"items":[],"next_cursor":null}'
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
            for port in sys.argv[2:]:
                server = socketserver.TCPServer(("127.0.0.1", int(port)), Recorder)
                threading.Thread(target=server.serve_forever).start()
            print("ready", flush=True)
            """

        private func record(
            on site: Site, as who: String = "itself", _ ports: [Int]
        ) async throws -> Child {
            let child = try site.start(
                ["-c", Self.recorder, who] + ports.map(String.init), program: "python3")
            try await eventually("the recorder listens") { child.output.hasPrefix("ready") }
            return child
        }

        private func key(_ letter: Character) -> String { String(repeating: letter, count: 40) }

        @Test func `options go first, then the environment, then settings`() async throws {
            try await withSite { site in
                let ports = try (0..<3).map { _ in try Listener.freePort() }
                let recorder = try await record(on: site, ports)
                try site.writeSettings(adminPort: ports[0])
                try site.write(key("s"), to: "loket.db.admin-key")
                try site.write(key("f"), to: "file")
                let url = { (index: Int) in "http://127.0.0.1:\(ports[index])" }
                let (fromFile, fromVariable) = (
                    ["--key-file", "file"], ["LOKET_ADMIN_KEY": key("e")]
                )
                let both = fromVariable.merging(["LOKET_URL": url(1)]) { $1 }
                let cases: [([String], [String: String], port: Int, key: Character)] = [
                    ([], [:], 0, "s"),
                    ([], fromVariable, 0, "e"),
                    (fromFile, fromVariable, 0, "f"),
                    ([], both, 1, "e"),
                    (fromFile, both, 1, "f"),
                    (["--url", url(2)], both, 2, "e"),
                    (["--url", url(2)] + fromFile, both, 2, "f"),
                ]
                var expected = ["ready"]
                for (words, environment, port, letter) in cases {
                    let outcome = try await site.run(
                        ["bills", "list"] + words, environment: environment)
                    #expect(outcome.code == 0, "\(outcome)")
                    expected.append("\(ports[port]) \(key(letter))")
                }
                // A service named explicitly does not receive the key of the local service.
                for (words, environment) in [
                    (["--url", url(1)], [:]), ([], ["LOKET_URL": url(1)]),
                ] {
                    let outcome = try await site.run(
                        ["bills", "list"] + words, environment: environment)
                    #expect(outcome.code == 2, "\(outcome)")
                    #expect(outcome.errors.contains("--key-file"), "\(outcome)")
                }
                #expect(recorder.output.split(separator: "\n").map(String.init) == expected)
            }
        }

        @Test func `settings that another user can write have no key sent`() async throws {
            try await withSite { site in
                let port = try Listener.freePort()
                let recorder = try await record(on: site, [port])
                try site.write(key("s"), to: "loket.db.admin-key")
                func expectRefused(_ reason: String) async throws {
                    let outcome = try await site.run(["bills", "list"])
                    #expect(outcome.code == 2, "\(outcome)")
                    #expect(outcome.errors.contains(reason), "\(outcome)")
                }
                let settings = site.path("loket.yaml")
                try site.writeSettings(
                    adminPort: port,
                    [(of: "admin:\n  host: 127.0.0.1", with: "admin:\n  host: 192.0.2.1")])
                try await expectRefused("not an address of this machine")
                try site.writeSettings(adminPort: 0)
                try await expectRefused("any free port")
                try site.writeSettings(adminPort: port)
                #expect(chmod(settings, 0o666) == 0)
                try await expectRefused("every user of this machine can change the file")
                #expect(chmod(settings, 0o600) == 0)
                if geteuid() == 0 {
                    #expect(chown(settings, 65_534, 65_534) == 0)
                    try await expectRefused("belongs to another user")
                }
                try FileManager.default.removeItem(atPath: settings)
                try await expectRefused("there is no loket.yaml in this folder and no /etc/loket")
                #expect(recorder.output == "ready\n")
            }
        }

        @Test(.enabled(if: geteuid() == 0, "only root can be another user"))
        func `a port that another user listens on receives no key`() async throws {
            try await withSite { site in
                let port = try Listener.freePort()
                let recorder = try await record(on: site, as: "stranger", [port])
                try site.writeSettings(adminPort: port)
                try site.write(key("s"), to: "loket.db.admin-key")
                let outcome = try await site.run(["bills", "list"])
                #expect(outcome.code == 1, "\(outcome)")
                #expect(outcome.errors.contains("a program of user 65534"), "\(outcome)")
                #expect(outcome.errors.contains("listens on port \(port)"), "\(outcome)")
                #expect(recorder.output == "ready\n")
            }
        }

        @Test func `an inquiry needs only a code if the settings are found`() async throws {
            try await withSite { site in
                try site.writeSettings(gatewayPort: try Listener.freePort())
                let service = try await site.serve()
                try await service.addBill("88965112345678", invoice: "INV-1")
                let asked = try await site.run(["simulate", "inquiry", "--code", "88965112345678"])
                #expect(asked.code == 0, "\(asked)")
                let paid = try await site.run([
                    "simulate", "notification", "--invoice", "INV-1", "--amount", "150000",
                    "--code", "88965112345678",
                ])
                #expect(paid.code == 0, "\(paid)")
                let other = try await site.run(
                    ["simulate", "inquiry", "--code", "1", "--client-id", "MCH-2"])
                #expect(other.code == 2, "\(other)")
                #expect(other.errors.contains("has the accounts \(Site.clientID)"), "\(other)")
            }
        }
    }
}
