// Imports of dated amounts: new bills, changed bills, a dry run, the undo, and each class of fault.

import DokuSimulator
import Testing

struct DatedBillImportTests {
    private static let head = "payment_code,invoice_number,customer_name,amounts\n"
    private static let row = "88965110000001,INV-1,Anton,"
    private static let first = head + row + "2020-01-31=100000;2099-12-10=150000;175000\n"
    private static let bill = """
        INV-1 88965110000001 \
        2020-01-31T16:59:59Z=100000;2099-12-10T16:59:59Z=150000;175000 "Anton"
        """

    private static let right: [ImportCase] = [
        ImportCase(
            "the column `amounts`, with the other dates", query: "?amount_format=indonesian",
            text: """
                kode bayar;no invoice;nama;amounts;valid_from;expires_at;due_at
                88965110000001;INV-1;Anton;"2099-12-10=150.000;Rp175.000,00";2099-01-01;2099-12-31;2099-12-10
                88965110000002;INV-2;Budi;150.000;;;

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965110000001 2099-12-10T16:59:59Z=150000;175000 "Anton" \
                from=2098-12-31T17:00:00Z until=2099-12-31T16:59:59Z due=2099-12-10T16:59:59Z
                INV-2 88965110000002 150000 "Budi"
                """),
        ImportCase(
            "numbered columns",
            text: """
                payment_code,invoice_number,customer_name,amount_1,until_1,amount_2,until_2,amount_3
                88965110000001,INV-1,Anton,100000,2020-01-31,150000,2099-12-10,175000
                88965110000002,INV-2,Budi,1,,,,

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                \(bill)
                INV-2 88965110000002 1 "Budi"
                """),
        ImportCase(
            "lines with the array of the admin API, and with the text",
            type: "application/x-ndjson",
            text: BillJSON.dated().text.replacing("\n", with: "") + "\n"
                + BillJSON("88965110000002", "INV-2").with("amount", nil)
                .with("amounts", "\"2099-12-10=1;2\"").text,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                \(bill.replacing("\"Anton\"", with: "\"Anton Budiman\""))
                INV-2 88965110000002 2099-12-10T16:59:59Z=1;2 "Anton Budiman"
                """),
        ImportCase(
            "a dry run", query: "?dry_run=true", text: first, report: "checked: 1 rows, 1 new"),
    ]

    @Test(arguments: right)
    func `a file with dated amounts becomes bills`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }

    private static let faults: [ImportCase] = [
        ImportCase(
            "rows",
            text: """
                payment_code,invoice_number,customer_name,amount,amounts,amount_1,until_1,amount_2,valid_from
                88965110000001,INV-1,Anton,,2099-12-31=1;2099-12-10=2;3,,,,
                88965110000002,INV-2,Anton,,2099-12-10=1;2,1,2099-12-10,2,
                88965110000003,INV-3,Anton,7,2099-12-10=1;2,,,,
                88965110000004,INV-4,Anton,,,1,2099-12-10,,
                88965110000005,INV-5,Anton,,,1,,2,
                88965110000006,INV-6,Anton,,2099-12-10=1;2,,,,2099-12-11
                88965110000007,INV-7,Anton,,,,,,
                88965110000008,INV-8,Anton,5,,,,,

                """,
            report: """
                refused: 8 rows, 1 new, 7 refused
                2 amounts <2099-12-31=1;2099-12-10=2;3> refused: amount 2 ends before amount 1: \
                order the amounts by their ends
                3 amount_1 refused: must be empty if the row has `amounts`: give the amounts once
                4 amount refused: is not one of the row's dated amounts
                5 until_1 refused: must be empty: the last amount has no end
                6 until_1 refused: is empty, but a later amount is given
                7 valid_from refused: must be before 2099-12-10T23:59:59+07:00, when the last of \
                the dated amounts begins
                8 amount refused: is empty, and the row has no dated amounts
                """),
        ImportCase(
            "a line", type: "application/x-ndjson",
            text: #"{"payment_code":"88965110000001","invoice_number":"INV-1","#
                + #""amounts":[{"amount":1},{"amount":2}],"customer_name":"A"}"#,
            report: """
                refused: 1 rows, 1 refused
                1 amounts/0/until <[{"amount":1},{"amount":2}]> refused: must be RFC 3339 with an \
                offset, or a date, which means the end of that day in Jakarta
                """),
        ImportCase(
            "a number without room for a suffix",
            text: head.replacing("amounts", with: "amount,amounts")
                + "88965110000001,\(String(repeating: "N", count: 54)),Anton,,2099-12-10=1;2\n"
                + "88965110000002,\(String(repeating: "M", count: 54)),Anton,2,\n",
            report: """
                refused: 2 rows, 1 new, 1 refused
                2 invoice_number <\(String(repeating: "N", count: 54))> refused \
                \(String(repeating: "N", count: 54)): must have at most 53 characters, because \
                every inquiry adds a suffix to it
                """),
    ]

    @Test(arguments: faults)
    func `a wrong amount or date in a file is named with its line and column`(
        _ file: ImportCase
    ) async throws {
        try await expectReport(file)
    }

    @Test func `each amount of a row is within the limits of the channels`() async throws {
        let file = ImportCase(
            "amounts at the bounds of a counter",
            text: Self.head + Self.row + "2099-01-01=9999;2099-02-01=10000;5000001\n"
                + Self.row.replacing("1,", with: "2,") + "2099-01-01=10000;5000000\n",
            report: """
                refused: 2 rows, 1 new, 1 refused
                2 amounts/0/amount refused INV-1: is outside the limits of alfa; see `channels` in \
                the settings
                2 amounts/2/amount refused INV-1: is outside the limits of alfa; see `channels` in \
                the settings
                """)
        try await expectReport(
            file, more: "channels: { alfa: { amount: { min: 10000, max: 5000000 } } }")
    }

    @Test func `a later file changes the dates, and its undo restores them`() async throws {
        try await withTill { service in
            _ = try await service.importText(Self.first)
            #expect(try await service.billLines() == [Self.bill])
            #expect(
                try await service.importText(Self.first).summary == "applied: 1 rows, 1 unchanged")
            let second =
                Self.head.replacing("\n", with: ",valid_from,due_at\n") + Self.row
                + "2099-06-30=160000;170000,2098-01-01,2099-06-30\n"
            let changed = try await service.importText(second)
            #expect(
                changed.notes == [
                    "2 changed INV-1: amounts 100000 until 2020-01-31T16:59:59Z, then 150000 until "
                        + "2099-12-10T16:59:59Z, then 175000 to 160000 until 2099-06-30T16:59:59Z, "
                        + "then 170000, valid_from always to 2097-12-31T17:00:00Z, due_at none to "
                        + "2099-06-30T16:59:59Z"
                ])
            #expect(
                try await service.billLines() == [
                    #"INV-1 88965110000001 2099-06-30T16:59:59Z=160000;170000 "Anton" "#
                        + "from=2097-12-31T17:00:00Z due=2099-06-30T16:59:59Z"
                ])
            let undone = try await service.undo(changed.id)
            #expect(undone.summary.hasSuffix("1 undone restored"), "\(undone.text)")
            #expect(try await service.billLines() == [Self.bill])
            let heard = try await service.ask(Till.inquirer.inquiry(Till.code))
            #expect(heard.text.contains("\"amount\":150000}"), "\(heard.text)")
        }
    }

    /// `amount` is needed in every row, so it is never a missing column that keeps the value.
    @Test func `a file with one amount gives a dated bill one amount`() async throws {
        try await withService { service in
            _ = try await service.importText(Self.first)
            let plain = ImportCase.head + "88965110000001,INV-1,150000,Anton\n"
            let report = try await service.importText(plain)
            #expect(report.summary == "applied: 1 rows, 1 changed, 1 applied changed")
            #expect(report.notes.first?.hasSuffix("then 175000 to 150000") == true)
            #expect(try await service.billLines() == [#"INV-1 88965110000001 150000 "Anton""#])
        }
    }

    @Test func `dates that do not fit the ones that a bill keeps are refused`() async throws {
        try await withService { service in
            let bill = BillJSON.dated().with("valid_from", "\"2099-06-01\"")
            #expect(try await service.admin.post("/admin/v1/bills", bill.text).status == 201)
            let report = try await service.importText(
                Self.head + Self.row + "2099-05-31=1;2\n")
            #expect(
                report.text == """
                    refused: 1 rows, 1 refused
                    2 valid_from refused INV-1: must be before 2099-05-31T23:59:59+07:00, when the \
                    last of the dated amounts begins
                    """)
        }
    }
}
