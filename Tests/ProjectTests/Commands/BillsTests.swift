// `bills add`, `list`, `show` and `cancel` over a running service.

import Foundation
import LoketJSON
import Testing

extension Processes {
    @Suite struct BillsCommand {
        private static let code = "88965112345678"
        private static let bill = [
            "--code", code, "--invoice", "INV-1", "--amount", "150000", "--name",
            "Anton Budiman",
        ]

        private func bills(_ words: String..., at service: Service) -> [String] {
            ["bills"] + words + ["--url", service.adminURL]
                + ["--key-file", "loket.db.admin-key"]
        }

        private func json(_ outcome: Child.Outcome) throws -> JSONValue {
            try StrictJSON(Array(outcome.output.trimmingCharacters(in: .newlines).utf8)).root
        }

        @Test func `a bill is added, listed, shown and cancelled`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let added = try await site.run(
                    bills("add", at: service) + Self.bill + ["--expires", "2099-12-31"])
                #expect(added.code == 0, "\(added)")
                let expiry = "until 2099-12-31T23:59:59+07:00"
                for text in ["#1", Self.code, "INV-1", "Rp150.000", "open", expiry] {
                    #expect(added.output.contains(text), "\(text) in \(added)")
                }
                #expect(try await service.ask(Self.code).status == 200)

                let listed = try await site.run(bills("list", at: service))
                #expect(listed.code == 0)
                #expect(
                    listed.output
                        == "#1\t\(Self.code)\tINV-1\tRp150.000\topen\t2099-12-31T23:59:59+07:00"
                        + "\t-\tAnton Budiman\n")

                let shown = try await site.run(bills("show", "1", at: service))
                #expect(shown.code == 0)
                #expect(shown.output.contains(Site.clientID))

                let cancelled = try await site.run(
                    bills("cancel", "1", at: service) + ["--reason", "ordered twice"])
                #expect(cancelled.code == 0)
                #expect(cancelled.output.contains("cancelled"))
                #expect(cancelled.output.contains("ordered twice"))
                #expect(try await service.ask(Self.code).status == 400)
            }
        }

        @Test func `--json prints the service's JSON`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let added = try await site.run(
                    bills("add", "--json", "--reusable", at: service) + Self.bill)
                let bill = try json(added)
                #expect(bill["invoice_number"]?.string == "INV-1")
                #expect(bill["amount"]?.integer == 150_000)
                #expect(bill["reusable"]?.bool == true)
                let id = try #require(bill["id"]?.string)

                let listed = try json(
                    try await site.run(bills("list", "--json", "--limit", "1", at: service)))
                #expect(listed["items"]?.elements.count == 1)
                #expect(listed["next_cursor"]?.isNull == true)
                let shown = try json(try await site.run(bills("show", id, "--json", at: service)))
                #expect(shown["id"]?.string == id)
                let cancelled = try json(
                    try await site.run(bills("cancel", id, "--json", at: service)))
                #expect(cancelled["state"]?.string == "cancelled")
            }
        }

        @Test func `a list is filtered and continues at its cursor`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                for index in 1...3 {
                    try await service.addBill("8896511234567\(index)", invoice: "INV-\(index)")
                }
                let none = try await site.run(
                    bills("list", "--code", "88965199999999", at: service))
                #expect(none.code == 0)
                #expect(none.output.isEmpty && none.errors == "no bills\n")
                let one = try await site.run(bills("list", "--invoice", "INV-2", at: service))
                #expect(one.output.split(separator: "\n").count == 1)
                #expect(one.output.contains("INV-2"))

                let first = try await site.run(bills("list", "--limit", "2", at: service))
                let lines = first.output.split(separator: "\n")
                #expect(lines.count == 2)
                let note = first.errors.trimmingCharacters(in: .newlines)
                let cursor = try #require(note.split(separator: " ").last)
                let rest = try await site.run(
                    bills("list", "--limit", "2", "--cursor", String(cursor), at: service))
                #expect(rest.output.split(separator: "\n").count == 1, "\(first)\n\(rest)")
                #expect(rest.output.contains("INV-1"))
            }
        }

        @Test func `the key may come from LOKET_ADMIN_KEY`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let words = ["bills", "list", "--url", service.adminURL]
                let right = try await site.run(
                    words, environment: ["LOKET_ADMIN_KEY": try site.key])
                #expect(right.code == 0, "\(right)")
                let wrong = try await site.run(
                    words,
                    environment: ["LOKET_ADMIN_KEY": String(repeating: "k", count: 40)])
                #expect(wrong.code == 1)
                #expect(wrong.errors.contains("An admin key is needed"))
                let none = try await site.run(words)
                #expect(none.code == 2)
                #expect(none.errors.contains("LOKET_ADMIN_KEY"))
                let lost = try await site.run(words + ["--key-file", "no-key"])
                #expect(lost.code == 2)
                #expect(lost.errors.contains("no-key"))
            }
        }

        /// Wrong values of valid options, and the field named in the error.
        private static let wrongOptions = [
            ("--code", "889651", "/payment_code"), ("--code", "99999", "/payment_code"),
            ("--amount", "0", "/amount"), ("--invoice", "INV 1", "/invoice_number"),
            ("--name", " ", "/customer/name"), ("--email", "nobody", "/customer/email"),
            ("--info", "a line that is longer than thirty", "/info"),
            ("--expires", "tomorrow", "/expires_at"), ("--expires", "2020-01-01", "/expires_at"),
            ("--account", "MCH-0000", "/account"),
        ]

        @Test func `a refused bill names its field`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                for (option, value, field) in Self.wrongOptions {
                    var words = bills("add", at: service) + Self.bill
                    if let place = words.firstIndex(of: option) {
                        words[place + 1] = value
                    } else {
                        words += [option, value]
                    }
                    let outcome = try await site.run(words)
                    #expect(outcome.code == 1, "\(outcome)")
                    #expect(outcome.errors.contains("  \(field): "), "\(outcome)")
                }
                let listed = try await site.run(bills("list", at: service))
                #expect(listed.errors == "no bills\n")
            }
        }

        @Test func `the same bill again is 0 and another with its number 1`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                for _ in 0..<2 {
                    let outcome = try await site.run(bills("add", at: service) + Self.bill)
                    #expect(outcome.code == 0)
                    #expect(outcome.output.hasPrefix("#1 "))
                }
                var other = bills("add", at: service) + Self.bill
                let place = try #require(other.firstIndex(of: "150000"))
                other[place] = "150001"
                let refused = try await site.run(other)
                #expect(refused.code == 1)
                #expect(refused.errors.contains("/invoice_number"))
            }
        }
    }
}
