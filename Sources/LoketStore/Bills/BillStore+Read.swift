// One bill for the admin side: by its id or its invoice number. Lists are BillSearch's.

import GRDB
import LoketCore

extension BillStore {
    /// A bill with its history, or nil.
    package func bill(id: Int64) async throws -> BillRecord? {
        try await pool.read { try Self.page(of: id, in: $0) }
    }

    /// The bill's row by itself.
    static func record(id: Int64, in database: Database) throws -> BillRecord? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(BillRecord.columns) FROM bill WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map { try BillRecord($0) }
    }

    /// The bill's row by itself.
    static func record(
        accountID: Int64, invoiceNumber: InvoiceNumber, in database: Database
    ) throws -> BillRecord? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(BillRecord.columns) FROM bill
                WHERE account_id = ? AND invoice_number = ?
                """)
        return try Row.fetchOne(statement, arguments: [accountID, invoiceNumber.text])
            .map { try BillRecord($0) }
    }

    /// A bill with its history and what was paid on it.
    static func page(of id: Int64, in database: Database) throws -> BillRecord? {
        guard let bare = try record(id: id, in: database) else { return nil }
        let changes = try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT at, change, actor, detail, payment_id FROM bill_change
                    WHERE bill_id = ? ORDER BY id
                    """),
            arguments: [id])
        return bare.with(
            history: changes.compactMap { try? BillChange($0) },
            settled: try settled(on: id, in: database),
            heldBy: bare.bill.state == .held ? try paymentsHolding(id, in: database) : [])
    }

    /// A bill that must be there, with its history and what was paid on it.
    static func fetch(_ id: Int64, in database: Database) throws -> BillRecord {
        guard let record = try page(of: id, in: database) else {
            throw StoreFault.damagedRow(table: "bill", row: id)
        }
        return record
    }
}
