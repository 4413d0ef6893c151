// What a list of bills is narrowed to, its order, and a place in it, with the conditions in SQL.
// Which index a list is read from is decided in BillSearch.

import GRDB
import LoketCore

/// Everything that is set must fit.
package struct BillFilter: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        case stored(Bill.State)
        /// Open, and past its expiry at this moment.
        case expired(at: Moment)

        /// As the row has it.
        var stored: Bill.State {
            switch self {
            case .stored(let state): state
            case .expired: .open
            }
        }
    }

    package var accountID: Int64?
    package var paymentCode: PaymentCode?
    package var invoiceNumber: InvoiceNumber?
    /// What the invoice number begins with, case and all.
    package var invoicePrefix: InvoiceNumber?
    /// A part of the customer's name or e-mail address, in any case.
    package var customer: String?
    package var state: State?
    /// From this moment on.
    package var expiresFrom: Moment?
    /// Before this moment.
    package var expiresTo: Moment?

    package init(paymentCode: PaymentCode? = nil, invoiceNumber: InvoiceNumber? = nil) {
        self.paymentCode = paymentCode
        self.invoiceNumber = invoiceNumber
    }

    /// The order that can be read from an index, where the caller asks for no other.
    package var ownOrder: BillOrder {
        if invoicePrefix != nil { return .invoiceNumber }
        if case .expired = state { return .expiry }
        return .newest
    }
}

package enum BillOrder: String, CaseIterable, Sendable {
    case newest
    case oldest
    /// Bills that hold a code and expire, the next one first.
    case expiry = "expires_at"
    /// By account, and in it by the number's bytes.
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

/// A bill's place in an order: where a page ended.
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

    /// Whether it can be a place in the order.
    package func fits(_ order: BillOrder) -> Bool {
        switch (self, order) {
        case (.id, .newest), (.id, .oldest), (.expiry, .expiry), (.number, .invoiceNumber): true
        default: false
        }
    }
}

extension SQLCondition {
    /// Word for word the condition of the index `bill_by_expiry`.
    static let expiring = SQLCondition("state IN ('open', 'held') AND expires_at IS NOT NULL")

    /// After a place in an order, of rows that are few.
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

    /// The first text after all that begin with the prefix: its characters are visible ASCII, and
    /// there is one more after the last of them.
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

    /// Milliseconds before which an expiry must be.
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
            // LIKE knows the case of ASCII and of nothing else, and is ten times as fast.
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

    /// All of it but the account.
    var conditions: SQLCondition {
        var condition = SQLCondition()
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
