// Reading bills in an order from the one index that has it, with nothing to sort. Between the
// places of two pages an index may have to be entered twice: those are the legs.

import GRDB
import LoketCore

struct IndexScan {
    /// One stretch of an index, from its start to its end.
    struct IndexRange {
        /// `INDEXED BY` and what the index itself can be asked for.
        let hint: String
        var conditions: SQLCondition
        let order: String
    }

    enum Index {
        case table, state, expiry, invoiceNumber
    }

    let filter: BillFilter
    let order: BillOrder
    /// Accounts whose bills are wanted, and whether they are all that there are.
    let accounts: [Int64]
    let isEveryAccount: Bool

    var index: Index {
        switch order {
        case .newest, .oldest: filter.state == nil ? .table : .state
        case .expiry: .expiry
        case .invoiceNumber: .invoiceNumber
        }
    }

    /// What the index cannot be asked for, and each row is.
    var checks: SQLCondition {
        var checks = filter.customerCondition
        if index != .invoiceNumber {
            checks = checks.and(filter.prefixCondition)
            if !isEveryAccount { checks.add("account_id IN (\(accounts.list))") }
        }
        if index != .expiry { checks = checks.and(filter.expiryCondition) }
        if index != .state { checks = checks.and(filter.stateCondition) }
        return checks
    }

    /// What comes after a place; nil: everything.
    func legs(after position: BillPosition?) -> [IndexRange] {
        switch index {
        case .table: [idLeg("NOT INDEXED", SQLCondition(), position)]
        case .state: [idLeg("INDEXED BY bill_by_state", filter.stateCondition, position)]
        case .expiry: expiryLegs(after: position)
        case .invoiceNumber: numberLegs(after: position)
        }
    }

    private func idLeg(
        _ hint: String, _ conditions: SQLCondition, _ position: BillPosition?
    ) -> IndexRange {
        let start = BillPosition.id(order == .newest ? .max : 0)
        return IndexRange(
            hint: hint, conditions: conditions.and(.after(position ?? start, order)),
            order: order.sql)
    }

    /// A month's last second may be the expiry of millions, so a page may end amid bills of one
    /// expiry: first the rest of those, then the later ones.
    private func expiryLegs(after position: BillPosition?) -> [IndexRange] {
        let hint = "INDEXED BY bill_by_expiry"
        var whole = SQLCondition.expiring
        whole.narrow("expires_at < ?", filter.expiryEnd)
        guard case .expiry(let moment, let id)? = position else {
            whole.narrow("expires_at >= ?", filter.expiresFrom)
            return [IndexRange(hint: hint, conditions: whole, order: order.sql)]
        }
        let same = SQLCondition.expiring.and(
            "expires_at = ? AND id > ?", [moment.milliseconds, id])
        return [
            IndexRange(hint: hint, conditions: same, order: "id"),
            IndexRange(
                hint: hint, conditions: whole.and("expires_at > ?", [moment.milliseconds]),
                order: order.sql),
        ]
    }

    /// Account by account: two of them are two stretches of the index.
    private func numberLegs(after position: BillPosition?) -> [IndexRange] {
        var reached: (number: InvoiceNumber, accountID: Int64)?
        if case .number(let number, let accountID)? = position { reached = (number, accountID) }
        let left = accounts.filter { $0 >= reached?.accountID ?? .min }
        return left.map { accountID in
            var conditions = SQLCondition("account_id = ?", [accountID])
            // One lower bound and not two: SQLite would choose one and check the other.
            if let reached, reached.accountID == accountID {
                conditions.add("invoice_number > ?", [reached.number.text])
            } else {
                conditions.narrow("invoice_number >= ?", filter.invoicePrefix?.text)
            }
            conditions.narrow("invoice_number < ?", filter.prefixEnd)
            return IndexRange(
                hint: "INDEXED BY bill_invoice_number_unique", conditions: conditions,
                order: "invoice_number")
        }
    }
}

extension IndexScan.IndexRange {
    /// Rows of the leg, in its order, read as they are asked for.
    func bills(in database: Database) throws -> RowCursor {
        try Row.fetchCursor(
            database,
            sql: """
                SELECT \(BillRecord.columns) FROM bill \(hint)\(conditions.clause) \
                ORDER BY \(order)
                """,
            arguments: conditions.values)
    }

    /// Those of its next `rows` bills that pass the checks. A subquery with a limit is read as it
    /// is, row by row in its order, and ends where no more is asked for.
    func bills(
        passing checks: SQLCondition, among rows: Int, in database: Database
    ) throws -> RowCursor {
        try Row.fetchCursor(
            database,
            sql: """
                SELECT \(BillRecord.columns) FROM (\
                SELECT \(BillRecord.columns) FROM bill \(hint)\(conditions.clause) \
                ORDER BY \(order) LIMIT ?) AS slice\(checks.clause)
                """,
            arguments: conditions.values + [rows] + checks.values)
    }

    /// The place of its bill number `rows`; nil where it has fewer.
    func place(
        behind rows: Int, in order: BillOrder, _ database: Database
    ) throws -> BillPosition? {
        let columns = order == .invoiceNumber ? "account_id, invoice_number" : "id, expires_at"
        guard
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT \(columns) FROM bill \(hint)\(conditions.clause) \
                    ORDER BY \(self.order) LIMIT 1 OFFSET ?
                    """,
                arguments: conditions.values + [rows - 1])
        else { return nil }
        let stored = TableRow(row, of: "bill")
        switch order {
        case .newest, .oldest: return .id(try stored.value("id"))
        case .expiry:
            return .expiry(try stored.value("expires_at"), id: try stored.value("id"))
        case .invoiceNumber:
            if let text: String = try? stored.value("invoice_number"),
                let number = InvoiceNumber(text)
            {
                return .number(number, accountID: try stored.value("account_id"))
            }
            // A number that is damaged is no place; the one before it is. A slice is longer than
            // any run of them.
            return rows > 1 ? try place(behind: rows - 1, in: order, database) : nil
        }
    }
}

extension [Int64] {
    /// For IN (…).
    var list: String { map(String.init).joined(separator: ", ") }
}
