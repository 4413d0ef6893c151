// A person decides about a payment: it settles a bill, was given back, or is nothing.

extension Auditor {
    package enum Resolved: Sendable, Hashable {
        case done
        /// The same was decided before.
        case again
        /// Something else was decided before.
        case resolvedBefore
        case nothingToResolve
        /// There is no bill to settle.
        case noBill
        case billPaid
    }

    /// What would come of it; changes nothing. Foreign payments are not resolved here.
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
        payments[payment].resolution = resolution
        switch resolution.action {
        case .accept:
            guard payments[payment].standing != .settled,
                let number = resolution.bill ?? payments[payment].bill
            else { break }
            payments[payment].standing = .settled
            payments[payment].bill = number
            change(number) { bill in
                bill.payments.append(payment)
                if !bill.isReusable { bill.state = .paid }
            }
        case .refunded, .dismiss:
            if let number = heldBill(of: payment), isHeldByNobody(number) {
                change(number) { $0.state = .open }
            }
        }
        return outcome
    }

    /// The bill that a payment helped to hold, where it is held still.
    package func heldBill(of payment: Int) -> String? {
        let candidate = payments[payment].heldBill ?? payments[payment].bill
        guard let bill = candidate.flatMap({ bill($0) }), bill.state == .held else { return nil }
        return bill.holders.contains(payment) ? bill.number : nil
    }

    private func isHeldByNobody(_ number: String) -> Bool {
        bill(number)?.holders.allSatisfy { payments[$0].resolution != nil } ?? false
    }
}
