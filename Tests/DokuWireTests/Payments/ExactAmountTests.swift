// Amounts in every spelling that a notification may use, read exactly or refused, and compared
// with Python's decimal.

import Foundation
import LoketCore
import TestSupport
import Testing

struct ExactAmountTests {
    private static let read: [(text: String, whole: Int64)] = [
        ("150000", 150_000), ("150000.0", 150_000), ("150000.00", 150_000),
        ("150000.000000000000", 150_000), ("1", 1), ("1.0", 1), ("10", 10),
        ("999999999999", 999_999_999_999), ("999999999999.00", 999_999_999_999),
        ("1.5e5", 150_000), ("1.5E5", 150_000), ("15e4", 150_000), ("15E+4", 150_000),
        ("1500000e-1", 150_000), ("150000.00e0", 150_000), ("150000e-0", 150_000),
        ("15000000.00E-2", 150_000), ("0.15e6", 150_000), ("0.000001e6", 1),
        ("000150000", 150_000), ("9.99999999999e11", 999_999_999_999),
        ("100e-2", 1), ("1e11", 100_000_000_000),
    ]

    private static let refused = [
        "", "0", "0.00", "-0", "0e5", "-1", "-150000", "+150000", "1000000000000",
        "999999999999.01", "1e12", "10e11", "9999999999999999999999", "1e99", "1e999", "1e9999",
        "1e-1", "1e-999", "0.5", "150000.5", "150000.01", "150000.001", "1.55e1", "100e-3",
        "150000.", ".5", ".", "1.5.0", "1..0", "1e", "1e+", "1e-", "e5", "1e1e1", "1e1.0", "1e 1",
        " 150000", "150000 ", "150,000", "150.000,00", "150_000", "Rp150000", "0x10", "NaN",
        "Infinity", "1e+-1", "\u{661}\u{665}", "\u{FF11}", "150000\u{0}", "1e\u{FF11}",
        String(repeating: "9", count: 10_000), "1e" + String(repeating: "9", count: 10_000),
    ]

    @Test func `a whole amount is read in every spelling`() {
        for (text, whole) in Self.read {
            #expect(Rupiah(decimal: text.utf8)?.whole == whole, "\(text)")
        }
    }

    @Test func `a text that is not a whole amount is refused`() {
        for text in Self.refused {
            let read = Rupiah(decimal: text.utf8)
            #expect(read == nil, "\(text.prefix(40)): \(read?.whole ?? 0)")
        }
    }

    /// Texts of digits, a point and an exponent: all of five of these bytes.
    private static var texts: [String] {
        let bytes = ["0", "1", "5", ".", "e", "-"]
        var all = [""]
        var longest = [""]
        for _ in 0..<5 {
            longest = longest.flatMap { start in bytes.map { start + $0 } }
            all += longest
        }
        return all
    }

    private static let python = """
        import re, sys
        from decimal import Decimal
        shape = re.compile(r"[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
        for line in sys.stdin:
            text = line.rstrip("\\n")
            value = Decimal(text) if shape.fullmatch(text) else Decimal(0)
            if value.adjusted() < 12 and value == value.to_integral_value() and value >= 1:
                print(int(value))
            else:
                print("no")
        """

    @Test func `Python's decimal agrees on thousands of texts`() throws {
        var random = SeededRandom(seed: 0xA40)
        var texts = Self.texts + Self.read.map(\.text)
        for _ in 0..<3000 {
            let digits = (0..<Int.random(in: 1...14, using: &random))
                .map { _ in "0015"[Int.random(in: 0..<4, using: &random)] }.joined()
            let fraction = ["", ".0", ".00", ".10", ".000001"].randomElement(using: &random) ?? ""
            let power = Int.random(in: -14...14, using: &random)
            texts.append(digits + fraction + (Bool.random(using: &random) ? "e\(power)" : ""))
        }
        let answers = try Self.ask(texts)
        #expect(answers.count == texts.count)
        var amounts = 0
        for (text, answer) in zip(texts, answers) {
            let own = Rupiah(decimal: text.utf8).map { "\($0.whole)" } ?? "no"
            #expect(own == answer, "\(text)")
            if own != "no" { amounts += 1 }
        }
        #expect(amounts > 500)
    }

    private static func ask(_ texts: [String]) throws -> [String] {
        let answers = try Program.run(
            "python3", "-c", python, input: texts.map { $0 + "\n" }.joined().utf8)
        return answers.split(separator: "\n").map(String.init)
    }
}

extension String {
    fileprivate subscript(_ place: Int) -> String { String(Array(self)[place]) }
}
