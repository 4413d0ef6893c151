// Quotes without a known payment, to look up with DOKU's Check Status. In normal operation these
// are quotes in the journal. After a restore they are also all bills that could have been paid,
// because the journal written after the backup is lost; these are read in pages, since there may be
// millions.

import GRDB
import LoketCore

/// An invoice number that was quoted to a channel and has no payment.
package struct QuotedInvoice: Hashable, Sendable {
    package let accountID: Int64
    package let invoiceNumber: String
    /// The time of the last quote.
    package let quotedAt: Moment

    /// - Throws: `StoreFault.damagedRow`.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "inquiry")
        accountID = try row.value("account_id")
        invoiceNumber = try row.value("invoice_number")
        quotedAt = try row.value("received_at")
    }
}

/// A page of invoice numbers to look up.
package struct UnaskedPage: Sendable {
    package let invoices: [QuotedInvoice]
    /// The start of the next page; nil at the end.
    package let next: Place?

    /// A position: for bills an id, for quotes a time and an id.
    package struct Place: Sendable, Equatable {
        let time: Int64
        let id: Int64

        package static let start = Place(time: .min, id: .min)
    }
}

extension Store {
    /// Selects the quotes without a payment among inquiries. `bill` is the quoted bill if the quoted
    /// number is the bill's own number.
    private static func unpaidQuotes(of inquiries: String = "inquiry") -> String {
        """
        \(inquiries) AS quoted
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
    }

    /// The condition on a row of `inquiry` for people: of each bill the newest quote, unless its
    /// number or its bill was paid after it.
    static let isUnpaidQuote = """
        guard = 'payable' AND bill_id IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM bill
                WHERE bill.id = inquiry.bill_id AND bill.reusable = 0 AND bill.state = 'paid'
            )
            AND NOT EXISTS (
                SELECT 1 FROM payment
                WHERE payment.account_id = inquiry.account_id
                    AND payment.invoice_number = inquiry.invoice_number
                    AND payment.classified_as <> 'foreign'
                    AND payment.received_at >= inquiry.received_at
            )
            AND NOT EXISTS (
                SELECT 1 FROM payment
                WHERE payment.bill_id = inquiry.bill_id
                    AND payment.received_at >= inquiry.received_at
            )
            AND NOT EXISTS (
                WITH RECURSIVE block (number) AS (
                    SELECT \(JournalKey.block(of: "inquiry.id"))
                    UNION ALL SELECT number + 1 FROM block
                    WHERE number < (SELECT \(JournalKey.block(of: "max(id)")) FROM inquiry)
                )
                SELECT 1 FROM block CROSS JOIN inquiry AS later INDEXED BY inquiry_by_code
                    ON \(JournalKey.block(of: "later.id")) = block.number
                        AND later.payment_code = inquiry.payment_code
                WHERE later.id > inquiry.id AND later.bill_id = inquiry.bill_id
                    AND later.guard = 'payable'
            )
        """

    private static let isPayableSince = """
        (bill.state IN ('open', 'held') AND bill.reusable <= ?2
            AND (bill.amounts IS NULL OR ?2 = 1) AND coalesce(bill.expires_at > ?3, TRUE))
        """

    /// Returns each quoted number without a payment once, the one whose last quote is oldest first. The
    /// journal is read in pages, because a long read keeps the log from being emptied.
    ///
    /// - Parameters:
    ///   - since: the earliest time; older quotes are no longer looked up.
    ///   - until: the latest time; newer quotes are not looked up yet.
    package func quotedUnpaid(
        since: Moment, until: Moment, pageRows: Int = Limits.journalScanRowsMax
    ) async throws -> [QuotedInvoice] {
        var last: [Int64: [String: QuotedInvoice]] = [:]
        var place: UnaskedPage.Place? = .init(time: since.milliseconds, id: .min)
        while let start = place {
            let page = try await quotedUnpaid(from: start, until: until, pageRows)
            for quote in page.invoices {
                last[quote.accountID, default: [:]][quote.invoiceNumber] = quote
            }
            place = page.next
        }
        return last.values.flatMap(\.values).sorted { $0.quotedAt < $1.quotedAt }
    }

    /// Returns the quotes among some inquiries, in the order of their times.
    private func quotedUnpaid(
        from start: UnaskedPage.Place, until: Moment, _ rows: Int
    ) async throws -> UnaskedPage {
        let page = """
            FROM inquiry WHERE (received_at, id) > (?1, ?2) AND received_at <= ?3
            ORDER BY received_at, id
            """
        return try await pool.read { database in
            let place: StatementArguments = [start.time, start.id, until.milliseconds]
            let quotes = try database.rows(
                """
                SELECT quoted.account_id, quoted.invoice_number, quoted.received_at
                FROM \(Self.unpaidQuotes(of: "(SELECT * \(page) LIMIT \(rows))"))
                ORDER BY quoted.received_at, quoted.id
                """, place
            ).compactMap { try? QuotedInvoice($0) }
            let end = try database.row(
                "SELECT received_at, id \(page) LIMIT 1 OFFSET \(rows - 1)", place)
            return UnaskedPage(
                invoices: quotes,
                next: try end.map {
                    let row = TableRow($0, of: "inquiry")
                    return .init(time: try row.value("received_at"), id: try row.value("id"))
                })
        }
    }

    /// Returns bills that may have been paid after the backup was made, with their own numbers.
    ///
    /// - Parameter withReusable: whether inquiries for reusable bills, and for bills with dated
    ///   amounts, return the bill's own number too.
    package func billsPayable(
        since backedUpAt: Moment, withReusable: Bool, from place: UnaskedPage.Place, limit: Int
    ) async throws -> UnaskedPage {
        try await pool.read { database in
            // Reads by id, without the index by state, with which SQLite would sort all bills for
            // each page.
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

    /// Returns quotes without a payment whose bills `billsPayable` does not return.
    ///
    /// - Parameter since: the earliest time; older quotes are no longer looked up.
    package func quotesUnpaid(
        since: Moment, besidesBillsSince backedUpAt: Moment, withReusable: Bool,
        from place: UnaskedPage.Place, limit: Int
    ) async throws -> UnaskedPage {
        try await pool.read { database in
            let rows = try database.rows(
                """
                SELECT quoted.account_id, quoted.invoice_number, quoted.received_at, quoted.id
                FROM \(Self.unpaidQuotes()) AND quoted.received_at >= ?5
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

    /// Creates a page that contains each quoted number once.
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
