// Whole rupiah between the bounds of `order.amount`.

import LoketCore
import Testing

struct RupiahTests {
    @Test(arguments: [
        (Int64.min, false), (-999_999_999_999, false), (-1, false), (0, false), (1, true),
        (150_000, true), (999_999_999_998, true), (999_999_999_999, true),
        (1_000_000_000_000, false), (Int64.max, false),
    ])
    func `an amount has 1 to 12 digits and is above zero`(whole: Int64, isOne: Bool) {
        #expect((Rupiah(whole: whole) != nil) == isOne)
        #expect(Rupiah(whole: whole)?.whole == (isOne ? whole : nil))
    }

    @Test func `amounts are ordered and written without separators`() throws {
        let small = try #require(Rupiah(whole: 99_999))
        let large = try #require(Rupiah(whole: 999_999_999_999))
        #expect(small < large)
        #expect(!(large < small))
        #expect("\(large)" == "999999999999")
    }
}
