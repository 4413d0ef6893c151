// How much an import lowers the amounts of bills, and the warnings about it: a column that was mapped
// wrongly, or amounts that lost their zeros, change every bill and break no rule.

import LoketCore

package struct ImportLowering: Sendable, Equatable {
    /// The bills whose amount falls, now or at a later time, and by how many rupiah in all.
    package internal(set) var count: Int64 = 0
    package internal(set) var by: Int64 = 0
    /// What the open bills that the rows name owe before the import, and by its rows.
    package internal(set) var owedBefore: Int64 = 0
    package internal(set) var owedAfter: Int64 = 0

    package enum Warning: Sendable, Equatable {
        /// More than a tenth of the changed bills fall.
        case lowersMany(count: Int64, of: Int64, by: Int64)
        /// The rows have less than half of what their bills owe.
        case halves(before: Int64, after: Int64)

        package var name: String {
            switch self {
            case .lowersMany: "lowers_many"
            case .halves: "halves"
            }
        }
    }

    /// Fewer falling amounts are an everyday correction, which the difference shows one by one.
    static let countMin: Int64 = 10
    /// One changed bill in this many may fall.
    static let share: Int64 = 10

    /// The reason for a refusal because of warnings.
    static let refusal =
        "nothing was applied because of the warnings: if the lower amounts are intended, send the "
        + "file again with accept_warnings=true"

    /// - Parameter changed: the number of changed bills.
    package func warnings(changed: Int64) -> [Warning] {
        guard count >= Self.countMin else { return [] }
        var warnings: [Warning] = []
        if count * Self.share > changed {
            warnings.append(.lowersMany(count: count, of: changed, by: by))
        }
        if owedAfter < owedBefore - owedAfter {
            warnings.append(.halves(before: owedBefore, after: owedAfter))
        }
        return warnings
    }

    /// - Parameter edit: nil if the row changes nothing.
    mutating func add(_ record: BillRecord, _ edit: BillEdit?, now: Moment) {
        guard record.bill.state == .open else { return }
        let before = record.bill.amounts
        let after = edit.map { $0.applied(to: record).bill.amounts } ?? before
        let fall = after.fall(from: before, since: now)
        add(
            ImportLowering(
                count: fall > 0 ? 1 : 0, by: fall, owedBefore: before.amount(at: now).whole,
                owedAfter: after.amount(at: now).whole))
    }

    mutating func add(_ other: ImportLowering) {
        count += other.count
        by = by.plus(other.by)
        owedBefore = owedBefore.plus(other.owedBefore)
        owedAfter = owedAfter.plus(other.owedAfter)
    }
}

extension DatedAmounts {
    /// Returns by how many rupiah at most these amounts are lower than others at one time from now
    /// on; 0 if they never are.
    fileprivate func fall(from others: DatedAmounts, since now: Moment) -> Int64 {
        let ends = (steps + others.steps).map(\.until).filter { $0 > now }
        return ([now] + ends).map { others.amount(at: $0).whole - amount(at: $0).whole }
            .reduce(0, max)
    }
}

extension ImportRecord {
    package var warnings: [ImportLowering.Warning] {
        lowering.warnings(changed: difference.changed)
    }
}

extension Int64 {
    /// Returns the sum, at most the largest number: ten million bills can each have the largest
    /// amount.
    fileprivate func plus(_ other: Int64) -> Int64 {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}
