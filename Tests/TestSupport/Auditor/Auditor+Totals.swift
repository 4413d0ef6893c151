// The totals: the money received, computed from the deliveries, and its standings, computed from
// the payments.

extension Auditor {
    package struct Totals: Sendable, Hashable {
        /// The payments of SUCCESS deliveries, each counted once, without foreign and unreadable
        /// ones.
        package var received = Sum()
        /// The same payments by their present standing.
        package var standings: [Standing: Sum] = [:]
        /// The number of payments that need attention, by standing.
        package var needAttention: [Standing: Int] = [:]
        package var foreign = Sum()
        /// The readable amounts of unreadable payments; not in `received`.
        package var unreadable = Sum()
        /// The number of rows in the ledger.
        package var recorded = 0
        package var repeats = 0
        package var notSuccess = 0
    }

    package var totals: Totals {
        var totals = Totals()
        var counted: Set<Int> = []
        for delivery in deliveries {
            totals.recorded += 1
            totals.repeats += delivery.repeats
            if delivery.standing == .notSuccess { totals.notSuccess += 1 }
            guard delivery.isSuccess, let place = delivery.payment,
                delivery.standing != .foreign, delivery.standing != .unreadable,
                counted.insert(place).inserted
            else { continue }
            totals.received.count += 1
            totals.received.amount += delivery.sending.notice?.amount ?? 0
        }
        for payment in payments {
            switch payment.standing {
            case .foreign: totals.foreign.add(payment)
            case .unreadable: totals.unreadable.add(payment)
            default:
                totals.standings[payment.standing, default: Sum()].add(payment)
                if payment.needsAttention {
                    totals.needAttention[payment.standing, default: 0] += 1
                }
            }
        }
        return totals
    }
}
