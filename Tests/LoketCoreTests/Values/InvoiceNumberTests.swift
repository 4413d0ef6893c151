// Invoice numbers, and the suffix of one inquiry: their forms, and removing the suffix.

import LoketCore
import TestSupport
import Testing

struct InvoiceNumberTests {
    @Test(arguments: [
        ("", false), ("I", true), (String(repeating: "I", count: 64), true),
        (String(repeating: "I", count: 65), false), ("!~", true), ("INV/2021:01#1", true),
        ("INV 1", false), (" INV", false), ("INV ", false), ("INV\n", false), ("INV\t1", false),
        ("INV\u{7F}", false), ("INV\u{0}", false), ("INV\u{E9}", false), ("INV\u{212A}", false),
        ("\u{FF11}", false),
    ])
    func `an invoice number is 1 to 64 visible ASCII characters`(text: String, isOne: Bool) {
        #expect(InvoiceNumber(text)?.text == (isOne ? text : nil))
    }

    @Test(arguments: [(1, true), (52, true), (53, true), (54, false), (64, false)])
    func `a suffix fits after 53 characters and not after 54`(count: Int, fits: Bool) throws {
        let own = try #require(InvoiceNumber(String(repeating: "I", count: count)))
        let suffixed = own.with(try Sample.suffix())
        #expect(own.takesSuffix == fits)
        #expect(suffixed?.text == (fits ? own.text + "-0123456789" : nil))
        #expect(suffixed?.withoutSuffix == (fits ? own : nil))
    }

    @Test(arguments: [
        ("INV-1-0123456789", "INV-1"), ("I-ABCDEFGHJK", "I"), ("I-MNPQRSTVWX", "I"),
        ("I-YZYZYZYZYZ", "I"), ("--0123456789", "-"),
        ("I-0123456789-0123456789", "I-0123456789"),
        // Too short, too long, no dash, nothing before the dash.
        ("INV-1-012345678", nil), ("INV-1-01234567890", nil), ("INV_0123456789", nil),
        ("INV0123456789", nil), ("-0123456789", nil), ("0123456789", nil), ("INV-1", nil),
        // Not in the alphabet: I, L, O, U, lower case, others.
        ("INV-012345678I", nil), ("INV-012345678L", nil), ("INV-012345678O", nil),
        ("INV-012345678U", nil), ("INV-abcdefghjk", nil), ("INV-012345678-", nil),
        ("INV-012345678!", nil),
    ])
    func `a suffix is removed only if it has the form of one`(text: String, own: String?) throws {
        let number = try #require(InvoiceNumber(text))
        #expect(number.withoutSuffix?.text == own)
    }

    @Test func `removing a suffix returns the original number`() throws {
        var random = SeededRandom(seed: 0x1057)
        for _ in 0..<2000 {
            let own = (0..<Int.random(in: 1...53, using: &random)).map { _ in
                UInt8.random(in: 0x21...0x7E, using: &random)
            }
            let number = try #require(InvoiceNumber(String(decoding: own, as: UTF8.self)))
            let suffix = InvoiceSuffix(leadingBitsOf: random.next())
            let suffixed = try #require(number.with(suffix))
            #expect(suffixed.withoutSuffix == number)
            #expect(suffixed.text.hasSuffix("-" + suffix.text))
        }
    }

    /// The alphabet is Crockford's: 0-9 and A-Z without I, L, O, U.
    @Test(arguments: [
        (UInt64.min, "0000000000"), (UInt64.max, "ZZZZZZZZZZ"),
        (UInt64(1) << 63, "G000000000"), (UInt64(1) << 14, "0000000001"),
        ((UInt64(1) << 14) - 1, "0000000000"), (0x0044_3214_C742_7FFF, "0123456789"),
        (0x52D8_D73E_1195_C000, "ABCDEFGHJQ"),
    ])
    func `a suffix is the first 50 bits in base32`(bits: UInt64, text: String) {
        #expect(InvoiceSuffix(leadingBitsOf: bits).text == text)
    }

    @Test func `the last 14 bits do not change the suffix`() {
        var random = SeededRandom(seed: 0x5F1)
        for _ in 0..<500 {
            let bits = random.next()
            let other = bits ^ UInt64.random(in: 0..<(1 << 14), using: &random)
            #expect(InvoiceSuffix(leadingBitsOf: bits) == InvoiceSuffix(leadingBitsOf: other))
        }
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `the alphabet has 32 letters and no other`(byte: UInt8) {
        let isLetter = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8.contains(byte)
        let bytes = [UInt8](repeating: byte, count: 10)
        #expect((InvoiceSuffix(ascii: bytes) != nil) == isLetter)
        #expect(InvoiceSuffix(ascii: bytes.dropLast()) == nil)
        #expect(InvoiceSuffix(ascii: bytes + [byte]) == nil)
    }
}
