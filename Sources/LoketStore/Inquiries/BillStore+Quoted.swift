// Quotes of which no payment is known: what DOKU's Check Status is asked about. The number comes
// from the bill where it answers with its own, else from the journal.

import GRDB
import LoketCore

/// A number that was quoted at a counter and that no payment has.
package struct QuotedInvoice: Hashable, Sendable {
    package let accountID: Int64
    package let invoiceNumber: String
    /// When it was last quoted.
    package let quotedAt: Moment

    /// - Throws: `StoreFault.damagedRow`.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "inquiry")
        accountID = try row.value("account_id")
        invoiceNumber = try row.value("invoice_number")
        quotedAt = try row.value("received_at")
    }
}

extension BillStore {
    /// - Parameters:
    ///   - since: quotes before it are not asked about any more.
    ///   - until: quotes after it are too young.
    package func quotedUnpaid(since: Moment, until: Moment) async throws -> [QuotedInvoice] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT quoted.account_id,
                        ifnull(own.invoice_number, quoted.invoice_number) AS invoice_number,
                        max(quoted.received_at) AS received_at
                    FROM inquiry AS quoted
                    LEFT JOIN bill AS own
                        ON own.id = quoted.bill_id
                        AND own.invoice_number = quoted.invoice_number
                    WHERE quoted.guard = 'payable' AND quoted.invoice_number IS NOT NULL
                        AND quoted.received_at BETWEEN ? AND ?
                        AND ifnull(own.reusable = 1 OR own.state <> 'paid', 1)
                        AND NOT EXISTS (
                            SELECT 1 FROM payment
                            WHERE payment.account_id = quoted.account_id
                                AND payment.invoice_number = quoted.invoice_number
                                AND payment.classified_as <> 'foreign'
                        )
                    GROUP BY quoted.account_id, quoted.invoice_number
                    ORDER BY 3
                    """,
                arguments: [since.milliseconds, until.milliseconds]
            ).compactMap { try? QuotedInvoice($0) }
        }
    }
}
