// Generated codes: their length, their check digit, and that they belong to their BIN.

import LoketCore
import Testing

struct CodeSpaceTests {
    private static func table(_ bins: BIN...) -> BINTable { BINTable(bins) }

    private static func direct(_ digits: String, _ lengths: ClosedRange<Int>? = nil) throws -> BIN {
        try BIN(
            digits: digits, type: .direct, channels: [.alfa],
            codeLengthMin: lengths?.lowerBound, codeLengthMax: lengths?.upperBound)
    }

    private static func space(
        _ bin: BIN, _ table: BINTable? = nil, hasCheckDigit: Bool = false
    ) -> CodeSpace {
        CodeSpace(bin, in: table ?? BINTable([bin]), hasCheckDigit: hasCheckDigit)
    }

    /// The BIN's length rule, and the length of a generated code.
    static let lengths: [(ClosedRange<Int>?, Int)] = [
        (nil, 15), (6...25, 15), (6...6, 6), (6...9, 9), (8...15, 15), (18...25, 18), (25...25, 25),
    ]

    @Test(arguments: lengths)
    func `a generated code has ten free digits unless its BIN differs`(
        rule: ClosedRange<Int>?, length: Int
    ) throws {
        for hasCheckDigit in [false, true] {
            let space = Self.space(try Self.direct("12345", rule), hasCheckDigit: hasCheckDigit)
            #expect(space.length == length)
            let code = space.code(Array(repeating: 7, count: space.randomDigits))
            #expect(code?.length == length)
            #expect(code?.digits.hasPrefix("12345") == true)
        }
    }

    @Test func `the codes of an exclusive BIN follow its rule too`() throws {
        for (digits, length) in [("889651", 16), ("8896511234", 20), ("88965112345678", 20)] {
            let bin = try BIN(digits: digits, type: .dokuExclusive, channels: [.alfa])
            #expect(Self.space(bin).length == length)
        }
    }

    /// Published numbers with a Luhn digit.
    @Test(arguments: ["79927398713", "4242424242424242", "490154203237518", "18", "00"])
    func `the check digit is Luhn's`(_ text: String) throws {
        let digits = Array(text.utf8)
        #expect(Luhn.checkDigit(for: digits.dropLast()) == digits.last)
        #expect(Luhn.isRight(try #require(PaymentCode(text))))
    }

    @Test func `one wrong digit is always detected`() throws {
        let right = Array("12345678901234".utf8)
        let code = right + [Luhn.checkDigit(for: right)]
        for place in code.indices {
            for digit in UInt8(0x30)...0x39 where digit != code[place] {
                var wrong = code
                wrong[place] = digit
                #expect(!Luhn.isRight(try #require(PaymentCode(ascii: wrong))))
            }
        }
    }

    @Test func `a code with a check digit is valid as a whole`() throws {
        let space = Self.space(try Self.direct("12345"), hasCheckDigit: true)
        #expect(space.randomDigits == 9)
        for digit in UInt8(0)...9 {
            let code = try #require(space.code(Array(repeating: digit, count: 9)))
            #expect(Luhn.isRight(code))
            #expect(space.contains(code))
        }
        #expect(!space.contains(try #require(PaymentCode("123450000000000"))))
    }

    @Test func `a code that belongs to a longer BIN of the account is not generated`() throws {
        let short = try Self.direct("12345", 6...8)
        let long = try BIN(digits: "123456", type: .dokuExclusive, channels: [.alfa])
        let space = Self.space(short, Self.table(short, long))
        #expect(space.code([6, 0, 0]) == nil)
        #expect(space.code([7, 0, 0])?.digits == "12345700")
        #expect(!space.contains(try #require(PaymentCode("12345600"))))
        #expect(!space.contains(try #require(PaymentCode("12345"))))
        #expect(!space.contains(try #require(PaymentCode("99999999"))))
    }

    @Test func `a BIN with only the check digit free has one code`() throws {
        let space = Self.space(try Self.direct("12345", 6...6), hasCheckDigit: true)
        #expect(space.randomDigits == 0)
        #expect(space.code([])?.digits == "123455")
    }
}
