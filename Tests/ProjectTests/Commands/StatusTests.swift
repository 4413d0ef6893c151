// `status`, and `check` next to a running service, report the same findings.

import DokuSimulator
import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct StatusCommand {
        private static let key = ["--key-file", "loket.db.admin-key"]

        @Test func `status is one screen, and names each error with the next step`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345678", invoice: "INV-1")
                #expect(try await service.ask("88965112345678").status == 200)
                try await eventually("the journal has the inquiry") {
                    try await service.admin("GET", "/admin/v1/inquiries")["items"]?.elements.count
                        == 1
                }
                let status = ["status", "--url", service.adminURL] + Self.key
                let well = try await site.run(status)
                #expect(well.code == 0, "\(well)")
                for text in [
                    "state", "open", "last inquiry", "today", "inquiries 1",
                    "waits for you", "nothing", "version", "loket.db", "last backup", "reconciled",
                ] {
                    #expect(well.output.contains(text), "\(text): \(well)")
                }
                #expect(well.output.split(separator: "\n").count <= 24)

                _ = try await service.admin("POST", "/admin/v1/pause", #"{"reason":"test"}"#)
                let paused = try await site.run(status)
                #expect(paused.code == 1, "\(paused)")
                #expect(paused.output.contains("inquiries are paused and declined"), "\(paused)")
                #expect(paused.output.contains("next: loket resume"), "\(paused)")
                let json = try await site.run(status + ["--json"])
                let root = try StrictJSON(
                    Array(json.output.trimmingCharacters(in: .newlines).utf8)
                ).root
                #expect(root["state"]?.string == "paused")
                #expect(try await service.stop().code == 0)
            }
        }

        /// Here the service evaluates itself at the time of its own clock.
        @Test func `check next to it reports that every request is refused`() async throws {
            try await withSite { site in
                try site.writeSettings(
                    gatewayPort: try Listener.freePort(), adminPort: try Listener.freePort())
                let service = try await site.serve()
                let forger = site.doku(secret: Site.newSecret())
                for _ in 0..<5 {
                    let answer = try await service.ask("88965112345678", by: forger)
                    #expect(answer.status == 401)
                }
                let check = try await site.run(["check"])
                #expect(check.code == 1, "\(check)")
                #expect(check.output.contains("everybody_refused: Every request is refused"))
                #expect(check.output.contains("loket why "), "\(check)")
                try FileManager.default.removeItem(atPath: site.database + ".admin-key")
                let named = try await site.run(["check"])
                #expect(named.output.contains("everybody_refused: for details"), "\(named)")
                try await service.logged("Every request is refused")
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `check --alert reports whether a test alert arrived`() async throws {
            try await withSite { site in
                let unset = try await site.run(["check", "--alert"])
                #expect(unset.code == 1)
                #expect(unset.output.contains("set alerts.url"), "\(unset)")
                let port = try Listener.freePort()
                try site.writeSettings([
                    (of: "url: \"\"\n  # Send", with: "url: http://127.0.0.1:\(port)/T1\n  # Send")
                ])
                let gone = try await site.run(["check", "--alert"])
                #expect(gone.code == 1)
                #expect(gone.output.contains("the test to alerts.url failed"), "\(gone)")
                #expect(!gone.output.contains("T1"), "\(gone)")
            }
        }
    }
}
