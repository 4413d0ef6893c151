// Lists of payments for the admin API, newest first, and sums of payments.

import Foundation
import GRDB
import LoketCore

/// The filter for a list of payments.
package struct PaymentFilter: Sendable {
    package var standing: Standing?
    package var flag: PaymentFlag?
    package var billID: Int64?
    package var invoiceNumber: String?
    package var accountID: Int64?
    /// Whether to return only payments that need an operator's attention.
    package var needsAttention = false

    package init() {}
}

/// A payment with its deliveries, its decisions and, if no bill was found, suggested bills.
package struct PaymentPage: Sendable {
    package let payment: PaymentRecord
    /// Ledger numbers, oldest first.
    package let deliveryIDs: [Int64]
    package let suggestions: [BillRecord]
    /// The decisions, oldest first, including revoked decisions.
    package let decisions: [PaymentDecision]
}

extension Store {
    /// - Parameters:
    ///   - before: the exclusive upper limit of the ids.
    ///   - damaged: called with the fault of each damaged payment, which is left out.
    package func payments(
        _ filter: PaymentFilter, before: Int64, limit: Int,
        damaged: @escaping @Sendable (StoreFault) -> Void = { _ in }
    ) async throws -> [PaymentRecord] {
        var wanted = SQLCondition("id < ?", [before])
        wanted.narrow("standing = ?", filter.standing?.rawValue)
        wanted.narrow("' ' || flags || ' ' LIKE '% ' || ? || ' %'", filter.flag?.rawValue)
        wanted.narrow("bill_id = ?", filter.billID)
        if let number = filter.invoiceNumber {
            // The index begins with the account, and there are few accounts.
            wanted.add("account_id IN (SELECT id FROM account) AND invoice_number = ?", [number])
        }
        // Without the plus SQLite would use that index here too, and sort the rows found.
        wanted.narrow("+account_id = ?", filter.accountID)
        if filter.needsAttention { wanted.add("needs_attention = 1") }
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database,
                sql:
                    "SELECT \(PaymentRecord.columns) FROM payment\(wanted.clause) ORDER BY id DESC",
                arguments: wanted.values
            ).readable(limit, damaged: damaged) { try PaymentRecord($0) }
        }
    }

    package func payment(id: Int64) async throws -> PaymentPage? {
        try await pool.read { database in
            guard let payment = try PaymentRow.find(id, in: database) else { return nil }
            let deliveries = try database.integers(
                """
                SELECT delivery_id FROM notification WHERE payment_id = ?1
                ORDER BY delivery_id
                """, [id])
            return PaymentPage(
                payment: payment, deliveryIDs: deliveries,
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
                \(everHeld("?1", "?2"))
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

        static func columns(_ amount: String = "amount") -> String {
            "count(*) AS count, CAST(coalesce(sum(\(amount)), 0) AS bigint) AS amount"
        }

        /// Reads the columns `count` and `amount`.
        fileprivate init(_ row: Row) throws(StoreFault) {
            let row = TableRow(row, of: "payment")
            self.init(count: try row.value("count"), amount: try row.value("amount"))
        }
    }

    package struct PaymentTotals: Sendable {
        /// Money received, from the deliveries.
        package var received = Sum()
        package var standings: [Standing: Sum] = [:]
        package var needsAttention: [Standing: Int64] = [:]
        package var recorded: Int64 = 0
        package var repeats: Int64 = 0
        package var notSuccess: Int64 = 0
    }

    /// - Parameter accountID: the account; nil for every account.
    package func paymentTotals(accountID: Int64? = nil) async throws -> PaymentTotals {
        try await pool.read { try PaymentTotals($0, accountID: accountID) }
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

extension Store.PaymentTotals {
    /// Reads all totals in one snapshot, so that the money received and the standings are
    /// comparable.
    init(_ database: Database, accountID: Int64?) throws {
        func fetch(_ sql: String) throws -> [Row] {
            try database.rows(sql, accountID.map { [$0] } ?? [])
        }
        func only(_ condition: String) -> String { accountID == nil ? "TRUE" : condition }

        let rows = try fetch(
            """
            SELECT standing, \(Store.Sum.columns()),
                CAST(sum(needs_attention) AS bigint) AS needs_attention
            FROM payment WHERE \(only("+account_id = ?1")) GROUP BY standing
            """)
        for row in rows {
            let stored = TableRow(row, of: "payment")
            guard let standing: Standing = try? stored.word("standing") else { continue }
            standings[standing] = try Store.Sum(row)
            needsAttention[standing] = try stored.value("needs_attention")
        }
        // The amount is from the first delivery that reported each payment.
        let first = try fetch(
            """
            SELECT \(Store.Sum.columns("notified.amount")) FROM payment
            JOIN notification AS notified ON notified.delivery_id = payment.delivery_id
            WHERE payment.standing NOT IN ('foreign', 'unreadable')
                AND \(only("payment.account_id = ?1"))
            """
        ).first
        received = try first.map { try Store.Sum($0) } ?? received
        let ofAccount = "(SELECT account_id FROM delivery WHERE id = delivery_id) = ?1"
        let deliveries = try fetch(
            """
            SELECT (SELECT count(*) FROM delivery WHERE \(only("account_id = ?1")))
                AS recorded, CAST(coalesce(sum(repeats), 0) AS bigint) AS repeats,
                count(*) FILTER (WHERE payment_id IS NULL) AS not_success
            FROM notification WHERE \(only(ofAccount))
            """
        ).first.map { TableRow($0, of: "notification") }
        recorded = try deliveries?.value("recorded") ?? 0
        repeats = try deliveries?.value("repeats") ?? 0
        notSuccess = try deliveries?.value("not_success") ?? 0
    }
}
