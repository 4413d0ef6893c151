// Databases that earlier versions wrote, one of each schema: `check` reads them as they are, a
// start brings them up to date, and the books are what they were.
//
// Each file of Databases/ is `.dump` of a database that the version of that schema filled through
// its own listeners: bills in every state, inquiries, a pause, and where it knew them payments of
// every standing, decisions, the quarantine, keys, imports and a backup.

import DokuWire
import Foundation
import Testing

extension Processes {
    @Suite struct Upgrade {
        private struct Kept: Sendable {
            let schema: Int
            /// Codes and the status of the answer that each has to get.
            let answers: [(code: String, status: String)]
        }

        private static let kept = [
            Kept(
                schema: 1,
                answers: [
                    ("88965100000001", "success"), ("88965100000003", "decline"),
                    ("88965100000004", "billing_already_paid"), ("88965100000009", "success"),
                    ("88965100000099", "billing_not_found"),
                ]),
            Kept(
                schema: 2,
                answers: [
                    ("88965100000001", "billing_already_paid"), ("88965100000005", "decline"),
                    ("88965100000007", "billing_already_paid"), ("88965100000009", "success"),
                ]),
            Kept(
                schema: 3,
                answers: [
                    ("88965100000001", "billing_already_paid"), ("88965100000005", "decline"),
                    ("88965100000007", "billing_already_paid"), ("88965100000104", "success"),
                ]),
        ]

        /// What no upgrade may change; a table that the schema does not have is left out.
        private static let books = [
            "bill": "id, payment_code, invoice_number, amount, state, checksum",
            "bill_change": "id, bill_id, at, change, actor, detail",
            "inquiry": "id, received_at, request_id, guard, invoice_number",
            "delivery": "id, request_id, body, hash",
            "payment": "id, bill_id, amount, standing, resolution, held_bill_id, paid_bill_id",
            "event": "id, type, bill_id, payment_id",
            "import": "id, state, applied_new, undone_cancelled",
            "admin_key": "id, name, hash, scopes",
        ]

        private static func databaseText(_ schema: Int) throws -> String {
            try Project.text("Tests/ProjectTests/Upgrade/Databases/schema_\(schema).sql")
        }

        /// Makes the database of a dump, with the mark in its header that a dump leaves out.
        private func place(_ schema: Int, on site: Site) async throws {
            try site.write(try Self.databaseText(schema), to: "dump.sql")
            _ = try await site.python(
                """
                import sqlite3, sys
                database = sqlite3.connect(sys.argv[1])
                database.executescript(open("dump.sql", encoding="utf-8").read())
                database.execute("PRAGMA application_id = 1280265044")
                database.execute("PRAGMA journal_mode = WAL")
                database.close()
                """)
        }

        private func rows(on site: Site) async throws -> [String: String] {
            var rows: [String: String] = [:]
            for (table, columns) in Self.books {
                rows[table] = try await site.python(
                    """
                    import sqlite3, sys
                    database = sqlite3.connect(sys.argv[1])
                    try:
                        for row in database.execute(
                                f"SELECT {sys.argv[3]} FROM {sys.argv[2]} ORDER BY id"):
                            print(row)
                    except sqlite3.OperationalError as error:
                        print("none")
                    """, table, columns)
            }
            return rows
        }

        @Test(arguments: [0, 1, 2])
        func `a database of an earlier version is taken over whole`(_ place: Int) async throws {
            let kept = Self.kept[place]
            try await withSite { site in
                try await self.place(kept.schema, on: site)
                let before = try await rows(on: site)
                let first = try await site.run(["check"])
                #expect(first.code == 0, "\(first)")
                #expect(first.output.contains("was written by an earlier loket"), "\(first)")

                let service = try await site.serve()
                for (code, status) in kept.answers {
                    let body = try StrictJSON(try await service.ask(code).body).root
                    let word = body["online_to_offline_inquiry"]?["status"]?.string
                    #expect(word == status, "\(code)")
                }
                #expect(try await service.stop().code == 0)

                let after = try await rows(on: site)
                for (table, rows) in before where table != "inquiry" && rows != "none\n" {
                    #expect(after[table] == rows, "\(table)")
                }
                let inquiries = try #require(after["inquiry"])
                #expect(inquiries.hasPrefix(try #require(before["inquiry"])))
                let second = try await site.run(["check"])
                #expect(second.code == 0, "\(second)")
            }
        }
    }
}
