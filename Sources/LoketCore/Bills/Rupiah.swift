// Amounts of money: whole rupiah in 64 bits, never a floating-point number.

/// An amount of 1 to 999,999,999,999 rupiah, the range of `order.amount`.
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

    /// The amount for display, such as `Rp1.250.000`.
    package var text: String { Self.text(whole: whole) }

    /// Returns a sum for display; a sum may exceed the maximum of one amount.
    package static func text(whole: Int64) -> String {
        var digits = String(whole.magnitude)
        var groups: [String] = []
        while digits.utf8.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (whole < 0 ? "-Rp" : "Rp") + ([digits] + groups).joined(separator: ".")
    }
}
