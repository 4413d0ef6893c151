// Quotes of which no payment is known: what DOKU's Check Status is asked about. In normal operation
// those of the journal; after a restore, page by page because there may be millions, every bill
// that could be paid, since the journal of what was quoted after the copy was taken is lost.

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

/// A bounded part of what is to be asked about.
package struct UnaskedPage: Sendable {
    package let invoices: [QuotedInvoice]
    /// Where the next page begins; nil at the end.
    package let next: Place?

    /// Of bills: an id; of quotes: their time and their id.
    package struct Place: Sendable, Equatable {
        let time: Int64
        let id: Int64

        package static let start = Place(time: .min, id: .min)
    }
}

extension Store {
    /// Quotes without a payment. The bill, where it answers with the quoted number as its own, is
    /// joined as `bill`.
    private static let unpaidQuotes = """
        inquiry AS quoted
        LEFT JOIN bill
            ON bill.id = quoted.bill_id AND bill.invoice_number = quoted.invoice_number
        WHERE quoted.guard = 'payable' AND quoted.invoice_number IS NOT NULL
            AND coalesce(bill.reusable = 1 OR bill.state <> 'paid', TRUE)
            AND NOT EXISTS (
                SELECT 1 FROM payment
                WHERE payment.account_id = quoted.account_id
                    AND payment.invoice_number = quoted.invoice_number
                    AND payment.classified_as <> 'foreign'
            )
        """

    private static let isPayableSince = """
        (bill.state IN ('open', 'held') AND bill.reusable <= ?2
            AND coalesce(bill.expires_at > ?3, TRUE))
        """

    /// - Parameters:
    ///   - since: quotes before it are not asked about any more.
    ///   - until: quotes after it are too young.
    package func quotedUnpaid(since: Moment, until: Moment) async throws -> [QuotedInvoice] {
        try await pool.read { database in
            try database.rows(
                """
                SELECT quoted.account_id, quoted.invoice_number,
                    max(quoted.received_at) AS received_at
                FROM \(Self.unpaidQuotes) AND quoted.received_at BETWEEN ?1 AND ?2
                GROUP BY quoted.account_id, quoted.invoice_number
                ORDER BY 3
                """, [since.milliseconds, until.milliseconds]
            ).compactMap { try? QuotedInvoice($0) }
        }
    }

    /// Bills that a counter could have taken money for after the copy was taken, by their own
    /// numbers.
    ///
    /// - Parameter withReusable: reusable bills answer with their own numbers too.
    package func billsPayable(
        since backedUpAt: Moment, withReusable: Bool, from place: UnaskedPage.Place, limit: Int
    ) async throws -> UnaskedPage {
        try await pool.read { database in
            // In the order of ids, without the index by state: it would sort them all, page by
            // page.
            let rows = try database.rows(
                """
                SELECT account_id, invoice_number, ?3 AS received_at, id
                FROM bill NOT INDEXED
                WHERE id > ?1 AND \(Self.isPayableSince)
                ORDER BY id LIMIT ?4
                """, [place.id, withReusable, backedUpAt.milliseconds, limit])
            return try Self.page(rows, limit: limit) {
                .init(time: .min, id: try TableRow($0, of: "bill").value("id"))
            }
        }
    }

    /// Quotes without a payment of which no bill is asked about by `billsPayable`.
    ///
    /// - Parameter since: quotes before it are not asked about any more.
    package func quotesUnpaid(
        since: Moment, besidesBillsSince backedUpAt: Moment, withReusable: Bool,
        from place: UnaskedPage.Place, limit: Int
    ) async throws -> UnaskedPage {
        try await pool.read { database in
            let rows = try database.rows(
                """
                SELECT quoted.account_id, quoted.invoice_number, quoted.received_at, quoted.id
                FROM \(Self.unpaidQuotes) AND quoted.received_at >= ?5
                    AND (quoted.received_at, quoted.id) > (?6, ?1)
                    AND NOT coalesce(\(Self.isPayableSince), FALSE)
                ORDER BY quoted.received_at, quoted.id LIMIT ?4
                """,
                [
                    place.id, withReusable, backedUpAt.milliseconds, limit, since.milliseconds,
                    place.time,
                ])
            return try Self.page(rows, limit: limit) {
                let row = TableRow($0, of: "inquiry")
                return .init(time: try row.value("received_at"), id: try row.value("id"))
            }
        }
    }

    /// A number that was quoted twice within the page is in it once.
    private static func page(
        _ rows: [Row], limit: Int, place: (Row) throws -> UnaskedPage.Place
    ) throws -> UnaskedPage {
        var seen: Set<[String]> = []
        let invoices = rows.compactMap { try? QuotedInvoice($0) }.filter {
            seen.insert(["\($0.accountID)", $0.invoiceNumber]).inserted
        }
        return UnaskedPage(
            invoices: invoices, next: rows.count < limit ? nil : try rows.last.map(place))
    }
}
