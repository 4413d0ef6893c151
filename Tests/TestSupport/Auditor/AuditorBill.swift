// A bill in the model: its amounts over time, and the payments that hold it.

import LoketCore

extension Auditor {
    package enum BillState: String, Sendable {
        case open, held, paid, cancelled, replaced
    }

    /// The properties with which a bill is created.
    package struct BillOrder: Sendable, Hashable {
        package var number: String
        package var code: String
        /// In whole rupiah.
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
        /// The properties at creation.
        package let order: BillOrder
        package internal(set) var state = BillState.open
        package internal(set) var cancelReason: String?
        package internal(set) var expiresAt: Moment?
        package internal(set) var replacedAt: Span?
        package internal(set) var isEdited = false
        /// The indexes of the settled payments of this bill.
        var payments: [Int] = []
        /// The indexes of all payments that ever held this bill, in the model's order.
        var holders: [Int] = []
        /// The amounts in chronological order. The first has always been valid.
        var amounts: [(amount: Int64, since: Span?)]

        package var number: String { order.number }
        package var code: String { order.code }
        package var isReusable: Bool { order.reusable }
        package var amount: Int64 { amounts.last?.amount ?? order.amount }
        /// All amounts that the bill ever had, oldest first.
        package var amountsEver: [Int64] { amounts.map(\.amount) }

        var holdsCode: Bool { state == .open || state == .held }

        init(_ order: BillOrder) {
            self.order = order
            expiresAt = order.expiresAt
            amounts = [(order.amount, nil)]
        }

        /// Returns nil if the bill expires within the span.
        func isExpired(at now: Span) -> Bool? {
            guard let expiresAt else { return false }
            if now.earliest >= expiresAt { return true }
            return now.latest < expiresAt ? false : nil
        }

        /// Returns whether the bill had the amount at any instant between `from` and `until`.
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

        /// Returns whether the date is more than 15 minutes after the bill's expiry or replacement.
        func isLate(_ date: Span, lean: Lean) -> Bool {
            [expiresAt.map { Span($0) }, replacedAt].compactMap(\.self).contains { end in
                date.isLater(than: end.adding(milliseconds: Bounds.lateAfter)) ?? lean.late
            }
        }
    }
}
