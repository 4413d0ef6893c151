// The one writer of the table `bill`: its only INSERT and its only UPDATE. Each writes both of a
// row's checksums with the row, so no change of a bill can forget them. Then what is built on them:
// a move to another state, and filling a database before any service runs on it.

import GRDB
import LoketCore

enum BillTable {
    /// Writes an existing bill as the record has it, in the state that it had or in another.
    ///
    /// - Parameter state: the state that the bill is in now.
    /// - Returns: the record as it is now in the database.
    /// - Throws: `StoreFault.damagedBill` where the database has no such bill in this state: every
    ///   change is made in the transaction that has read the bill.
    static func save(
        _ record: BillRecord, from state: Bill.State, now: Moment, in database: Database
    ) throws -> BillRecord {
        var saved = record
        saved.changedAt = now
        let bill = saved.bill
        // SQLite writes every index of a column that is set: most depend on the state.
        let move = bill.state == state ? "" : "state = ?11, cancel_reason = ?12,"
        try database.run(
            """
            UPDATE bill SET \(move) amount = ?1, expires_at = ?2, customer_name = ?3,
                customer_email = ?4, info = ?5, metadata = ?6, changed_at = ?7, checksum = ?8,
                record_checksum = \(BillRecord.checksum(metadata: "?6", changedAt: "?7"))
            WHERE id = ?9 AND state = ?10
            """,
            [
                bill.amount.whole, bill.expiresAt?.milliseconds, bill.customerName,
                bill.customerEmail, bill.info, saved.metadata, now.milliseconds,
                BillRow.checksum(of: bill, accountID: saved.accountID), bill.id, state.rawValue,
            ] + (move.isEmpty ? [] : [bill.state.rawValue, bill.cancelReason]))
        guard database.changesCount == 1 else { throw StoreFault.damagedBill(id: bill.id) }
        return saved
    }
}

/// Makes bills in one transaction: one prepared statement for all of them.
final class BillInsert {
    private let database: Database
    private let statement: Statement
    private let state: Bill.State

    /// - Parameters:
    ///   - actor: name of the admin key; nil where a database is filled before any service runs on
    ///     it.
    ///   - importID: the import that makes them.
    init(
        on database: Database, state: Bill.State = .open, by actor: String?,
        importID: Int64? = nil, now: Moment
    ) throws {
        self.database = database
        statement = try Statement(
            """
            INSERT INTO bill (
                \(BillRow.boundColumns), state, created_at, changed_at, created_by, import_id,
                record_checksum
            ) VALUES (
                \(Array(1...BillRow.boundCount).parameters), ?12, ?13, ?13, ?14, ?15,
                \(BillRecord.checksum(metadata: "?11", madeAt: "?13", changedAt: "?13",
                    madeBy: "?14", importID: "?15"))
            )
            ON CONFLICT DO NOTHING
            """,
            on: database.sqliteConnection)
        statement.bind(state.rawValue, at: 12)
        statement.bind(now.milliseconds, at: 13)
        statement.bind(actor, at: 14)
        statement.bind(importID, at: 15)
        self.state = state
    }

    /// Makes a bill of the row on which `rows` stands.
    ///
    /// - Returns: the bill's id; nil where another bill has its number or holds its code.
    func insert(_ rows: StagedRows) throws -> Int64? {
        rows.bindBill(to: statement)
        return try insert()
    }

    /// - Throws: `StoreFault.sqlite` where another bill has its number or holds its code.
    func insert(_ draft: BillDraft, accountID: Int64) throws -> Int64 {
        BillRow.bind(draft, accountID: accountID, state: state, to: statement)
        guard let id = try insert() else {
            throw StoreFault.sqlite("\(draft.invoiceNumber) could not be inserted")
        }
        return id
    }

    private func insert() throws -> Int64? {
        defer { statement.reset() }
        _ = try statement.step()
        return database.changesCount == 1 ? database.lastInsertedRowID : nil
    }
}

extension BillStore {
    /// - Parameters:
    ///   - record: the bill as it is now, read in the same transaction.
    ///   - reason: of a cancel; it is part of what inquiries are answered from.
    ///   - actor: name of the admin key; nil where the service does it.
    ///   - paymentID: the payment that does it.
    ///   - tells: false where one event reports many bills.
    /// - Returns: the bill as it is then.
    @discardableResult
    static func setState(
        _ state: Bill.State, of record: BillRecord, reason: String? = nil,
        actor: String? = nil, paymentID: Int64? = nil, tells: Bool = true, now: Moment,
        in database: Database
    ) throws -> BillRecord {
        var moved = record
        (moved.bill.state, moved.bill.cancelReason) = (state, reason)
        moved = try BillTable.save(moved, from: record.bill.state, now: now, in: database)
        let bill = moved.bill
        try noteChange(
            state == .open ? "reopened" : state.rawValue, of: bill.id, detail: reason,
            actor: actor, paymentID: paymentID, now: now, in: database)
        if tells, let kind = Event.Kind(billBecomes: state) {
            try Event.tell(
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

extension BillStore {
    /// Who is said to have brought a bill into its state.
    static let seeder = "seed"

    /// Writes bills as they are given, without the questions that the admin API asks.
    ///
    /// - Parameter state: the tests look at every one; a service moves bills by itself.
    package func seed(
        _ drafts: some Sequence<BillDraft>, accountID: Int64, state: Bill.State, now: Moment
    ) throws {
        try pool.write { database in
            let insert = try BillInsert(on: database, state: state, by: nil, now: now)
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
