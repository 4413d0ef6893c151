// Dated amounts in the terminal: `bills add --amounts`, `show`, `quote`, `reopen`, `export` with
// `import`, and `why`.

import DokuSimulator
import Foundation
import LoketCore
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct BillsDated {
        private static let code = "88965112345678"
        private static let bill = ["--code", code, "--invoice", "INV-1", "--name", "Anton Budiman"]
        private static let amounts = "2020-01-31=100000;2099-12-10=150000;175000"
        private static let dates = [
            "--valid-from", "2019-12-01", "--expires", "2099-12-31", "--due-at", "2099-12-10",
        ]

        private func loket(_ words: [String], at service: Service) -> [String] {
            words + ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
        }

        /// Runs a command that must succeed.
        private func run(
            _ words: String..., on site: Site, at service: Service
        ) async throws -> String {
            let outcome = try await site.run(loket(words, at: service))
            #expect(outcome.code == 0, "\(outcome)")
            return outcome.output
        }

        /// Adds the dated bill.
        @discardableResult
        private func add(on site: Site, at service: Service) async throws -> String {
            let words = ["bills", "add", "--amounts", Self.amounts] + Self.bill + Self.dates
            let outcome = try await site.run(loket(words, at: service))
            #expect(outcome.code == 0, "\(outcome)")
            return outcome.output
        }

        @Test func `a dated bill is added and shown with its amounts and dates`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let line = """
                    #1  \(Self.code)  INV-1  Rp150.000  open  until 2099-12-31T23:59:59+07:00  \
                    due 2099-12-10T23:59:59+07:00  Anton Budiman

                    """
                #expect(try await add(on: site, at: service) == line)
                let row = """
                    #1\t\(Self.code)\tINV-1\tRp150.000\topen\t2099-12-31T23:59:59+07:00\t\
                    2099-12-10T23:59:59+07:00\tAnton Budiman

                    """
                #expect(try await run("bills", "list", on: site, at: service) == row)
                let page = try await run("bills", "show", "1", on: site, at: service)
                #expect(
                    page.contains(
                        """

                          amounts   Rp100.000 until 2020-01-31T23:59:59+07:00
                                    Rp150.000 until 2099-12-10T23:59:59+07:00
                                    Rp175.000 after that
                          valid     from 2019-12-01T00:00:00+07:00

                        """), "\(page)")
                let answer = try await service.ask(Self.code)
                let order = try StrictJSON(answer.body).root["order"]
                #expect(order?["amount"]?.integer == 150_000)
                // The same bill again.
                #expect(try await add(on: site, at: service) == line)
            }
        }

        private static let days: [(on: String, line: String)] = [
            (
                "2019-11-30",
                "declined: bill_not_yet_valid. The bill could not be paid yet: its valid_from was "
                    + "later."
            ),
            ("2019-12-01", "Rp100.000 until 2020-01-31T23:59:59+07:00, then Rp150.000"),
            ("2099-12-10", "Rp150.000 until 2099-12-10T23:59:59+07:00, then Rp175.000"),
            ("2099-12-11", "Rp175.000"), ("2099-12-11T00:00:00+07:00", "Rp175.000"),
            ("2100-01-01", "declined: bill_expired. The bill had expired."),
        ]

        @Test func `a quote shows the amount of a day and the next one`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await add(on: site, at: service)
                for (on, line) in Self.days {
                    let quote = try await run(
                        "bills", "quote", Self.code, "--on", on, on: site, at: service)
                    #expect(quote == "#1  INV-1  \(line)\n", "\(on)")
                }
                let now = try await run(
                    "bills", "quote", "88965-1 1234 5678", on: site, at: service)
                #expect(now == "#1  INV-1  \(Self.days[2].line)\n")
                let json = try await run(
                    "bills", "quote", Self.code, "--json", on: site, at: service)
                let quote = try StrictJSON(Array(json.utf8)).root
                #expect(quote["items"]?.elements.first?["amount"]?.integer == 150_000)

                let unknown = try await site.run(
                    loket(["bills", "quote", "88965199999999"], at: service))
                #expect(unknown.code == 1 && unknown.errors.contains("no bill"), "\(unknown)")
                let wrong = try await site.run(
                    loket(["bills", "quote", Self.code, "--on", "soon"], at: service))
                #expect(wrong.code == 1 && wrong.errors.contains("`at` must be"), "\(wrong)")
            }
        }

        /// Options of `bills add` in place of the amount, and words of the error.
        private static let wrongUses: [(words: [String], says: String)] = [
            ([], "give either --amount or --amounts"),
            (["--amount", "1", "--amounts", "1"], "give either --amount or --amounts"),
            (["--amounts", "2099-12-10=1"], "amount 1 is the last and has no end"),
            (["--amounts", "2099-12-31=1;2099-12-10=2;3"], "amount 2 ends before amount 1"),
            (["--amounts", "31/12/2099=1;2"], "amount 1: is day/month/year"),
            (["--amounts", "2099-12-10=150.000;2"], "amount 1: is not an amount of digits only"),
        ]

        @Test func `a list of amounts that cannot be read is wrong usage`() async throws {
            try await withSite { site in
                for (words, says) in Self.wrongUses {
                    let outcome = try await site.run(
                        ["bills", "add", "--key-file", "x"] + Self.bill + words)
                    #expect(outcome.code == 2, "\(outcome)")
                    #expect(outcome.errors.contains(says), "\(outcome)")
                }
            }
        }

        @Test func `dates that the service refuses are named`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                for (words, field) in [
                    (["--valid-from", "2099-12-11"], "/valid_from"),
                    (["--due-at", "x"], "/due_at"),
                    (["--valid-from", "x", "--expires", "x"], "/valid_from"),
                ] {
                    let all = ["bills", "add", "--amounts", Self.amounts] + Self.bill + words
                    let outcome = try await site.run(loket(all, at: service))
                    #expect(outcome.code == 1, "\(outcome)")
                    #expect(outcome.errors.contains("  \(field): "), "\(outcome)")
                }
                #expect(try await run("bills", "list", on: site, at: service).isEmpty)
            }
        }

        @Test func `a cancelled bill is reopened, unless another has its code`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                _ = try await run("bills", "cancel", "1", on: site, at: service)
                let opened = try await run("bills", "reopen", "1", on: site, at: service)
                #expect(opened.hasPrefix("#1  \(Self.code)  INV-1  Rp150.000  open  "), "\(opened)")
                #expect(opened.contains("\n  reopened by first "), "\(opened)")
                #expect(try await service.ask(Self.code).status == 200)

                _ = try await run("bills", "cancel", "1", on: site, at: service)
                try await service.addBill(Self.code, invoice: "INV-2")
                let refused = try await site.run(loket(["bills", "reopen", "1"], at: service))
                #expect(refused.code == 1, "\(refused)")
                #expect(refused.errors.contains("INV-2 has the payment code now"), "\(refused)")
                let unknown = try await site.run(loket(["bills", "reopen", "7"], at: service))
                #expect(unknown.code == 1 && unknown.errors.contains("no bill 7"), "\(unknown)")
            }
        }

        @Test(arguments: ["csv", "ndjson"])
        func `exported dates are imported again without a change`(_ format: String) async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await add(on: site, at: service)
                try await service.addBill("88965112345679", invoice: "INV-2")
                _ = try await run(
                    "bills", "export", "--format", format, "--output", "out.\(format)", on: site,
                    at: service)
                let report = try await run(
                    "bills", "import", "out.\(format)", on: site, at: service)
                #expect(report.contains("0 new, 0 changed, 2 unchanged"), "\(report)")
            }
        }

        @Test func `why shows the step that answered and the next one`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await add(on: site, at: service)
                let request = Service.inquiry(Self.code, by: site.doku())
                _ = try await Connection.ask(request, port: service.gatewayPort)
                let id = try #require(request.header("Request-Id"))
                let page = try await eventually("nothing is known of the inquiry") {
                    let outcome = try await site.run(loket(["why", id], at: service))
                    return outcome.code == 0 ? outcome.output : nil
                }
                let terms = """
                    open, Rp150.000 until 2099-12-10T23:59:59+07:00, then Rp175.000, valid from \
                    2019-12-01T00:00:00+07:00, until 2099-12-31T23:59:59+07:00
                    """
                #expect(page.contains("\n  then   \(terms)\n"), "\(page)")
                #expect(
                    page.contains("\n  now    \(terms), due 2099-12-10T23:59:59+07:00"), "\(page)")
            }
        }
    }
}
