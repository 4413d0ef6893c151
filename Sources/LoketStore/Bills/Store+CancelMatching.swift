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
    /// The number of the other bills that were counted. They were paid, cancelled, edited or
    /// damaged meanwhile, or the request stopped before them.
    package fileprivate(set) var left = 0
    /// Bills whose rows became damaged after they were counted. They are among those left.
    package fileprivate(set) var damaged: [Int64] = []
    /// The reason why the request stopped; nil if it reached every bill.
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

    /// Cancels bills that are still open and still match. Each batch spares the reserve of disk
    /// space.
    ///
    /// - Parameters:
    ///   - found: the bills that `openBills` returned.
    ///   - reason: the merchant's text; `paid_elsewhere` makes inquiries answer "paid".
    ///   - actor: the name of the admin key.
    ///   - isStopping: returns whether to stop before the next batch.
    /// - Throws: the error of the first batch. An error of a later batch is in the result.
    package func cancel(
        _ found: MatchingBills, matching filter: BillFilter, reason: String?, actor: String,
        now: Moment, isStopping: @Sendable () -> Bool = { Task.isCancelled }
    ) async throws -> CancelledMatching {
        var result = CancelledMatching()
        let ids = found.ids
        var place = 0
        while place < ids.count {
            do {
                if isStopping() { throw CancellationError() }
                let from = place
                let batch = try await commits.writeBehind { [self] database in
                    let batch = try cancelBatch(
                        ids[from...], filter, reason: reason, actor: actor, now: now, in: database)
                    if !batch.cancelled.isEmpty { try checkRoom(in: database) }
                    return batch
                }
                place += batch.reached
                result.cancelled += batch.cancelled
                result.damaged += batch.damaged
            } catch {
                guard place > 0 else { throw error }
                result.failure = error
                break
            }
        }
        result.left = ids.count - result.cancelled.count
        return result
    }

    private struct CancelBatch: Sendable {
        var reached = 0
        var cancelled: [Int64] = []
        var damaged: [Int64] = []
    }

    /// Cancels bills until the last, the time limit of a batch, or a caller that waits for the
    /// writer.
    private func cancelBatch(
        _ ids: ArraySlice<Int64>, _ filter: BillFilter, reason: String?, actor: String,
        now: Moment, in database: Database
    ) throws -> CancelBatch {
        var batch = CancelBatch()
        let began = ContinuousClock.now
        for id in ids {
            if batch.reached > 0, batch.reached % Limits.importRowsAtLeast == 0,
                commits.isAwaited || ContinuousClock.now - began > ImportBatch.time
            {
                break
            }
            batch.reached += 1
            do {
                guard let record = try Self.stillMatching(id, filter, in: database) else {
                    continue
                }
                try Self.setState(
                    .cancelled, of: record, reason: reason, actor: actor, now: now, in: database)
                batch.cancelled.append(id)
            } catch StoreFault.damagedBill {
                batch.damaged.append(id)
            }
        }
        return batch
    }

    /// Returns the bill if it is open and matches the filter.
    ///
    /// - Throws: `StoreFault.damagedBill` if its row is damaged.
    private static func stillMatching(
        _ id: Int64, _ filter: BillFilter, in database: Database
    ) throws -> BillRecord? {
        var wanted = SQLCondition("id = ?", [id])
        wanted.narrow("account_id = ?", filter.accountID)
        wanted = wanted.and(filter.conditions).and("state = 'open'")
        return try Row.fetchOne(
            database, sql: "SELECT \(BillRecord.columns) FROM bill\(wanted.clause)",
            arguments: wanted.values
        ).map { try BillRecord($0) }
    }
}
