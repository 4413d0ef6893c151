// The merchant's operations: creating, editing, cancelling and reopening bills.

import LoketCore

extension Auditor {
    package enum Made: Sendable, Hashable {
        case new
        /// An identical bill exists.
        case existing
        /// Another bill has the invoice number.
        case numberTaken
        /// The numbers of two bills would differ only by a suffix.
        case numberAmbiguous
        /// An open or held bill has the code.
        case codeTaken
        case expiryPast
        case invalid(Fault)
    }

    /// - Parameter seen: The service's answer, which is used only if the outcome depends on an
    ///   instant that only the service knows.
    /// - Returns: The answer that the service had to give.
    package mutating func make(_ order: BillOrder, at now: Span, seen: Made? = nil) -> Made {
        let possible = outcomes(of: order, at: now)
        let made = possible.first { $0 == seen } ?? possible[0]
        guard made == .new else { return made }
        freeCode(order.code, at: now)
        billPlaces[order.number] = bills.count
        codePlaces[order.code, default: []].append(bills.count)
        bills.append(Bill(order))
        holdForEarlierPayments(bills.count - 1, at: now)
        return made
    }

    /// Replaces the expired bill that has the code.
    private mutating func freeCode(_ code: String, at now: Span) {
        guard let holder = codePlaces[code]?.last(where: { bills[$0].holdsCode }) else { return }
        bills[holder].state = .replaced
        bills[holder].replacedAt = now
    }

    /// Holds a new or reopened bill for earlier unmatched payments with its number, with its number
    /// plus a suffix, or, for three days, with only its code. A reusable bill stays open.
    private mutating func holdForEarlierPayments(_ place: Int, at now: Span) {
        let bill = bills[place]
        guard !bill.isReusable else { return }
        for payment in unmatched.sorted() {
            let number = payments[payment].invoiceNumber
            let received = deliveries[payments[payment].deliveries[0]].received
            // The clock does not read the one millisecond at which the result is uncertain.
            let isOld = now.isLater(
                than: received.adding(milliseconds: Bounds.heldByCodeWithin))
            guard
                number == bill.number || number.flatMap(Self.ownNumber) == bill.number
                    || (payments[payment].paymentCode == bill.code && isOld != true)
            else { continue }
            bills[place].state = .held
            bills[place].holders.append(payment)
            if !payments[payment].heldBills.contains(bill.number) {
                payments[payment].heldBills.append(bill.number)
            }
        }
    }

    /// Returns one or more outcomes.
    private func outcomes(of order: BillOrder, at now: Span) -> [Made] {
        if let fault = order.fault { return [.invalid(fault)] }
        if let bill = bill(order.number) { return [bill.order == order ? .existing : .numberTaken] }
        var possible: [Made] = []
        let isPast = Bill(order).isExpired(at: now)
        if isPast != false { possible.append(.expiryPast) }
        if isPast == true { return possible }
        if isAmbiguous(order.number) { return possible + [.numberAmbiguous] }
        let isFree = isFree(order.code, at: now)
        if isFree != true { possible.append(.codeTaken) }
        if isFree != false { possible.append(.new) }
        return possible
    }

    /// Returns nil if the bill with the code expires within the span.
    private func isFree(_ code: String, at now: Span) -> Bool? {
        guard let holder = codePlaces[code]?.last(where: { bills[$0].holdsCode }) else {
            return true
        }
        return bills[holder].state == .held ? false : bills[holder].isExpired(at: now)
    }

    private func isAmbiguous(_ number: String) -> Bool {
        Self.ownNumber(number).flatMap { bill($0) } != nil
            || bills.contains { Self.ownNumber($0.number) == number }
    }

    package enum Cancelled: Sendable {
        case done, already
        /// The bill is paid and stays paid.
        case refused
    }

    package mutating func cancel(_ number: String, reason: String?) -> Cancelled {
        switch bill(number)?.state {
        case .paid, nil: return .refused
        case .cancelled: return .already
        case .open, .held, .replaced:
            change(number) {
                $0.state = .cancelled
                $0.cancelReason = reason
            }
            return .done
        }
    }

    package enum Reopened: Sendable, Hashable {
        case done, already
        /// The bill is not cancelled.
        case refused
        /// A payment for the bill waits for a decision.
        case undecided
        case codeTaken
    }

    /// Takes a cancel back.
    ///
    /// - Parameter seen: As for `make`.
    package mutating func reopen(
        _ number: String, at now: Span, seen: Reopened? = nil
    ) -> Reopened {
        guard let place = billPlaces[number] else { return .refused }
        let bill = bills[place]
        switch bill.state {
        case .open: return .already
        case .held, .paid, .replaced: return .refused
        case .cancelled: break
        }
        if bill.notified.contains(where: {
            payments[$0].bill == number && payments[$0].needsAttention
        }) {
            return .undecided
        }
        switch isFree(bill.code, at: now) {
        case false?: return .codeTaken
        case nil: if seen == .codeTaken { return .codeTaken }
        case true?: break
        }
        freeCode(bill.code, at: now)
        bills[place].state = .open
        bills[place].cancelReason = nil
        bills[place].replacedAt = nil
        // What held it when it was cancelled holds it again, however long ago it came.
        if bill.holders.contains(where: { payments[$0].resolution == nil }) {
            bills[place].state = .held
        }
        holdForEarlierPayments(place, at: now)
        return .done
    }
}
