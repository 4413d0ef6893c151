// The insert of an import's bills: one prepared statement for a whole batch, fed from the rows as
// they wait.

import GRDB
import LoketCore

final class BillInsert {
    private let database: Database
    private let statement: Statement

    init(on database: Database, by record: ImportRecord, now: Moment) throws {
        self.database = database
        statement = try Statement(
            """
            INSERT INTO bill (
                account_id, payment_code, invoice_number, amount, reusable, expires_at,
                customer_name, customer_email, info, metadata, checksum,
                state, created_at, changed_at, created_by, import_id,
                record_checksum
            ) VALUES (
                ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?12, ?12, ?13, ?14,
                \(BillRecord.checksum(metadata: "?10", madeAt: "?12", changedAt: "?12",
                    madeBy: "?13", importID: "?14"))
            )
            ON CONFLICT DO NOTHING
            """,
            on: database.sqliteConnection)
        statement.bind(now.milliseconds, at: 12)
        statement.bind(record.actor, at: 13)
        statement.bind(record.id, at: 14)
    }

    /// Makes a bill of the row on which `rows` stands.
    ///
    /// - Returns: the bill's id; nil where another bill has its number or holds its code.
    func insert(_ rows: StagedRows) throws -> Int64? {
        rows.bindBill(to: statement)
        defer { statement.reset() }
        _ = try statement.step()
        return database.changesCount == 1 ? database.lastInsertedRowID : nil
    }
}
