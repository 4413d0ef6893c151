// The outcome of a payment: one standing, and additional flags.

package enum Standing: String, CaseIterable, Hashable, Sendable {
    /// The payment paid its bill.
    case settled
    /// A further payment of a single-use bill that is already paid.
    case duplicate
    /// The bill did not have this amount within the day before the payment.
    case amountMismatch = "amount_mismatch"
    /// The bill was cancelled before the payment.
    case afterCancel = "after_cancel"
    /// The code is ours, but no bill has the invoice number.
    case unmatched
    /// The payment belongs to another service that shares the notification URL.
    case foreign
    /// The delivery does not show what was paid.
    case unreadable
    /// FAILED, PENDING or EXPIRED: not a payment.
    case notSuccess = "not_success"

    /// Whether a person has to decide what to do with the money.
    package var needsDecision: Bool {
        switch self {
        case .duplicate, .amountMismatch, .afterCancel, .unmatched, .unreadable: true
        case .settled, .foreign, .notSuccess: false
        }
    }

    /// Whether the payment counts as money received.
    package var isOurs: Bool {
        switch self {
        case .settled, .duplicate, .amountMismatch, .afterCancel, .unmatched: true
        case .foreign, .unreadable, .notSuccess: false
        }
    }
}

/// A property of a payment that a person should know.
package enum PaymentFlag: String, CaseIterable, Hashable, Sendable {
    /// The payment has an earlier amount of the bill.
    case oldAmount = "old_amount"
    /// The payment was made well after the bill's expiry or replacement.
    case late
    /// The invoice number matches the bill; the payment code does not.
    case codeDiffers = "code_differs"
    /// The bill's row does not match its checksum, so the payment did not settle the bill.
    case billDamaged = "bill_damaged"
}

/// A person's decision on a payment that needed one.
package enum Resolution: String, CaseIterable, Hashable, Sendable {
    /// The payment is applied to a bill.
    case accept
    /// The money was returned to the customer.
    case refunded
    /// No action is needed.
    case dismiss
}
