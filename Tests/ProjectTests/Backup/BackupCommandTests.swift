// The commands `backup`, `restore`, `pause` and `resume`: they overwrite nothing, and the tests
// check what they leave and which errors they report.

import Foundation
import Testing

extension Processes {
    @Suite struct BackupCommands {
        private static let code = "88965112345678"

        private func way(_ site: Site, _ service: Service) -> [String] {
            ["--url", service.adminURL, "--key-file", site.path("loket.db.admin-key")]
        }

        @Test func `a backup overwrites nothing`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let way = way(site, service)
                for name in ["copy.db", "other.db.part"] {
                    try site.write("mine", to: name)
                    let file = name.replacing(".part", with: "")
                    let outcome = try await site.run(["backup", file] + way)
                    #expect(outcome.code == 1 && outcome.errors.contains(name), "\(outcome)")
                    #expect(try String(contentsOfFile: site.path(name), encoding: .utf8) == "mine")
                }
                let missing = try await site.run(["backup", "no/folder.db"] + way)
                #expect(missing.code == 1, "\(missing)")
                #expect(try await site.run(["backup", "good.db"] + way).code == 0)
                #expect(try site.listing().contains("good.db"))
                #expect(try !site.listing().contains("good.db.part"))
                #expect(try await service.stop().code == 0)
                let gone = try await site.run(["backup", "late.db"] + way)
                #expect(gone.code == 3, "\(gone)")
                #expect(try !site.listing().contains { $0.hasPrefix("late.db") })
            }
        }

        @Test func `a restore refuses while a service runs or a database exists`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                #expect(
                    try await site.run(["backup", "copy.db"] + way(site, service)).code == 0)
                let running = try await site.run(["restore", "copy.db"])
                #expect(running.code == 1, "\(running)")
                #expect(running.errors.contains("process \(service.child.id)"), "\(running)")
                #expect(try await service.stop().code == 0)
                let before = try site.listing()
                let there = try await site.run(["restore", "copy.db"])
                #expect(there.code == 1 && there.errors.contains("never overwrites a file"))
                #expect(try site.listing() == before)

                try FileManager.default.moveItem(
                    atPath: site.database, toPath: site.path("old.db"))
                let done = try await site.run(["restore", "copy.db", "--json"])
                #expect(done.code == 0, "\(done)")
                #expect(done.output.contains(#""bills":1"#), "\(done)")
            }
        }

        @Test func `a restore accepts the SHA-256 that the backup printed, and no other`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let taken = try await site.run(["backup", "copy.db"] + way(site, service))
                let match = try #require(taken.output.firstMatch(of: /SHA-256 ([0-9a-f]{64})\n/))
                let digest = String(match.output.1)
                #expect(try await service.stop().code == 0)
                try FileManager.default.moveItem(
                    atPath: site.database, toPath: site.path("old.db"))
                // In the format of sha256sum, as the service writes it next to its own copies.
                try site.write("\(digest)  copy.db\n", to: "copy.db.sha256")
                let before = try site.listing()
                for wrong in ["", "12ab", digest + "0", "\(digest)  copy.db"] {
                    let usage = try await site.run(["restore", "copy.db", "--sha256", wrong])
                    #expect(usage.code == 2, "\(usage)")
                    #expect(usage.errors.contains("64 hexadecimal digits"), "\(usage)")
                }
                let other = String(repeating: "0", count: 64)
                let refused = try await site.run(["restore", "copy.db", "--sha256", other])
                #expect(refused.code == 1, "\(refused)")
                for text in [digest, other, "was not restored"] {
                    #expect(refused.errors.contains(text), "\(refused)")
                }
                #expect(try site.listing() == before)
                let done = try await site.run(
                    ["restore", "copy.db", "--sha256", digest.uppercased()])
                #expect(done.code == 0, "\(done)")
                try FileManager.default.removeItem(atPath: site.database)
                let byFile = ["restore", "copy.db", "--sha256", "copy.db.sha256"]
                #expect(try await site.run(byFile).code == 0)
                try FileManager.default.removeItem(atPath: site.database)
                try site.write("\(other)  copy.db\n", to: "copy.db.sha256")
                let changed = try await site.run(byFile)
                #expect(changed.code == 1 && changed.errors.contains(other), "\(changed)")
            }
        }

        @Test func `a terminal is shown how far a backup and a restore are`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let way = way(site, service)
                let taken = try await site.runOnTerminal(["backup", "copy.db"] + way)
                #expect(taken.code == 0, "\(taken)")
                let copying = "\rthe service is copying the database …"
                #expect(taken.output.contains(copying), "\(taken)")
                #expect(taken.output.contains("\rreceiving "), "\(taken)")
                #expect(taken.output.contains("\r\u{1B}[Kcopy.db: "), "\(taken)")
                let files = ["bills", "export", "--output", "bills.csv"]
                let written = try await site.runOnTerminal(files + way)
                #expect(written.output.contains("\rwriting 1 rows"), "\(written)")
                #expect(try await service.stop().code == 0)
                try FileManager.default.moveItem(
                    atPath: site.database, toPath: site.path("old.db"))
                let put = try await site.runOnTerminal(["restore", "copy.db"])
                #expect(put.code == 0, "\(put)")
                #expect(put.output.contains("\rchecking pages …"), "\(put)")
                #expect(put.output.contains("\r\u{1B}[Krestored copy.db"), "\(put)")
            }
        }

        /// After a kill at any moment there is no database, or a complete and paused one.
        @Test func `a restore that is killed leaves nothing or a paused database`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                _ = try await PaymentDesk(site, service).addBills(0..<2_000)
                #expect(
                    try await site.run(["backup", "copy.db"] + way(site, service)).code == 0)
                #expect(try await service.stop().code == 0)
                var finished = 0
                for place in 0..<PaymentSize.of(200, otherwise: 12) {
                    try? FileManager.default.removeItem(atPath: site.database)
                    let child = try site.start(["restore", "copy.db"])
                    try await Task.sleep(for: .milliseconds(20 + place * 37 % 600))
                    child.send(SIGKILL)
                    _ = try await child.end()
                    guard FileManager.default.fileExists(atPath: site.database) else { continue }
                    finished += 1
                    let pauses = try await site.python(
                        """
                        import sqlite3, sys
                        database = sqlite3.connect(sys.argv[1])
                        print(database.execute("SELECT actor FROM pause").fetchall(),
                            database.execute("SELECT count(*) FROM restoration").fetchall(),
                            database.execute("SELECT count(*) FROM bill").fetchall())
                        """)
                    #expect(pauses.hasPrefix("[('restore',)] [(1,)] [(2000,)]"), "\(pauses)")
                }
                print("killed restores: \(finished) had finished")
                try? FileManager.default.removeItem(atPath: site.database)
                #expect(try await site.run(["restore", "copy.db"]).code == 0)
                #expect(try site.listing().filter { $0.contains("unfinished") } == [])
            }
        }

        /// SQLite reports a limit on the size of a file as a full disk.
        @Test func `a backup without enough room reports this and leaves nothing`() async throws {
            try await withSite { site in
                let first = try await site.serve()
                _ = try await PaymentDesk(site, first).addBills(0..<4_000)
                #expect(try await first.stop().code == 0)
                let script = """
                    trap '' XFSZ
                    ulimit -f 512
                    exec "$0" serve --config loket.yaml
                    """
                let child = try site.start(
                    ["-c", script, Project.command().path], program: "bash")
                let service = try await Service(child, on: site)
                let refused = try await site.run(["backup", "copy.db"] + way(site, service))
                #expect(refused.code == 1 && refused.errors.contains("ree some "), "\(refused)")
                let left = try site.listing()
                    .filter { $0.contains("unfinished") || $0.hasPrefix("copy") }
                #expect(left == [])
                #expect(try await service.ask(PaymentBill.code(7)).status == 200)
                _ = try await service.stop()
            }
        }

        @Test func `pause and resume by command`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let way = way(site, service)
                try await service.addBill(Self.code, invoice: "INV-1")
                #expect(try await site.run(["pause"] + way).code == 2)
                let paused = try await site.run(["pause", "--reason", "stock-taking"] + way)
                #expect(paused.code == 0 && paused.output.contains("stock-taking"), "\(paused)")
                #expect(try await service.ask(Self.code).status == 400)
                let one = try await site.run(
                    ["pause", "--reason", "x", "--account", Site.clientID] + way)
                #expect(one.code == 0 && one.output.contains(Site.clientID), "\(one)")
                for more in [[], ["--account", Site.clientID, "--reason", "over"]] {
                    #expect(try await service.ask(Self.code).status == 400)
                    #expect(try await site.run(["resume"] + more + way).code == 0)
                }
                #expect(try await service.ask(Self.code).status == 200)
                let wrong = try await site.run(["resume", "--account", "MCH-9"] + way)
                #expect(wrong.code == 1 && wrong.errors.contains("/account"), "\(wrong)")
            }
        }
    }
}
