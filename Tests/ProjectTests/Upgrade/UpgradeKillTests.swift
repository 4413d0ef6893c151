// A start that is killed during the upgrade of an earlier database: the database is still the
// complete earlier one, and the next start upgrades it.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct UpgradeKill {
        /// So many events that copying them takes some time.
        private static let filling = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            columns = ", ".join(
                row[1] for row in database.execute("PRAGMA table_info(event)") if row[1] != "id")
            database.execute("BEGIN")
            while database.execute("SELECT count(*) FROM event").fetchone()[0] < 200_000:
                database.execute(
                    f"INSERT INTO event ({columns}) SELECT {columns} FROM event")
            database.execute("COMMIT")
            database.close()
            """

        /// Waits until the service has the write lock before its commit, and kills it. Ends without
        /// closing the database, which would clean up for the service.
        private static let killing = """
            import os, signal, sqlite3, sys, time
            path = sys.argv[1]
            database = sqlite3.connect(path, isolation_level=None, timeout=0)

            def migrations():
                return database.execute("SELECT count(*) FROM grdb_migrations").fetchone()[0]

            def is_writing():
                try:
                    database.execute("BEGIN IMMEDIATE")
                    database.execute("ROLLBACK")
                    return False
                except sqlite3.OperationalError:
                    return True

            before = migrations()
            print("ready", flush=True)
            while migrations() == before:
                try:
                    with open(path + ".lock") as lock:
                        service = int(lock.read().split()[1])
                except (OSError, IndexError, ValueError):
                    continue
                if not is_writing():
                    continue
                time.sleep(0.02)
                os.kill(service, signal.SIGSTOP)
                if is_writing() and migrations() == before:
                    os.kill(service, signal.SIGKILL)
                    print("killed", flush=True)
                    os._exit(0)
                os.kill(service, signal.SIGCONT)
            os._exit(1)
            """

        /// The objects of the earlier schema, and none of the later schema.
        private static let looking = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            print(database.execute("PRAGMA integrity_check").fetchone()[0])
            tables = database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
            print(len(tables), database.execute("SELECT * FROM grdb_migrations").fetchall())
            for table in ["bill", "delivery", "payment", "event"]:
                print(table, database.execute(
                    f"SELECT count(*), min(id), max(id) FROM {table}").fetchone())
            """

        @Test func `a kill in the middle of an upgrade leaves the earlier database whole`()
            async throws
        {
            try await withSite { site in
                try await Upgrade.place(5, on: site)
                _ = try await site.python(Self.filling)
                let before = try await site.python(Self.looking)
                #expect(before.hasPrefix("ok\n"))

                let killer = try site.start(
                    ["-c", Self.killing, site.database], program: "python3")
                try await eventually("the killer") { killer.output.hasPrefix("ready") }
                let killed = try site.start(["serve"])
                #expect(try await killer.end().output == "ready\nkilled\n")
                #expect(try await killed.end().code == -SIGKILL)

                #expect(try await site.python(Self.looking) == before)
                let check = try await site.run(["check"])
                #expect(check.code == 0, "\(check)")
                #expect(check.output.contains("an earlier version of loket wrote"), "\(check)")

                let service = try await site.serve()
                #expect(try await service.ask("88965100000006").status == 200)
                #expect(try await service.stop().code == 0)
                let after = try await site.python(Self.looking)
                #expect(after.contains("'m0006_nothing_in_silence'"), "\(after)")
                for line in before.split(separator: "\n").dropFirst(2)
                where !line.hasPrefix("event") {
                    #expect(after.contains(line), "\(line)")
                }
                #expect(try await site.run(["check"]).code == 0)
            }
        }
    }
}
