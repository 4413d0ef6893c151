// A code that has lost its leading zeros, as every spreadsheet takes them from what it thinks is a
// number. The cell alone cannot tell; who knows the account's BINs can.

import LoketCore

package enum LostZeros {
    /// The code that this one may have been; nil where it fits one of the BINs as it stands, or
    /// fits none however many zeros are put before it.
    package static func suspects(_ code: PaymentCode, bins: BINTable) -> PaymentCode? {
        guard !fits(code, bins) else { return nil }
        var digits = code.digits
        while digits.utf8.count < Limits.paymentCodeDigitsMax {
            digits = "0" + digits
            guard let longer = PaymentCode(digits) else { return nil }
            if fits(longer, bins) { return longer }
        }
        return nil
    }

    private static func fits(_ code: PaymentCode, _ bins: BINTable) -> Bool {
        bins.bin(of: code)?.codeLength.contains(code.length) ?? false
    }
}
