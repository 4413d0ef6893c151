// Reads one bill for the admin API, by id or by invoice number. `BillSearch` reads lists.

import GRDB
import LoketCore

extension Store {
    /// Returns a bill with its history, or nil.
    package func bill(id: Int64) async throws -> BillRecord? {
        try await pool.read { try Self.page(of: id, in: $0) }
    }

    /// Returns the bill's row only.
    ///
    /// - Throws: `StoreFault.damagedBill` if damaged.
    static func record(id: Int64, in database: Database) throws -> BillRecord? {
        let statement = try CachedStatement(selectByID, in: database)
        statement.bind(id, at: 1)
        return try record(statement)
    }

    /// Returns the bill's row only.
    ///
    /// - Throws: `StoreFault.damagedBill` if damaged.
    static func record(
        accountID: Int64, invoiceNumber: InvoiceNumber, in database: Database
    ) throws -> BillRecord? {
        let statement = try CachedStatement(selectByInvoice, in: database)
        statement.bind(accountID, at: 1)
        statement.bind(invoiceNumber.text, at: 2)
        return try record(statement)
    }

    /// Returns the open or held bill that has a code.
    ///
    /// - Throws: `StoreFault.damagedBill` if the row is damaged.
    static func holder(
        of code: String, accountID: Int64, in database: Database
    ) throws -> BillRecord? {
        let statement = try CachedStatement(selectHolder, in: database)
        statement.bind(accountID, at: 1)
        statement.bind(code, at: 2)
        return try record(statement)
    }

    private static let selectByID = "SELECT \(BillRecord.columns) FROM bill WHERE id = ?1"
    private static let selectByInvoice = """
        SELECT \(BillRecord.columns) FROM bill WHERE account_id = ?1 AND invoice_number = ?2
        """
    private static let selectHolder = """
        SELECT \(BillRecord.columns) FROM bill
        WHERE account_id = ?1 AND payment_code = ?2 AND \(CodeIndex.isHolder)
        """

    private static func record(_ statement: CachedStatement) throws -> BillRecord? {
        defer { statement.reset() }
        return try statement.step() ? BillRecord(statement) : nil
    }

    /// Returns a bill with its history and its payments, or nil.
    static func page(of id: Int64, in database: Database) throws -> BillRecord? {
        guard let bare = try record(id: id, in: database) else { return nil }
        let changes = try database.rows(
            """
            SELECT at, change, actor, detail, payment_id FROM bill_change
            WHERE bill_id = ?1 ORDER BY id
            """, [id])
        return bare.with(
            history: changes.compactMap { try? BillChange($0) },
            settled: try settled(on: id, in: database),
            heldBy: bare.bill.state == .held ? try paymentsHolding(id, in: database) : [])
    }

    /// Returns a bill that must exist, with its history and its payments.
    static func fetch(_ id: Int64, in database: Database) throws -> BillRecord {
        guard let record = try page(of: id, in: database) else {
            throw StoreFault.damagedRow(table: "bill", row: id)
        }
        return record
    }
}
