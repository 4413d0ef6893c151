// Amounts in a declared format. The reader never guesses a format; a refusal names the format that
// would have read the amount.

import BillFiles
import Testing

struct PlainAmountTests {
    @Test(arguments: [
        ("150000", "150000"), ("1", "1"), ("999999999999", "999999999999"),
    ])
    func `plain amounts are read`(_ cell: String, amount: String) {
        expectAmount(cell, .plain, "2: 8899650001 INV-1 \(amount) Anton")
    }

    @Test(arguments: [
        ("1000000000000", Reason.range),
        ("999999999999999999999999999999", Reason.range),
        ("0", Reason.range),
        ("0150000", Reason.leadingZero),
        ("00", Reason.leadingZero),
        (
            "150.000",
            "\(Reason.plain); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        ("1.500", "\(Reason.plain); amount_format=indonesian reads it as 1500: \(Reason.declare)"),
        ("1.50.000", Reason.plain),
        ("15.0000", Reason.plain),
        ("150.00", "\(Reason.plain); amount_format=english reads it as 150: \(Reason.declare)"),
        ("150,00", "\(Reason.plain); amount_format=indonesian reads it as 150: \(Reason.declare)"),
        (
            "150.000,00",
            "\(Reason.plain); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        ("150.000,50", Reason.plain),
        ("150.000,0", Reason.plain),
        ("150.000,000", Reason.plain),
        ("150.000,", Reason.plain),
        (
            "150,000",
            "\(Reason.plain); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        (
            "150,000.00",
            "\(Reason.plain); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        ("150,000.50", Reason.plain),
        ("1,50,000", Reason.plain),
        (
            "1.500.000",
            "\(Reason.plain); amount_format=indonesian reads it as 1500000: \(Reason.declare)"
        ),
        (
            "1,500,000",
            "\(Reason.plain); amount_format=english reads it as 1500000: \(Reason.declare)"
        ),
        ("1.500,000.00", Reason.plain),
        (
            "Rp150.000,00",
            "\(Reason.plain); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        (
            "Rp 150.000",
            "\(Reason.plain); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        (
            "Rp150000",
            """
            \(Reason.plain); amount_format=indonesian reads it as 150000, amount_format=english \
            reads it as 150000: \(Reason.declare)
            """
        ),
        (
            "Rp150,000",
            "\(Reason.plain); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        (
            "Rp150,000.00",
            "\(Reason.plain); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        (
            "Rp 150,000.00",
            "\(Reason.plain); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        ("Rp  150.000", Reason.plain),
        ("Rp", Reason.plain),
        ("rp150.000", Reason.plain),
        (
            "Rp. 150.000",
            "\(Reason.plain); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        ("IDR 150000", Reason.plain),
        ("Rp150.000,-", Reason.plain),
        (".000", Reason.plain),
        ("150.", Reason.plain),
        ("0.150", Reason.plain),
        ("0,00", Reason.plain),
        ("0.00", Reason.plain),
        ("000.000", Reason.plain),
        (
            "150000,00",
            "\(Reason.plain); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        (
            "150000.00",
            "\(Reason.plain); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        ("150000.5", Reason.plain),
        ("-150000", Reason.negative),
        ("(150.000)", Reason.negative),
        ("150 000", Reason.plain),
        ("150'000", Reason.plain),
        ("1e5", Reason.scientific),
        ("150000 ", Reason.space),
        ("seratus", Reason.plain),
        ("1.5", Reason.plain),
        (
            "999.999.999.999,00",
            """
            \(Reason.plain); amount_format=indonesian reads it as 999999999999: \
            \(Reason.declare)
            """
        ),
        ("1.000.000.000.000", Reason.plain),
        (
            "1.500,00",
            "\(Reason.plain); amount_format=indonesian reads it as 1500: \(Reason.declare)"
        ),
        ("1,500.00", "\(Reason.plain); amount_format=english reads it as 1500: \(Reason.declare)"),
    ])
    func `text that is not a plain amount is refused`(_ cell: String, reason: String) {
        expectAmount(cell, .plain, "2: amount \"\(cell)\": \(reason)")
    }
}

/// Expects that a row with this amount reads as `reading` in this format.
func expectAmount(_ cell: String, _ form: AmountFormat, _ reading: String) {
    let file = CellCase(.amount, cell, "").file
    #expect(Reading.sure(file, .csv, form).description == reading)
}
