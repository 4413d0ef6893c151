// A notification is received: it is recorded once, assigned to its payment and classified by
// standing (docs/using.md, the table of standings).

import LoketCore

extension Auditor {
    /// The expected result of a delivery in the service.
    package struct Reception: Sendable {
        /// The index of the delivery.
        package let delivery: Int
        package let payment: Int?
        /// Whether an equal delivery was recorded before, so that nothing is recorded.
        package let isRepeat: Bool
        /// Whether an earlier delivery reported the same payment.
        package let hasJoined: Bool
    }

    /// - Parameter seen: The standing and flags from the service, which are used only if the result
    ///   depends on an instant that only the service knows.
    package mutating func receive(
        _ sending: Sending, at now: Span, seen: (standing: Standing, flags: Set<Flag>)? = nil
    ) -> Reception {
        if let place = earlier(equalTo: sending) {
            deliveries[place].repeats += 1
            return Reception(
                delivery: place, payment: deliveries[place].payment, isRepeat: true,
                hasJoined: false)
        }
        let place = deliveries.count
        requestPlaces[sending.requestID, default: []].append(place)
        var delivery = Delivery(sending: sending, received: now, standing: .unreadable)
        if let status = sending.notice?.status, !Self.isSuccess(status) {
            delivery.standing = .notSuccess
            deliveries.append(delivery)
            return Reception(delivery: place, payment: nil, isRepeat: false, hasJoined: false)
        }
        deliveries.append(delivery)
        if let payment = payment(of: delivery) {
            join(place, to: payment)
            return Reception(delivery: place, payment: payment, isRepeat: false, hasJoined: true)
        }
        let possible = verdicts(on: sending, at: now)
        let verdict = possible.first { $0.standing == seen?.standing && $0.flags == seen?.flags }
        let payment = open(place, as: verdict ?? possible[0])
        return Reception(delivery: place, payment: payment, isRepeat: false, hasJoined: false)
    }

    /// Returns whether a delivery's standing depends on an instant that only the service knows.
    package func isDoubtful(_ sending: Sending, at now: Span) -> Bool {
        verdicts(on: sending, at: now).count > 1
    }

    /// Returns the answer's members; both nil for `{}`.
    package func echo(of sending: Sending) -> (invoiceNumber: String?, paymentCode: String?) {
        guard let notice = sending.notice, let status = notice.status else { return (nil, nil) }
        if Self.isSuccess(status), !isForeignService(notice), !isReadable(notice) {
            return (nil, nil)
        }
        return (notice.invoiceNumber, notice.paymentCode)
    }

    /// Compares without case and surrounding white space.
    static func isSuccess(_ status: String) -> Bool {
        status.split(whereSeparator: \.isWhitespace).joined(separator: " ").uppercased()
            == "SUCCESS"
    }

    private func earlier(equalTo sending: Sending) -> Int? {
        requestPlaces[sending.requestID]?.first { deliveries[$0].sending.body == sending.body }
    }

    private mutating func open(_ delivery: Int, as verdict: Verdict) -> Int {
        let place = payments.count
        let sending = deliveries[delivery].sending
        let isUnreadable = verdict.standing == .unreadable
        payments.append(
            Payment(
                standing: verdict.standing, classifiedAs: verdict.standing, flags: verdict.flags,
                bill: verdict.bill, heldBills: [verdict.heldBill].compactMap(\.self),
                invoiceNumber: sending.notice?.invoiceNumber,
                paymentCode: sending.notice?.paymentCode,
                amount: isUnreadable ? Self.readableAmount(sending) : sending.notice?.amount,
                dated: sending.dated,
                identifiers: Self.identifiers(of: sending), deliveries: [delivery]))
        deliveries[delivery].standing = verdict.standing
        deliveries[delivery].payment = place
        if verdict.standing == .unmatched { unmatched.insert(place) }
        if !isUnreadable, let number = sending.notice?.invoiceNumber {
            paymentPlaces[number, default: []].append(place)
        }
        if let number = verdict.bill { change(number) { $0.notified.append(place) } }
        if let touched = verdict.bill ?? verdict.heldBill {
            let isSettled = verdict.standing == .settled
            let mayHold = verdict.standing == .amountMismatch || verdict.heldBill != nil
            change(touched) { bill in
                if let state = verdict.state { bill.state = state }
                if isSettled { bill.payments.append(place) }
                if mayHold { bill.holders.append(place) }
            }
        }
        return place
    }

    /// Returns the amount of an unreadable notification, if its amount is readable.
    private static func readableAmount(_ sending: Sending) -> Int64? {
        guard let amount = sending.notice?.amount, (1...amountMax).contains(amount) else {
            return nil
        }
        return amount
    }
}
