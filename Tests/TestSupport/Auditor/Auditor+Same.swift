// Rules for when two deliveries report the same payment (docs/using.md, payments). Check Status is
// not modelled: every delivery is a notification.

import LoketCore

extension Auditor {
    /// Returns the oldest payment that the delivery reports again; nil if the payment is new.
    func payment(of delivery: Delivery) -> Int? {
        guard delivery.isSuccess, let notice = delivery.sending.notice,
            let number = notice.invoiceNumber, isReadable(notice)
        else { return nil }
        return paymentPlaces[number]?.first { place in
            let payment = payments[place]
            guard payment.amount == notice.amount else { return false }
            let others = payment.deliveries.map { deliveries[$0].sending }
            // A delivery of another service never repeats a payment of this service, nor the
            // reverse.
            guard others.allSatisfy({ isOfAnotherService($0) == isForeignService(notice) }) else {
                return false
            }
            return others.allSatisfy { Self.haveNoOtherIdentifier($0, delivery.sending) }
                && others.contains { Self.match($0, delivery.sending) }
        }
    }

    private func isOfAnotherService(_ sending: Sending) -> Bool {
        sending.notice.map(isForeignService) ?? false
    }

    /// Adds a repeat to a payment; fills in missing values only.
    mutating func join(_ delivery: Int, to payment: Int) {
        let sending = deliveries[delivery].sending
        deliveries[delivery].payment = payment
        deliveries[delivery].standing = payments[payment].classifiedAs
        payments[payment].deliveries.append(delivery)
        payments[payment].identifiers.merge(Self.identifiers(of: sending)) { first, _ in first }
        if payments[payment].paymentCode == nil {
            payments[payment].paymentCode = sending.notice?.paymentCode
        }
        if payments[payment].dated == nil { payments[payment].dated = sending.dated }
    }

    static func identifiers(of sending: Sending) -> [String: String] {
        let list = sending.notice?.identifiers ?? []
        return Dictionary(list.map { ($0.name, $0.value) }) { first, _ in first }
    }

    private static func haveNoOtherIdentifier(_ one: Sending, _ other: Sending) -> Bool {
        let names = identifiers(of: one)
        return identifiers(of: other).allSatisfy {
            names[$0.key] == nil || names[$0.key] == $0.value
        }
    }

    private static func match(_ one: Sending, _ other: Sending) -> Bool {
        let transaction = "AGENT_TRX_ID"
        let bothTell = [one, other].allSatisfy { identifiers(of: $0)[transaction] != nil }
        guard let first = one.dated, let second = other.dated else {
            if bothTell { return true }
            return one.dated == nil && other.dated == nil && one.notice?.date == other.notice?.date
        }
        if bothTell {
            return abs(first.milliseconds - second.milliseconds) <= Bounds.samePaymentWithin
        }
        return first.seconds == second.seconds
    }
}
