// `check`: reports every error of a site at once, and writes nothing.

import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct CheckCommand {
        private static let code = "88965112345678"

        /// Creates a site whose bills are in a closed database.
        private func prepare(_ site: Site) async throws {
            let service = try await site.serve()
            try await service.addBill(Self.code, invoice: "INV-1")
            try await service.addBill("12345777001", invoice: "INV-2")
            #expect(try await service.ask(Self.code).status == 200)
            #expect(try await service.stop().code == 0)
        }

        private func findings(_ outcome: Child.Outcome) throws -> JSONValue {
            try StrictJSON(Array(outcome.output.trimmingCharacters(in: .newlines).utf8)).root
        }

        @Test func `a good site is 0, before its first start and after it`() async throws {
            try await withSite { site in
                let before = try site.listing()
                let first = try await site.run(["check"])
                #expect(first.code == 0, "\(first)")
                #expect(first.output.contains("does not exist yet"))
                #expect(try site.listing() == before)

                try await prepare(site)
                let second = try await site.run(["check"])
                #expect(second.code == 0, "\(second)")
                for text in ["2 open", "889651 (doku_exclusive) on alfa", Site.path, "secrets"] {
                    #expect(second.output.contains(text), "\(text) in \(second)")
                }
                #expect(!second.output.contains(site.secret))
            }
        }

        @Test func `files that every user can read are named with the remedy`() async throws {
            try await withSite { site in
                try await prepare(site)
                func change(_ mode: Int, of path: String) throws {
                    try FileManager.default.setAttributes(
                        [.posixPermissions: mode], ofItemAtPath: path)
                }
                func notes() async throws -> [String] {
                    let outcome = try await site.run(["check"])
                    #expect(outcome.code == 0, "\(outcome)")
                    return outcome.output.split(separator: "\n").map(String.init)
                        .filter { $0.hasPrefix("note    files ") }
                }
                let secret = site.path("secret")
                let files = [secret, site.database, site.database + ".admin-key"]
                for path in files { try change(0o644, of: path) }
                let found = try await notes()
                #expect(found.count == 3)
                for (note, path) in zip(found, files) {
                    let command = try #require(note.split(separator: ": run ").last)
                    #expect(command == "chmod o-rwx '\(path)'")
                    _ = try await site.run(["-c", String(command)], program: "sh")
                }
                // Access for the group only may be intended.
                #expect(try await notes() == [])
                // In a folder that others cannot enter, no file is accessible to them.
                try change(0o644, of: secret)
                try change(0o750, of: site.folder.path)
                #expect(try await notes() == [])
            }
        }

        @Test func `a setting's variable that Kubernetes sets is a note`() async throws {
            try await withSite { site in
                let outcome = try await site.run(
                    ["check"], environment: ["LOKET_GATEWAY_PORT": "tcp://10.0.0.7:8080"])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("note    settings  LOKET_GATEWAY_PORT is ignored"))
            }
        }

        @Test func `five mistakes in the settings are all listed`() async throws {
            try await withSite { site in
                try site.writeSettings([
                    (of: "answer_ms: 2000", with: "answer_ms: 1"),
                    (of: "info_max: 30", with: "info_max: 31"),
                    (of: "type: direct", with: "type: directly"),
                    (of: "allow_stranded: false", with: "allow_stranded: maybe"),
                    (of: "window_hours: 72", with: "window_hours: 0"),
                ])
                let before = try site.listing()
                let outcome = try await site.run(["check"])
                #expect(outcome.code == 1)
                let problems = outcome.output.split(separator: "\n")
                    .filter { $0.hasPrefix("problem ") }
                #expect(problems.count == 5, "\(outcome)")
                for key in ["answer_ms", "info_max", "type", "allow_stranded", "window_hours"] {
                    #expect(problems.contains { $0.contains(key) && $0.contains("line ") })
                }
                #expect(outcome.errors.contains("5 problems"))
                #expect(try site.listing() == before)
            }
        }

        @Test func `stranded bills are counted by their BIN`() async throws {
            try await withSite { site in
                try await prepare(site)
                try site.writeSettings([(of: "\"889651\"", with: "\"889652\"")])
                let outcome = try await site.run(["check"])
                #expect(outcome.code == 1)
                #expect(outcome.output.contains("1 open bills of \(Site.clientID) begin with 8"))
                let serve = try await site.run(["serve"])
                #expect(serve.code == 1)
                #expect(serve.errors.contains("1 open bills"))

                try site.writeSettings([
                    (of: "\"889651\"", with: "\"889652\""),
                    (of: "allow_stranded: false", with: "allow_stranded: true"),
                ])
                #expect(try await site.run(["check"]).code == 0)
            }
        }

        @Test func `a bill whose code no longer fits its BIN is a problem`() async throws {
            try await withSite { site in
                try await prepare(site)
                try site.writeSettings([(of: "min: 6, max: 25", with: "min: 20, max: 25")])
                let outcome = try await site.run(["check"])
                #expect(outcome.code == 1)
                #expect(outcome.output.contains("1 open bills have a code whose length"))
            }
        }

        @Test func `a damaged row is named by its bill's id`() async throws {
            try await withSite { site in
                try await prepare(site)
                _ = try await site.python(
                    """
                    import sqlite3, sys
                    with sqlite3.connect(sys.argv[1]) as database:
                        database.execute("UPDATE bill SET amount = 950000 WHERE id = 1")
                    database.close()
                    """)
                let outcome = try await site.run(["check"])
                #expect(outcome.code == 1)
                #expect(outcome.output.contains("bill 1 does not match its checksum"))
                #expect(!outcome.output.contains("bill 2"))

                // The service starts, and declines inquiries for this bill only.
                let service = try await site.serve()
                #expect(try await service.ask(Self.code).status == 400)
                #expect(try await service.ask("12345777001").status == 200)
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `a file that is not a database is a problem`() async throws {
            try await withSite { site in
                try site.write("Belanja: beras, telur\n", to: "loket.db")
                let before = try site.listing()
                let outcome = try await site.run(["check"])
                #expect(outcome.code == 1)
                #expect(outcome.output.contains("is not a loket database"))
                #expect(try site.listing() == before)
            }
        }

        @Test func `a running service is asked`() async throws {
            try await withSite { site in
                try site.writeSettings(
                    gatewayPort: try Listener.freePort(), adminPort: try Listener.freePort())
                let service = try await site.serve()
                let ready = try await site.run(["check"])
                #expect(ready.code == 0, "\(ready)")
                #expect(ready.output.contains("runs and is ready"))

                _ = try await service.admin("POST", "/admin/v1/pause", #"{"reason":"test"}"#)
                let paused = try await site.run(["check"])
                #expect(paused.output.contains("pause"), "\(paused)")
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `a service that listens on every address is asked`() async throws {
            try await withSite { site in
                let first = try await site.serve()
                #expect(try await first.stop().code == 0)
                try site.writeSettings(
                    adminPort: try Listener.freePort(),
                    [
                        (of: "admin:\n  host: 127.0.0.1", with: "admin:\n  host: 0.0.0.0"),
                        (of: "tls_by_proxy: false", with: "tls_by_proxy: true"),
                    ])
                let service = try await site.serve()
                let ready = try await site.run(["check"])
                #expect(ready.output.contains("runs and is ready"), "\(ready)")
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `--json has the same content`() async throws {
            try await withSite { site in
                let good = try findings(try await site.run(["check", "--json"]))
                #expect(good["ok"]?.bool == true)
                #expect(good["findings"]?.elements.isEmpty == false)

                try site.writeSettings([(of: "keep_days: 400", with: "keep_days: 0")])
                let outcome = try await site.run(["check", "--json"])
                #expect(outcome.code == 1)
                let bad = try findings(outcome)
                #expect(bad["ok"]?.bool == false)
                let problems = (bad["findings"]?.elements ?? [])
                    .filter { $0["verdict"]?.string == "problem" }
                #expect(problems.count == 1)
                #expect(problems.first?["area"]?.string == "settings")
                #expect(problems.first?["text"]?.string?.contains("keep_days") == true)
            }
        }
    }
}
