// The pieces of SQL that a list of bills is put together from: conditions with their values.

import GRDB
import LoketCore

/// Conditions that must all hold.
struct BillCondition {
    private(set) var sql: [String] = []
    private(set) var values = StatementArguments()

    mutating func add(_ text: String, _ more: StatementArguments = StatementArguments()) {
        sql.append(text)
        values += more
    }

    func and(_ text: String, _ more: StatementArguments = StatementArguments()) -> BillCondition {
        var copy = self
        copy.add(text, more)
        return copy
    }

    func and(_ other: BillCondition) -> BillCondition {
        var copy = self
        copy.sql += other.sql
        copy.values += other.values
        return copy
    }

    var isEmpty: Bool { sql.isEmpty }
    /// With WHERE before it, or nothing.
    var clause: String { isEmpty ? "" : " WHERE " + sql.joined(separator: " AND ") }
}

extension BillCondition {
    /// Word for word the condition of the index `bill_by_expiry`.
    static let expiring: BillCondition = {
        var condition = BillCondition()
        condition.add("state IN ('open', 'held') AND expires_at IS NOT NULL")
        return condition
    }()

    /// Behind a place in an order, of rows that are few.
    static func after(_ position: BillPosition, _ order: BillOrder) -> BillCondition {
        var condition = BillCondition()
        switch position {
        case .id(let id):
            condition.add(order == .oldest ? "id > ?" : "id < ?", [id])
        case .expiry(let moment, let id):
            condition.add("(expires_at, id) > (?, ?)", [moment.milliseconds, id])
        case .number(let number, let accountID):
            condition.add("(account_id, invoice_number) > (?, ?)", [accountID, number.text])
        }
        return condition
    }
}

extension BillFilter {
    var stateCondition: BillCondition {
        var condition = BillCondition()
        guard let state else { return condition }
        condition.add("state = ?", [state.stored.rawValue])
        return condition
    }

    /// The first text behind all that begin with the prefix: its characters are visible ASCII, and
    /// there is one more behind the last of them.
    var prefixEnd: String? {
        guard let text = invoicePrefix?.text, let last = text.utf8.last else { return nil }
        return String(text.dropLast()) + String(UnicodeScalar(last + 1))
    }

    var prefixCondition: BillCondition {
        var condition = BillCondition()
        if let invoicePrefix, let prefixEnd {
            condition.add(
                "invoice_number >= ? AND invoice_number < ?", [invoicePrefix.text, prefixEnd])
        }
        return condition
    }

    /// Milliseconds before which an expiry must be.
    var expiryEnd: Int64? {
        guard case .expired(let now) = state else { return expiresTo?.milliseconds }
        return min(now.milliseconds + 1, expiresTo?.milliseconds ?? .max)
    }

    var expiryCondition: BillCondition {
        var condition = BillCondition()
        if let expiresFrom { condition.add("expires_at >= ?", [expiresFrom.milliseconds]) }
        if let expiryEnd { condition.add("expires_at < ?", [expiryEnd]) }
        return condition
    }

    var customerCondition: BillCondition {
        var condition = BillCondition()
        guard let customer else { return condition }
        if customer.utf8.allSatisfy({ $0 < 0x80 }) {
            // LIKE knows the case of ASCII and of nothing else, and is ten times as fast.
            let pattern = "%" + customer.escapedForLike + "%"
            condition.add(
                #"(customer_name LIKE ? ESCAPE '\' OR customer_email LIKE ? ESCAPE '\')"#,
                [pattern, pattern])
        } else {
            let lower = customer.lowercased()
            condition.add(
                """
                (instr(swiftLowercaseString(customer_name), ?) \
                OR instr(swiftLowercaseString(customer_email), ?))
                """, [lower, lower])
        }
        return condition
    }

    /// All of it but the account.
    var conditions: BillCondition {
        var condition = BillCondition()
        if let paymentCode { condition.add("payment_code = ?", [paymentCode.digits]) }
        if let invoiceNumber { condition.add("invoice_number = ?", [invoiceNumber.text]) }
        return condition.and(stateCondition).and(prefixCondition).and(expiryCondition)
            .and(customerCondition)
    }
}

extension String {
    fileprivate var escapedForLike: String {
        replacing(#"\"#, with: #"\\"#).replacing("%", with: #"\%"#).replacing("_", with: #"\_"#)
    }
}
