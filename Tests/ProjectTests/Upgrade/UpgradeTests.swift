// Databases of earlier versions, one for each schema: `check` reads them unchanged, a start
// upgrades them, and the books stay the same.
//
// Each file of Databases/ is the `.dump` of a database that a version with that schema filled
// through its listeners (fill_database.py): bills in every state, inquiries, a pause, and, as far
// as the version has them, payments of every standing, notifications with odd bytes, decisions,
// the quarantine, keys, imports, a restored backup, holds, the attention list, refused requests,
// hourly sums, findings, bills with amounts by date, and a webhook.

import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct Upgrade {
        private struct Kept: Sendable {
            let schema: Int
            /// Codes and the expected status of each answer.
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
                    ("88965100000032", "success"), ("88965100000047", "success"),
                ]),
            Kept(
                schema: 4,
                answers: [
                    ("88965100000001", "billing_already_paid"), ("88965100000006", "success"),
                    ("88965100000032", "billing_already_paid"), ("88965100000201", "decline"),
                    ("88965100000203", "success"), ("88965100000204", "decline"),
                ]),
            Kept(
                schema: 5,
                answers: [
                    ("88965100000001", "billing_already_paid"), ("88965100000006", "success"),
                    ("88965100000032", "billing_already_paid"), ("88965100000201", "decline"),
                    ("88965100000203", "success"), ("88965100000204", "decline"),
                ]),
            Kept(
                schema: 6,
                answers: [
                    ("88965100000001", "billing_already_paid"), ("88965100000006", "success"),
                    ("88965100000032", "billing_already_paid"), ("88965100000201", "decline"),
                    ("88965100000203", "success"), ("88965100000204", "decline"),
                ]),
            Kept(
                schema: 7,
                answers: [
                    ("88965100000001", "billing_already_paid"), ("88965100000204", "decline"),
                    ("88965100000301", "success"), ("88965100000302", "decline"),
                    ("88965100000303", "success"),
                ]),
            Kept(
                schema: 8,
                answers: [
                    ("88965100000001", "billing_already_paid"), ("88965100000204", "decline"),
                    ("88965100000301", "success"), ("88965100000401", "success"),
                ]),
            Kept(
                schema: 9,
                answers: [
                    ("88965100000001", "billing_already_paid"), ("88965100000204", "decline"),
                    ("88965100000301", "success"), ("88965100000401", "success"),
                ]),
            Kept(
                schema: 10,
                answers: [
                    ("88965100000001", "billing_already_paid"), ("88965100000204", "decline"),
                    ("88965100000301", "success"), ("88965100000401", "success"),
                ]),
        ]

        /// The tables that no upgrade may change; those missing in the schema are left out.
        private static let books = [
            "bill": "id, payment_code, invoice_number, amount, state, checksum",
            "bill_change": "id, bill_id, at, change, actor, detail",
            "inquiry": "id, received_at, request_id, guard, invoice_number",
            "delivery": "id, request_id, body, hash",
            "payment": "id, bill_id, amount, standing, resolution, held_bill_id, paid_bill_id",
            "event": "id, type, bill_id, payment_id",
            "import": "id, state, applied_new, undone_cancelled",
            "admin_key": "id, name, hash, scopes",
            "payment_decision": "id, payment_id, action, actor, reopened_by",
            "bill_terms": "id, bill_id, amount, expires_at, until, checksum",
            "webhook": "id, url, types, note, state, off_reason",
            "refused_request": "id, received_at, kind, cause, request_id, body",
            "hour_sum WHERE kind <> 'asked'": "id, hour, kind, cause, count, amount",
        ]

        private static func databaseText(_ schema: Int) throws -> String {
            try Project.text("Tests/ProjectTests/Upgrade/Databases/schema_\(schema).sql")
        }

        /// Creates the database of a dump, with the header mark that a dump does not contain.
        static func place(_ schema: Int, on site: Site) async throws {
            try site.write(try databaseText(schema), to: "dump.sql")
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

        @Test func `there is a database of each earlier schema`() throws {
            let names = try FileManager.default.contentsOfDirectory(
                atPath: Project.url("migrations").path)
            let latest = names.count { $0.hasSuffix(".sql") }
            #expect(Self.kept.map(\.schema) == Array(1..<latest))
        }

        @Test(arguments: kept.indices)
        func `a database of an earlier version is upgraded completely`(_ place: Int) async throws {
            let kept = Self.kept[place]
            try await withSite { site in
                try await Self.place(kept.schema, on: site)
                let before = try await rows(on: site)
                let first = try await site.run(["check"])
                #expect(first.code == 0, "\(first)")
                #expect(first.output.contains("an earlier version of loket wrote"), "\(first)")

                let service = try await site.serve()
                for (code, status) in kept.answers {
                    let body = try StrictJSON(try await service.ask(code).body).root
                    let word = body["online_to_offline_inquiry"]?["status"]?.string
                    #expect(word == status, "\(code)")
                }
                #expect(try await service.stop().code == 0)

                let after = try await rows(on: site)
                for (table, rows) in before where rows != "none\n" {
                    // New rows may be added to these two tables.
                    let isKept =
                        ["inquiry", "event"].contains(table)
                        ? after[table]?.hasPrefix(rows) : after[table] == rows
                    #expect(isKept == true, "\(table)")
                }
                let second = try await site.run(["check"])
                #expect(second.code == 0, "\(second)")
            }
        }

        /// The odd notifications of schema 3 that report payments, each of another kind.
        private static let readable = (31...38).map { "INV-\($0)" } + ["INV-51"]

        @Test func `a payment that an earlier version could not read is listed and resolved`()
            async throws
        {
            try await withSite { site in
                try await Self.place(3, on: site)
                _ = try await site.run(["keys", "reset"])
                var service = try await site.serve()
                let open = "/admin/v1/attention?kind=readable_now&resolved=false&limit=100"
                func items(_ path: String) async throws -> [JSONValue] {
                    try await service.admin("GET", path)["items"]?.elements ?? []
                }
                // FAILED and REFUNDED, which no one has dismissed, and SUCCESS with white space.
                let all = Set(Self.readable + ["INV-44", "INV-45", "INV-47", "INV-48"])
                var entries: [JSONValue] = []
                try await eventually("the list") {
                    entries = try await items(open)
                    return entries.count >= all.count
                }
                #expect(Set(entries.compactMap { $0["invoice_number"]?.string }) == all)
                for entry in entries {
                    let place = entry["invoice_number"]?.string?.dropFirst(4) ?? ""
                    #expect(entry["payment_code"]?.string == "889651000000\(place)")
                    #expect(entry["amount"]?.integer == Int64("1500\(place)"))
                    #expect(entry["date"]?.string?.hasPrefix("2026-") == true)
                    let word = entry["status"]?.string?.uppercased() ?? ""
                    let isMoney = !["44", "45"].contains(place)
                    #expect(word.contains("SUCCESS") == isMoney, "\(place)")
                }
                // Unreadable and resolved payments are unchanged.
                let waiting = try await items("/admin/v1/payments?needs_attention=true&limit=100")
                #expect(waiting.filter { $0["standing"]?.string == "unreadable" }.count == 18)

                let entry = try #require(
                    entries.first { $0["invoice_number"]?.string == "INV-32" })
                let payment = entry["payment_id"]?.string ?? ""
                let bills = try await items("/admin/v1/bills?invoice_number=INV-32")
                let bill = bills.first?["id"]?.string ?? ""
                let paid = try await service.admin(
                    "POST", "/admin/v1/payments/\(payment)/resolve",
                    #"{"action":"accept","bill_id":"\#(bill)"}"#)
                #expect(paid["standing"]?.string == "settled")
                let id = entry["id"]?.string ?? ""
                let resolved = try await service.admin(
                    "POST", "/admin/v1/attention/\(id)/resolve", #"{"note":"booked"}"#)
                #expect(resolved["amount"]?.integer == 150_032)
                #expect(try await service.stop().code == 0)

                service = try await site.serve()
                // The walk over the ledger follows the reading.
                try await service.logged("the ledger was checked")
                #expect(try await items(open).count == all.count - 1)
                let every = "/admin/v1/attention?kind=readable_now&limit=100"
                #expect(try await items(every).count == all.count)
                let answer = try await service.ask("88965100000032")
                let body = try StrictJSON(answer.body).root
                #expect(
                    body["online_to_offline_inquiry"]?["status"]?.string == "billing_already_paid")
                #expect(try await service.stop().code == 0)
                let check = try await site.run(["check"])
                #expect(check.code == 0, "\(check)")
            }
        }
    }
}
