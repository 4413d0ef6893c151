// The bookkeeper's commands: what came in today, sums by day and counter, a file for accounting,
// and the timeline of a bill.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct PaymentDates {
        private static let code = "88965112345678"

        /// A service with one bill that was asked for and paid now.
        private func withPayment(
            _ body: (Site, (String) async throws -> Child.Outcome) async throws -> Void
        ) async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                #expect(try await service.ask(Self.code).status == 200)
                let paid = try await site.run([
                    "simulate", "notification",
                    "http://127.0.0.1:\(service.gatewayPort)/doku/notification", "--client-id",
                    Site.clientID, "--secret-file", "secret", "--invoice", "INV-1", "--amount",
                    "150000", "--code", Self.code, "--trx", "1246",
                ])
                #expect(paid.code == 0, "\(paid)")
                let way = ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
                try await body(site) { words in
                    try await site.run(words.split(separator: " ").map(String.init) + way)
                }
            }
        }

        @Test func `today's payments are listed, added up and written to a file`() async throws {
            try await withPayment { site, run in
                let today = try await run("payments list --today")
                let cells = today.output.split(separator: "\t").map(String.init)
                #expect(cells.first == "#1" && cells.count == 10, "\(today)")
                #expect(cells.dropFirst(2).prefix(2) == ["Rp150.000", "alfa"], "\(today)")
                let all = try await run("payments list --today --all --channel alfa --customer a")
                #expect(all.output == today.output, "\(all)")
                let none = try await run("payments list --to 2020-01-01")
                #expect(none.output.isEmpty && none.errors == "no payments\n", "\(none)")
                let day = String(try #require(cells.dropFirst().first).prefix(10))

                let totals = try await run("payments totals --today")
                #expect(totals.output == "\(day)\talfa\t1\tRp150.000\t0\tRp0\n", "\(totals)")
                let sums = "settled Rp150.000 in 1 payment; received Rp150.000 in 1 payment\n"
                #expect(totals.errors == sums, "\(totals)")
                let month = try await run("payments totals")
                #expect(month.output == totals.output && month.errors == sums, "\(month)")
                let semicolons = try await run("payments export --today --delimiter semicolon")
                #expect(semicolons.output.contains("\r\n\(day);"), "\(semicolons)")

                let written = try await run("payments export --today --output today.csv")
                #expect(written.code == 0, "\(written)")
                let file = try String(contentsOfFile: site.path("today.csv"), encoding: .utf8)
                #expect(written.output == "\(file.utf8.count) bytes written to today.csv\n")
                let lines = file.split(separator: "\r\n")
                #expect(lines.count == 2 && lines[1].hasPrefix("\(day),"), "\(file)")
                let printed = try await run("payments export --today")
                #expect(printed.output == file)
                let again = try await run("payments export --output today.csv")
                #expect(again.code == 1 && again.errors.contains("already exists"), "\(again)")
            }
        }

        @Test(arguments: ["comma", "semicolon"])
        func `an export with a damaged payment is written whole, and exits with 1`(
            _ delimiter: String
        ) async throws {
            try await withPayment { site, run in
                try await site.flipAmount(in: "payment", id: "1")
                let words = "payments export --delimiter \(delimiter)"
                let remedy = "payment 1 is damaged and does not match its checksum"
                let printed = try await run(words)
                #expect(printed.code == 1 && printed.errors.contains(remedy), "\(printed)")
                let lines = printed.output.split(separator: "\r\n")
                #expect(lines.count == 2 && lines[1].contains("damaged"), "\(printed)")
                let written = try await run(words + " --output damaged.csv --json")
                #expect(written.code == 1 && written.errors.contains(remedy), "\(written)")
                #expect(written.output.contains(#""damaged_payments":["1"]"#), "\(written)")
                let file = try String(contentsOfFile: site.path("damaged.csv"), encoding: .utf8)
                #expect(file == printed.output)
            }
        }

        @Test func `the timeline of a bill has its inquiries and payments`() async throws {
            try await withPayment { _, run in
                let shown = try await eventually("the inquiry is in the journal") {
                    let shown = try await run("bills timeline 1")
                    return shown.output.contains("\tinquiry\t") ? shown : nil
                }
                let kinds = shown.output.split(separator: "\n").map {
                    $0.split(separator: "\t", omittingEmptySubsequences: false)[1]
                }
                #expect(kinds == ["paid", "payment", "inquiry", "created"], "\(shown)")
                #expect(shown.output.contains("transaction 1246"), "\(shown)")
                let payment = try await run("payments show 1")
                #expect(payment.output.contains("  counter  alfa, store "), "\(payment)")
            }
        }

        @Test func `a range that cannot be is refused with what to write`() async throws {
            try await withPayment { site, run in
                let turned = try await run("payments list --from 2026-11-30 --to 2026-11-01")
                #expect(turned.code == 2, "\(turned)")
                #expect(
                    turned.errors.contains("write --from 2026-11-01 --to 2026-12-01"),
                    "\(turned)")
                let expiry = try await run(
                    "bills list --expires-from 2026-11-30 --expires-to 2026-11-30")
                #expect(
                    expiry.errors.contains("--expires-from 2026-11-30 --expires-to 2026-12-01"),
                    "\(expiry)")
                let two = try await run("payments list --today --from 2026-11-30")
                #expect(two.code == 2, "\(two)")
                #expect(two.errors.contains("leave out --from and --to"), "\(two)")
                let file = try await run(
                    "payments export --from 2026-11-30 --to 2026-11-30 --output x.csv")
                #expect(file.code == 2 && file.errors.contains("--to 2026-12-01"), "\(file)")
                #expect(try !site.listing().contains { $0.hasPrefix("x.csv") })
            }
        }
    }
}
