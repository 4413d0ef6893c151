// Payment codes that lost leading zeros in a spreadsheet, recognised by their BINs.

import BillFiles
import LoketCore
import Testing

struct LostZerosTests {
    private static func bins() throws -> BINTable {
        BINTable([
            try BIN(digits: "012345", type: .dokuExclusive, channels: [.alfa]),
            try BIN(digits: "00099", type: .direct, channels: [.alfa]),
            try BIN(digits: "12399", type: .direct, channels: [.alfa], codeLengthMax: 12),
        ])
    }

    @Test(arguments: [
        // One zero is missing from the exclusive BIN, three from the direct one.
        ("1234512345678", "01234512345678"), ("991234567890", "000991234567890"),
        // The code fits a BIN as written.
        ("01234512345678", nil), ("123991234567", nil),
        // The code fits no BIN, however many zeros are put before it.
        ("8899650001", nil), ("0", nil), ("9999999999999999999999999", nil),
    ])
    func `missing zeros are suspected where a BIN begins with zeros`(
        _ code: String, original: String?
    ) throws {
        let code = try #require(PaymentCode(code))
        #expect(LostZeros.suspects(code, bins: try Self.bins())?.digits == original)
    }
}
