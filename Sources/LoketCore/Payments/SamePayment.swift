// Whether a delivery repeats a known payment or reports another. DOKU repeats notifications,
// sometimes under a new Request-Id, and Check Status repeats what a notification reported. Treating
// two payments as one loses money; treating one as two makes the merchant refund what was paid
// only once.

package enum SamePayment {
    package static let transactionIdentifier = ReportedPayment.Identifier.transaction
    /// The milliseconds by which two dates may differ if the transaction identifier is the same.
    package static let datesApartMax: Int64 = 86_400_000

    /// Returns whether a receipt reports the same payment as known receipts. All receipts are of
    /// one account and one invoice number.
    ///
    /// - Parameter known: all receipts of one payment.
    package static func isSame(_ receipt: ReportedPayment, of known: [ReportedPayment]) -> Bool {
        guard known.contains(where: { $0.amount == receipt.amount }),
            known.allSatisfy({ $0.isOurService == receipt.isOurService && agree($0, receipt) })
        else { return false }
        // A notification is compared with notifications only: Check Status omits fields, so any
        // notification would agree with its answer.
        let notified = known.filter { $0.source == .notification }
        if receipt.source == .checkStatus || notified.isEmpty { return true }
        return notified.contains { isSame($0, receipt) }
    }

    /// Returns whether all identifiers that both receipts contain are equal.
    private static func agree(_ left: ReportedPayment, _ right: ReportedPayment) -> Bool {
        right.identifiers.allSatisfy { identifier in
            guard let other = left[identifier.name], let own = right[identifier.name] else {
                return true
            }
            return other.utf8.elementsEqual(own.utf8)
        }
    }

    /// Compares two notifications whose identifiers agree.
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
