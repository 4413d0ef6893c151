// The programs in docs/examples: each makes a bill, catches up by the feed and takes a webhook, in
// the languages that this machine has.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct Examples {
        private static let languages = [("python3", "webhook.py"), ("node", "webhook.mjs")]
            .filter { Program.isThere($0.0) }

        private func freePort() throws -> Int { try Listener.freePort() }

        @Test(arguments: languages.map(\.1))
        func `an example makes a bill and takes each event once`(_ file: String) async throws {
            let program = try #require(Self.languages.first { $0.1 == file }).0
            try await withSite { site in
                let port = try freePort()
                let (service, secret) = try await serve(site, port: port)
                let child = try site.start(
                    [Project.url("docs/examples/\(file)").path], program: program,
                    environment: try variables(site, service, secret, port))
                // The feed has the bill's event too, so it comes twice.
                try await eventually("the bill") { child.output.contains("bill.created") }
                let way = ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
                try await eventually("it listens") {
                    try await site.run(["webhooks", "test", "1"] + way).code == 0
                }
                // What was refused before is sent now, and again what the feed had.
                _ = try await service.admin(
                    "POST", "/admin/v1/webhooks/1/replay", #"{"since":"2020-01-01"}"#)
                _ = try await service.admin("POST", "/admin/v1/bills/1/cancel", "{}")
                try await eventually("the event") { child.output.contains("bill.cancelled") }
                let lines = child.output.split(separator: "\n")
                #expect(lines.first == "bill 1")
                #expect(lines.count { $0.hasPrefix("bill.created ") } == 1)
                #expect(lines.count { $0.hasPrefix("bill.cancelled ") } == 1)
                // Another secret signs, which the example does not know.
                for action in ["rotate-secret", "drop-old-secret"] {
                    _ = try await service.admin("POST", "/admin/v1/webhooks/1/\(action)", "{}")
                }
                let refused = try await site.run(["webhooks", "test", "1"] + way)
                #expect(refused.code == 1 && refused.errors.contains("HTTP 401"), "\(refused)")
            }
        }

        @Test(.enabled(if: Program.isThere("php")))
        func `the example in PHP makes a bill and takes each event once`() async throws {
            try await withSite { site in
                let port = try freePort()
                let (service, secret) = try await serve(site, port: port)
                let file = Project.url("docs/examples/webhook.php").path
                let variables = try variables(site, service, secret, port)
                let made = try await site.run([file], program: "php", environment: variables)
                #expect(made.output == "bill 1\n", "\(made)")
                _ = try site.start(
                    ["-S", "127.0.0.1:\(port)", file], program: "php", environment: variables)
                let way = ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
                try await eventually("it listens") {
                    try await site.run(["webhooks", "test", "1"] + way).code == 0
                }
                // What was refused before is sent now, and again what the feed had.
                _ = try await service.admin(
                    "POST", "/admin/v1/webhooks/1/replay", #"{"since":"2020-01-01"}"#)
                _ = try await service.admin("POST", "/admin/v1/bills/1/cancel", "{}")
                let events = site.path("events")
                try await eventually("the event") {
                    let text = try? String(contentsOfFile: events, encoding: .utf8)
                    return text?.contains("bill.cancelled") == true
                }
                let lines = try String(contentsOfFile: events, encoding: .utf8)
                    .split(separator: "\n")
                #expect(lines.count { $0.hasPrefix("bill.created ") } == 1)
            }
        }

        /// Starts a service with a webhook that leads to the port.
        ///
        /// - Returns: the service and the webhook's secret.
        private func serve(_ site: Site, port: Int) async throws -> (Service, String) {
            let service = try await site.serve(
                environment: ["LOKET_WEBHOOKS_ALLOW_PRIVATE_ADDRESSES": "true"])
            let made = try await service.admin(
                "POST", "/admin/v1/webhooks", #"{"url":"http://127.0.0.1:\#(port)/"}"#)
            return (service, try #require(made["secret"]?.string))
        }

        private func variables(
            _ site: Site, _ service: Service, _ secret: String, _ port: Int
        ) throws -> [String: String] {
            [
                "LOKET_URL": service.adminURL, "LOKET_KEY": try site.key,
                "WEBHOOK_SECRET": secret, "PORT": "\(port)",
            ]
        }
    }
}
