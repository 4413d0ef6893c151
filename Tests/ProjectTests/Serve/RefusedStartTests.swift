// `serve` with an obstacle: one clear line, exit code 1, no partial files, and existing files are
// unchanged.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct RefusedStart {
        /// Expects exit code 1, the reason, and the unchanged folder, byte for byte.
        private func expectRefusal(
            _ reason: String, on site: Site, location: SourceLocation = #_sourceLocation
        ) async throws {
            let (names, bytes) = (try site.listing(), try contents(site))
            let outcome = try await site.run(["serve"])
            #expect(outcome.code == 1, sourceLocation: location)
            let lines = outcome.errors.split(separator: "\n")
            #expect(lines.count == 2, "\(outcome)", sourceLocation: location)
            #expect(lines.last?.contains(reason) == true, "\(outcome)", sourceLocation: location)
            #expect(outcome.output.isEmpty, sourceLocation: location)
            #expect(try site.listing() == names, sourceLocation: location)
            #expect(try contents(site) == bytes, sourceLocation: location)
        }

        /// Without the lock file, which names the last process that locked it.
        private func contents(_ site: Site) throws -> [String: Data] {
            var bytes: [String: Data] = [:]
            for name in try site.listing() where !name.hasSuffix(".lock") {
                bytes[name] = FileManager.default.contents(atPath: site.path(name))
            }
            return bytes
        }

        private func makeDatabase(on site: Site) async throws {
            let service = try await site.serve()
            try await service.addBill("88965112345678", invoice: "INV-1")
            #expect(try await service.stop().code == 0)
        }

        @Test(.enabled(if: geteuid() == 0, "only root can serve in the folder of another user"))
        func `root does not start the service in the folder of another user`() async throws {
            try await withSite { site in
                chown(site.folder.path, 65_534, 65_534)
                try await expectRefusal("sudo -u nobody loket serve", on: site)
            }
        }

        @Test(.enabled(if: geteuid() == 0, "only root has another user's service"))
        func `check by root uses the rights of the service's user, restore refuses`()
            async throws
        {
            try await withSite { site in
                chown(site.folder.path, 65_534, 65_534)
                chmod(site.path("loket.yaml"), 0o644)
                chmod(site.path("secret"), 0o600)
                let check = try await site.run(["check"])
                #expect(check.code == 1, "\(check)")
                #expect(check.output.contains("secret cannot be read"), "\(check)")
                chown(site.path("secret"), 65_534, 65_534)
                let seen = try await site.run(["check"])
                #expect(seen.code == 0, "\(seen)")
                #expect(seen.output.contains("checked as the service's user, nobody"), "\(seen)")
                let restore = try await site.run(["restore", "copy.db"])
                #expect(restore.errors.contains("runuser -u nobody -- loket restore"), "\(restore)")
            }
        }

        @Test func `a database from a newer version is refused and unchanged`() async throws {
            try await withSite { site in
                try await makeDatabase(on: site)
                _ = try await site.python(
                    """
                    import sqlite3, sys
                    with sqlite3.connect(sys.argv[1]) as database:
                        database.execute("INSERT INTO grdb_migrations VALUES ('m9999_future')")
                        database.execute("PRAGMA user_version = 9008007")
                    database.close()
                    """)
                let told = "was written by loket 9.8.7"
                try await expectRefusal(told, on: site)
                let check = try await site.run(["check"])
                #expect(check.code == 1 && check.output.contains(told), "\(check)")
                try FileManager.default.moveItem(
                    atPath: site.database, toPath: site.path("copy.db"))
                let restore = try await site.run(["restore", "copy.db"])
                #expect(restore.code == 1 && restore.errors.contains(told), "\(restore)")
            }
        }

        @Test func `a second service with one database does not affect the first`() async throws {
            try await withSite { site in
                let first = try await site.serve()
                try await first.addBill("88965112345678", invoice: "INV-1")
                let names = try site.listing()
                let second = try await site.run(["serve"])
                #expect(second.code == 1)
                let reason = "in use by another loket (process \(first.child.id))"
                #expect(second.errors.contains(reason), "\(second)")
                #expect(try site.listing() == names)
                #expect(try await first.ask("88965112345678").status == 200)
                #expect(try await first.stop().code == 0)
            }
        }
    }
}
