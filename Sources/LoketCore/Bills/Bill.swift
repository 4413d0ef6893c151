// The amount owed under a payment code. O2O supports FIX BILL only: at each moment a bill has one
// amount.

package struct Bill: Hashable, Sendable {
    /// The stored state of a bill. Expiry is not stored: it is derived from the clock.
    package enum State: String, CaseIterable, Sendable {
        case open
        /// A payment did not match the bill; the bill holds its code until the payment is resolved.
        case held
        case paid
        case cancelled
        /// The bill expired, and a new bill uses its code.
        case replaced

        /// Whether other bills are barred from using the code; true for open and held bills.
        package var holdsCode: Bool { self == .open || self == .held }
    }

    /// The cancel reason "paid in another way"; inquiries for such a bill are answered as paid.
    package static let paidElsewhere = "paid_elsewhere"

    package let id: Int64
    package var paymentCode: PaymentCode
    package var invoiceNumber: InvoiceNumber
    package var amounts: DatedAmounts
    package var reusable: Bool
    /// Inquiries before this moment are declined.
    package var validFrom: Moment?
    package var expiresAt: Moment?
    /// The due date printed for the customer. No decision depends on it.
    package var dueAt: Moment?
    package var state: State
    package var cancelReason: String?
    package var customerName: String
    package var customerEmail: String?
    package var info: String?

    package init(
        id: Int64, paymentCode: PaymentCode, invoiceNumber: InvoiceNumber, amounts: DatedAmounts,
        reusable: Bool, validFrom: Moment? = nil, expiresAt: Moment?, dueAt: Moment? = nil,
        state: State, cancelReason: String?, customerName: String, customerEmail: String?,
        info: String?
    ) {
        self.id = id
        self.paymentCode = paymentCode
        self.invoiceNumber = invoiceNumber
        self.amounts = amounts
        self.reusable = reusable
        self.validFrom = validFrom
        self.expiresAt = expiresAt
        self.dueAt = dueAt
        self.state = state
        self.cancelReason = cancelReason
        self.customerName = customerName
        self.customerEmail = customerEmail
        self.info = info
    }

    /// Creates a bill with the content of a draft.
    package init(_ draft: BillDraft, id: Int64 = 0, state: State = .open) {
        self.init(
            id: id, paymentCode: draft.paymentCode, invoiceNumber: draft.invoiceNumber,
            amounts: draft.amounts, reusable: draft.reusable, validFrom: draft.validFrom,
            expiresAt: draft.expiresAt, dueAt: draft.dueAt, state: state, cancelReason: nil,
            customerName: draft.customerName,
            customerEmail: draft.customerEmail, info: draft.info)
    }

    /// Whether inquiries may be answered differently: for each payment of a reusable bill, and for
    /// each amount of a dated one.
    package var isQuotedRepeatedly: Bool { reusable || amounts.isDated }

    /// Returns true until the millisecond before `validFrom`.
    package func isNotYetValid(at now: Moment) -> Bool {
        guard let validFrom else { return false }
        return now < validFrom
    }

    /// Returns true from the millisecond of the expiry on.
    package func isExpired(at now: Moment) -> Bool {
        guard let expiresAt else { return false }
        return now >= expiresAt
    }
}

extension Bill {
    /// Returns why `validFrom` does not fit the dated amounts or the expiry; nil if it fits both.
    package var validFromFault: String? {
        guard let validFrom else { return nil }
        if let last = amounts.steps.last, validFrom >= last.until {
            return "must be before \(last.until.wibText), when the last of the dated amounts begins"
        }
        if let expiresAt, validFrom >= expiresAt {
            return "must be before the bill's expiry, \(expiresAt.wibText)"
        }
        return nil
    }
}

/// The result of looking up the bill of a code.
package enum LookupResult: Sendable {
    /// No bill of this account has ever held the code.
    case nothing
    case bill(Bill)
    /// The bill's row exists, but its checksum or its values are wrong.
    case damaged(billID: Int64)
}
