// Finding bills for the admin side: by id, by code, newest first.

import GRDB
import LoketCore

extension BillStore {
    /// A bill with its history, or nil.
    package func bill(id: Int64) async throws -> BillRecord? {
        try await pool.read { try Self.record(id: id, in: $0) }
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
                var record = try BillRecord(row)
                record.settled = try Self.settled(on: record.bill.id, in: database)
                return record
            }
        }
    }

    static func record(id: Int64, in database: Database) throws -> BillRecord? {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT \(BillRecord.columns) FROM bill WHERE id = ?",
                arguments: [id])
        else { return nil }
        let changes = try Row.fetchAll(
            database,
            sql: "SELECT at, change, actor, detail FROM bill_change WHERE bill_id = ? ORDER BY id",
            arguments: [id])
        var record = try BillRecord(row, history: changes.map(BillChange.init))
        record.settled = try settled(on: id, in: database)
        return record
    }

    /// A bill that must be there.
    static func fetch(_ id: Int64, in database: Database) throws -> BillRecord {
        guard let record = try record(id: id, in: database) else {
            preconditionFailure("a bill is never deleted")
        }
        return record
    }

    static func record(
        accountID: Int64, invoiceNumber: InvoiceNumber, in database: Database
    ) throws -> BillRecord? {
        let id = try Int64.fetchOne(
            database, sql: "SELECT id FROM bill WHERE account_id = ? AND invoice_number = ?",
            arguments: [accountID, invoiceNumber.text])
        return try id.flatMap { try record(id: $0, in: database) }
    }
}
