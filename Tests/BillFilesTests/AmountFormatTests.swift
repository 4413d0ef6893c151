// The words by which a file's amounts are declared.

import BillFiles
import Testing

struct AmountFormatTests {
    @Test func `three forms can be declared`() {
        #expect(AmountFormat.allCases.map(\.rawValue) == ["plain", "indonesian", "english"])
    }
}
