// The filter of a list of payments, its order, and a position in it. PaymentSearch chooses the
// index.

import GRDB
import LoketCore

/// A filter whose conditions must all match.
package struct PaymentFilter: Sendable {
    package var standing: Standing?
    package var flag: PaymentFlag?
    package var billID: Int64?
    /// The invoice number that was paid, as DOKU sent it.
    package var invoiceNumber: String?
    /// The code that was paid, as DOKU sent it.
    package var paymentCode: String?
    /// A part of the name or the e-mail address of the bill's customer, case-insensitive.
    package var customer: String?
    /// `channel.id` as DOKU sent it.
    package var channelID: String?
    package var accountID: Int64?
    /// Whether to return only payments that need an operator's attention.
    package var needsAttention = false
    /// Decided at this time or later, by a decision that was not taken back.
    package var decidedFrom: Moment?
    /// Accounted for at this time or later.
    package var from: Moment?
    /// Accounted for before this time.
    package var to: Moment?

    package init() {}

    /// Whether the list is ordered by the time of the payments; otherwise by id, the order in which
    /// they were recorded.
    package var isOrderedByTime: Bool { from != nil || to != nil }
}

package enum PaymentOrder: String, CaseIterable, Sendable {
    case newest, oldest
}

/// The last position of a page. The next page begins after it.
package struct PaymentPosition: Sendable, Equatable {
    package let id: Int64
    /// The time of the payment; nil if the list is ordered by id.
    package let accountedAt: Moment?

    package init(id: Int64, accountedAt: Moment?) {
        self.id = id
        self.accountedAt = accountedAt
    }
}

/// A page of a list of payments.
package struct PaymentList: Sendable {
    package let records: [PaymentRecord]
    /// By the payments' ids.
    package let details: [Int64: PaymentDetails]
    /// Payments in this page's range whose rows do not match their checksums.
    package let damaged: [Int64]
    /// The start of the next page; nil at the end of the list. A page may be short or empty before
    /// the end of the list, because without an index only a limited number of payments is read.
    package let next: PaymentPosition?
}

extension PaymentFilter {
    /// A condition, and the SQL that names the index to its payments: in the order of their ids,
    /// except `byAccount`, which has the order of their times.
    struct Condition {
        let sql: SQLCondition
        var hint: String?

        static let byAccount = "INDEXED BY payment_by_account"
        /// Without another index, SQLite finds the ids that a condition lists.
        static let byID = "NOT INDEXED"
    }

    /// All conditions except those on the time, the ones that lead to the fewest payments first.
    var conditions: [Condition] {
        var all: [Condition] = []
        func add(_ text: String, _ values: StatementArguments = [], hint: String? = nil) {
            all.append(Condition(sql: SQLCondition(text, values), hint: hint))
        }
        func add(_ text: String, _ values: StatementArguments = [], index: String) {
            add(text, values, hint: "INDEXED BY \(index)")
        }
        // These indexes begin with the account, and there are few accounts.
        let ofAccount =
            accountID.map { "account_id = \($0)" } ?? "account_id IN (SELECT id FROM account)"
        if let billID { add("bill_id = ?", [billID], index: "payment_by_bill") }
        if let invoiceNumber {
            add(
                "\(ofAccount) AND invoice_number = ?", [invoiceNumber], index: "payment_by_invoice")
        }
        if let paymentCode {
            add(
                "\(ofAccount) AND id IN (\(PaymentCodeIndex.ids(of: "?")))", [paymentCode],
                hint: Condition.byID)
        }
        if let decidedFrom {
            add(
                """
                id IN (
                    SELECT payment_id FROM payment_decision INDEXED BY payment_decision_by_time
                    WHERE reopened_at IS NULL AND at >= ?
                )
                """, [decidedFrom], hint: Condition.byID)
        }
        if needsAttention { add("needs_attention = 1", index: "payment_attention") }
        if let standing {
            add("standing = ?", [standing.rawValue], index: "payment_by_standing")
        }
        if let accountID, invoiceNumber == nil, paymentCode == nil {
            add("account_id = ?", [accountID], hint: Condition.byAccount)
        }
        if let flag { add("' ' || flags || ' ' LIKE '% ' || ? || ' %'", [flag.rawValue]) }
        if let channelID { add("\(PaymentDetails.channel) = ?", [channelID]) }
        if customer != nil {
            var bills = BillFilter()
            bills.customer = customer
            let named = SQLCondition("bill.id = payment.bill_id").and(bills.customerCondition)
            add("EXISTS (SELECT 1 FROM bill\(named.clause))", named.values)
        }
        return all
    }
}

extension PaymentOrder {
    func sql(byTime: Bool) -> String {
        switch self {
        case .newest: byTime ? "\(PaymentRecord.accountedAt) DESC, id DESC" : "id DESC"
        case .oldest: byTime ? "\(PaymentRecord.accountedAt), id" : "id"
        }
    }

    /// Selects the rows after a position.
    func after(_ position: PaymentPosition) -> SQLCondition {
        let sign = self == .newest ? "<" : ">"
        guard let moment = position.accountedAt else {
            return SQLCondition("id \(sign) ?", [position.id])
        }
        // SQLite does not use an index on an expression for a comparison of rows of values.
        let time = PaymentRecord.accountedAt
        return SQLCondition(
            "\(time) \(sign)= ? AND (\(time) \(sign) ? OR id \(sign) ?)",
            [moment, moment, position.id])
    }
}
