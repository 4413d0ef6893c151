// `bills import` and `imports list`, `show` and `undo` over a running service.

import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct ImportCommand {
        private static let file = """
            Kode Pembayaran;Nomor Invoice;Jumlah;Nama
            88965112345671;INV-1;150.000;Anton Budiman
            88965112345672;INV-2;1.500;"Budi; S.Kom"

            """

        private func command(_ words: [String], at service: Service) -> [String] {
            words + ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
        }

        private func run(
            _ words: String..., on site: Site, at service: Service
        ) async throws -> Child.Outcome {
            try await site.run(command(words, at: service))
        }

        private func json(_ outcome: Child.Outcome) throws -> JSONValue {
            try StrictJSON(Array(outcome.output.trimmingCharacters(in: .newlines).utf8)).root
        }

        private func bills(_ service: Service) async throws -> Int {
            try await service.admin("GET", "/admin/v1/bills")["items"]?.elements.count ?? -1
        }

        @Test func `a file is imported, a repeat changes nothing, and it is undone`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(Self.file, to: "bills.csv")
                let words = ["bills", "import", "bills.csv", "--amount-format", "indonesian"]
                let first = try await site.run(command(words, at: service))
                #expect(first.code == 0, "\(first)")
                #expect(first.output.hasPrefix("import 1 applied\n"), "\(first)")
                #expect(first.output.contains("2 created, 0 changed, 0 overtaken"))
                // Short imports report no progress without a terminal.
                #expect(first.errors.isEmpty, "\(first)")
                #expect(try await service.ask("88965112345671").status == 200)

                let second = try await site.run(command(words, at: service))
                #expect(second.code == 0, "\(second)")
                #expect(second.output.contains("0 new, 0 changed, 2 unchanged"))

                let listed = try await run("imports", "list", on: site, at: service)
                #expect(listed.code == 0)
                #expect(listed.output.split(separator: "\n").count == 2, "\(listed)")
                #expect(listed.output.hasPrefix("#2\t"))

                for _ in 0..<2 {
                    let undone = try await run("imports", "undo", "1", on: site, at: service)
                    #expect(undone.code == 0, "\(undone)")
                    #expect(undone.output.contains("2 cancelled, 0 restored, 0 kept"))
                }
                #expect(try await service.ask("88965112345671").status == 400)
                let shown = try await run("imports", "show", "1", on: site, at: service)
                #expect(shown.output.hasPrefix("import 1 undone\n"), "\(shown)")
                let nothing = try await run("imports", "undo", "2", on: site, at: service)
                #expect(nothing.code == 1, "\(nothing)")
                let unknown = try await run("imports", "show", "7", on: site, at: service)
                #expect(unknown.code == 1, "\(unknown)")
            }
        }

        @Test func `a refused file gives 1, names each wrong value and changes nothing`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(Self.file, to: "bills.csv")
                let outcome = try await run("bills", "import", "bills.csv", on: site, at: service)
                #expect(outcome.code == 1, "\(outcome)")
                #expect(outcome.output.hasPrefix("import 1 refused\n"))
                #expect(
                    outcome.output.contains("\nline 2, amount \"150.000\": is not"), "\(outcome)")
                #expect(outcome.output.contains("--amount-format indonesian reads it as 1500"))
                #expect(outcome.errors.contains("import 1 was refused, and no row is applied"))
                #expect(try await bills(service) == 0)
            }
        }

        @Test func `a dry run reports the effects and changes nothing`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(Self.file, to: "bills.csv")
                let outcome = try await run(
                    "bills", "import", "bills.csv", "--amount-format", "indonesian", "--dry-run",
                    "--json", on: site, at: service)
                #expect(outcome.code == 0, "\(outcome)")
                let item = try json(outcome)
                #expect(item["state"]?.string == "checked")
                #expect(item["dry_run"]?.bool == true)
                #expect(item["diff"]?["new"]?.integer == 2)
                #expect(try await bills(service) == 0)
            }
        }

        @Test func `standard input is read to its end, as a file and from a pipe`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(
                    """
                    {"payment_code":"88965112345671","invoice_number":"INV-1","amount":1,\
                    "customer":{"name":"Anton"}}

                    """, to: "bills")
                let words = ["bills", "import", "-", "--format", "ndjson"]
                let loket = try ([Project.command().path] + command(words, at: service))
                    .joined(separator: " ")
                for line in ["\(loket) < bills", "(sleep 0.1; cat bills) | \(loket)"] {
                    let outcome = try await site.run(["-c", line], program: "sh")
                    #expect(outcome.code == 0, "\(outcome)")
                    #expect(outcome.output.contains(" applied\n"), "\(outcome)")
                }
                #expect(try await bills(service) == 1)
            }
        }

        @Test func `the first 50 notes are shown, with the way to see the rest`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let rows = (1...60).map { "88965112345671,INV-\($0),0,Anton\n" }
                let head = "payment_code,invoice_number,amount,customer_name\n"
                try site.write(head + rows.joined(), to: "bills.csv")
                let outcome = try await run("bills", "import", "bills.csv", on: site, at: service)
                #expect(outcome.output.contains("\nline 51, amount \"0\""), "\(outcome)")
                #expect(!outcome.output.contains("\nline 52, "))
                let lines = outcome.output.split(separator: "\n")
                let rest = try #require(lines.last?.split(separator: "`").last)
                let words = rest.split(separator: " ").dropFirst().map(String.init)
                let shown = try await site.run(words)
                #expect(shown.code == 0, "\(shown)")
                #expect(shown.output.contains("\nline 52, amount \"0\""), "\(rest): \(shown)")
                #expect(shown.output.contains("\nline 61, amount \"0\""))
                #expect(!shown.output.contains("more: "))

                let some = try await run(
                    "imports", "show", "1", "--outcome", "refused", "--limit", "3", on: site,
                    at: service)
                let more =
                    "\nnext page: `loket imports show 1 --outcome refused --limit 3 --cursor "
                #expect(some.output.contains(more), "\(some)")
            }
        }

        @Test func `a caller who does not wait is told where to look`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(Self.file, to: "bills.csv")
                let outcome = try await run(
                    "bills", "import", "bills.csv", "--amount-format", "indonesian", "--no-wait",
                    on: site, at: service)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.hasPrefix("import 1 "))
                #expect(outcome.errors.contains("loket imports show 1"), "\(outcome)")
            }
        }

        @Test func `on a terminal a bar is shown, which disappears at the end`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(Self.file, to: "bills.csv")
                let words = command(
                    ["bills", "import", "bills.csv", "--amount-format", "indonesian"], at: service)
                let outcome = try await site.runOnTerminal(words)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("\rsending 100% [===="), "\(outcome)")
                #expect(outcome.output.contains("\r\u{1B}[Kimport 1 applied"), "\(outcome)")
            }
        }

        private static let wrongUses: [(words: [String], code: Int32, message: String)] = [
            (["bills.dat"], 2, "--format csv"), (["bills.xlsx"], 2, "save it as CSV UTF-8"),
            (["-"], 2, "--format"), (["missing.csv"], 2, "cannot read missing.csv"),
            ([".", "--format", "csv"], 2, "it is a folder"),
            (["bills.csv", "--format", "xml"], 2, "csv, ndjson"),
            (["bills.csv", "--amount-format", "german"], 2, "plain, indonesian, english"),
            (["bills.csv", "--account", "MCH-0000"], 1, "is not a configured Client-Id"),
        ]

        @Test func `wrong usage is named, and nothing is imported`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(Self.file, to: "bills.csv")
                try site.write(Self.file, to: "bills.dat")
                for (words, code, message) in Self.wrongUses {
                    let outcome = try await site.run(
                        command(["bills", "import"] + words, at: service))
                    #expect(outcome.code == code, "\(outcome)")
                    #expect(outcome.errors.contains(message), "\(outcome)")
                }
                let listed = try await run("imports", "list", on: site, at: service)
                #expect(listed.errors == "no imports\n")
            }
        }

        @Test func `without a service the code is 3`() async throws {
            try await withSite { site in
                try site.write(Self.file, to: "bills.csv")
                try site.write(String(repeating: "k", count: 40), to: "loket.db.admin-key")
                let port = try Listener.freePort()
                let words = ["bills", "import", "bills.csv", "--key-file", "loket.db.admin-key"]
                let outcome = try await site.run(words + ["--url", "http://127.0.0.1:\(port)"])
                #expect(outcome.code == 3, "\(outcome)")
                #expect(outcome.errors.contains("127.0.0.1:\(port) does not answer"))
            }
        }
    }
}
