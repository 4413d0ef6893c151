// The filter of a list of bills, its order, and a position in it, with the conditions in SQL.
// BillSearch chooses the index.

import GRDB
import LoketCore

/// A filter whose conditions must all match.
package struct BillFilter: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        case stored(Bill.State)
        /// Open and expired at this moment.
        case expired(at: Moment)

        /// The state stored in the row.
        var stored: Bill.State {
            switch self {
            case .stored(let state): state
            case .expired: .open
            }
        }
    }

    package var accountID: Int64?
    /// The ids, in any order.
    package var ids: [Int64]?
    package var paymentCode: PaymentCode?
    package var invoiceNumber: InvoiceNumber?
    /// The prefix of the invoice number, case-sensitive.
    package var invoicePrefix: InvoiceNumber?
    /// A part of the customer's name or e-mail address, case-insensitive.
    package var customer: String?
    package var state: State?
    /// Expiry at this moment or later.
    package var expiresFrom: Moment?
    /// Expiry before this moment.
    package var expiresTo: Moment?

    package init(paymentCode: PaymentCode? = nil, invoiceNumber: InvoiceNumber? = nil) {
        self.paymentCode = paymentCode
        self.invoiceNumber = invoiceNumber
    }

    /// The order that an index provides, used if the caller specifies none.
    package var ownOrder: BillOrder {
        if invoicePrefix != nil { return .invoiceNumber }
        if case .expired = state { return .expiry }
        return .newest
    }
}

package enum BillOrder: String, CaseIterable, Sendable {
    case newest
    case oldest
    /// Only bills that hold a code and expire, by expiry, earliest first.
    case expiry = "expires_at"
    /// By account, then by the number's bytes.
    case invoiceNumber = "invoice_number"

    var sql: String {
        switch self {
        case .newest: "id DESC"
        case .oldest: "id"
        case .expiry: "expires_at, id"
        case .invoiceNumber: "account_id, invoice_number"
        }
    }
}

/// A bill's position in an order: the end of a page.
package enum BillPosition: Sendable, Hashable {
    case id(Int64)
    case expiry(Moment, id: Int64)
    case number(InvoiceNumber, accountID: Int64)

    init(of record: BillRecord, in order: BillOrder) {
        let bill = record.bill
        switch order {
        case .newest, .oldest: self = .id(bill.id)
        case .expiry: self = .expiry(bill.expiresAt ?? Moment(milliseconds: 0), id: bill.id)
        case .invoiceNumber: self = .number(bill.invoiceNumber, accountID: record.accountID)
        }
    }

    /// Whether the position belongs to the order.
    package func fits(_ order: BillOrder) -> Bool {
        switch (self, order) {
        case (.id, .newest), (.id, .oldest), (.expiry, .expiry), (.number, .invoiceNumber): true
        default: false
        }
    }
}

extension SQLCondition {
    /// Exactly the condition of the index `bill_by_expiry`.
    static let expiring = SQLCondition("state IN ('open', 'held') AND expires_at IS NOT NULL")

    /// Selects rows after a position, for sets of few rows.
    static func after(_ position: BillPosition, _ order: BillOrder) -> SQLCondition {
        switch position {
        case .id(let id): SQLCondition(order == .oldest ? "id > ?" : "id < ?", [id])
        case .expiry(let moment, let id):
            SQLCondition("(expires_at, id) > (?, ?)", [moment.milliseconds, id])
        case .number(let number, let accountID):
            SQLCondition("(account_id, invoice_number) > (?, ?)", [accountID, number.text])
        }
    }
}

extension BillFilter {
    var stateCondition: SQLCondition {
        var condition = SQLCondition()
        condition.narrow("state = ?", state?.stored.rawValue)
        return condition
    }

    /// The smallest text greater than all texts with the prefix. The prefix is visible ASCII, so
    /// its last character always has a successor.
    var prefixEnd: String? {
        guard let text = invoicePrefix?.text, let last = text.utf8.last else { return nil }
        return String(text.dropLast()) + String(UnicodeScalar(last + 1))
    }

    var prefixCondition: SQLCondition {
        var condition = SQLCondition()
        if let invoicePrefix, let prefixEnd {
            condition.add(
                "invoice_number >= ? AND invoice_number < ?", [invoicePrefix.text, prefixEnd])
        }
        return condition
    }

    /// The exclusive upper limit of the expiry in milliseconds.
    var expiryEnd: Int64? {
        guard case .expired(let now) = state else { return expiresTo?.milliseconds }
        return min(now.milliseconds + 1, expiresTo?.milliseconds ?? .max)
    }

    var expiryCondition: SQLCondition {
        var condition = SQLCondition()
        condition.narrow("expires_at >= ?", expiresFrom)
        condition.narrow("expires_at < ?", expiryEnd)
        return condition
    }

    var customerCondition: SQLCondition {
        guard let customer else { return SQLCondition() }
        if customer.utf8.allSatisfy({ $0 < 0x80 }) {
            // LIKE ignores case only in ASCII, and is ten times as fast.
            let pattern = "%" + customer.escapedForLike + "%"
            return SQLCondition(
                #"(customer_name LIKE ? ESCAPE '\' OR customer_email LIKE ? ESCAPE '\')"#,
                [pattern, pattern])
        } else {
            let lower = customer.lowercased()
            return SQLCondition(
                """
                (instr(swiftLowercaseString(customer_name), ?) \
                OR instr(swiftLowercaseString(customer_email), ?))
                """, [lower, lower])
        }
    }

    /// All conditions except the account.
    var conditions: SQLCondition {
        var condition = SQLCondition()
        if let ids { condition.add("id IN (\(ids.list))") }
        condition.narrow("payment_code = ?", paymentCode?.digits)
        condition.narrow("invoice_number = ?", invoiceNumber?.text)
        return condition.and(stateCondition).and(prefixCondition).and(expiryCondition)
            .and(customerCondition)
    }
}

extension String {
    fileprivate var escapedForLike: String {
        replacing(#"\"#, with: #"\\"#).replacing("%", with: #"\%"#).replacing("_", with: #"\_"#)
    }
}
