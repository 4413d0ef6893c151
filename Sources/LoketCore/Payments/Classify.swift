// What a payment means for its bill. The invoice number has found the bill already; here the
// amount, the date and the bill's state are judged, and what becomes of the bill is named.

/// An amount that a bill carried, and until when.
package struct CarriedAmount: Hashable, Sendable {
    package let amount: Rupiah
    /// The moment of the edit that ended it; nil for the one that is carried now.
    package let until: Moment?

    package init(amount: Rupiah, until: Moment?) {
        self.amount = amount
        self.until = until
    }
}

/// A bill as a payment meets it.
package struct BillHistory: Sendable {
    package let bill: Bill
    /// Oldest first; the last is the bill's own.
    package let amounts: [CarriedAmount]
    package let replacedAt: Moment?

    package init(bill: Bill, amounts: [CarriedAmount], replacedAt: Moment?) {
        self.bill = bill
        self.amounts = amounts
        self.replacedAt = replacedAt
    }
}

/// What becomes of a payment, and of its bill.
package struct Classification: Hashable, Sendable {
    package enum Effect: Hashable, Sendable {
        case none
        /// The single-use bill is paid.
        case pay
        /// The single-use bill waits for a decision of the operator.
        case hold
    }

    package let standing: Standing
    package var flags: Set<PaymentFlag> = []
    package let effect: Effect

    package init(_ standing: Standing, flags: Set<PaymentFlag> = [], effect: Effect = .none) {
        self.standing = standing
        self.flags = flags
        self.effect = effect
    }
}

package enum Classify {
    /// Milliseconds before the payment within which an earlier amount may have been quoted.
    package static let oldAmountWindow: Int64 = 86_400_000
    /// Milliseconds by which DOKU's date may lie before our edit of the amount that it paid: its
    /// dates are whole seconds, and two clocks differ.
    package static let clockTolerance: Int64 = 60_000
    /// Milliseconds past expiry before a payment counts as late: the customer had his quote.
    package static let lateTolerance: Int64 = 900_000

    /// - Parameters:
    ///   - history: the bill that has the payment's invoice number.
    ///   - now: taken for a date that cannot be read.
    package static func classify(
        _ receipt: ReportedPayment, against history: BillHistory, now: Moment
    ) -> Classification {
        let bill = history.bill
        var flags: Set<PaymentFlag> = []
        if let code = receipt.codeText, code != bill.paymentCode.digits {
            flags.insert(.codeDiffers)
        }
        if !bill.reusable, bill.state == .paid {
            return Classification(.duplicate, flags: flags)
        }
        if bill.state == .cancelled { return Classification(.afterCancel, flags: flags) }

        let date = receipt.date ?? now
        guard let amount = receipt.amount,
            let isCurrent = wasCarried(amount, in: history.amounts, at: date)
        else {
            let holds = !bill.reusable && bill.state.holdsCode
            return Classification(.amountMismatch, flags: flags, effect: holds ? .hold : .none)
        }
        if !isCurrent { flags.insert(.oldAmount) }
        if isLate(history, date) { flags.insert(.late) }
        return Classification(.settled, flags: flags, effect: bill.reusable ? .none : .pay)
    }

    /// Where no bill has the number, and the code, if there is one, is ours.
    ///
    /// - Parameter holder: the bill that holds the code. One that waits already waits for this
    ///   payment too.
    package static func classifyUnmatched(holder: Bill?) -> Classification {
        guard let holder, holder.state.holdsCode, !holder.reusable else {
            return Classification(.unmatched)
        }
        return Classification(.unmatched, effect: .hold)
    }

    /// Whether an unmatched payment may be for a bill that was made after it: by the invoice number,
    /// or by the number before its suffix, whatever its age; by the code alone only while it is
    /// young.
    ///
    /// - Parameter madeAt: when the bill was made, or opened again.
    package static func mayBeFor(
        _ number: InvoiceNumber, _ code: PaymentCode, madeAt: Moment,
        paidNumber: String?, paidCode: String?, receivedAt: Moment
    ) -> Bool {
        if let paid = paidNumber.flatMap({ InvoiceNumber($0) }),
            paid == number || paid.withoutSuffix == number
        {
            return true
        }
        return paidCode == code.digits
            && madeAt < receivedAt.adding(milliseconds: Limits.holdByCodeMilliseconds)
    }

    /// Nil: not in the window. True: it was the bill's amount at the date itself.
    private static func wasCarried(
        _ amount: Rupiah, in amounts: [CarriedAmount], at date: Moment
    ) -> Bool? {
        let earliest = date.adding(milliseconds: -oldAmountWindow)
        let latest = date.adding(milliseconds: clockTolerance)
        var isOld = false
        // The first amount counts as carried since ever: a bill can be paid in its first second.
        var since: Moment?
        for carried in amounts {
            defer { since = carried.until }
            let begins = since.map { $0 <= latest } ?? true
            let ends = carried.until.map { $0 > earliest } ?? true
            guard carried.amount == amount, begins, ends else { continue }
            if carried.until.map({ $0 > date }) ?? true { return true }
            isOld = true
        }
        return isOld ? false : nil
    }

    private static func isLate(_ history: BillHistory, _ date: Moment) -> Bool {
        let ends = [
            history.bill.expiresAt, history.bill.state == .replaced ? history.replacedAt : nil,
        ]
        return ends.compactMap(\.self).contains {
            date > $0.adding(milliseconds: lateTolerance)
        }
    }
}
