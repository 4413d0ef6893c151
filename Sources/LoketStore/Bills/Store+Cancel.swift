// Cancelling a bill, also one whose row is damaged, which would keep its code for ever otherwise.

import GRDB
import LoketCore

/// What became of a wish to cancel.
package enum CancelOutcome: Sendable {
    case cancelled(BillRecord)
    /// It was cancelled before; nothing was changed.
    case already(BillRecord)
    /// Paid: there is nothing left to cancel.
    case refused(BillRecord)
    case unknown
}

extension Store {
    /// - Parameters:
    ///   - accountID: only a bill of this account; nil: of any.
    ///   - reason: the merchant's own word; `paid_elsewhere` makes the counter answer "paid".
    ///   - actor: name of the admin key.
    /// - Throws: `StoreFault.damagedBill` where the row is damaged and holds no code, or no bill
    ///   can be read from it.
    package func cancel(
        id: Int64, of accountID: Int64? = nil, reason: String?, actor: String, now: Moment
    ) async throws -> CancelOutcome {
        try await commits.write { database in
            let row = try database.row("SELECT \(BillRecord.columns) FROM bill WHERE id = ?1", [id])
            guard let row, [row.integer(1), nil].contains(accountID) else { return .unknown }
            let wasDamaged = BillRow.sound(row) == nil
            let record =
                wasDamaged
                ? try Self.asItStands(row, actor: actor, now: now, in: database)
                : try Self.fetch(id, in: database)
            switch record.bill.state {
            case .cancelled: return .already(record)
            case .paid: return .refused(record)
            case .open, .held, .replaced: break
            }
            do {
                try Self.setState(
                    .cancelled, of: record, reason: reason, actor: actor, now: now, in: database)
            } catch let error as DatabaseError
                where wasDamaged
                && [.SQLITE_CORRUPT, .SQLITE_CONSTRAINT].contains(error.resultCode)
            {
                // An index has the bill under what was in the row before, or its account does not
                // exist. The disk does not fail now: every write that shares the commit would.
                throw StoreFault.damagedBill(id: id)
            }
            return .cancelled(try Self.fetch(id, in: database))
        }
    }

    /// A bill that holds a code, as its damaged row has it, and a line about that in its history.
    /// Cancelling it writes a right checksum over what the row has now: the operator who cancels it
    /// wants no more of it than its code. Nothing else may do this, because it makes a wrong amount
    /// look right.
    ///
    /// - Throws: `StoreFault.damagedBill` where no bill that holds a code can be read from the row.
    private static func asItStands(
        _ row: Row, actor: String, now: Moment, in database: Database
    ) throws -> BillRecord {
        let record = try BillRecord(row, isTrusted: true)
        let id = record.bill.id
        guard record.bill.state.holdsCode else { throw StoreFault.damagedBill(id: id) }
        try noteChange(
            "damaged", of: id, detail: "the row did not match its checksum", actor: actor,
            now: now, in: database)
        return record
    }
}
