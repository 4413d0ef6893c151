// One payment for the admin API, and sums of payments.

import Foundation
import GRDB
import LoketCore

/// A payment with its deliveries, its decisions and, if no bill was found, suggested bills.
package struct PaymentPage: Sendable {
    package let payment: PaymentRecord
    package let details: PaymentDetails
    /// Ledger numbers, oldest first.
    package let deliveryIDs: [Int64]
    package let suggestions: [BillRecord]
    /// The decisions, oldest first, including revoked decisions.
    package let decisions: [PaymentDecision]
}

extension Store {
    package func payment(id: Int64) async throws -> PaymentPage? {
        try await pool.read { database in
            guard let payment = try PaymentRow.find(id, in: database) else { return nil }
            let deliveries = try database.integers(
                """
                SELECT delivery_id FROM notification WHERE payment_id = ?1
                ORDER BY delivery_id
                """, [id])
            return PaymentPage(
                payment: payment,
                details: try PaymentDetails.of([id], in: database)[id] ?? .none,
                deliveryIDs: deliveries,
                suggestions: try Self.suggestions(for: payment, in: database),
                decisions: try PaymentDecision.all(of: id, in: database))
        }
    }

    /// Returns bills that the customer may have meant: bills with the paid invoice number, or that
    /// number without its suffix, and bills that have, or had, the payment code.
    private static func suggestions(
        for payment: PaymentRecord, in database: Database
    ) throws -> [BillRecord] {
        guard payment.standing == .unmatched else { return [] }
        let own = payment.invoiceNumber.flatMap { InvoiceNumber($0)?.withoutSuffix?.text }
        return try database.rows(
            """
            SELECT \(BillRecord.columns) FROM bill WHERE id IN (
                SELECT id FROM bill WHERE account_id = ?1 AND invoice_number IN (?3, ?4)
                UNION ALL
                SELECT id FROM bill WHERE account_id = ?1 AND payment_code = ?2
            ) ORDER BY coalesce(invoice_number IN (?3, ?4), FALSE) DESC, id DESC LIMIT 5
            """, [payment.accountID, payment.paymentCode, payment.invoiceNumber, own]
        ).compactMap { try? BillRecord($0) }
    }

    // MARK: Sums

    package struct Sum: Sendable, Equatable {
        package var count: Int64 = 0
        /// Whole rupiah.
        package var amount: Int64 = 0

        package init(count: Int64 = 0, amount: Int64 = 0) {
            self.count = count
            self.amount = amount
        }

        static func columns() -> String {
            "count(*) AS count, CAST(coalesce(sum(amount), 0) AS bigint) AS amount"
        }

        static func += (sum: inout Sum, more: Sum) {
            sum.count += more.count
            sum.amount += more.amount
        }

        /// Reads the columns `count` and `amount`.
        init(_ row: Row) throws(StoreFault) {
            let row = TableRow(row, of: "payment")
            self.init(count: try row.value("count"), amount: try row.value("amount"))
        }
    }

    /// Returns the sums of the payments that settled bills, by bill id, without bills that have no
    /// such payment.
    static func settled(on billIDs: [Int64], in database: Database) throws -> [Int64: Sum] {
        guard !billIDs.isEmpty else { return [:] }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT bill_id, \(Sum.columns()) FROM payment
                WHERE bill_id IN (\(billIDs.list)) AND standing = 'settled' GROUP BY bill_id
                """)
        return try Dictionary(
            uniqueKeysWithValues: rows.map {
                (try TableRow($0, of: "payment").value("bill_id"), try Sum($0))
            })
    }

    /// Sums the payments that settled a bill.
    static func settled(on billID: Int64, in database: Database) throws -> Sum {
        try database.row(
            """
            SELECT \(Sum.columns()) FROM payment WHERE bill_id = ?1 AND standing = 'settled'
            """, [billID]
        ).map { try Sum($0) } ?? Sum()
    }
}
