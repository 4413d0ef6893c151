// Money: whole rupiah in 64 bits, never a float.

/// 1 to 999,999,999,999 rupiah, which is what `order.amount` can carry.
package struct Rupiah: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let whole: Int64

    package init?(whole: Int64) {
        guard (1...Limits.amountMax).contains(whole) else { return nil }
        self.whole = whole
    }

    package static func < (left: Rupiah, right: Rupiah) -> Bool {
        left.whole < right.whole
    }

    package var description: String { String(whole) }
}
