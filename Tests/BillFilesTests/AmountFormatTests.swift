// The names of the amount formats that a file may declare.

import BillFiles
import Testing

struct AmountFormatTests {
    @Test func `three formats can be declared`() {
        #expect(AmountFormat.allCases.map(\.rawValue) == ["plain", "indonesian", "english"])
    }
}
