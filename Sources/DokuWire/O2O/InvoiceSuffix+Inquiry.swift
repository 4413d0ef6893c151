// The suffix that gives one inquiry its own invoice number: a hash, so that the same request
// gets the same number without anything being written.

import LoketCore
import LoketSystem

extension InvoiceSuffix {
    /// From SHA-256 over `Request-Id LF payment code LF date as sent`.
    package init(requestID: String, paymentCode: PaymentCode, date: String) {
        let text = requestID + "\n" + paymentCode.digits + "\n" + date
        self.init(leadingBitsOf: SHA256Digest(of: Array(text.utf8)).leadingBits)
    }
}
