// The only INSERT and UPDATE of the table `bill`, which write the checksums of BillRow.swift.

import GRDB
import LoketCore

enum BillTable {
    /// Updates the row of an existing bill to the record's content and state.
    ///
    /// - Parameter state: the state of the bill before this change.
    /// - Returns: the record as now stored.
    /// - Throws: `StoreFault.damagedBill` if the database has no such bill in `state`. The caller
    ///   has read the bill in the same transaction, so only damage can cause this.
    static func save(
        _ record: BillRecord, from state: Bill.State, now: Moment, in database: Database
    ) throws -> BillRecord {
        var saved = record
        saved.changedAt = now
        let bill = saved.bill
        let moves = bill.state != state
        let statement = try CachedStatement(moves ? move : edit, in: database)
        statement.bind(bill.amounts.last.whole, at: 1)
        statement.bind(bill.expiresAt?.milliseconds, at: 2)
        statement.bind(bill.customerName, at: 3)
        statement.bind(bill.customerEmail, at: 4)
        statement.bind(bill.info, at: 5)
        statement.bind(saved.metadata, at: 6)
        statement.bind(now.milliseconds, at: 7)
        statement.bind(BillRow.checksum(of: bill, accountID: saved.accountID), at: 8)
        statement.bind(bill.id, at: 9)
        statement.bind(state.rawValue, at: 10)
        statement.bind(bill.amounts.stored, at: 11)
        statement.bind(bill.validFrom?.milliseconds, at: 12)
        statement.bind(bill.dueAt?.milliseconds, at: 13)
        if moves {
            statement.bind(bill.state.rawValue, at: 14)
            statement.bind(bill.cancelReason, at: 15)
        }
        try statement.run()
        guard database.changesCount == 1 else { throw StoreFault.damagedBill(id: bill.id) }
        return saved
    }

    /// SQLite rewrites every index on a column in the SET list, and most indexes are on the state,
    /// so the state is set only if changed.
    private static let edit = update("")
    private static let move = update("state = ?14, cancel_reason = ?15,")

    private static func update(_ state: String) -> String {
        """
        UPDATE bill SET \(state) amount = ?1, expires_at = ?2, customer_name = ?3,
            customer_email = ?4, info = ?5, metadata = ?6, changed_at = ?7, checksum = ?8,
            amounts = ?11, valid_from = ?12, due_at = ?13,
            record_checksum = \(BillRecord.checksum(metadata: "?6", changedAt: "?7"))
        WHERE id = ?9 AND state = ?10
        """
    }
}

/// Creates bills in one transaction, with one prepared statement for all of them.
final class BillInserter {
    private let database: Database
    private let statement: RawStatement
    private let state: Bill.State

    /// - Parameters:
    ///   - actor: the name of the admin key; nil when filling a database before any service runs.
    ///   - importID: the import that creates the bills.
    init(
        on database: Database, state: Bill.State = .open, by actor: String?,
        importID: Int64? = nil, now: Moment
    ) throws {
        self.database = database
        statement = try RawStatement(
            """
            INSERT INTO bill (
                \(BillRow.boundColumns), state, created_at, changed_at, created_by, import_id,
                record_checksum
            ) VALUES (
                \(Array(1...BillRow.boundCount).parameters), ?15, ?16, ?16, ?17, ?18,
                \(BillRecord.checksum(metadata: "?14", madeAt: "?16", changedAt: "?16",
                    madeBy: "?17", importID: "?18"))
            )
            ON CONFLICT DO NOTHING
            """,
            on: database.sqliteConnection)
        statement.bind(state.rawValue, at: 15)
        statement.bind(now.milliseconds, at: 16)
        statement.bind(actor, at: 17)
        statement.bind(importID, at: 18)
        self.state = state
    }

    /// Creates a bill from the current row of `rows`.
    ///
    /// - Returns: the bill's id; nil if another bill has the invoice number or holds the code.
    func insert(_ rows: StagedRowCursor) throws -> Int64? {
        rows.bindBill(to: statement)
        return try insert()
    }

    /// - Throws: `StoreFault.sqlite` if another bill has the invoice number or holds the code.
    func insert(_ draft: BillDraft, accountID: Int64) throws -> Int64 {
        BillRow.bind(draft, accountID: accountID, state: state, to: statement)
        guard let id = try insert() else {
            throw StoreFault.sqlite("bill \(draft.invoiceNumber) could not be inserted")
        }
        return id
    }

    private func insert() throws -> Int64? {
        defer { statement.reset() }
        _ = try statement.step()
        return database.changesCount == 1 ? database.lastInsertedRowID : nil
    }
}
