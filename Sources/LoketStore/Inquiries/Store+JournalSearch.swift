// Searches of the journal: newest first, in pages. Each search names the one index that leads to
// its rows, because SQLite without statistics may choose another. Conditions without an index are
// checked row by row, for a bounded number of rows per page.

import GRDB
import LoketCore

/// The filter for a list of inquiries.
package struct JournalFilter: Sendable {
    package var accountID: Int64?
    /// The code as sent, even malformed.
    package var codeText: String?
    package var guards: Set<Guard>?
    package var requestID: String?
    /// The bill that the inquiry was answered from.
    package var billID: Int64?
    /// `alfa` or `indomaret`; the id as sent if it is neither.
    package var channel: String?
    /// Whether to return only quotes that the customer has not paid: of each bill the newest.
    package var isUnpaid = false
    /// Arrival at this time or later.
    package var from: Moment?
    /// Arrival before this time.
    package var to: Moment?

    package init() {}

    /// Whether rows are ordered by arrival time, if its index is used; otherwise by id, the commit
    /// order.
    package var isOrderedByTime: Bool {
        requestID == nil && codeText == nil && billID == nil && (from != nil || to != nil)
    }
}

/// The last position of a page. The next page begins after it.
package struct JournalPosition: Sendable, Equatable {
    package let id: Int64
    /// The arrival time; nil if ordered by id.
    package let receivedAt: Moment?

    package init(id: Int64, receivedAt: Moment?) {
        self.id = id
        self.receivedAt = receivedAt
    }
}

extension JournalFilter {
    /// The conditions that have no index, checked row by row.
    var withoutIndex: SQLCondition {
        var conditions = SQLCondition()
        conditions.narrow("account_id = ?", accountID)
        conditions.narrow("bill_id = ?", billID)
        conditions.narrow("channel = ?", channel.map(JournalEntry.kept))
        if let guards {
            let marks = guards.map { _ in "?" }.joined(separator: ", ")
            conditions.add(
                "guard IN (\(marks))", StatementArguments(guards.map(\.rawValue).sorted()))
        }
        if isUnpaid { conditions.add(Store.isUnpaidQuote) }
        return conditions
    }
}

extension Store {
    /// Returns a page of inquiries.
    ///
    /// - Parameters:
    ///   - after: the end of the previous page.
    ///   - scanMax: the maximum number of rows examined if there is a condition without an index.
    /// - Returns: at most `limit` rows, and the start of the next page, even if no row was found.
    package func inquiries(
        _ filter: JournalFilter, after: JournalPosition?, limit: Int,
        scanMax: Int = Limits.journalScanRowsMax
    ) async throws -> (records: [JournalRecord], next: JournalPosition?) {
        return try await pool.read { database in
            var code = filter.codeText
            if let billID = filter.billID {
                // Inquiries of a bill have its code, so they are found by the index of codes.
                guard let own = try Self.code(ofBill: billID, in: database) else {
                    return ([], nil)
                }
                code = own
            }
            let search = try JournalSearch(
                filter, code: code, after: after, limit: limit + 1, among: scanMax, in: database)
            let rows = try search.rows(limit: limit + 1, among: scanMax, in: database)
            let shown = rows.prefix(limit)
            let next =
                rows.count > limit
                ? try shown.last.map(search.position) : try search.edge(scanMax, in: database)
            return (shown.compactMap { try? JournalRecord($0) }, next)
        }
    }

    /// Returns the inquiries with a Request-Id.
    ///
    /// - Returns: their number, the newest inquiry, and the ids of the others, newest first.
    package func inquiries(
        requestID: String, accountID: Int64?
    ) async throws -> (count: Int, newest: JournalRecord?, others: [Int64]) {
        var filter = JournalFilter()
        filter.requestID = requestID
        filter.accountID = accountID
        return try await pool.read { [filter] database in
            let search = try JournalSearch(
                filter, code: nil, after: nil, limit: .max, among: nil, in: database)
            let rows = try search.rows(
                limit: Limits.journalOthersMax + 1, among: nil, in: database)
            return (
                try search.count(in: database), try rows.first.map { try JournalRecord($0) },
                try rows.dropFirst().map { try search.position($0).id }
            )
        }
    }
}

extension Store {
    private static func code(ofBill id: Int64, in database: Database) throws -> String? {
        try database.text("SELECT payment_code FROM bill WHERE id = ?1", [id])
    }
}

private struct JournalSearch: Sendable {
    /// Conditions on the index.
    private var path = SQLCondition()
    /// Conditions checked row by row.
    private var rest = SQLCondition()
    private let index: String
    private let isOrderedByTime: Bool

    private var order: String {
        isOrderedByTime ? "received_at DESC, id DESC" : "id DESC"
    }

    /// - Parameters:
    ///   - code: the code of the inquiries; nil for any.
    ///   - limit: the maximum number of rows.
    ///   - scanMax: the maximum number of rows that are examined; nil for all.
    init(
        _ filter: JournalFilter, code: String?, after: JournalPosition?, limit: Int,
        among scanMax: Int?, in database: Database
    ) throws {
        isOrderedByTime = filter.isOrderedByTime
        var times = SQLCondition()
        times.narrow("received_at >= ?", filter.from)
        times.narrow("received_at < ?", filter.to)
        let code = code.map(JournalEntry.kept)
        var key = code.map(JournalKey.paymentCode)
        index = isOrderedByTime ? "INDEXED BY inquiry_by_time" : "NOT INDEXED"
        if let requestID = filter.requestID {
            key = .requestID(requestID)
            rest.narrow("payment_code = ?", code)
        } else if key == nil, isOrderedByTime {
            (path, times) = (times, SQLCondition())
        }
        if let after, isOrderedByTime, let receivedAt = after.receivedAt {
            path.add("(received_at, id) < (?, ?)", [receivedAt, after.id])
        } else {
            path.narrow("id < ?", after?.id)
        }
        rest = rest.and(times).and(filter.withoutIndex)
        if filter.billID != nil {
            rest.narrow("payment_code = ?", filter.codeText.map(JournalEntry.kept))
        }
        if let key {
            let ids = try key.ids(
                in: .min..<(after?.id ?? .max), isNewestFirst: true,
                limit: rest.isEmpty ? limit : scanMax ?? limit, database)
            path = ids.selected
        }
    }

    /// - Parameter scanMax: the maximum number of rows of the index that are read; nil for all.
    func rows(limit: Int, among scanMax: Int?, in database: Database) throws -> [Row] {
        guard let scanMax, !rest.isEmpty else {
            let wanted = path.and(rest)
            return try Row.fetchAll(
                database,
                sql: "SELECT * FROM inquiry \(index)\(wanted.clause) ORDER BY \(order) LIMIT ?",
                arguments: wanted.values + [limit])
        }
        // SQLite reads a subquery with a limit row by row in its order, and stops when no more rows
        // are requested.
        return try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM (
                    SELECT * FROM inquiry \(index)\(path.clause) ORDER BY \(order) LIMIT ?
                ) AS inquiry\(rest.clause) LIMIT ?
                """, arguments: path.values + [scanMax] + rest.values + [limit])
    }

    /// Returns the last row that a page read, if the bound ended the page; nil if there are no more
    /// rows.
    func edge(_ scanMax: Int, in database: Database) throws -> JournalPosition? {
        guard !rest.isEmpty else { return nil }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT id\(isOrderedByTime ? ", received_at" : "") FROM inquiry \(index)
                \(path.clause) ORDER BY \(order) LIMIT 1 OFFSET ?
                """,
            arguments: path.values + [scanMax - 1])
        return try row.map(position)
    }

    func count(in database: Database) throws -> Int {
        let wanted = path.and(rest)
        return try Int.fetchOne(
            database, sql: "SELECT count(*) FROM inquiry \(index)\(wanted.clause)",
            arguments: wanted.values) ?? 0
    }

    @Sendable func position(_ row: Row) throws -> JournalPosition {
        let row = TableRow(row, of: "inquiry")
        return JournalPosition(
            id: try row.value("id"),
            receivedAt: isOrderedByTime ? try row.value("received_at") : nil)
    }
}
