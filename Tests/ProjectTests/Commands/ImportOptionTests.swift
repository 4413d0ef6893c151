// `bills import` with the options of a file, and `imports rows`, over a running service.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct ImportOptions {
        private static let file = """
            DAFTAR TAGIHAN
            No. Faktur;Tgl;No. VA;Nama;Terhutang;Jatuh Tempo
            SI-1;01/12/2099;8896 5112 3456 71;Anton Budiman;150.000;31/12/2099
            ;;Total;;150.000;

            """

        private static let options = [
            "--map", "No. Faktur=invoice_number", "--map", "No. VA=payment_code", "--map",
            "Terhutang=amount", "--ignore", "Tgl", "--skip-lines", "1", "--skip-rows", "Total",
            "--amount-format", "indonesian", "--date-format", "dmy", "--clean-codes",
        ]

        private func run(
            _ words: [String], on site: Site, at service: Service
        ) async throws -> Child.Outcome {
            try await site.run(
                words + ["--url", service.adminURL, "--key-file", "loket.db.admin-key"])
        }

        @Test func `a file is read by options, which the next file takes by the import's id`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(Self.file, to: "piutang.csv")
                let first = try await run(
                    ["bills", "import", "piutang.csv", "--note", "kantor pusat"] + Self.options,
                    on: site, at: service)
                #expect(first.code == 0, "\(first)")
                #expect(first.output.contains("  file       piutang.csv, 1 rows, "), "\(first)")
                #expect(
                    first.output.contains(
                        "  options    --date-format dmy --skip-lines 1 --map "
                            + "'No. Faktur=invoice_number' --map 'No. VA=payment_code' --map "
                            + "'Terhutang=amount' --ignore 'Tgl' --skip-rows 'Total' "
                            + "--clean-codes\n"), "\(first)")
                #expect(first.output.contains("  note       kantor pusat\n"))
                #expect(first.output.contains("line 4, \"Total\": skipped: "), "\(first)")

                try FileManager.default.moveItem(
                    atPath: site.path("piutang.csv"), toPath: site.path("februari"))
                let again = try await run(
                    ["bills", "import", "februari", "--like", "1"], on: site, at: service)
                #expect(again.code == 0, "\(again)")
                #expect(again.output.contains("0 new, 0 changed, 1 unchanged"), "\(again)")
                let list = try await run(["imports", "list"], on: site, at: service)
                #expect(list.output.contains("\tpiutang.csv\tfirst\tkantor pusat\t"), "\(list)")
            }
        }

        @Test func `a header that does not fit is reported with the options to copy`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                let header = "No. Faktur;Tgl;No. VA;Nama;Terhutang\n"
                try site.write(
                    header + "SI-1;1/12/2099;88965112345671;Anton;150000\n", to: "a.csv")
                let refused = try await run(["bills", "import", "a.csv"], on: site, at: service)
                #expect(refused.code == 1)
                let advice =
                    "--map 'No. VA=payment_code' --map 'Terhutang=amount' --ignore 'Tgl'"
                #expect(refused.output.contains("for example: \(advice)\n"), "\(refused)")
                let loket = try Project.command().path
                let copied = try await site.run(
                    [
                        "-c",
                        "\(loket) bills import a.csv \(advice) --url \(service.adminURL) "
                            + "--key-file loket.db.admin-key",
                    ], program: "sh")
                #expect(copied.code == 0, "\(copied)")
                #expect(copied.output.hasPrefix("import 2 applied\n"), "\(copied)")
            }
        }

        @Test func `refused rows are counted by cause and written as a file`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let rows = (1...7).map { "8896511234567\($0),INV-\($0),\($0).500,Anton\n" }
                try site.write(
                    "payment_code,invoice_number,amount,customer_name\n" + rows.joined(),
                    to: "a.csv")
                let refused = try await run(["bills", "import", "a.csv"], on: site, at: service)
                #expect(
                    refused.output.contains(
                        "refused values by cause:\n  7 × amount: is not an amount of digits only, "
                            + "such as 150000; --amount-format indonesian reads it as 1500: set "
                            + "this option if it fits all amounts in the file "
                            + "(lines 2, 3, 4, 5, 6, …)\n"), "\(refused)")
                let written = try await run(
                    ["imports", "rows", "1", "--output", "bad.csv"], on: site, at: service)
                #expect(written.code == 0, "\(written)")
                let bad = try String(contentsOfFile: site.path("bad.csv"), encoding: .utf8)
                #expect(bad.split(separator: "\r\n").count == 8)
                #expect(bad.contains("\r\n88965112345671,INV-1,1.500,Anton,\"amount: is not"))
                let printed = try await run(["imports", "rows", "1"], on: site, at: service)
                #expect(printed.output == bad)
                #expect(
                    written.errors.contains(
                        "7 of 7 refused rows; send them again, corrected: `loket bills import "
                            + "bad.csv --rows-of 1 --url "), "\(written)")
                try site.write(bad.replacing(".500,", with: "500,"), to: "bad.csv")
                let again = try await run(
                    ["bills", "import", "bad.csv", "--rows-of", "1"], on: site, at: service)
                #expect(again.code == 0, "\(again)")
                #expect(again.output.contains("7 created"), "\(again)")
            }
        }

        @Test func `names from the file are shown whole, without control characters`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                let name = String(repeating: "n", count: 80)
                try site.write("a;b;c;\u{1B}[2J;payment_code\n", to: "\u{1B}" + name)
                let odd = try await run(
                    ["bills", "import", "\u{1B}" + name, "--format", "csv"], on: site, at: service)
                #expect(odd.code == 1 && !odd.output.contains("\u{1B}"), "\(odd)")
                #expect(odd.output.contains("file       \\u{1B}\(name), "), "\(odd)")
                try site.write("a;b\n", to: " ")
                let blank = try await run(
                    ["bills", "import", " ", "--format", "csv"], on: site, at: service)
                #expect(blank.output.contains("file       0 rows"), "\(blank)")
            }
        }

        @Test func `an import that lowers much asks for --yes`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                func file(_ amount: Int) -> String {
                    let rows = (10...19).map { "889651123456\($0),INV-\($0),\(amount),Anton\n" }
                    return "payment_code,invoice_number,amount,customer_name\n" + rows.joined()
                }
                try site.write(file(150_000), to: "a.csv")
                try site.write(file(1_500), to: "b.csv")
                _ = try await run(["bills", "import", "a.csv"], on: site, at: service)
                let refused = try await run(["bills", "import", "b.csv"], on: site, at: service)
                #expect(refused.code == 1)
                #expect(refused.output.contains("  lowered    10 amounts, by Rp1.485.000 in all\n"))
                #expect(refused.output.contains("  warning    "), "\(refused)")
                #expect(refused.errors.contains("send the file again with --yes"), "\(refused)")
                let done = try await run(
                    ["bills", "import", "b.csv", "--yes"], on: site, at: service)
                #expect(done.code == 0, "\(done)")
            }
        }

        @Test(arguments: [
            (["--map", "Terhutang"], "--map must be the column's name in the file"),
            (["--date-format", "mdy"], "--date-format must be one of iso, dmy"),
            (["--skip-lines", "x"], "--skip-lines must be 0 to 100"),
        ])
        func `a wrong option is refused before the file is sent`(
            _ words: [String], reason: String
        ) async throws {
            try await withSite { site in
                let outcome = try await site.run(["bills", "import", "a.csv"] + words)
                #expect(outcome.code == 2)
                #expect(outcome.errors.contains(reason), "\(outcome)")
            }
        }
    }
}
