// Bills for the tests: a plain one, or a random one.

import LoketCore
import TestSupport
import Testing

enum SomeBill {
    static func plain() throws -> BillDraft {
        BillDraft(
            paymentCode: try #require(PaymentCode("88996500010001")),
            invoiceNumber: try #require(InvoiceNumber("INV-1")),
            amounts: try #require(DatedAmounts(whole: 150_000)), customerName: "Anton Budiman")
    }

    /// A random bill that a store may hold, often with texts that spreadsheets make or change.
    static func any(_ random: inout SeededRandom) throws -> BillDraft {
        let digits = text(1...25, "0123456789", &random)
        let number = start(&random) + "N" + text(0...61, visible, &random)
        var bill = BillDraft(
            paymentCode: try #require(PaymentCode(digits)),
            invoiceNumber: try #require(InvoiceNumber(naughty(&random)) ?? InvoiceNumber(number)),
            amounts: try amounts(&random), reusable: Bool.random(using: &random),
            expiresAt: maybe(&random) { expiry(&$0) }, dueAt: maybe(&random) { expiry(&$0) },
            customerName: maybe(&random, naughty)
                ?? start(&random) + "A" + text(0...61, anything, &random),
            customerEmail: maybe(&random) {
                start(&$0) + "e" + text(0...58, letters, &$0) + "@" + text(1...60, letters, &$0)
            },
            info: maybe(&random) {
                maybe(&$0, naughty) ?? start(&$0) + "I" + text(0...27, anything, &$0)
            },
            metadata: maybe(&random) {
                "{\"a\":\"\(text(0...90, letters, &$0))\",\"b\":[1,2.50,null]}"
            })
        bill.validFrom = maybe(&random) { expiry(&$0) }
        if Bill(bill).validFromFault != nil { bill.validFrom = nil }
        return bill
    }

    /// One amount, or up to 12 dated ones.
    private static func amounts(_ random: inout SeededRandom) throws -> DatedAmounts {
        func amount(_ random: inout SeededRandom) throws -> Rupiah {
            try #require(Rupiah(whole: Int64.random(in: 1...999_999_999_999, using: &random)))
        }
        let count = Bool.random(using: &random) ? 0 : Int.random(in: 1...11, using: &random)
        let ends = Set((0..<count).map { _ in expiry(&random) }).sorted()
        let steps = try ends.map { DatedAmounts.Step(amount: try amount(&random), until: $0) }
        return try DatedAmounts(steps, last: try amount(&random))
    }

    private static func naughty(_ random: inout SeededRandom) -> String {
        let text = naughtyTexts[Int.random(in: 0..<naughtyTexts.count, using: &random)]
        return String(repeating: "'", count: Int.random(in: 0...2, using: &random)) + text
    }

    /// Spreadsheet errors, shortened numbers, formulas and similar texts, special characters.
    private static let naughtyTexts = [
        "#N/A", "#REF!", "#DIV/0!", "#n/a", "#", "##", "########", "#1", "8.9E+13", "8,89651E+13",
        "1E+15", "1e+15", "7.00E-01", "7E-001", "9E-2026", "12E5", "1.5E5", "0812", "1.0", "1,0",
        "=A1", "=\"0012\"", "=", "@", "-", "+", "@SUM(A1)", "+SUM(1)", "+a|b!", "-1",
        "@dapur.mama (Bandung)", "+62 812-3456 (WA)", "- Diskon (10%)", "'", "\"", "\"\"", "\"a\"",
        ",", ";", "a,b;c", " a", "a ", "\\", "\\n", "\\u2028", "{}", "[]", "null", "true", "ya",
        "\u{FEFF}a", "a\u{AD}", "\u{A0}a", "e\u{301}", "\u{301}", "\u{FFFD}", "\u{E000}", "👩‍👩‍👧",
    ]

    /// The beginning of a formula, its guard, or the beginning of a number.
    private static func start(_ random: inout SeededRandom) -> String {
        Bool.random(using: &random) ? "" : text(1...2, "=+-'''0", &random)
    }

    private static let letters = "abcdefghijklmnopqrstuvwxyz0123456789.-_éü"
    private static let visible = String(decoding: Array(0x21...0x7E), as: UTF8.self)
    private static let anything = visible + "      ,;\"'éüß北京😀\u{A0}\u{301}ØΩ’“"

    private static func expiry(_ random: inout SeededRandom) -> Moment {
        // Up to the end of year 9999; half of them on a whole second, as most real ones are.
        let moment = Moment(milliseconds: Int64.random(in: 0..<253_402_300_800_000, using: &random))
        return Bool.random(using: &random) ? moment : Moment(seconds: moment.seconds)
    }

    private static func maybe<T>(
        _ random: inout SeededRandom, _ make: (inout SeededRandom) -> T
    ) -> T? {
        Bool.random(using: &random) ? make(&random) : nil
    }

    private static func text(
        _ count: ClosedRange<Int>, _ alphabet: String, _ random: inout SeededRandom
    ) -> String {
        let scalars = Array(alphabet.unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: count, using: &random) {
            text.append(scalars[Int.random(in: 0..<scalars.count, using: &random)])
        }
        return String(text)
    }
}
