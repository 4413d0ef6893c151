// The amounts of a bill by date, and which of them a payment may have been quoted (docs/using.md).
// Every question is answered at single instants, of which a bill has few: between two of them its
// amount does not change.

import LoketCore

extension Auditor {
    /// An amount in whole rupiah, and the instant from which on it is not valid any more.
    package struct Step: Sendable, Hashable {
        package let amount: Int64
        /// Nil for the last amount of a list.
        package let until: Moment?

        package init(_ amount: Int64, until: Moment? = nil) {
            self.amount = amount
            self.until = until
        }
    }

    /// The field of a bill that is refused.
    package enum Fault: String, CaseIterable, Sendable, Hashable {
        case amounts
        case validFrom = "valid_from"
    }

    static let stepsMax = 12

    static func amount(of steps: [Step], at instant: Moment) -> Int64 {
        let step = steps.first { $0.until.map { instant < $0 } ?? true }
        guard let step else { preconditionFailure("the last amount has no end") }
        return step.amount
    }

    static func fault(in steps: [Step]) -> Fault? {
        let ends = steps.map(\.until)
        let isWhole = ends.last == .some(nil) && !ends.dropLast().contains(nil)
        let times = ends.compactMap(\.self)
        let isAscending = zip(times, times.dropFirst()).allSatisfy { $0 < $1 }
        return isWhole && isAscending && steps.count <= stepsMax ? nil : .amounts
    }

    /// Returns whether a bill would have expired, or reached its last amount, before inquiries for
    /// it are answered.
    static func isNeverValid(
        _ validFrom: Moment?, _ steps: [Step], _ expiresAt: Moment?
    ) -> Bool {
        guard let validFrom else { return false }
        return [steps.dropLast().last?.until, expiresAt].compactMap(\.self).contains {
            validFrom >= $0
        }
    }
}

extension Auditor {
    /// All amounts that a bill has had, and will have if it is not edited again.
    struct Timeline {
        /// The lists with the instants of the edits; nil for the first list.
        private let lists: [(steps: [Step], since: Moment?)]

        init(_ bill: Bill, lean: Lean) {
            lists = bill.lists.map { ($0.steps, $0.since.map(lean.edit)) }
        }

        /// Returns the index of the list that is valid at an instant.
        private func list(at instant: Moment) -> Int {
            lists.lastIndex { $0.since.map { $0 <= instant } ?? true } ?? 0
        }

        private func amount(at instant: Moment) -> Int64 {
            Auditor.amount(of: lists[list(at: instant)].steps, at: instant)
        }

        /// Returns whether the bill had the amount at any instant from `first` to `last`.
        func had(_ amount: Int64, from first: Moment, through last: Moment) -> Bool {
            let changes = lists.flatMap { list in [list.since] + list.steps.map(\.until) }
            let instants = changes.compactMap(\.self).filter { first < $0 && $0 <= last }
            return ([first] + instants).contains { self.amount(at: $0) == amount }
        }

        /// Returns whether the amount ended less than 15 minutes before a date, at the time that
        /// its list planned, and not by an edit.
        func ended(_ amount: Int64, justBefore date: Moment) -> Bool {
            let earliest = date.adding(milliseconds: -Bounds.lateAfter)
            return lists.indices.contains { place in
                lists[place].steps.contains { step in
                    guard let end = step.until, step.amount == amount, earliest < end, end <= date,
                        list(at: end) == place
                    else { return false }
                    let before = end.adding(milliseconds: -1)
                    return list(at: before) == place
                        && Auditor.amount(of: lists[place].steps, at: before) == amount
                }
            }
        }
    }
}
