// Amounts of sample bills.

import LoketCore

extension DatedAmounts {
    /// One amount; nil if it is out of range.
    package init?(whole: Int64) {
        guard let amount = Rupiah(whole: whole) else { return nil }
        self.init(amount)
    }
}
