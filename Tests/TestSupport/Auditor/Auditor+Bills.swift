// The merchant's operations: creating, editing and cancelling bills.

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
    }

    /// - Parameter seen: The service's answer, which is used only if the outcome depends on an
    ///   instant that only the service knows.
    /// - Returns: The answer that the service had to give.
    package mutating func make(_ order: BillOrder, at now: Span, seen: Made? = nil) -> Made {
        let possible = outcomes(of: order, at: now)
        let made = possible.first { $0 == seen } ?? possible[0]
        guard made == .new else { return made }
        if let holder = codePlaces[order.code]?.last(where: { bills[$0].holdsCode }) {
            bills[holder].state = .replaced
            bills[holder].replacedAt = now
        }
        billPlaces[order.number] = bills.count
        codePlaces[order.code, default: []].append(bills.count)
        bills.append(Bill(order))
        if !order.reusable { holdNewest(at: now) }
        return made
    }

    /// Holds the newest bill for earlier unmatched payments with its number, with its number plus a
    /// suffix, or, for three days, with only its code.
    private mutating func holdNewest(at now: Span) {
        let place = bills.count - 1
        let order = bills[place].order
        for payment in unmatched.sorted() {
            let number = payments[payment].invoiceNumber
            let received = deliveries[payments[payment].deliveries[0]].received
            // A test run is too short for an uncertain result.
            let isOld = now.isLater(
                than: received.adding(milliseconds: Bounds.heldByCodeWithin))
            guard
                number == order.number || number.flatMap(Self.ownNumber) == order.number
                    || (payments[payment].paymentCode == order.code && isOld != true)
            else { continue }
            bills[place].state = .held
            bills[place].holders.append(payment)
            payments[payment].heldBills.append(order.number)
        }
    }

    /// Returns one or more outcomes.
    private func outcomes(of order: BillOrder, at now: Span) -> [Made] {
        if let bill = bill(order.number) { return [bill.order == order ? .existing : .numberTaken] }
        var possible: [Made] = []
        let isPast = Bill(order).isExpired(at: now)
        if isPast != false { possible.append(.expiryPast) }
        if isPast == true { return possible }
        if isAmbiguous(order.number) { return possible + [.numberAmbiguous] }
        guard let holder = codePlaces[order.code]?.last(where: { bills[$0].holdsCode }) else {
            return possible + [.new]
        }
        let isFree = bills[holder].state == .held ? false : bills[holder].isExpired(at: now)
        if isFree != true { possible.append(.codeTaken) }
        if isFree != false { possible.append(.new) }
        return possible
    }

    private func isAmbiguous(_ number: String) -> Bool {
        Self.ownNumber(number).flatMap { bill($0) } != nil
            || bills.contains { Self.ownNumber($0.number) == number }
    }

    /// The changes of an edit; other fields are unchanged.
    package struct Edit: Sendable {
        package enum Expiry: Sendable {
            case unchanged, none
            case at(Moment)
        }

        package var amount: Int64?
        package var expiry: Expiry

        package init(amount: Int64? = nil, expiry: Expiry = .unchanged) {
            self.amount = amount
            self.expiry = expiry
        }
    }

    /// - Returns: False if the bill is not open and so cannot be edited.
    package mutating func edit(_ number: String, _ edit: Edit, at now: Span) -> Bool {
        guard bill(number)?.state == .open else { return false }
        change(number) { bill in
            bill.isEdited = true
            if let amount = edit.amount, amount != bill.amount {
                bill.amounts.append((amount, now))
            }
            switch edit.expiry {
            case .unchanged: break
            case .none: bill.expiresAt = nil
            case .at(let moment): bill.expiresAt = moment
            }
        }
        return true
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
}
