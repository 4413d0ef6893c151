// Moves a bill from one state to another, adds an entry to its history, and adds the event that
// reports the move. Also fills a database before any service uses it.

import GRDB
import LoketCore

extension Store {
    /// Moves a bill to `state`.
    ///
    /// - Parameters:
    ///   - record: the current bill, read in the same transaction.
    ///   - reason: the reason of a cancellation; the answers to inquiries depend on the reason.
    ///   - actor: the name of the admin key; nil if the service makes the change.
    ///   - paymentID: the payment that causes the change.
    ///   - addsEvent: false if one event reports many bills.
    /// - Returns: the bill in its new state.
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

    /// Adds an entry to a bill's history.
    static func noteChange(
        _ change: String, of billID: Int64, detail: String?, actor: String?,
        paymentID: Int64? = nil, now: Moment, in database: Database
    ) throws {
        let statement = try CachedStatement(
            """
            INSERT INTO bill_change (
                bill_id, at, change, actor, detail, payment_id, checksum
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, row_checksum(?1, ?2, ?3, ?4, ?5, ?6))
            """, in: database)
        statement.bind(billID, at: 1)
        statement.bind(now.milliseconds, at: 2)
        statement.bind(change, at: 3)
        statement.bind(actor, at: 4)
        statement.bind(detail, at: 5)
        statement.bind(paymentID, at: 6)
        try statement.run()
    }
}

extension Store {
    /// The actor recorded when `seed` creates a bill that is not open.
    static let seeder = "seed"

    /// Writes bills without the checks that the admin API makes.
    ///
    /// - Parameter state: the state of the new bills; tests use every state. A service changes
    ///   states itself.
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
        wordSignal.ring()
    }
}
