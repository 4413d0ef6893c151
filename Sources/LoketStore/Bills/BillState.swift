// Moving a bill from one state to another, with a line in its history and the event that reports it.
// And filling a database before any service runs on it.

import GRDB
import LoketCore

extension Store {
    /// - Parameters:
    ///   - record: the bill as it is now, read in the same transaction.
    ///   - reason: of a cancel; it is part of what inquiries are answered from.
    ///   - actor: name of the admin key; nil where the service does it.
    ///   - paymentID: the payment that does it.
    ///   - addsEvent: false where one event reports many bills.
    /// - Returns: the bill as it is then.
    @discardableResult
    static func setState(
        _ state: Bill.State, of record: BillRecord, reason: String? = nil,
        actor: String? = nil, paymentID: Int64? = nil, addsEvent: Bool = true, now: Moment,
        in database: Database
    ) throws -> BillRecord {
        var moved = record
        (moved.bill.state, moved.bill.cancelReason) = (state, reason)
        moved = try BillTable.save(moved, from: record.bill.state, now: now, in: database)
        let bill = moved.bill
        try noteChange(
            state == .open ? "reopened" : state.rawValue, of: bill.id, detail: reason,
            actor: actor, paymentID: paymentID, now: now, in: database)
        if addsEvent, let kind = Event.Kind(billBecomes: state) {
            try Event.add(
                kind, of: bill, accountID: moved.accountID, paymentID: paymentID, at: now,
                in: database)
        }
        return moved
    }

    /// A line in a bill's history.
    static func noteChange(
        _ change: String, of billID: Int64, detail: String?, actor: String?,
        paymentID: Int64? = nil, now: Moment, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO bill_change (
                bill_id, at, change, actor, detail, payment_id, checksum
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, row_checksum(?1, ?2, ?3, ?4, ?5, ?6))
            """,
            [
                billID, now.milliseconds, change, actor, detail, paymentID,
            ])
    }
}

extension Store {
    /// Who is said to have brought a bill into its state.
    static let seeder = "seed"

    /// Writes bills as they are given, without the questions that the admin API asks.
    ///
    /// - Parameter state: the tests look at every one; a service moves bills without being asked.
    package func seed(
        _ drafts: some Sequence<BillDraft>, accountID: Int64, state: Bill.State, now: Moment
    ) throws {
        try pool.write { database in
            let insert = try BillInserter(on: database, state: state, by: nil, now: now)
            for draft in drafts {
                let id = try insert.insert(draft, accountID: accountID)
                guard state != .open else { continue }
                try Self.noteChange(
                    state.rawValue, of: id, detail: nil, actor: Self.seeder, now: now,
                    in: database)
            }
        }
    }
}
