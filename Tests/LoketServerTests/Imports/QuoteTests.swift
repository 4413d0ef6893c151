// Quotes: RFC 4180's cells, and the ways in which they break.

import Testing

struct QuoteTests {
    private static let quotes: [ImportCase] = [
        ImportCase(
            "a comma in quotes",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,"Budiman, Anton"

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Budiman, Anton"
                """),
        ImportCase(
            "doubled quotes",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,"Anton ""Toni"" Budiman"

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton "Toni" Budiman"
                """),
        ImportCase(
            "everything in quotes",
            text: """
                "payment_code";"invoice_number";"amount";"customer_name"\r
                "88965100000001";"INV-1";"150000";"Anton; Budiman"\r

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton; Budiman"
                """),
        ImportCase(
            "a quoted cell of nothing",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,""

                """,
            report: """
                refused: 1 rows, 1 refused
                2 customer_name <> refused: is empty, every bill needs one
                """),
        ImportCase(
            "a quote of quotes",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,""\"""\"

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 ""\""
                """),
        ImportCase(
            "a quote in the middle",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton "Toni" Budiman

                """,
            report: """
                refused: 1 rows, 1 refused
                2 customer_name <Anton "Toni" Budiman> refused: has a quote in the middle: put the \
                whole cell into quotes and double a quote that is meant as text
                """),
        ImportCase(
            "text behind a quote",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,"Anton" Budiman

                """,
            report: """
                refused: 1 rows, 1 refused
                2 customer_name <Anton Budiman> refused: goes on behind its closing quote: put the \
                whole cell into quotes and double a quote that is meant as text
                """),
        ImportCase(
            "a space before a quote",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000, "Anton Budiman"

                """,
            report: """
                refused: 1 rows, 1 refused
                2 customer_name < "Anton Budiman"> refused: has a quote in the middle: put the \
                whole cell into quotes and double a quote that is meant as text
                """),
        ImportCase(
            "typographic quotes",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,\u{201C}Anton\u{201D}

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "\u{201C}Anton\u{201D}"
                """),
        ImportCase(
            "a line break in a name, and the lines behind it",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,"Anton\r
                Budiman"
                88965100000002,INV-2,nol,Budi

                """,
            report: """
                refused: 2 rows, 2 refused
                2 customer_name <Anton\\r\\nBudiman> refused: holds a line break: write it in one \
                line
                4 amount <nol> refused: is not an amount of digits alone, such as 150000
                """),
        ImportCase(
            "a quote that is never closed",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,"Budi
                88965100000003,INV-3,150000,Anton Budiman
                88965100000004,INV-4,150000,Anton Budiman

                """,
            report: """
                refused: 1 rows, 1 new, 1 refused
                3 refused: the quote opened on line 3 is never closed: close it, or double it where \
                a quote is meant as text
                """),
        ImportCase(
            "a quote that is never closed within 64 KiB",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,"Anton
                \(String(repeating: ImportCase.row(2), count: 2_000))
                """,
            report: """
                refused: 0 rows, 1 refused
                2 refused: the quote opened on line 2 is never closed, not within 64 KiB: close it, \
                or double it where a quote is meant as text
                """),
        ImportCase(
            "two quotes never closed, one after the other",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,"Anton
                88965100000002,INV-2,150000,"Budi
                88965100000003,INV-3,150000,Anton Budiman

                """,
            report: """
                refused: 2 rows, 1 new, 1 refused
                2 customer_name <Anton\\n88965100000002,INV-2,150000,Budi> refused: goes on behind \
                its closing quote: put the whole cell into quotes and double a quote that is meant \
                as text
                """),
        ImportCase(
            "cut off in the middle of a cell",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,15
                """,
            report: """
                refused: 2 rows, 1 new, 1 refused
                3 <88965100000002,INV-2,15> refused: the row has 3 cells, the header has 4
                """),
    ]

    @Test(arguments: quotes)
    func `quotes are RFC 4180's, and what breaks them is told`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }
}
