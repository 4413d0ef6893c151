// A notification arrives: recorded once, joined to its payment, and told where it stands
// (docs/using.md, the table of standings).

import LoketCore

extension Auditor {
    /// What the service must have done with a delivery.
    package struct Reception: Sendable {
        /// Place in the deliveries.
        package let delivery: Int
        package let payment: Int?
        /// An equal delivery was there before: nothing is recorded.
        package let isRepeat: Bool
        /// It tells of a payment that an earlier delivery told of.
        package let hasJoined: Bool
    }

    /// - Parameter seen: standing and flags that the service gave; believed only where they turn
    ///   on an instant that nobody else knows.
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

    /// Whether a delivery's standing would turn on an instant that only the service knows.
    package func isDoubtful(_ sending: Sending, at now: Span) -> Bool {
        verdicts(on: sending, at: now).count > 1
    }

    /// The answer's members; both nil where it is `{}`.
    package func echo(of sending: Sending) -> (invoiceNumber: String?, paymentCode: String?) {
        guard let notice = sending.notice, let status = notice.status else { return (nil, nil) }
        if Self.isSuccess(status), !isForeignService(notice), !isReadable(notice) {
            return (nil, nil)
        }
        return (notice.invoiceNumber, notice.paymentCode)
    }

    /// In any case, and with white space around it.
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

    /// An unreadable notification may still have told an amount.
    private static func readableAmount(_ sending: Sending) -> Int64? {
        guard let amount = sending.notice?.amount, (1...amountMax).contains(amount) else {
            return nil
        }
        return amount
    }
}
