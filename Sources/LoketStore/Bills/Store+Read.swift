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
        try record("id = ?1", [id], in: database)
    }

    /// Returns the bill's row only.
    ///
    /// - Throws: `StoreFault.damagedBill` if damaged.
    static func record(
        accountID: Int64, invoiceNumber: InvoiceNumber, in database: Database
    ) throws -> BillRecord? {
        try record(
            "account_id = ?1 AND invoice_number = ?2", [accountID, invoiceNumber.text],
            in: database)
    }

    /// Returns the open or held bill that has a code.
    ///
    /// - Throws: `StoreFault.damagedBill` if the row is damaged.
    static func holder(
        of code: String, accountID: Int64, in database: Database
    ) throws -> BillRecord? {
        try record(
            "account_id = ?1 AND payment_code = ?2 AND state IN ('open', 'held')",
            [accountID, code], in: database)
    }

    private static func record(
        _ condition: String, _ values: StatementArguments, in database: Database
    ) throws -> BillRecord? {
        try database.row(
            "SELECT \(BillRecord.columns) FROM bill WHERE \(condition)", values
        ).map { try BillRecord($0) }
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
