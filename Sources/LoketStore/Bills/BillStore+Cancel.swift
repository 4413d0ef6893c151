// Cancelling a bill, also one whose row is damaged: it would keep its code for ever.

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

extension BillStore {
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
            let owner = try Int64.fetchOne(
                database, sql: "SELECT account_id FROM bill WHERE id = ?", arguments: [id])
            guard let owner, [owner, nil].contains(accountID) else { return .unknown }
            let wasDamaged = try Self.sealDamaged(id, actor: actor, now: now, in: database)
            guard let record = try Self.page(of: id, in: database) else { return .unknown }
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
                // An index has the bill under what stood in the row before, or its account is
                // none. That is no failure of the disk now, with which every write that shares the
                // commit would fail.
                throw StoreFault.damagedBill(id: id)
            }
            return .cancelled(try Self.fetch(id, in: database))
        }
    }

    /// Gives the damaged row of a bill that holds a code a right checksum over what stands in it
    /// now, and says so in the bill's history. Whoever cancels it wants no more of it than its
    /// code; nothing else may do this, for it makes a wrong amount look right.
    ///
    /// - Returns: false where there was nothing to do, or no bill can be read from the row.
    private static func sealDamaged(
        _ id: Int64, actor: String, now: Moment, in database: Database
    ) throws -> Bool {
        let row = try Row.fetchOne(
            database, sql: "SELECT \(BillRow.columns) FROM bill WHERE id = ?", arguments: [id])
        guard let row, case .damaged = BillRow.read(row),
            let (bill, accountID) = BillRow.asItStands(row), bill.state.holdsCode
        else { return false }
        try database.execute(
            sql: "UPDATE bill SET checksum = ? WHERE id = ?",
            arguments: [BillRow.checksum(of: bill, accountID: accountID), id])
        try noteChange(
            "damaged", of: id, detail: "the row did not match its checksum", actor: actor,
            now: now, in: database)
        return true
    }
}
