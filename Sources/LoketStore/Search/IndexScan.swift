// Reads bills in the order of one index, without sorting. After a page's end, several ranges of the
// index may have to be read one after another; the code calls them legs.

import GRDB
import LoketCore

struct IndexScan {
    /// A contiguous range of an index.
    struct IndexRange {
        /// `INDEXED BY …`; `conditions` are those the index answers.
        let hint: String
        var conditions: SQLCondition
        let order: String
    }

    enum Index {
        case table, state, expiry, invoiceNumber
    }

    let filter: BillFilter
    let order: BillOrder
    /// The accounts whose bills are wanted; `isEveryAccount`: whether no other account exists.
    let accounts: [Int64]
    let isEveryAccount: Bool

    var index: Index {
        switch order {
        case .newest, .oldest: filter.state == nil ? .table : .state
        case .expiry: .expiry
        case .invoiceNumber: .invoiceNumber
        }
    }

    /// The conditions that the index cannot answer, checked for each row.
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

    /// Returns the ranges after a position; nil for all.
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

    /// Millions of bills may expire in a month's last second, so a page may end between bills with
    /// equal expiry: first the remaining bills with that expiry are read, then the later bills.
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

    /// Returns one range per account, since the index begins with the account.
    private func numberLegs(after position: BillPosition?) -> [IndexRange] {
        var reached: (number: InvoiceNumber, accountID: Int64)?
        if case .number(let number, let accountID)? = position { reached = (number, accountID) }
        let left = accounts.filter { $0 >= reached?.accountID ?? .min }
        return left.map { accountID in
            var conditions = SQLCondition("account_id = ?", [accountID])
            // Only one lower bound: of two, SQLite would use one for the index and check the other.
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
    /// Returns the rows of the range in order, read lazily.
    func bills(in database: Database) throws -> RowCursor {
        try Row.fetchCursor(
            database,
            sql: """
                SELECT \(BillRecord.columns) FROM bill \(hint)\(conditions.clause) \
                ORDER BY \(order)
                """,
            arguments: conditions.values)
    }

    /// Returns the bills that pass the checks among the next `rows` bills of the range. SQLite
    /// reads a subquery with a limit row by row in its order, and stops when no more rows are
    /// requested.
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

    /// Returns the position of bill number `rows`; nil if there are fewer.
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
            // A damaged number is not a position, so the number before it is used. A slice is
            // longer than any sequence of damaged numbers.
            return rows > 1 ? try place(behind: rows - 1, in: order, database) : nil
        }
    }
}

extension [Int64] {
    /// The ids for IN (…).
    var list: String { map(String.init).joined(separator: ", ") }
}
