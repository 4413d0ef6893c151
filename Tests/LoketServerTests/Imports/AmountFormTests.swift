// The amounts of AmountTests under the two forms that have marks: none is tried in place of another.

import Testing

struct AmountFormTests {
    private static let forms: [ImportCase] = [
        ImportCase(
            "Indonesian amounts", query: "?amount_format=indonesian", text: ImportCase.amounts,
            report: """
                refused: 38 rows, 10 new, 28 refused
                4 amount <150,000> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000; amount_format=english reads it as 150000: declare the form if all \
                amounts of the file are written so
                6 amount <150,000.00> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000; amount_format=english reads it as 150000: declare the form if all \
                amounts of the file are written so
                8 amount <Rp150,000> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000; amount_format=english reads it as 150000: declare the form if all \
                amounts of the file are written so
                10 amount <150.000,50> refused: has cents: amounts are whole rupiah, only 00 may \
                stand behind the mark
                11 amount <150,000.50> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000
                12 amount <150000.00> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000; amount_format=english reads it as 150000: declare the form if all \
                amounts of the file are written so
                14 amount <1.50.000> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000
                15 amount <1,50,000> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000
                17 amount <15.00> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000; amount_format=english reads it as 15: declare the form if all amounts of \
                the file are written so
                18 amount <IDR 150.000> refused: is not an amount in the form 150.000, 150.000,00 \
                or Rp150.000
                19 amount <rp150.000> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000
                20 amount <0> refused: must be 1 to 999999999999 rupiah
                21 amount <-150000> refused: is negative or no amount: must be 1 to 999999999999 \
                rupiah
                22 amount <(150000)> refused: is negative or no amount: must be 1 to 999999999999 \
                rupiah
                23 amount <007> refused: begins with a zero, which no amount does
                24 amount <> refused: is empty, every bill needs one
                25 amount <150 000> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000
                26 amount <1e5> refused: is in scientific notation: a spreadsheet took it for a \
                number and its digits are lost; format the column as text and export it again from \
                where it came
                27 amount <1.5E+05> refused: is in scientific notation: a spreadsheet took it for a \
                number and its digits are lost; format the column as text and export it again from \
                where it came
                29 amount <1000000000000> refused: must be 1 to 999999999999 rupiah
                31 amount <99999999999999999999999999> refused: must be 1 to 999999999999 rupiah
                33 amount <+5> refused: begins with +, as a formula does: remove it
                34 amount <\u{661}\u{665}\u{660}> refused: holds digits of another script: only the \
                digits 0 to 9 are read
                35 amount <150\\u{A0}000> refused: holds a non-breaking or other strange space: \
                remove it
                36 amount <15O000> refused: holds the letter O for the digit 0
                37 amount <Rp> refused: is not an amount in the form 150.000, 150.000,00 or \
                Rp150.000
                38 amount <#DIV/0!> refused: is the spreadsheet error #DIV/0!: mend the formula and \
                save the file again
                39 amount <=A1*2> refused: is a formula, not its result: write the value itself
                """),
        ImportCase(
            "English amounts", query: "?amount_format=english", text: ImportCase.amounts,
            report: """
                refused: 38 rows, 8 new, 30 refused
                3 amount <150.000> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000; amount_format=indonesian reads it as 150000: declare the form if all \
                amounts of the file are written so
                5 amount <150.000,00> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000; amount_format=indonesian reads it as 150000: declare the form if all \
                amounts of the file are written so
                7 amount <Rp150.000> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000; amount_format=indonesian reads it as 150000: declare the form if all \
                amounts of the file are written so
                9 amount <Rp 150.000> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000; amount_format=indonesian reads it as 150000: declare the form if all \
                amounts of the file are written so
                10 amount <150.000,50> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000
                11 amount <150,000.50> refused: has cents: amounts are whole rupiah, only 00 may \
                stand behind the mark
                13 amount <150000,00> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000; amount_format=indonesian reads it as 150000: declare the form if all \
                amounts of the file are written so
                14 amount <1.50.000> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000
                15 amount <1,50,000> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000
                16 amount <1.500> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000; amount_format=indonesian reads it as 1500: declare the form if all \
                amounts of the file are written so
                18 amount <IDR 150.000> refused: is not an amount in the form 150,000, 150,000.00 \
                or Rp150,000
                19 amount <rp150.000> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000
                20 amount <0> refused: must be 1 to 999999999999 rupiah
                21 amount <-150000> refused: is negative or no amount: must be 1 to 999999999999 \
                rupiah
                22 amount <(150000)> refused: is negative or no amount: must be 1 to 999999999999 \
                rupiah
                23 amount <007> refused: begins with a zero, which no amount does
                24 amount <> refused: is empty, every bill needs one
                25 amount <150 000> refused: is not an amount in the form 150,000, 150,000.00 or \
                Rp150,000
                26 amount <1e5> refused: is in scientific notation: a spreadsheet took it for a \
                number and its digits are lost; format the column as text and export it again from \
                where it came
                27 amount <1.5E+05> refused: is in scientific notation: a spreadsheet took it for a \
                number and its digits are lost; format the column as text and export it again from \
                where it came
                29 amount <1000000000000> refused: must be 1 to 999999999999 rupiah
                30 amount <999.999.999.999> refused: is not an amount in the form 150,000, 150,\
                000.00 or Rp150,000; amount_format=indonesian reads it as 999999999999: declare the \
                form if all amounts of the file are written so
                31 amount <99999999999999999999999999> refused: must be 1 to 999999999999 rupiah
                33 amount <+5> refused: begins with +, as a formula does: remove it
                34 amount <\u{661}\u{665}\u{660}> refused: holds digits of another script: only the \
                digits 0 to 9 are read
                35 amount <150\\u{A0}000> refused: holds a non-breaking or other strange space: \
                remove it
                36 amount <15O000> refused: holds the letter O for the digit 0
                37 amount <Rp> refused: is not an amount in the form 150,000, 150,000.00 or Rp150,\
                000
                38 amount <#DIV/0!> refused: is the spreadsheet error #DIV/0!: mend the formula and \
                save the file again
                39 amount <=A1*2> refused: is a formula, not its result: write the value itself
                """),
    ]

    @Test(arguments: forms)
    func `an amount with marks is read in the declared form alone`(_ file: ImportCase) async throws
    {
        try await expectReport(file)
    }
}
