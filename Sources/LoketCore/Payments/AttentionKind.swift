// The reasons why a person should examine a delivery. Payments that need a decision are not among
// them; they have a list of their own. A reason never changes a bill or a payment.

package enum AttentionKind: String, CaseIterable, Hashable, Sendable {
    /// DOKU does not document the status: its meaning for the money is unknown.
    case unknownStatus = "unknown_status"
    /// The status is FAILED or EXPIRED, but the invoice number was paid before.
    case contradictsPayment = "contradicts_payment"
    /// The delivery is an answer of Check Status without a signature.
    case unsignedAnswer = "unsigned_answer"
    /// An earlier version of the reader could not read the delivery or its status, and today's can.
    /// The delivery's booking does not change.
    case readableNow = "readable_now"

    /// Returns whether `readableNow` applies to a delivery that an earlier version could not read.
    ///
    /// - Parameters:
    ///   - reading: the result of today's version.
    ///   - wasDismissed: whether a person dismissed the delivery; only money is then worth a
    ///     second look.
    package static func isReadableNow(_ reading: DeliveryReading, wasDismissed: Bool) -> Bool {
        switch reading {
        case .success(let receipt): receipt.isOurService
        case .notSuccess(let receipt): receipt.isOurService && !wasDismissed
        case .unreadable: false
        }
    }

    /// Returns the kinds that apply to a delivery.
    ///
    /// - Parameters:
    ///   - status: `transaction.status` as sent.
    ///   - isSigned: whether the signature was verified; nil if not recorded.
    ///   - wasPaid: whether a payment of the same invoice number preceded.
    package static func raised(
        by reading: DeliveryReading, status: String?, isSigned: Bool?, wasPaid: Bool
    ) -> [AttentionKind] {
        var kinds: [AttentionKind] = []
        if case .notSuccess(let receipt) = reading, receipt.isOurService {
            switch status.flatMap({ TransactionStatus(word: $0) }) {
            // A status that the reader did not read as SUCCESS is not that word.
            case nil, .success: kinds.append(.unknownStatus)
            case .failed, .expired: if wasPaid { kinds.append(.contradictsPayment) }
            // PENDING may arrive late: notifications are not ordered.
            case .pending: break
            }
        }
        if isSigned == false { kinds.append(.unsignedAnswer) }
        return kinds
    }
}
