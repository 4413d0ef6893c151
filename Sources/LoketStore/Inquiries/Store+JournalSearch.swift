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
    /// Arrival at this time or later.
    package var from: Moment?
    /// Arrival before this time.
    package var to: Moment?

    package init() {}

    /// Whether rows are ordered by arrival time, if its index is used; otherwise by id, the commit
    /// order.
    package var isOrderedByTime: Bool {
        requestID == nil && codeText == nil && (from != nil || to != nil)
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

extension Store {
    /// Returns a page of inquiries.
    ///
    /// - Parameters:
    ///   - after: the end of the previous page.
    ///   - scanMax: the maximum number of rows read without an index.
    /// - Returns: at most `limit` rows, and the start of the next page, even if no row was found.
    package func inquiries(
        _ filter: JournalFilter, after: JournalPosition?, limit: Int,
        scanMax: Int = Limits.journalScanRowsMax
    ) async throws -> (records: [JournalRecord], next: JournalPosition?) {
        let search = JournalSearch(filter, after: after)
        return try await pool.read { database in
            let edge = try search.edge(scanMax, in: database)
            let rows = try search.rows(limit: limit + 1, edge: edge, in: database)
            let shown = rows.prefix(limit)
            let next = rows.count > limit ? try shown.last.map(search.position) : edge
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
        let search = JournalSearch(filter, after: nil)
        return try await pool.read { database in
            let rows = try search.rows(
                limit: Limits.journalOthersMax + 1, edge: nil, in: database)
            return (
                try search.count(in: database), try rows.first.map { try JournalRecord($0) },
                try rows.dropFirst().map { try search.position($0).id }
            )
        }
    }
}

private struct JournalSearch: Sendable {
    /// Conditions on the index.
    private var path = SQLCondition()
    /// Conditions checked row by row.
    private var rest = SQLCondition()
    private let index: String
    private let isOrderedByTime: Bool
    private let before: Int64?

    private var order: String {
        isOrderedByTime ? "received_at DESC, id DESC" : "id DESC"
    }

    init(_ filter: JournalFilter, after: JournalPosition?) {
        isOrderedByTime = filter.isOrderedByTime
        before = after?.id
        var times = SQLCondition()
        times.narrow("received_at >= ?", filter.from)
        times.narrow("received_at < ?", filter.to)
        let code = filter.codeText.map(JournalEntry.kept)
        if let requestID = filter.requestID {
            index = "INDEXED BY inquiry_by_request"
            path.add("request_id = ?", [requestID])
            rest.narrow("payment_code = ?", code)
        } else if let code {
            index = "INDEXED BY inquiry_by_code"
            path.add("payment_code = ?", [code])
        } else if isOrderedByTime {
            index = "INDEXED BY inquiry_by_time"
            (path, times) = (times, SQLCondition())
        } else {
            index = "NOT INDEXED"
        }
        if let after, isOrderedByTime, let receivedAt = after.receivedAt {
            path.add("(received_at, id) < (?, ?)", [receivedAt, after.id])
        } else {
            path.narrow("id < ?", after?.id)
        }
        rest = rest.and(times)
        rest.narrow("account_id = ?", filter.accountID)
        if let guards = filter.guards {
            let marks = guards.map { _ in "?" }.joined(separator: ", ")
            rest.add(
                "guard IN (\(marks))", StatementArguments(guards.map(\.rawValue).sorted()))
        }
    }

    /// Returns the last row to read if the index has more rows than `scanMax`; nil if it has fewer.
    func edge(_ scanMax: Int, in database: Database) throws -> JournalPosition? {
        guard !rest.isEmpty else { return nil }
        guard path.sql.contains(where: { $0 != "id < ?" }) else {
            // Ids have gaps only at the beginning, where old rows were deleted.
            guard
                let first = try database.integer("SELECT min(id) FROM inquiry"),
                let last = try database.integer("SELECT max(id) FROM inquiry")
            else { return nil }
            let edge = min(before ?? .max, last + 1) - Int64(scanMax)
            return edge > first ? JournalPosition(id: edge, receivedAt: nil) : nil
        }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT id\(isOrderedByTime ? ", received_at" : "") FROM inquiry \(index)
                \(path.clause) ORDER BY \(order) LIMIT 1 OFFSET ?
                """,
            arguments: path.values + [scanMax - 1])
        return try row.map(position)
    }

    func rows(limit: Int, edge: JournalPosition?, in database: Database) throws -> [Row] {
        var wanted = path
        if let edge, let receivedAt = edge.receivedAt {
            wanted.add("(received_at, id) >= (?, ?)", [receivedAt, edge.id])
        } else {
            wanted.narrow("id >= ?", edge?.id)
        }
        wanted = wanted.and(rest)
        return try Row.fetchAll(
            database,
            sql: "SELECT * FROM inquiry \(index)\(wanted.clause) ORDER BY \(order) LIMIT ?",
            arguments: wanted.values + [limit])
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
