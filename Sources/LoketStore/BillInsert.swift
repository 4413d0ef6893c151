// The insert of an import's bills: one prepared statement for a whole batch.

import GRDB
import LoketCore

final class BillInsert {
    private let database: Database
    private let statement: Statement

    init(on database: Database) throws {
        self.database = database
        statement = try Statement(
            """
            INSERT INTO bill (
                account_id, payment_code, invoice_number, amount, reusable, expires_at, state,
                customer_name, customer_email, info, metadata, created_at, changed_at, checksum,
                created_by, import_id
            ) VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            on: database.sqliteConnection)
    }

    /// - Returns: the bill's id; nil where another bill has its number or holds its code.
    func insert(
        _ draft: BillDraft, accountID: Int64, by record: ImportRecord, now: Moment
    ) throws -> Int64? {
        let bill = Bill(
            id: 0, paymentCode: draft.paymentCode, invoiceNumber: draft.invoiceNumber,
            amount: draft.amount, reusable: draft.reusable, expiresAt: draft.expiresAt,
            state: .open, cancelReason: nil, customerName: draft.customerName,
            customerEmail: draft.customerEmail, info: draft.info)
        statement.bind(accountID, at: 1)
        statement.bind(draft.paymentCode.digits, at: 2)
        statement.bind(draft.invoiceNumber.text, at: 3)
        statement.bind(draft.amount.whole, at: 4)
        statement.bind(draft.reusable ? 1 : 0, at: 5)
        statement.bind(draft.expiresAt?.milliseconds, at: 6)
        statement.bind(draft.customerName, at: 7)
        statement.bind(draft.customerEmail, at: 8)
        statement.bind(draft.info, at: 9)
        statement.bind(draft.metadata, at: 10)
        statement.bind(now.milliseconds, at: 11)
        statement.bind(now.milliseconds, at: 12)
        statement.bind(BillRow.checksum(of: bill, accountID: accountID), at: 13)
        statement.bind(record.actor, at: 14)
        statement.bind(record.id, at: 15)
        defer { statement.reset() }
        _ = try statement.step()
        return database.changesCount == 1 ? database.lastInsertedRowID : nil
    }
}
