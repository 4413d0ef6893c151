// The sums: what was received, told from the deliveries, and where it stands, told from the
// payments.

extension Auditor {
    package struct Totals: Sendable, Hashable {
        /// Money of every SUCCESS delivery's payment, once each; foreign and unreadable left out.
        package var received = Sum()
        /// The same money by where it stands now.
        package var standings: [Standing: Sum] = [:]
        /// How many of each standing need somebody's attention.
        package var needAttention: [Standing: Int] = [:]
        package var foreign = Sum()
        /// What of it could be read; not counted as received.
        package var unreadable = Sum()
        /// Rows of the ledger.
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
