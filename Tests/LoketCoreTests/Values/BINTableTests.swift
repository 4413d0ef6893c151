// A code belongs to the longest BIN that is its prefix, compared as text.

import LoketCore
import Testing

struct BINTableTests {
    static let cases: [(bins: [String], code: String, expected: String?)] = [
        // The longest, regardless of the order of the settings.
        (["88965", "889651", "8896512"], "88965123", "8896512"),
        (["8896512", "889651", "88965"], "88965123", "8896512"),
        (["88965", "8896512", "889651"], "88965133", "889651"),
        (["88965", "8896512", "889651"], "88965033", "88965"),
        (["88965", "8896512", "889651"], "8896400", nil),
        // A BIN is a prefix of itself; the length rules require free digits.
        (["889651"], "889651", "889651"),
        (["889651"], "88965", nil),
        // The customer's own number also starts with the BIN.
        (["889651"], "889651889651", "889651"),
        (["889651", "88965188965"], "889651889651", "88965188965"),
        (["12345"], "1234512345123451234512345", "12345"),
        (["12345"], "0123451", nil),
        // Leading zeros are significant.
        (["00123", "000123"], "0012300", "00123"),
        (["00123", "000123"], "0001230", "000123"),
        (["00123"], "12300", nil),
        (["00000"], "00000000", "00000"),
        ([], "12345", nil),
    ]

    private func table(_ digits: [String]) throws -> BINTable {
        BINTable(
            try digits.map { text in
                try BIN(
                    digits: text, type: text.utf8.count == 5 ? .direct : .dokuExclusive,
                    channels: [.alfa], codeLengthMax: 25)
            })
    }

    @Test(arguments: cases)
    func `a code belongs to the longest BIN that is its prefix`(
        bins: [String], code: String, expected: String?
    ) throws {
        #expect(try table(bins).bin(of: Sample.code(code))?.digits == expected)
    }

    @Test func `a code that contains the BIN twice is unchanged`() throws {
        let bin = try BIN(digits: "889651", type: .dokuExclusive, channels: [.alfa])
        let code = try Sample.code("889651889651889651")
        let inquiry = Inquiry(speaksService: true, channel: .alfa, paymentCode: code)
        #expect(screen(inquiry, under: try Sample.terms(bins: [bin])) == .success(code))
        #expect(code.digits == "889651889651889651")
    }
}
