// What a payment came to: one standing, and flags beside it.

package enum Standing: String, CaseIterable, Hashable, Sendable {
    /// It paid its bill.
    case settled
    /// A further payment of a single-use bill that is paid.
    case duplicate
    /// The bill never had this amount in the day before.
    case amountMismatch = "amount_mismatch"
    /// The bill was cancelled before.
    case afterCancel = "after_cancel"
    /// The code is ours, and no bill has the invoice number.
    case unmatched
    /// Another service's money: the notification URL is shared.
    case foreign
    /// What was paid cannot be read.
    case unreadable
    /// FAILED, PENDING, EXPIRED: no payment at all.
    case notSuccess = "not_success"

    /// Somebody has to decide what becomes of the money.
    package var needsDecision: Bool {
        switch self {
        case .duplicate, .amountMismatch, .afterCancel, .unmatched, .unreadable: true
        case .settled, .foreign, .notSuccess: false
        }
    }

    /// Counted in the money received.
    package var isOurs: Bool {
        switch self {
        case .settled, .duplicate, .amountMismatch, .afterCancel, .unmatched: true
        case .foreign, .unreadable, .notSuccess: false
        }
    }
}

/// Something about a payment that a person should know.
package enum PaymentFlag: String, CaseIterable, Hashable, Sendable {
    /// The bill had this amount, and another one when it was paid.
    case oldAmount = "old_amount"
    /// Paid well after its expiry or replacement.
    case late
    /// The invoice number is the bill's, the payment code is not.
    case codeDiffers = "code_differs"
    /// The bill's row does not match its checksum, so nothing was settled by it.
    case billDamaged = "bill_damaged"
}

/// How a person closed a payment that needed a decision.
package enum Resolution: String, CaseIterable, Hashable, Sendable {
    /// It pays a bill.
    case accept
    /// The customer got it back.
    case refunded
    /// Nothing is to be done about it.
    case dismiss
}
