// Amounts in a declared format. The reader never guesses a format; a refusal names the format that
// would have read the amount.

import BillFiles
import Testing

struct AmountTests {
    @Test(arguments: [
        ("150000", "150000"), ("1", "1"), ("999999999999", "999999999999"), ("150.000", "150000"),
        ("1.500", "1500"), ("150,00", "150"), ("150.000,00", "150000"), ("1.500.000", "1500000"),
        ("Rp150.000,00", "150000"), ("Rp 150.000", "150000"), ("Rp150000", "150000"),
        ("150000,00", "150000"), ("999.999.999.999,00", "999999999999"), ("1.500,00", "1500"),
        ("Rp. 150.000", "150000"), ("Rp.1.500,00", "1500"),
    ])
    func `indonesian amounts are read`(_ cell: String, amount: String) {
        expectAmount(cell, .indonesian, "2: 8899650001 INV-1 \(amount) Anton")
    }

    @Test(arguments: [
        ("1000000000000", Reason.range),
        ("999999999999999999999999999999", Reason.range),
        ("0", Reason.range),
        ("0150000", Reason.leadingZero),
        ("00", Reason.leadingZero),
        ("1.50.000", Reason.indonesian),
        ("15.0000", Reason.indonesian),
        (
            "150.00",
            "\(Reason.indonesian); amount_format=english reads it as 150: \(Reason.declare)"
        ),
        ("150.000,50", Reason.cents),
        ("150.000,0", Reason.indonesian),
        ("150.000,000", Reason.indonesian),
        ("150.000,", Reason.indonesian),
        (
            "150,000",
            "\(Reason.indonesian); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        (
            "150,000.00",
            "\(Reason.indonesian); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        ("150,000.50", Reason.indonesian),
        ("1,50,000", Reason.indonesian),
        (
            "1,500,000",
            "\(Reason.indonesian); amount_format=english reads it as 1500000: \(Reason.declare)"
        ),
        ("1.500,000.00", Reason.indonesian),
        (
            "Rp150,000",
            "\(Reason.indonesian); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        (
            "Rp150,000.00",
            "\(Reason.indonesian); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        (
            "Rp 150,000.00",
            "\(Reason.indonesian); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        ("Rp  150.000", Reason.indonesian),
        ("Rp", Reason.indonesian),
        ("rp150.000", Reason.indonesian),
        ("IDR 150000", Reason.indonesian),
        ("Rp150.000,-", Reason.indonesian),
        (".000", Reason.indonesian),
        ("150.", Reason.indonesian),
        ("0.150", Reason.leadingZero),
        ("0,00", Reason.range),
        ("0.00", Reason.indonesian),
        ("000.000", Reason.leadingZero),
        (
            "150000.00",
            "\(Reason.indonesian); amount_format=english reads it as 150000: \(Reason.declare)"
        ),
        ("150000.5", Reason.indonesian),
        ("-150000", Reason.negative),
        ("(150.000)", Reason.negative),
        ("150 000", Reason.indonesian),
        ("150'000", Reason.indonesian),
        ("1e5", Reason.scientific),
        ("150000 ", Reason.space),
        ("seratus", Reason.indonesian),
        ("1.5", Reason.indonesian),
        ("1.000.000.000.000", Reason.range),
        (
            "1,500.00",
            "\(Reason.indonesian); amount_format=english reads it as 1500: \(Reason.declare)"
        ),
    ])
    func `text that is not an indonesian amount is refused`(_ cell: String, reason: String) {
        expectAmount(cell, .indonesian, "2: amount \"\(cell)\": \(reason)")
    }

    @Test(arguments: [
        ("150000", "150000"), ("1", "1"), ("999999999999", "999999999999"), ("150.00", "150"),
        ("150,000", "150000"), ("150,000.00", "150000"), ("1,500,000", "1500000"),
        ("Rp150000", "150000"), ("Rp150,000", "150000"), ("Rp150,000.00", "150000"),
        ("Rp 150,000.00", "150000"), ("150000.00", "150000"), ("1,500.00", "1500"),
    ])
    func `english amounts are read`(_ cell: String, amount: String) {
        expectAmount(cell, .english, "2: 8899650001 INV-1 \(amount) Anton")
    }

    @Test(arguments: [
        ("1000000000000", Reason.range),
        ("999999999999999999999999999999", Reason.range),
        ("0", Reason.range),
        ("0150000", Reason.leadingZero),
        ("00", Reason.leadingZero),
        (
            "150.000",
            "\(Reason.english); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        (
            "1.500",
            "\(Reason.english); amount_format=indonesian reads it as 1500: \(Reason.declare)"
        ),
        ("1.50.000", Reason.english),
        ("15.0000", Reason.english),
        (
            "150,00",
            "\(Reason.english); amount_format=indonesian reads it as 150: \(Reason.declare)"
        ),
        (
            "150.000,00",
            "\(Reason.english); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        ("150.000,50", Reason.english),
        ("150.000,0", Reason.english),
        ("150.000,000", Reason.english),
        ("150.000,", Reason.english),
        ("150,000.50", Reason.cents),
        ("1,50,000", Reason.english),
        (
            "1.500.000",
            "\(Reason.english); amount_format=indonesian reads it as 1500000: \(Reason.declare)"
        ),
        ("1.500,000.00", Reason.english),
        (
            "Rp150.000,00",
            "\(Reason.english); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        (
            "Rp 150.000",
            "\(Reason.english); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        ("Rp  150.000", Reason.english),
        ("Rp", Reason.english),
        ("rp150.000", Reason.english),
        (
            "Rp. 150.000",
            "\(Reason.english); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        ("IDR 150000", Reason.english),
        ("Rp150.000,-", Reason.english),
        (".000", Reason.english),
        ("150.", Reason.english),
        ("0.150", Reason.range),
        ("0,00", Reason.english),
        ("0.00", Reason.range),
        ("000.000", Reason.leadingZero),
        (
            "150000,00",
            "\(Reason.english); amount_format=indonesian reads it as 150000: \(Reason.declare)"
        ),
        ("150000.5", Reason.english),
        ("-150000", Reason.negative),
        ("(150.000)", Reason.negative),
        ("150 000", Reason.english),
        ("150'000", Reason.english),
        ("1e5", Reason.scientific),
        ("150000 ", Reason.space),
        ("seratus", Reason.english),
        ("1.5", Reason.english),
        (
            "999.999.999.999,00",
            """
            \(Reason.english); amount_format=indonesian reads it as 999999999999: \
            \(Reason.declare)
            """
        ),
        ("1.000.000.000.000", Reason.english),
        (
            "1.500,00",
            "\(Reason.english); amount_format=indonesian reads it as 1500: \(Reason.declare)"
        ),
    ])
    func `text that is not an english amount is refused`(_ cell: String, reason: String) {
        expectAmount(cell, .english, "2: amount \"\(cell)\": \(reason)")
    }
}
