// Cancels a bill, and reopens a cancelled bill. A bill whose row is damaged can be cancelled too:
// otherwise it would hold its code for ever.

import GRDB
import LoketCore

/// The result of `Store.cancel`.
package enum CancelOutcome: Sendable {
    case cancelled(BillRecord)
    /// The bill was already cancelled; nothing was changed.
    case already(BillRecord)
    /// The bill is paid, so it cannot be cancelled.
    case refused(BillRecord)
    case unknown
}

extension Store {
    /// Cancels a bill.
    ///
    /// - Parameters:
    ///   - accountID: the account that must own the bill; nil accepts any account.
    ///   - reason: the merchant's text; `paid_elsewhere` makes inquiries answer "paid".
    ///   - actor: the name of the admin key.
    /// - Throws: `StoreFault.damagedBill` if the row is damaged and either holds no code or cannot
    ///   be read as a bill.
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
                // Only this write failed. A bad disk would fail every write in the commit, so the
                // row is damaged: an index entry does not match the row, or the row's account does
                // not exist.
                throw StoreFault.damagedBill(id: id)
            }
            return .cancelled(try Self.fetch(id, in: database))
        }
    }

    /// Returns a bill that holds a code, as read from its damaged row, and records the damage in
    /// its history. Cancelling the bill then writes a matching checksum over the damaged content.
    /// That is acceptable here only: the operator cancels the bill to free its code. Anywhere else
    /// a matching checksum would make a wrong amount look right.
    ///
    /// - Throws: `StoreFault.damagedBill` if no bill that holds a code can be read from the row.
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

/// The result of `Store.reopen`.
package enum ReopenBillOutcome: Sendable {
    case reopened(BillRecord)
    /// The bill is open; nothing was changed.
    case already(BillRecord)
    /// The bill is not cancelled.
    case refused(BillRecord)
    /// Another bill has the code now.
    case codeTaken(by: BillRecord)
    /// A payment for the bill arrived after the cancellation and has no decision yet.
    case paid(paymentID: Int64)
    case unknown
}

extension Store {
    /// Reopens a cancelled bill, with its number and its code.
    ///
    /// - Parameters:
    ///   - accountID: the account that must own the bill; nil accepts any account.
    ///   - actor: the name of the admin key.
    /// - Throws: `StoreFault.damagedBill` if the row of the bill, or of the bill that has its code,
    ///   is damaged.
    package func reopen(
        billID id: Int64, of accountID: Int64? = nil, actor: String, now: Moment
    ) async throws -> ReopenBillOutcome {
        try await commits.write { database in
            guard let record = try Self.page(of: id, in: database),
                [record.accountID, nil].contains(accountID)
            else { return .unknown }
            switch record.bill.state {
            case .open: return .already(record)
            case .held, .paid, .replaced: return .refused(record)
            case .cancelled: break
            }
            // A customer who paid the cancelled bill would be asked to pay again.
            if let payment = try Self.undecidedPayment(of: id, in: database) {
                return .paid(paymentID: payment)
            }
            let code = record.bill.paymentCode
            let keeper = try Self.keeper(
                of: code, accountID: record.accountID, now: now, in: database)
            if let keeper { return .codeTaken(by: keeper) }
            try Self.freeExpired(
                code, accountID: record.accountID, addsEvent: true, now: now, in: database)
            let opened = try Self.setState(.open, of: record, actor: actor, now: now, in: database)
            let earlier = try EarlierPayments(in: database, now: now)
            let payments = try earlier.ids(
                accountID: record.accountID,
                for: BillDraft(record.bill, metadata: record.metadata))
            // The bill may have been held when it was cancelled.
            let holding = try Self.paymentsHolding(id, in: database).map(\.id)
            try Self.hold(
                opened, for: Set(payments + holding).sorted(), now: now, in: database)
            return .reopened(try Self.fetch(id, in: database))
        }
    }

    /// Returns a payment that matches the bill and needs a decision; nil if none.
    static func undecidedPayment(of billID: Int64, in database: Database) throws -> Int64? {
        try database.integer(
            "SELECT id FROM payment WHERE bill_id = ?1 AND needs_attention = 1 LIMIT 1", [billID])
    }
}
