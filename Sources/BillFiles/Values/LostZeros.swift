// Detection of codes without their leading zeros, which spreadsheets remove from apparent numbers.
// The detection requires the account's BINs; the cell does not suffice.

import LoketCore

package enum LostZeros {
    /// Returns the code with its presumed leading zeros; nil if the code fits one of the BINs
    /// unchanged, or fits none with any number of zeros.
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
