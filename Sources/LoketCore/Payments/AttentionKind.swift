// What a person should look at although no payment waits for a decision: which of it a delivery
// brings. None of it changes a bill or a payment.

package enum AttentionKind: String, CaseIterable, Hashable, Sendable {
    /// A status that DOKU does not document: what it means for the money is not known.
    case unknownStatus = "unknown_status"
    /// FAILED or EXPIRED for an invoice number that was paid before.
    case contradictsPayment = "contradicts_payment"
    /// An answer of Check Status that has no signature.
    case unsignedAnswer = "unsigned_answer"
    /// An earlier version of the reader could not read it, or not its status; today's can. It stays
    /// booked as it was.
    case readableNow = "readable_now"

    /// Whether `readableNow` is said of a delivery that an earlier version could not read.
    ///
    /// - Parameters:
    ///   - reading: what today's version makes of it.
    ///   - wasDismissed: a person has decided that there was nothing to do: only money is worth a
    ///     second look.
    package static func isReadableNow(_ reading: DeliveryReading, wasDismissed: Bool) -> Bool {
        switch reading {
        case .success(let receipt): receipt.isOurService
        case .notSuccess(let receipt): receipt.isOurService && !wasDismissed
        case .unreadable: false
        }
    }

    /// - Parameters:
    ///   - status: `transaction.status` as sent.
    ///   - isSigned: whether its signature was verified; nil where that was not kept.
    ///   - wasPaid: a payment of the same invoice number came before.
    package static func raised(
        by reading: DeliveryReading, status: String?, isSigned: Bool?, wasPaid: Bool
    ) -> [AttentionKind] {
        var kinds: [AttentionKind] = []
        if case .notSuccess(let receipt) = reading, receipt.isOurService {
            switch status.flatMap({ TransactionStatus(word: $0) }) {
            // What was not read as SUCCESS is not that word.
            case nil, .success: kinds.append(.unknownStatus)
            case .failed, .expired: if wasPaid { kinds.append(.contradictsPayment) }
            // DOKU may send it late: notifications have no order.
            case .pending: break
            }
        }
        if isSigned == false { kinds.append(.unsignedAnswer) }
        return kinds
    }
}
