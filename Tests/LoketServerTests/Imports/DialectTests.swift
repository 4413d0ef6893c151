// CSV as programs write it: delimiters, line ends, marks at the beginning. What is no such dialect
// is refused with the line and the reason.

import Testing

struct DialectTests {
    private static let dialects: [ImportCase] = [
        ImportCase(
            "comma and LF",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,Anton Budiman

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "comma and CRLF",
            text: """
                payment_code,invoice_number,amount,customer_name\r
                88965100000001,INV-1,150000,Anton Budiman\r
                88965100000002,INV-2,150000,Anton Budiman\r

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "a lone CR",
            text: """
                payment_code,invoice_number,amount,customer_name\r88965100000001,INV-1,150000,Anton \
                Budiman\r88965100000002,INV-2,150000,Anton Budiman\r
                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "every line end in one file",
            text: """
                payment_code,invoice_number,amount,customer_name\r
                88965100000001,INV-1,150000,Anton\r88965100000002,INV-2,x,Budi
                \r
                88965100000003,INV-3,y,Cici\r

                """,
            report: """
                refused: 3 rows, 1 new, 2 refused
                3 amount <x> refused: is not an amount of digits alone, such as 150000
                5 amount <y> refused: is not an amount of digits alone, such as 150000
                """),
        ImportCase(
            "semicolon",
            text: """
                payment_code;invoice_number;amount;customer_name
                88965100000001;INV-1;150000;Anton Budiman
                88965100000002;INV-2;150000;Anton Budiman

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "sep=; above the header",
            text: """
                sep=;\r
                payment_code;invoice_number;amount;customer_name
                88965100000001;INV-1;150000;Anton Budiman
                88965100000002;INV-2;150000;Anton Budiman

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "SEP=, in capitals and quotes",
            text: """
                "SEP=,"
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,Anton Budiman

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "sep=, above semicolons",
            text: """
                sep=,
                payment_code;invoice_number;amount;customer_name
                88965100000001;INV-1;150000;Anton Budiman
                88965100000002;INV-2;150000;Anton Budiman

                """,
            report: """
                refused: 0 rows, 1 refused
                2 <payment_code;invoice_number;amount;customer_name> refused: there is no header: \
                the first line must name the columns, at least payment_code, invoice_number, amount,\
                 customer_name
                """),
        ImportCase(
            "sep=tab",
            text: """
                sep=\t
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,Anton Budiman

                """,
            report: """
                refused: 0 rows, 1 refused
                1 <sep=\\t> refused: columns are separated by comma or semicolon and by nothing else
                """),
        ImportCase(
            "tabs",
            text: """
                payment_code\tinvoice_number\tamount\tcustomer_name
                88965100000001\tINV-1\t150000\tAnton Budiman
                88965100000002\tINV-2\t150000\tAnton Budiman

                """,
            report: """
                refused: 0 rows, 1 refused
                1 <payment_code\\tinvoice_number\\tamount\\tcustomer_name> refused: columns are \
                separated by tab: only comma and semicolon are read
                """),
        ImportCase(
            "vertical bars",
            text: """
                payment_code|invoice_number|amount|customer_name
                88965100000001|INV-1|150000|Anton Budiman
                88965100000002|INV-2|150000|Anton Budiman

                """,
            report: """
                refused: 0 rows, 1 refused
                1 <payment_code|invoice_number|amount|customer_name> refused: columns are separated \
                by vertical bar: only comma and semicolon are read
                """),
        ImportCase(
            "a byte order mark",
            text: """
                \u{FEFF}payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,Anton Budiman

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "a byte order mark and sep=;",
            text: """
                \u{FEFF}sep=;
                payment_code;invoice_number;amount;customer_name
                88965100000001;INV-1;150000;Anton Budiman
                88965100000002;INV-2;150000;Anton Budiman

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "two byte order marks",
            text: """
                \u{FEFF}\u{FEFF}payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,Anton Budiman

                """,
            report: """
                refused: 0 rows, 1 refused
                1 payment_code <\\u{FEFF}payment_code> refused: the header has the unknown column \
                "\\u{FEFF}payment_code" (is it payment_code?), lacks payment_code; the columns are \
                payment_code, invoice_number, amount, reusable, expires_at, customer_name, \
                customer_email, info
                """),
        ImportCase(
            "no line end at the end",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,Anton Budiman
                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "a CR alone at the end",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,Anton Budiman\r
                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
    ]

    @Test(arguments: dialects)
    func `a file is read in the dialect of its header line`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }
}
