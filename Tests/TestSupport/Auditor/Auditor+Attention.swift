// What a person should look at although it is no payment: statuses that DOKU does not document, and
// failures of what was paid before.

extension Auditor {
    package enum AttentionKind: String, Sendable {
        case unknownStatus = "unknown_status"
        case contradictsPayment = "contradicts_payment"
    }

    package struct Attention: Sendable, Hashable {
        package let kind: AttentionKind
        /// Place in the deliveries.
        package let delivery: Int
        /// Place of the last payment that came before it under its invoice number.
        package let payment: Int?
    }

    /// In the order of the deliveries.
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
