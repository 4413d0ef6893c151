// Whether a delivery repeats a payment that is known or reports another one. DOKU repeats
// notifications, sometimes under a new Request-Id, and Check Status reports what a notification has
// reported. Taking two payments for one loses money; taking one for two asks the merchant to refund
// what was paid once.

package enum SamePayment {
    /// The store's own number of a payment: the one identifier that every acquirer gives.
    package static let transactionIdentifier = "AGENT_TRX_ID"
    /// Milliseconds between two dates of one transaction, where its identifier is the same.
    package static let datesApartMax: Int64 = 86_400_000

    /// Whether a receipt is of the payment that these receipts have reported. All of them are of one
    /// account and one invoice number.
    ///
    /// - Parameter known: every receipt of the one payment.
    package static func isSame(_ receipt: ReportedPayment, of known: [ReportedPayment]) -> Bool {
        guard known.contains(where: { $0.amount == receipt.amount }),
            known.allSatisfy({ $0.isOurService == receipt.isOurService && agree($0, receipt) })
        else { return false }
        // A notification is compared with notifications: Check Status leaves fields out, so that
        // everything would agree with it.
        let notified = known.filter { $0.source == .notification }
        if receipt.source == .checkStatus || notified.isEmpty { return true }
        return notified.contains { isSame($0, receipt) }
    }

    /// No identifier that both carry differs.
    private static func agree(_ left: ReportedPayment, _ right: ReportedPayment) -> Bool {
        right.identifiers.allSatisfy { identifier in
            guard let other = left[identifier.name], let own = right[identifier.name] else {
                return true
            }
            return other.utf8.elementsEqual(own.utf8)
        }
    }

    /// Two notifications whose identifiers agree.
    private static func isSame(_ left: ReportedPayment, _ right: ReportedPayment) -> Bool {
        let bothNamed =
            left[transactionIdentifier] != nil && right[transactionIdentifier] != nil
        guard let one = left.date, let other = right.date else {
            return bothNamed
                || (left.date == nil && right.date == nil && left.dateText == right.dateText)
        }
        guard bothNamed else { return one.seconds == other.seconds }
        return abs(one.milliseconds - other.milliseconds) <= datesApartMax
    }
}
