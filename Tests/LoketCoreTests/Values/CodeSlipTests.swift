// Codes as people write them, and the codes that one typing error makes of another.

import LoketCore
import Testing

struct CodeSlipTests {
    @Test(arguments: [
        ("8896 5120 2600 05", "88965120260005"), ("8896-5120.2600–05 ", "88965120260005"),
        ("8896\u{A0}5120\u{202F}2600\u{2011}05", "88965120260005"), ("7", "7"), ("INV-1", nil),
        ("", nil), (" - ", nil), ("8896,5120", nil), ("８８９６", nil),
        ("12345678901234567890123456", nil),
    ])
    func `spaces, dots and dashes in a code are ignored`(_ text: String, digits: String?) {
        #expect(PaymentCode(written: text)?.digits == digits)
    }

    @Test(arguments: [
        ("1230", CodeSlip.digitMissing), ("9123", .digitMissing), ("1523", .digitMissing),
        ("12", .digitAdded), ("23", .digitAdded), ("13", .digitAdded), ("129", .digitChanged),
        ("023", .digitChanged), ("213", .digitsSwapped), ("132", .digitsSwapped),
        ("123", nil), ("321", nil), ("1", nil), ("12345", nil),
    ])
    func `one typing error leads from a code to another`(_ other: String, slip: CodeSlip?) throws {
        let code = try #require(PaymentCode("123"))
        #expect(code.meant.first { $0.code.digits == other }?.slip == slip)
    }

    @Test func `a code has at most 489 neighbors, each listed once`() throws {
        for length in 1...Limits.paymentCodeDigitsMax {
            let text = String("1234567890123456789012345".prefix(length))
            let meant = try #require(PaymentCode(text)).meant.map(\.code)
            #expect(Set(meant).count == meant.count)
            #expect(meant.count <= 489)
            #expect(length != 24 || meant.count == 489)
        }
    }
}
