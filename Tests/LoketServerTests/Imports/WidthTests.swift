// CSV whose rows are of another width than the header, and files that hold nothing.

import Testing

struct WidthTests {
    private static let widths: [ImportCase] = [
        ImportCase(
            "blank lines before, between and behind",
            text: """

                \r
                payment_code,invoice_number,amount,customer_name

                88965100000001,INV-1,150000,Anton Budiman

                 \u{20}
                88965100000002,INV-2,150000,Anton Budiman



                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "empty rows of a sheet",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,Anton Budiman
                ,,,
                 , ,,
                ,,,

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "a delimiter too many on every line",
            text: """
                payment_code,invoice_number,amount,customer_name,
                88965100000001,INV-1,150000,Anton Budiman,
                88965100000002,INV-2,150000,Anton Budiman,

                """,
            report: """
                refused: 0 rows, 1 refused
                1 <> refused: the header has a column without a name; the columns are payment_code, \
                invoice_number, amount, reusable, expires_at, customer_name, customer_email, info
                """),
        ImportCase(
            "too few and too many cells",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000
                88965100000002,INV-2,150,000,Budi
                88965100000003,INV-3,150000,Anton Budiman

                """,
            report: """
                refused: 3 rows, 1 new, 2 refused
                2 <88965100000001,INV-1,150000> refused: the row has 3 cells, the header has 4
                3 <88965100000002,INV-2,150,000,Budi> refused: the row has 5 cells, the header has \
                4: put a value that holds a comma into quotes
                """),
        ImportCase(
            "one cell alone",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001
                88965100000002,INV-2,150000,Anton Budiman

                """,
            report: """
                refused: 2 rows, 1 new, 1 refused
                2 <88965100000001> refused: the row has 1 cell, the header has 4
                """),
        ImportCase(
            "an amount with a comma between semicolons", query: "?amount_format=indonesian",
            text: """
                kode bayar;no invoice;jumlah;nama
                88965100000001;INV-1;Rp150.000,00;Anton, Ir.

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton, Ir."
                """),
        ImportCase(
            "the header's delimiter counts, not the rows'",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001;INV-1;150000;Anton

                """,
            report: """
                refused: 1 rows, 1 refused
                2 <88965100000001;INV-1;150000;Anton> refused: the row has 1 cell, the header has 4
                """),
        ImportCase(
            "a row of 65 KiB",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,\(String(repeating: "x", count: 65_600))
                88965100000003,INV-3,150000,Anton Budiman

                """,
            report: """
                refused: 1 rows, 1 new, 1 refused
                3 refused: the row is longer than 64 KiB, which no bill needs: is this a CSV file \
                with one bill a line?
                """),
        ImportCase(
            "a header of 65 KiB",
            text: "\(String(repeating: "payment_code,", count: 5_100))",
            report: """
                refused: 0 rows, 1 refused
                1 refused: the first line is longer than 64 KiB: it must name the columns
                """),
        ImportCase(
            "nothing",
            text: "",
            report: """
                refused: 0 rows, 1 refused
                refused: the file is empty
                """),
        ImportCase(
            "a byte order mark and nothing",
            text: "\u{FEFF}",
            report: """
                refused: 0 rows, 1 refused
                refused: the file is empty
                """),
        ImportCase(
            "line ends alone",
            text: """

                \r


                """,
            report: """
                refused: 0 rows, 1 refused
                refused: the file is empty
                """),
        ImportCase(
            "sep= alone",
            text: "sep=;\u{A}",
            report: """
                refused: 0 rows, 1 refused
                refused: the file is empty
                """),
        ImportCase(
            "a header alone",
            text: "payment_code,invoice_number,amount,customer_name\u{A}",
            report: """
                applied: 0 rows
                """),
        ImportCase(
            "a header alone without its end",
            text: "payment_code,invoice_number,amount,customer_name",
            report: """
                applied: 0 rows
                """),
    ]

    @Test(arguments: widths)
    func `rows of another width and files of nothing are told apart`(_ file: ImportCase)
        async throws
    {
        try await expectReport(file)
    }
}
