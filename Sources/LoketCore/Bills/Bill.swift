// What is owed under a payment code. O2O has FIX BILL only, so a bill has one amount.

package struct Bill: Hashable, Sendable {
    /// Expired is not among them: it is read from the clock.
    package enum State: String, CaseIterable, Sendable {
        case open
        /// A payment did not match it; it keeps its code until the payment is resolved.
        case held
        case paid
        case cancelled
        /// Expired, and a new bill took its code.
        case replaced

        /// Open and held bills hold their code: no other bill may take it.
        package var holdsCode: Bool { self == .open || self == .held }
    }

    /// The reason for a cancel that means "paid in another way"; inquiries are then answered as paid.
    package static let paidElsewhere = "paid_elsewhere"

    package let id: Int64
    package var paymentCode: PaymentCode
    package var invoiceNumber: InvoiceNumber
    package var amount: Rupiah
    package var reusable: Bool
    package var expiresAt: Moment?
    package var state: State
    package var cancelReason: String?
    package var customerName: String
    package var customerEmail: String?
    package var info: String?

    package init(
        id: Int64, paymentCode: PaymentCode, invoiceNumber: InvoiceNumber, amount: Rupiah,
        reusable: Bool, expiresAt: Moment?, state: State, cancelReason: String?,
        customerName: String, customerEmail: String?, info: String?
    ) {
        self.id = id
        self.paymentCode = paymentCode
        self.invoiceNumber = invoiceNumber
        self.amount = amount
        self.reusable = reusable
        self.expiresAt = expiresAt
        self.state = state
        self.cancelReason = cancelReason
        self.customerName = customerName
        self.customerEmail = customerEmail
        self.info = info
    }

    /// A bill of a draft's content.
    package init(_ draft: BillDraft, id: Int64 = 0, state: State = .open) {
        self.init(
            id: id, paymentCode: draft.paymentCode, invoiceNumber: draft.invoiceNumber,
            amount: draft.amount, reusable: draft.reusable, expiresAt: draft.expiresAt,
            state: state, cancelReason: nil, customerName: draft.customerName,
            customerEmail: draft.customerEmail, info: draft.info)
    }

    /// From its expiry on, to the millisecond.
    package func isExpired(at now: Moment) -> Bool {
        guard let expiresAt else { return false }
        return now >= expiresAt
    }
}

/// The result of looking up a code.
package enum LookupResult: Sendable {
    /// No bill of this account ever held the code.
    case nothing
    case bill(Bill)
    /// A row is there, but its checksum or its values are wrong.
    case damaged(billID: Int64)
}
