// A bill in the auditor's books: what it carried and when, and who holds it.

import LoketCore

extension Auditor {
    package enum BillState: String, Sendable {
        case open, held, paid, cancelled, replaced
    }

    /// A bill as it is ordered from the service.
    package struct BillOrder: Sendable, Hashable {
        package var number: String
        package var code: String
        /// Whole rupiah.
        package var amount: Int64
        package var reusable = false
        package var expiresAt: Moment?

        package init(
            number: String, code: String, amount: Int64, reusable: Bool = false,
            expiresAt: Moment? = nil
        ) {
            self.number = number
            self.code = code
            self.amount = amount
            self.reusable = reusable
            self.expiresAt = expiresAt
        }
    }

    package struct Bill: Sendable {
        /// As first ordered.
        package let order: BillOrder
        package internal(set) var state = BillState.open
        package internal(set) var cancelReason: String?
        package internal(set) var expiresAt: Moment?
        package internal(set) var replacedAt: Span?
        package internal(set) var isEdited = false
        /// Payments that are settled on it.
        var payments: [Int] = []
        /// Every payment that ever held it, in the auditor's order.
        var holders: [Int] = []
        /// Amounts in their order; the first is taken as carried since ever.
        var amounts: [(amount: Int64, since: Span?)]

        package var number: String { order.number }
        package var code: String { order.code }
        package var isReusable: Bool { order.reusable }
        package var amount: Int64 { amounts.last?.amount ?? order.amount }
        /// Every amount that it ever carried, oldest first.
        package var amountsEver: [Int64] { amounts.map(\.amount) }

        var holdsCode: Bool { state == .open || state == .held }

        init(_ order: BillOrder) {
            self.order = order
            expiresAt = order.expiresAt
            amounts = [(order.amount, nil)]
        }

        /// Nil where its expiry lies inside of the span.
        func isExpired(at now: Span) -> Bool? {
            guard let expiresAt else { return false }
            if now.earliest >= expiresAt { return true }
            return now.latest < expiresAt ? false : nil
        }

        /// Whether it carried the amount at any instant between the two.
        func carried(_ amount: Int64, from: Span, until: Span, lean: Lean) -> Bool {
            amounts.indices.contains { place in
                guard amounts[place].amount == amount else { return false }
                let next = place + 1 < amounts.count ? amounts[place + 1].since : nil
                let hasBegun = amounts[place].since.map { since in
                    since.isLater(than: until).map { !$0 } ?? lean.carried
                }
                let hasNotEnded = next.map { $0.isLater(than: from) ?? lean.carried }
                return hasBegun ?? true && hasNotEnded ?? true
            }
        }

        /// Over 15 minutes past its expiry, or past the moment when another bill took its code.
        func isLate(_ date: Span, lean: Lean) -> Bool {
            [expiresAt.map { Span($0) }, replacedAt].compactMap(\.self).contains { end in
                date.isLater(than: end.adding(milliseconds: Bounds.lateAfter)) ?? lean.late
            }
        }
    }
}
