// An operator's decision about a payment: it settles a bill, was refunded, or is dismissed.

extension Auditor {
    package enum Resolved: Sendable, Hashable {
        case done
        /// The same decision was made before.
        case again
        /// A different decision was made before.
        case resolvedBefore
        case nothingToResolve
        /// No bill can be settled.
        case noBill
        case billPaid
    }

    /// Returns the outcome of a decision without making it. Foreign payments are not covered.
    package func outcome(of resolution: Resolution, on payment: Int) -> Resolved {
        let payment = payments[payment]
        if let before = payment.resolution {
            return before == resolution ? .again : .resolvedBefore
        }
        if payment.standing == .settled, payment.flags.isEmpty { return .nothingToResolve }
        guard resolution.action == .accept, payment.standing != .settled else { return .done }
        guard let bill = (resolution.bill ?? payment.bill).flatMap({ bill($0) }) else {
            return .noBill
        }
        return !bill.isReusable && bill.state == .paid ? .billPaid : .done
    }

    package mutating func resolve(_ payment: Int, _ resolution: Resolution) -> Resolved {
        let outcome = outcome(of: resolution, on: payment)
        guard outcome == .done else { return outcome }
        let held = heldBills(of: payment)
        payments[payment].resolution = resolution
        unmatched.remove(payment)
        if resolution.action == .accept, payments[payment].standing != .settled,
            let number = resolution.bill ?? payments[payment].bill
        {
            payments[payment].standing = .settled
            payments[payment].bill = number
            change(number) { bill in
                bill.payments.append(payment)
                if !bill.isReusable { bill.state = .paid }
            }
        }
        for number in held where isHeldByNobody(number) {
            change(number) { $0.state = .open }
        }
        return outcome
    }

    /// Returns the bills that the payment helped to hold and that are still held.
    package func heldBills(of payment: Int) -> [String] {
        let candidates = payments[payment].heldBills + [payments[payment].bill].compactMap(\.self)
        return candidates.filter { number in
            guard let bill = bill(number), bill.state == .held else { return false }
            return bill.holders.contains(payment)
        }
    }

    private func isHeldByNobody(_ number: String) -> Bool {
        guard let bill = bill(number), bill.state == .held else { return false }
        return bill.holders.allSatisfy { payments[$0].resolution != nil }
    }
}
