// Amounts under each form that may be declared: the same cells, three verdicts.

import Testing

struct AmountTests {
    private static let forms: [ImportCase] = [
        ImportCase(
            "plain amounts", text: ImportCase.amounts,
            report: """
                refused: 38 rows, 3 new, 35 refused
                3 amount <150.000> refused: is not an amount of digits alone, such as 150000; \
                amount_format=indonesian reads it as 150000: declare the form if all amounts of the \
                file are written so
                4 amount <150,000> refused: is not an amount of digits alone, such as 150000; \
                amount_format=english reads it as 150000: declare the form if all amounts of the \
                file are written so
                5 amount <150.000,00> refused: is not an amount of digits alone, such as 150000; \
                amount_format=indonesian reads it as 150000: declare the form if all amounts of the \
                file are written so
                6 amount <150,000.00> refused: is not an amount of digits alone, such as 150000; \
                amount_format=english reads it as 150000: declare the form if all amounts of the \
                file are written so
                7 amount <Rp150.000> refused: is not an amount of digits alone, such as 150000; \
                amount_format=indonesian reads it as 150000: declare the form if all amounts of the \
                file are written so
                8 amount <Rp150,000> refused: is not an amount of digits alone, such as 150000; \
                amount_format=english reads it as 150000: declare the form if all amounts of the \
                file are written so
                9 amount <Rp 150.000> refused: is not an amount of digits alone, such as 150000; \
                amount_format=indonesian reads it as 150000: declare the form if all amounts of the \
                file are written so
                10 amount <150.000,50> refused: is not an amount of digits alone, such as 150000
                11 amount <150,000.50> refused: is not an amount of digits alone, such as 150000
                12 amount <150000.00> refused: is not an amount of digits alone, such as 150000; \
                amount_format=english reads it as 150000: declare the form if all amounts of the \
                file are written so
                13 amount <150000,00> refused: is not an amount of digits alone, such as 150000; \
                amount_format=indonesian reads it as 150000: declare the form if all amounts of the \
                file are written so
                14 amount <1.50.000> refused: is not an amount of digits alone, such as 150000
                15 amount <1,50,000> refused: is not an amount of digits alone, such as 150000
                16 amount <1.500> refused: is not an amount of digits alone, such as 150000; \
                amount_format=indonesian reads it as 1500: declare the form if all amounts of the \
                file are written so
                17 amount <15.00> refused: is not an amount of digits alone, such as 150000; \
                amount_format=english reads it as 15: declare the form if all amounts of the file \
                are written so
                18 amount <IDR 150.000> refused: is not an amount of digits alone, such as 150000
                19 amount <rp150.000> refused: is not an amount of digits alone, such as 150000
                20 amount <0> refused: must be 1 to 999999999999 rupiah
                21 amount <-150000> refused: is negative or no amount: must be 1 to 999999999999 \
                rupiah
                22 amount <(150000)> refused: is negative or no amount: must be 1 to 999999999999 \
                rupiah
                23 amount <007> refused: begins with a zero, which no amount does
                24 amount <> refused: is empty, every bill needs one
                25 amount <150 000> refused: is not an amount of digits alone, such as 150000
                26 amount <1e5> refused: is in scientific notation: a spreadsheet took it for a \
                number and its digits are lost; format the column as text and export it again from \
                where it came
                27 amount <1.5E+05> refused: is in scientific notation: a spreadsheet took it for a \
                number and its digits are lost; format the column as text and export it again from \
                where it came
                29 amount <1000000000000> refused: must be 1 to 999999999999 rupiah
                30 amount <999.999.999.999> refused: is not an amount of digits alone, such as \
                150000; amount_format=indonesian reads it as 999999999999: declare the form if all \
                amounts of the file are written so
                31 amount <99999999999999999999999999> refused: must be 1 to 999999999999 rupiah
                33 amount <+5> refused: begins with +, as a formula does: remove it
                34 amount <\u{661}\u{665}\u{660}> refused: holds digits of another script: only the \
                digits 0 to 9 are read
                35 amount <150\\u{A0}000> refused: holds a non-breaking or other strange space: \
                remove it
                36 amount <15O000> refused: holds the letter O for the digit 0
                37 amount <Rp> refused: is not an amount of digits alone, such as 150000
                38 amount <#DIV/0!> refused: is the spreadsheet error #DIV/0!: mend the formula and \
                save the file again
                39 amount <=A1*2> refused: is a formula, not its result: write the value itself
                """)
    ]

    @Test(arguments: forms)
    func `an amount is read in the declared form alone`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }

    private static let right: [ImportCase] = [
        ImportCase(
            "right Indonesian amounts", query: "?amount_format=indonesian",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000011,INV-11,150000,Anton Budiman
                88965100000012,INV-12,150.000,Anton Budiman
                88965100000013,INV-13,"150.000,00",Anton Budiman
                88965100000014,INV-14,Rp150.000,Anton Budiman
                88965100000015,INV-15,Rp 150.000,Anton Budiman
                88965100000016,INV-16,"Rp150.000,00",Anton Budiman
                88965100000017,INV-17,"1.234.567.890,00",Anton Budiman
                88965100000018,INV-18,999.999.999.999,Anton Budiman
                88965100000019,INV-19,1,Anton Budiman
                88965100000020,INV-20,"1,00",Anton Budiman

                """,
            report: """
                applied: 10 rows, 10 new, 10 applied created
                INV-11 88965100000011 150000 "Anton Budiman"
                INV-12 88965100000012 150000 "Anton Budiman"
                INV-13 88965100000013 150000 "Anton Budiman"
                INV-14 88965100000014 150000 "Anton Budiman"
                INV-15 88965100000015 150000 "Anton Budiman"
                INV-16 88965100000016 150000 "Anton Budiman"
                INV-17 88965100000017 1234567890 "Anton Budiman"
                INV-18 88965100000018 999999999999 "Anton Budiman"
                INV-19 88965100000019 1 "Anton Budiman"
                INV-20 88965100000020 1 "Anton Budiman"
                """),
        ImportCase(
            "right English amounts", query: "?amount_format=english",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000011,INV-11,150000,Anton Budiman
                88965100000012,INV-12,"150,000",Anton Budiman
                88965100000013,INV-13,"150,000.00",Anton Budiman
                88965100000014,INV-14,"Rp150,000",Anton Budiman
                88965100000015,INV-15,"Rp 150,000.00",Anton Budiman
                88965100000016,INV-16,150000.00,Anton Budiman
                88965100000017,INV-17,"1,234,567",Anton Budiman
                88965100000018,INV-18,1.00,Anton Budiman

                """,
            report: """
                applied: 8 rows, 8 new, 8 applied created
                INV-11 88965100000011 150000 "Anton Budiman"
                INV-12 88965100000012 150000 "Anton Budiman"
                INV-13 88965100000013 150000 "Anton Budiman"
                INV-14 88965100000014 150000 "Anton Budiman"
                INV-15 88965100000015 150000 "Anton Budiman"
                INV-16 88965100000016 150000 "Anton Budiman"
                INV-17 88965100000017 1234567 "Anton Budiman"
                INV-18 88965100000018 1 "Anton Budiman"
                """),
    ]

    @Test(arguments: right)
    func `a file whose amounts all have its form is applied`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }

    private static let bounds: [ImportCase] = [
        ImportCase(
            "amounts at a counter's bounds",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000011,INV-11,9999,Anton Budiman
                88965100000012,INV-12,10000,Anton Budiman
                88965100000013,INV-13,5000000,Anton Budiman
                88965100000014,INV-14,5000001,Anton Budiman

                """,
            report: """
                refused: 4 rows, 2 new, 2 refused
                2 amount <9999> refused INV-11: is outside what alfa takes: see `channels`
                5 amount <5000001> refused INV-14: is outside what alfa takes: see `channels`
                """)
    ]

    @Test(arguments: bounds)
    func `an amount outside of what a channel takes is refused`(_ file: ImportCase) async throws {
        try await expectReport(
            file, more: "channels: { alfa: { amount: { min: 10000, max: 5000000 } } }")
    }
}

extension ImportCase {
    /// Amounts as people write them, right and wrong ones.
    static let amounts = """
        payment_code,invoice_number,amount,customer_name
        88965100000011,INV-11,150000,Anton Budiman
        88965100000012,INV-12,150.000,Anton Budiman
        88965100000013,INV-13,"150,000",Anton Budiman
        88965100000014,INV-14,"150.000,00",Anton Budiman
        88965100000015,INV-15,"150,000.00",Anton Budiman
        88965100000016,INV-16,Rp150.000,Anton Budiman
        88965100000017,INV-17,"Rp150,000",Anton Budiman
        88965100000018,INV-18,Rp 150.000,Anton Budiman
        88965100000019,INV-19,"150.000,50",Anton Budiman
        88965100000020,INV-20,"150,000.50",Anton Budiman
        88965100000021,INV-21,150000.00,Anton Budiman
        88965100000022,INV-22,"150000,00",Anton Budiman
        88965100000023,INV-23,1.50.000,Anton Budiman
        88965100000024,INV-24,"1,50,000",Anton Budiman
        88965100000025,INV-25,1.500,Anton Budiman
        88965100000026,INV-26,15.00,Anton Budiman
        88965100000027,INV-27,IDR 150.000,Anton Budiman
        88965100000028,INV-28,rp150.000,Anton Budiman
        88965100000029,INV-29,0,Anton Budiman
        88965100000030,INV-30,-150000,Anton Budiman
        88965100000031,INV-31,(150000),Anton Budiman
        88965100000032,INV-32,007,Anton Budiman
        88965100000033,INV-33,,Anton Budiman
        88965100000034,INV-34,150 000,Anton Budiman
        88965100000035,INV-35,1e5,Anton Budiman
        88965100000036,INV-36,1.5E+05,Anton Budiman
        88965100000037,INV-37,999999999999,Anton Budiman
        88965100000038,INV-38,1000000000000,Anton Budiman
        88965100000039,INV-39,999.999.999.999,Anton Budiman
        88965100000040,INV-40,99999999999999999999999999,Anton Budiman
        88965100000041,INV-41,1,Anton Budiman
        88965100000042,INV-42,+5,Anton Budiman
        88965100000043,INV-43,\u{661}\u{665}\u{660},Anton Budiman
        88965100000044,INV-44,150\u{A0}000,Anton Budiman
        88965100000045,INV-45,15O000,Anton Budiman
        88965100000046,INV-46,Rp,Anton Budiman
        88965100000047,INV-47,#DIV/0!,Anton Budiman
        88965100000048,INV-48,=A1*2,Anton Budiman

        """
}
