// The BINs of one account, and the one way to split a code by them: once, by the longest BIN that
// prefixes it. A customer's own number that starts with the BIN again is left alone.

package struct BINTable: Sendable {
    /// Longest first, so that the first that prefixes a code is the one.
    package let bins: [BIN]

    package init(_ bins: [BIN]) {
        self.bins = bins.sorted { $0.digits.utf8.count > $1.digits.utf8.count }
    }

    /// The BIN of a code, or nil if none of ours prefixes it. The length is not judged here.
    package func bin(of code: PaymentCode) -> BIN? {
        bins.first { code.digits.utf8.starts(with: $0.digits.utf8) }
    }
}
