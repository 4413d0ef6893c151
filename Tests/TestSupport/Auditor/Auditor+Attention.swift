// Notifications that need attention although they are not payments: statuses that DOKU does not
// document, and failures of payments that were recorded before.

extension Auditor {
    package enum AttentionKind: String, Sendable {
        case unknownStatus = "unknown_status"
        case contradictsPayment = "contradicts_payment"
    }

    package struct Attention: Sendable, Hashable {
        package let kind: AttentionKind
        /// The index of the delivery.
        package let delivery: Int
        /// The index of the last earlier payment with the same invoice number; nil if none.
        package let payment: Int?
    }

    /// The entries, in the order of the deliveries.
    package var attention: [Attention] {
        deliveries.indices.compactMap { place in
            guard deliveries[place].standing == .notSuccess,
                let notice = deliveries[place].sending.notice, !isForeignService(notice)
            else { return nil }
            let payment = paymentPlaces[notice.invoiceNumber ?? ""]?.last {
                payments[$0].classifiedAs != .foreign && payments[$0].deliveries[0] < place
            }
            let kind: AttentionKind
            switch notice.status?.uppercased() {
            case "PENDING": return nil
            case "FAILED", "EXPIRED":
                if payment == nil { return nil }
                kind = .contradictsPayment
            default: kind = .unknownStatus
            }
            return Attention(kind: kind, delivery: place, payment: payment)
        }
    }
}
