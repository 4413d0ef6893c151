// The BINs of one account. A code is split only once, after the longest BIN that is its prefix: the
// customer's number that follows is not changed, even if it begins with the BIN too.

package struct BINTable: Sendable {
    /// The BINs, longest first, so that the first match is the longest.
    package let bins: [BIN]

    package init(_ bins: [BIN]) {
        self.bins = bins.sorted { $0.digits.utf8.count > $1.digits.utf8.count }
    }

    /// Returns the longest BIN that is a prefix of the code, or nil; does not check the length.
    package func bin(of code: PaymentCode) -> BIN? {
        bins.first { code.digits.utf8.starts(with: $0.digits.utf8) }
    }
}
