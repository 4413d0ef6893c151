// Cancelling a bill, and the one statement that moves a bill from one state to another.

import GRDB
import LoketCore

/// What became of a wish to cancel.
package enum CancelOutcome: Sendable {
    case cancelled(BillRecord)
    /// It was cancelled before; nothing was changed.
    case already(BillRecord)
    /// Paid, held or replaced: there is nothing left to cancel.
    case refused(BillRecord)
    case unknown
}

extension BillStore {
    /// - Parameters:
    ///   - reason: the merchant's own word; `paid_elsewhere` makes the counter answer "paid".
    ///   - actor: name of the admin key.
    package func cancel(
        id: Int64, reason: String?, actor: String, now: Moment
    ) async throws -> CancelOutcome {
        try await pool.write { database in
            guard let record = try Self.record(id: id, in: database) else { return .unknown }
            switch record.bill.state {
            case .cancelled: return .already(record)
            case .paid, .held, .replaced: return .refused(record)
            case .open: break
            }
            try Self.setState(
                .cancelled, of: record, reason: reason, actor: actor, now: now, in: database)
            guard let cancelled = try Self.record(id: id, in: database) else {
                preconditionFailure("a bill is never deleted")
            }
            return .cancelled(cancelled)
        }
    }

    /// Moves a bill on, with its checksum and a line in its history.
    static func setState(
        _ state: Bill.State, of record: BillRecord, reason: String?, actor: String?,
        now: Moment, in database: Database
    ) throws {
        let old = record.bill
        let bill = Bill(
            id: old.id, paymentCode: old.paymentCode, invoiceNumber: old.invoiceNumber,
            amount: old.amount, reusable: old.reusable, expiresAt: old.expiresAt, state: state,
            cancelReason: reason, customerName: old.customerName,
            customerEmail: old.customerEmail, info: old.info)
        try database.execute(
            sql: """
                UPDATE bill SET state = ?, cancel_reason = ?, changed_at = ?, checksum = ?
                WHERE id = ?
                """,
            arguments: [
                state.rawValue, reason, now.milliseconds,
                BillRow.checksum(of: bill, accountID: record.accountID), bill.id,
            ])
        try database.execute(
            sql:
                "INSERT INTO bill_change (bill_id, at, change, actor, detail) VALUES (?, ?, ?, ?, ?)",
            arguments: [bill.id, now.milliseconds, state.rawValue, actor, reason])
    }
}
