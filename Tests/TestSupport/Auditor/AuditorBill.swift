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
        package var amounts: [Step]
        package var reusable = false
        package var validFrom: Moment?
        package var expiresAt: Moment?
        package var dueAt: Moment?

        /// - Parameter amount: Whole rupiah.
        package init(
            number: String, code: String, amount: Int64, reusable: Bool = false,
            expiresAt: Moment? = nil
        ) {
            self.number = number
            self.code = code
            amounts = [Step(amount)]
            self.reusable = reusable
            self.expiresAt = expiresAt
        }

        /// The field that contradicts another; nil if none does.
        var fault: Fault? {
            if let fault = Auditor.fault(in: amounts) { return fault }
            return Auditor.isNeverValid(validFrom, amounts, expiresAt) ? .validFrom : nil
        }
    }

    package struct Bill: Sendable {
        /// The properties at creation.
        package let order: BillOrder
        package internal(set) var state = BillState.open
        package internal(set) var cancelReason: String?
        package internal(set) var validFrom: Moment?
        package internal(set) var expiresAt: Moment?
        package internal(set) var dueAt: Moment?
        package internal(set) var replacedAt: Span?
        package internal(set) var isEdited = false
        /// The indexes of the settled payments of this bill.
        var payments: [Int] = []
        /// The indexes of all payments that ever held this bill, in the model's order.
        var holders: [Int] = []
        /// The indexes of the payments with this bill's number, of any standing.
        var notified: [Int] = []
        /// The lists of amounts in chronological order. The first has always been valid.
        var lists: [(steps: [Step], since: Span?)]

        package var number: String { order.number }
        package var code: String { order.code }
        package var isReusable: Bool { order.reusable }
        package var amounts: [Step] { lists.last?.steps ?? order.amounts }
        package var isDated: Bool { amounts.count > 1 }
        /// What an edit can change.
        package var terms: Edit.Terms {
            Edit.Terms(
                amounts: amounts, validFrom: validFrom, expiresAt: expiresAt, dueAt: dueAt)
        }
        /// All amounts that the bill ever had, oldest first.
        package var amountsEver: [Int64] { lists.flatMap { $0.steps.map(\.amount) } }

        var holdsCode: Bool { state == .open || state == .held }

        init(_ order: BillOrder) {
            self.order = order
            validFrom = order.validFrom
            expiresAt = order.expiresAt
            dueAt = order.dueAt
            lists = [(order.amounts, nil)]
        }

        /// Returns the amount of the present list at an instant.
        package func amount(at instant: Moment) -> Int64 {
            Auditor.amount(of: amounts, at: instant)
        }

        /// Returns the instants of the span from which on the bill is answered differently, and the
        /// beginning of the span.
        package func changes(in span: Span) -> [Moment] {
            let all = [validFrom, expiresAt] + amounts.map(\.until)
            return [span.earliest]
                + all.compactMap(\.self).filter { span.earliest < $0 && $0 <= span.latest }.sorted()
        }

        /// Returns nil if the bill expires within the span.
        func isExpired(at now: Span) -> Bool? {
            guard let expiresAt else { return false }
            if now.earliest >= expiresAt { return true }
            return now.latest < expiresAt ? false : nil
        }

        /// Returns whether the date is more than 15 minutes after the bill's expiry or replacement.
        func isLate(_ date: Moment, lean: Lean) -> Bool {
            [expiresAt, replacedAt.map(lean.replacement)].compactMap(\.self).contains { end in
                date > end.adding(milliseconds: Bounds.lateAfter)
            }
        }
    }
}
