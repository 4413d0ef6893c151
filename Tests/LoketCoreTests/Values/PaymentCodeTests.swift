// A payment code is 1 to 25 ASCII digits. It is text and is never corrected.

import LoketCore
import Testing

struct PaymentCodeTests {
    @Test(arguments: 1...25)
    func `one to 25 digits are a code`(count: Int) throws {
        let text = Sample.digits(count)
        let code = try #require(PaymentCode(text))
        #expect(code.digits == text)
        #expect(code.length == count)
        #expect("\(code)" == text)
        #expect(PaymentCode(ascii: Array(text.utf8)) == code)
    }

    @Test(arguments: [
        "", String(repeating: "7", count: 26), String(repeating: "7", count: 1000),
        " 123", "123 ", "12 3", "123\n", "123\r\n", "\t123", "123\u{0}", "\u{FEFF}123",
        "123\u{A0}", "123\u{200B}", "+123", "-123", "1.0", "1,000", "1e3", "0x12", "12a", "12/",
        "12:", "\u{FF11}\u{FF12}\u{FF13}", "\u{661}\u{662}\u{663}", "\u{6F1}\u{6F2}\u{6F3}",
        "\u{967}\u{968}", "\u{1D7CE}", "\u{B2}", "\u{2460}", "12\u{661}", "1\u{301}23",
        "1\u{FE0F}\u{20E3}",
    ])
    func `any other text is not a code`(text: String) {
        #expect(PaymentCode(text) == nil)
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `of all bytes only 0x30 to 0x39 are digits`(byte: UInt8) {
        let isDigit = (0x30...0x39).contains(byte)
        #expect((PaymentCode(ascii: [0x31, byte, 0x32]) != nil) == isDigit)
        #expect(isASCIIDigit(byte) == isDigit)
        #expect(isVisibleASCII(byte) == (0x21...0x7E).contains(byte))
    }

    @Test func `leading zeros make a different code`() throws {
        let codes = try ["1", "01", "001"].map(Sample.code)
        #expect(Set(codes).count == 3)
        #expect(codes.map(\.length) == [1, 2, 3])
    }
}
