// Rows that conflict with each other: a number or a code that is in the file already, numbers that
// could be mistaken for each other, and faults that hide no others.

import Testing

struct RepeatedRowTests {
    private static let repeats: [ImportCase] = [
        ImportCase(
            "a number twice",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,Anton Budiman
                88965100000003,INV-1,150000,Anton Budiman
                88965100000004,INV-1,150000,Anton Budiman

                """,
            report: """
                refused: 4 rows, 2 new, 2 refused
                4 invoice_number <INV-1> refused INV-1: is already on line 2
                5 invoice_number <INV-1> refused INV-1: is already on line 2
                """),
        ImportCase(
            "a code twice",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000001,INV-2,150000,Anton Budiman

                """,
            report: """
                refused: 2 rows, 1 new, 1 refused
                3 payment_code <88965100000001> refused INV-2: is already used by the row on \
                line 2
                """),
        ImportCase(
            "a row twice",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000001,INV-1,150000,Anton Budiman

                """,
            report: """
                refused: 2 rows, 1 new, 1 refused
                3 invoice_number <INV-1> refused INV-1: is already on line 2
                """),
        ImportCase(
            "a number twice in two accounts",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                7777712345,INV-1,150000,Anton Budiman
                7777712346,INV-1,150000,Anton Budiman

                """,
            report: """
                refused: 3 rows, 2 new, 1 refused
                4 invoice_number <INV-1> refused INV-1: is already on line 3
                """),
        ImportCase(
            "numbers that differ in case",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-a,150000,Anton Budiman
                88965100000002,INV-A,150000,Anton Budiman

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-a 88965100000001 150000 "Anton Budiman"
                INV-A 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "a number like another's of an inquiry",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-1-0123456789,150000,Anton Budiman
                88965100000003,INV-2-0123456789,150000,Anton Budiman
                88965100000004,INV-2,150000,Anton Budiman
                88965100000005,INV-3-012345678,150000,Anton Budiman
                88965100000006,INV-3,150000,Anton Budiman
                88965100000007,INV-4-012345678I,150000,Anton Budiman
                88965100000008,INV-4,150000,Anton Budiman

                """,
            report: """
                refused: 8 rows, 6 new, 2 refused
                3 invoice_number <INV-1-0123456789> refused INV-1-0123456789: differs from INV-1 \
                on line 2 only by a suffix of the form that loket adds in inquiries
                4 invoice_number <INV-2-0123456789> refused INV-2-0123456789: differs from INV-2 \
                on line 5 only by a suffix of the form that loket adds in inquiries
                """),
        ImportCase(
            "a number like another's in another account",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                7777712345,INV-1-0123456789,150000,Anton Budiman

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-1-0123456789 7777712345 150000 "Anton Budiman"
                """),
        ImportCase(
            "bad rows do not hide others",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,nol,Anton
                88965100000002,INV-1,150000,Anton
                88965100000003,INV-1,150000,Anton
                88965100000003,INV-2,150000,
                x,y z,-1,"a
                b"

                """,
            report: """
                refused: 5 rows, 1 new, 4 refused
                2 amount <nol> refused: is not an amount of digits only, such as 150000
                4 invoice_number <INV-1> refused INV-1: is already on line 3
                5 customer_name <> refused: is empty, but every bill needs this field
                6 payment_code <x> refused: must be 1 to 25 digits and nothing else
                6 invoice_number <y z> refused: must be 1 to 64 visible ASCII characters, no spaces
                6 amount <-1> refused: is negative or not an amount: write 1 to 999999999999 rupiah
                6 customer_name <a\\nb> refused: contains a line break: write the text in one line
                """),
        ImportCase(
            "a number too long for a suffix",
            text: """
                payment_code,invoice_number,amount,customer_name,reusable
                88965100000001,999999999999999999999999999999999999999999999999999999,150000,Anton \
                Budiman,ya

                """,
            report: """
                refused: 1 rows, 1 refused
                2 invoice_number <999999999999999999999999999999999999999999999999999999> refused \
                999999999999999999999999999999999999999999999999999999: must have at most 53 \
                characters, because every inquiry adds a suffix to it
                """),
        ImportCase(
            "a number as long as a suffix allows",
            text: """
                payment_code,invoice_number,amount,customer_name,reusable
                88965100000001,99999999999999999999999999999999999999999999999999999,150000,Anton \
                Budiman,ya

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                99999999999999999999999999999999999999999999999999999 88965100000001 150000 "Anton \
                Budiman" reusable
                """),
    ]

    @Test(arguments: repeats)
    func `rows that conflict with each other are refused`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }
}
