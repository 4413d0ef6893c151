// The effect of a payment on its bill. The bill has been found by the invoice number; this code
// checks the amount, the date and the bill's state.

/// The amounts that a bill has, or had until an edit.
package struct CarriedAmounts: Hashable, Sendable {
    package let amounts: DatedAmounts
    /// The time of the edit that replaced the amounts; nil for the current amounts.
    package let until: Moment?

    package init(_ amounts: DatedAmounts, until: Moment?) {
        self.amounts = amounts
        self.until = until
    }
}

/// A bill and its history at the time of a payment.
package struct BillHistory: Sendable {
    package let bill: Bill
    /// The bill's amounts, oldest first; the last are the current amounts.
    package let amounts: [CarriedAmounts]
    package let replacedAt: Moment?

    package init(bill: Bill, amounts: [CarriedAmounts], replacedAt: Moment?) {
        self.bill = bill
        self.amounts = amounts
        self.replacedAt = replacedAt
    }
}

/// The standing of a payment, and its effect on the bill.
package struct Classification: Hashable, Sendable {
    package enum Effect: Hashable, Sendable {
        case none
        /// The single-use bill becomes paid.
        case pay
        /// The single-use bill becomes held until the operator decides.
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
    /// The milliseconds before the payment within which an earlier amount may have been quoted.
    package static let oldAmountWindow: Int64 = 86_400_000
    /// The milliseconds by which DOKU's payment date may precede the edit that set the paid amount:
    /// its dates are whole seconds, and two clocks differ.
    package static let clockTolerance: Int64 = 60_000
    /// The milliseconds after expiry before a payment counts as late: the customer had a quote.
    package static let lateTolerance: Int64 = 900_000

    /// - Parameters:
    ///   - history: the bill with the payment's invoice number.
    ///   - now: the date to assume if the payment's date is unreadable.
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

    /// Classifies a payment whose invoice number no bill has, and whose code, if any, is ours.
    ///
    /// - Parameter holder: the bill that holds the code. A bill that is already held is held for
    ///   this payment too.
    package static func classifyUnmatched(holder: Bill?) -> Classification {
        guard let holder, holder.state.holdsCode, !holder.reusable else {
            return Classification(.unmatched)
        }
        return Classification(.unmatched, effect: .hold)
    }

    /// Returns whether an unmatched payment may be for a bill created after it: at any age if the
    /// invoice number matches, with or without its suffix; if only the code matches, only while the
    /// payment is recent.
    ///
    /// - Parameter madeAt: the time at which the bill was created or reopened.
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

    /// True if it was the bill's amount at the date, false if earlier in the window, else nil.
    private static func wasCarried(
        _ amount: Rupiah, in carried: [CarriedAmounts], at date: Moment
    ) -> Bool? {
        let earliest = date.adding(milliseconds: -oldAmountWindow)
        let latest = date.adding(milliseconds: clockTolerance)
        var isOld = false
        for span in spans(of: carried) where span.amount == amount {
            let begins = span.begins.map { $0 <= latest } ?? true
            let ends = span.ends.map { $0 > earliest } ?? true
            guard begins, ends else { continue }
            if span.fitsUntil.map({ $0 > date }) ?? true { return true }
            isOld = true
        }
        return isOld ? false : nil
    }

    /// A time in which a bill had one amount.
    private struct AmountSpan {
        let amount: Rupiah
        /// Nil for the first amount, which counts as always valid: a bill can be paid in its first
        /// second.
        let begins: Moment?
        /// Not included; nil if it does not end.
        let ends: Moment?
        /// The end until which a payment of the amount needs no flag. A step that ends as planned
        /// has a tolerance, as an expiry does: the customer had a quote.
        let fitsUntil: Moment?
    }

    /// Returns the amounts that each edit left, cut at the time of the next edit.
    private static func spans(of carried: [CarriedAmounts]) -> [AmountSpan] {
        var spans: [AmountSpan] = []
        var begins: Moment?
        for terms in carried {
            let dated = terms.amounts
            for step in dated.steps {
                guard begins.map({ $0 < step.until }) ?? true else { continue }
                guard terms.until.map({ step.until <= $0 }) ?? true else { break }
                spans.append(
                    AmountSpan(
                        amount: step.amount, begins: begins, ends: step.until,
                        fitsUntil: step.until.adding(milliseconds: lateTolerance)))
                begins = step.until
            }
            let last = terms.until.map { dated.amount(at: $0.adding(milliseconds: -1)) }
            spans.append(
                AmountSpan(
                    amount: last ?? dated.last, begins: begins, ends: terms.until,
                    fitsUntil: terms.until))
            begins = terms.until
        }
        return spans
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
