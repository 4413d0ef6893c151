// What spreadsheets do to codes and texts: numbers, formula cells, marks of their own. Every one is
// named and none is repaired.

import Testing

struct DamageTests {
    private static let cells: [ImportCase] = [
        ImportCase(
            "codes",
            text: """
                payment_code,invoice_number,amount,customer_name
                8.89651E+13,INV-11,150000,Anton Budiman
                "8,89651E+13",INV-12,150000,Anton Budiman
                '88965100000001,INV-13,150000,Anton Budiman
                "=""88965100000001""\",INV-14,150000,Anton Budiman
                88965100000001.0,INV-15,150000,Anton Budiman
                8896510000O001,INV-16,150000,Anton Budiman
                 88965100000001,INV-17,150000,Anton Budiman
                88965100000001 ,INV-18,150000,Anton Budiman
                88965100000\u{A0}001,INV-19,150000,Anton Budiman
                8896510000\u{200B}0001,INV-20,150000,Anton Budiman
                ８８９６５１００,INV-21,150000,Anton Budiman
                \u{668}\u{668}\u{669},INV-22,150000,Anton Budiman
                8896-5100-0000-01,INV-23,150000,Anton Budiman
                -88965100000001,INV-24,150000,Anton Budiman
                ,INV-25,150000,Anton Budiman
                88965100000000000000000001,INV-26,150000,Anton Budiman
                #REF!,INV-27,150000,Anton Budiman
                ####,INV-28,150000,Anton Budiman
                =A1,INV-29,150000,Anton Budiman
                88965100000012,INV-30,150000,Anton Budiman

                """,
            report: """
                refused: 20 rows, 1 new, 19 refused
                2 payment_code <8.89651E+13> refused: is in scientific notation: a spreadsheet took \
                it for a number and its digits are lost; format the column as text and export it \
                again from where it came
                3 payment_code <8,89651E+13> refused: is in scientific notation: a spreadsheet took \
                it for a number and its digits are lost; format the column as text and export it \
                again from where it came
                4 payment_code <'88965100000001> refused: begins with the apostrophe by which a \
                spreadsheet marks a text: remove it
                5 payment_code <="88965100000001"> refused: is a formula that keeps a text \
                (="\u{2026}"): write the text alone
                6 payment_code <88965100000001.0> refused: ends in a decimal part: a program took \
                it for a number; format the column as text
                7 payment_code <8896510000O001> refused: holds the letter O for the digit 0
                8 payment_code < 88965100000001> refused: begins or ends with a space: nothing is \
                trimmed, remove it
                9 payment_code <88965100000001 > refused: begins or ends with a space: nothing is \
                trimmed, remove it
                10 payment_code <88965100000\\u{A0}001> refused: holds a non-breaking or other \
                strange space: remove it
                11 payment_code <8896510000\\u{200B}0001> refused: holds a character that cannot be \
                seen: type it again
                12 payment_code <８８９６５１００> refused: holds fullwidth digits: only the digits 0 to 9 \
                are read
                13 payment_code <\u{668}\u{668}\u{669}> refused: holds digits of another script: \
                only the digits 0 to 9 are read
                14 payment_code <8896-5100-0000-01> refused: must be 1 to 25 digits and nothing else
                15 payment_code <-88965100000001> refused: begins with -, as a formula does: remove \
                it
                16 payment_code <> refused: is empty, every bill needs one
                17 payment_code <88965100000000000000000001> refused: has 26 digits, a code has at \
                most 25
                18 payment_code <#REF!> refused: is the spreadsheet error #REF!: mend the formula \
                and save the file again
                19 payment_code <####> refused: is what a spreadsheet shows where a column is too \
                narrow: widen the column and save the file again
                20 payment_code <=A1> refused: is a formula, not its result: write the value itself
                """),
        ImportCase(
            "invoice numbers",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000011,1.2E+15,150000,Anton Budiman
                88965100000012,=B2,150000,Anton Budiman
                88965100000013,#N/A,150000,Anton Budiman
                88965100000014,+1|2,150000,Anton Budiman
                88965100000015,@SUM(A1),150000,Anton Budiman
                88965100000016,-1|2,150000,Anton Budiman
                88965100000017,'INV,150000,Anton Budiman
                88965100000018,INV 1,150000,Anton Budiman
                88965100000019,,150000,Anton Budiman
                88965100000020,\(String(repeating: "9", count: 65)),150000,Anton Budiman
                88965100000021,INV-É,150000,Anton Budiman
                88965100000022,INV-1,150000,Anton Budiman
                88965100000023,#1,150000,Anton Budiman
                88965100000024,-1,150000,Anton Budiman
                88965100000025,2026-01-01,150000,Anton Budiman

                """,
            report: """
                refused: 15 rows, 8 new, 7 refused
                2 invoice_number <1.2E+15> refused: is in scientific notation: a spreadsheet took \
                it for a number and its digits are lost; format the column as text and export it \
                again from where it came
                3 invoice_number <=B2> refused: is a formula, not its result: write the value itself
                4 invoice_number <#N/A> refused: is the spreadsheet error #N/A: mend the formula \
                and save the file again
                9 invoice_number <INV 1> refused: must be 1 to 64 visible ASCII characters, no \
                spaces
                10 invoice_number <> refused: is empty, every bill needs one
                11 invoice_number \
                <999999999999999999999999999999999999999999999999999999999999999\u{2026}> refused: \
                has 65 characters, 64 are the most
                12 invoice_number <INV-É> refused: must be 1 to 64 visible ASCII characters, no \
                spaces
                """),
        ImportCase(
            "names",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000011,INV-11,150000,=cmd|' /C calc'!A0
                88965100000012,INV-12,150000,+SUM(1)
                88965100000013,INV-13,150000,-2+3|x
                88965100000014,INV-14,150000,@Anton(x)
                88965100000015,INV-15,150000,"=HYPERLINK(""http://x"")"
                88965100000016,INV-16,150000,'=Anton
                88965100000017,INV-17,150000,#NAME?
                88965100000018,INV-18,150000,#VALUE!
                88965100000019,INV-19,150000,@Anton
                88965100000020,INV-20,150000,-Anton
                88965100000021,INV-21,150000,O'Brien
                88965100000022,INV-22,150000,'Abdullah
                88965100000023,INV-23,150000,Anton\u{20}
                88965100000024,INV-24,150000,\u{20}

                """,
            report: """
                refused: 14 rows, 9 new, 5 refused
                2 customer_name <=cmd|' /C calc'!A0> refused: is a formula, not its result: write \
                the value itself
                6 customer_name <=HYPERLINK("http://x")> refused: is a formula, not its result: \
                write the value itself
                8 customer_name <#NAME?> refused: is the spreadsheet error #NAME?: mend the formula \
                and save the file again
                9 customer_name <#VALUE!> refused: is the spreadsheet error #VALUE!: mend the \
                formula and save the file again
                15 customer_name < > refused: holds nothing but spaces
                """),
        ImportCase(
            "lines for the counter",
            text: """
                payment_code,invoice_number,amount,customer_name,info
                88965100000011,INV-11,150000,Anton Budiman,=1+1
                88965100000012,INV-12,150000,Anton Budiman,SPP Mei
                88965100000013,INV-13,150000,Anton Budiman,
                88965100000014,INV-14,150000,Anton Budiman,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                88965100000015,INV-15,150000,Anton Budiman,#REF!
                88965100000016,INV-16,150000,Anton Budiman,+62 812

                """,
            report: """
                refused: 6 rows, 3 new, 3 refused
                2 info <=1+1> refused: is a formula, not its result: write the value itself
                5 info <xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx> refused: has 31 characters, 30 are the \
                most that fit
                6 info <#REF!> refused: is the spreadsheet error #REF!: mend the formula and save \
                the file again
                """),
        ImportCase(
            "e-mail addresses",
            text: """
                payment_code,invoice_number,amount,customer_name,customer_email
                88965100000011,INV-11,150000,Anton Budiman,anton
                88965100000012,INV-12,150000,Anton Budiman,anton@
                88965100000013,INV-13,150000,Anton Budiman,a@b@c
                88965100000014,INV-14,150000,Anton Budiman,a b@c
                88965100000015,INV-15,150000,Anton Budiman,
                88965100000016,INV-16,150000,Anton Budiman,a@b
                88965100000017,INV-17,150000,Anton Budiman,=A1
                88965100000018,INV-18,150000,Anton Budiman,\(String(repeating: "x", count: 128))@b

                """,
            report: """
                refused: 8 rows, 2 new, 6 refused
                2 customer_email <anton> refused: is no e-mail address: one @ with something on \
                either side, no spaces
                3 customer_email <anton@> refused: is no e-mail address: one @ with something on \
                either side, no spaces
                4 customer_email <a@b@c> refused: is no e-mail address: one @ with something on \
                either side, no spaces
                5 customer_email <a b@c> refused: is no e-mail address: one @ with something on \
                either side, no spaces
                8 customer_email <=A1> refused: is a formula, not its result: write the value itself
                9 customer_email \
                <xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\u{2026}> refused: \
                has 130 characters, 128 are the most that fit
                """),
        ImportCase(
            "reusable",
            text: """
                payment_code,invoice_number,amount,customer_name,reusable
                88965100000011,INV-11,150000,Anton Budiman,TRUE
                88965100000012,INV-12,150000,Anton Budiman,Ya
                88965100000013,INV-13,150000,Anton Budiman,tidak
                88965100000014,INV-14,150000,Anton Budiman,1
                88965100000015,INV-15,150000,Anton Budiman,0
                88965100000016,INV-16,150000,Anton Budiman,
                88965100000017,INV-17,150000,Anton Budiman,no
                88965100000018,INV-18,150000,Anton Budiman,FALSE
                88965100000019,INV-19,150000,Anton Budiman,wahr
                88965100000020,INV-20,150000,Anton Budiman,2
                88965100000021,INV-21,150000,Anton Budiman,x
                88965100000022,INV-22,150000,Anton Budiman,\u{11}
                88965100000023,INV-23,150000,Anton Budiman, true

                """,
            report: """
                refused: 13 rows, 8 new, 5 refused
                10 reusable <wahr> refused: must be true or false, yes or no, ya or tidak, 1 or 0, \
                or nothing
                11 reusable <2> refused: must be true or false, yes or no, ya or tidak, 1 or 0, or \
                nothing
                12 reusable <x> refused: must be true or false, yes or no, ya or tidak, 1 or 0, or \
                nothing
                13 reusable <\\u{11}> refused: must be true or false, yes or no, ya or tidak, 1 or \
                0, or nothing
                14 reusable < true> refused: begins or ends with a space: nothing is trimmed, \
                remove it
                """),
    ]

    @Test(arguments: cells)
    func `a cell that a spreadsheet has damaged is named`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }
}
