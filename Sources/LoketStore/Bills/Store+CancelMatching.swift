// Cancels the open bills that match a filter. The caller has seen their number in a dry run and
// repeats it: if it has changed, nothing is cancelled. The bills are cancelled in batches that wait
// for other writes, like those of an import.

import GRDB
import LoketCore

/// The open bills that match a filter.
package struct MatchingBills: Sendable {
    package fileprivate(set) var ids: [Int64] = []
    /// The sum of their amounts now, in rupiah.
    package fileprivate(set) var amount: Int64 = 0
    /// Matching bills whose rows do not match their checksums. They are not cancelled.
    package fileprivate(set) var damaged: [Int64] = []
    /// Whether there are more than `Limits.cancelledByFilterMax`; then the others are not read.
    package fileprivate(set) var isTooMany = false
}

/// The result of `Store.cancel` with a filter.
package struct CancelledMatching: Sendable {
    package fileprivate(set) var cancelled: [Int64] = []
    /// The number of bills that were paid, cancelled or edited since they were counted, so that
    /// they are not open or do not match any more.
    package fileprivate(set) var left = 0
    /// The reason why the remaining bills were not cancelled; nil if none remain.
    package fileprivate(set) var failure: (any Error)?
}

extension Store {
    /// Reads the bills that `cancel` would cancel.
    ///
    /// - Parameter filter: its state must be `open` or `expired`.
    package func openBills(matching filter: BillFilter, now: Moment) async throws -> MatchingBills {
        var found = MatchingBills()
        var position: BillPosition?
        repeat {
            try Task.checkCancellation()
            let page = try await bills(filter, after: position, limit: Limits.pageItemsMax)
            found.damaged += page.damaged
            for record in page.records {
                found.ids.append(record.bill.id)
                found.amount += record.bill.amounts.amount(at: now).whole
            }
            found.isTooMany = found.ids.count > Limits.cancelledByFilterMax
            position = page.next
        } while position != nil && !found.isTooMany
        return found
    }

    /// Cancels bills that are still open and still match.
    ///
    /// - Parameters:
    ///   - found: the bills that `openBills` returned.
    ///   - reason: the merchant's text; `paid_elsewhere` makes inquiries answer "paid".
    ///   - actor: the name of the admin key.
    /// - Throws: the error of the first batch. An error of a later batch is in the result.
    package func cancel(
        _ found: MatchingBills, matching filter: BillFilter, reason: String?, actor: String,
        now: Moment
    ) async throws -> CancelledMatching {
        var result = CancelledMatching()
        let ids = found.ids
        var place = 0
        while place < ids.count {
            do {
                try Task.checkCancellation()
                let from = place
                let batch = try await commits.writeBehind { [commits] database in
                    try Self.cancelBatch(
                        ids[from...], filter, reason: reason, actor: actor, now: now, in: database
                    ) { commits.isAwaited }
                }
                place += batch.cancelled.count + batch.left
                result.cancelled += batch.cancelled
                result.left += batch.left
            } catch {
                guard place > 0 else { throw error }
                result.failure = error
                break
            }
        }
        return result
    }

    /// Cancels bills until the last, the time limit of a batch, or a caller that waits for the
    /// writer.
    private static func cancelBatch(
        _ ids: ArraySlice<Int64>, _ filter: BillFilter, reason: String?, actor: String,
        now: Moment, in database: Database, unless isAwaited: () -> Bool
    ) throws -> CancelledMatching {
        var batch = CancelledMatching()
        let began = ContinuousClock.now
        for id in ids {
            let done = batch.cancelled.count + batch.left
            if done > 0, done % Limits.importRowsAtLeast == 0,
                isAwaited() || ContinuousClock.now - began > ImportBatch.time
            {
                break
            }
            guard let record = try stillMatching(id, filter, in: database) else {
                batch.left += 1
                continue
            }
            try setState(
                .cancelled, of: record, reason: reason, actor: actor, now: now, in: database)
            batch.cancelled.append(id)
        }
        return batch
    }

    /// Returns the bill if it is open and matches the filter; nil also if its row is damaged.
    private static func stillMatching(
        _ id: Int64, _ filter: BillFilter, in database: Database
    ) throws -> BillRecord? {
        var wanted = SQLCondition("id = ?", [id])
        wanted.narrow("account_id = ?", filter.accountID)
        wanted = wanted.and(filter.conditions).and("state = 'open'")
        let row = try Row.fetchOne(
            database, sql: "SELECT \(BillRecord.columns) FROM bill\(wanted.clause)",
            arguments: wanted.values)
        do {
            return try row.map { try BillRecord($0) }
        } catch StoreFault.damagedBill {
            return nil
        }
    }
}
