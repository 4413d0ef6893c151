// Finding bills for the admin side: by id, by code, newest first.

import GRDB
import LoketCore

extension BillStore {
    /// A bill with its history, or nil.
    package func bill(id: Int64) async throws -> BillRecord? {
        try await pool.read { try Self.page(of: id, in: $0) }
    }

    /// What a list of bills is narrowed to.
    package struct BillFilter: Sendable {
        package var paymentCode: PaymentCode?
        package var invoiceNumber: InvoiceNumber?

        package init(paymentCode: PaymentCode? = nil, invoiceNumber: InvoiceNumber? = nil) {
            self.paymentCode = paymentCode
            self.invoiceNumber = invoiceNumber
        }
    }

    /// Bills of every account, newest first.
    ///
    /// - Parameters:
    ///   - before: only ids below this one.
    ///   - limit: at most so many.
    package func bills(
        _ filter: BillFilter, before: Int64, limit: Int
    ) async throws -> [BillRecord] {
        var conditions: [String] = []
        var values: StatementArguments = []
        if let code = filter.paymentCode {
            conditions.append("payment_code = ?")
            values += [code.digits]
        }
        if let number = filter.invoiceNumber {
            conditions.append("invoice_number = ?")
            values += [number.text]
        }
        // Every index begins with the account, and there are few of them.
        let account = conditions.isEmpty ? "" : "account_id IN (SELECT id FROM account) AND "
        let matching = (conditions + ["id < ?"]).joined(separator: " AND ")
        values += [before]
        // A code stands in one of two indexes, so each is asked by its own condition.
        let selects = ["state IN ('open', 'held')", "state NOT IN ('open', 'held')"].map {
            "SELECT \(BillRecord.columns) FROM bill WHERE \(account)\(matching) AND \($0)"
        }
        let sql =
            filter.paymentCode == nil
            ? "SELECT \(BillRecord.columns) FROM bill WHERE \(account)\(matching)"
            : selects.joined(separator: " UNION ALL ")
        let arguments = filter.paymentCode == nil ? values : values + values
        return try await pool.read { database in
            let rows = try Row.fetchAll(
                database, sql: "\(sql) ORDER BY id DESC LIMIT ?",
                arguments: arguments + [limit])
            return try rows.map { row in
                let record = try BillRecord(row)
                return record.with(
                    history: [], settled: try Self.settled(on: record.bill.id, in: database))
            }
        }
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
                    SELECT at, change, actor, detail FROM bill_change WHERE bill_id = ?
                    ORDER BY id
                    """),
            arguments: [id])
        return bare.with(
            history: changes.map(BillChange.init), settled: try settled(on: id, in: database))
    }

    /// A bill that must be there, with its history and what was paid on it.
    static func fetch(_ id: Int64, in database: Database) throws -> BillRecord {
        guard let record = try page(of: id, in: database) else {
            preconditionFailure("a bill is never deleted")
        }
        return record
    }
}
