// The journal's rows by what is known of them: newest first, a page at a time. Each search takes
// the one index that leads to its rows and says so to SQLite, which without statistics may prefer
// another; what no index leads to is read through, a bounded number of rows for one page.

import GRDB
import LoketCore

/// What a list of inquiries is narrowed to.
package struct JournalFilter: Sendable {
    package var accountID: Int64?
    /// As sent, well formed or not.
    package var codeText: String?
    package var guards: Set<Guard>?
    package var requestID: String?
    /// Received then or later.
    package var from: Moment?
    /// Received before it.
    package var to: Moment?

    package init() {}

    /// By the time of receipt where that leads to the rows, else by id: the order of commits.
    package var isOrderedByTime: Bool {
        requestID == nil && codeText == nil && (from != nil || to != nil)
    }
}

/// Where a page ended. The next one begins after it.
package struct JournalPosition: Sendable, Equatable {
    package let id: Int64
    /// Nil where the order is that of ids.
    package let receivedAt: Moment?

    package init(id: Int64, receivedAt: Moment?) {
        self.id = id
        self.receivedAt = receivedAt
    }
}

extension Store {
    /// - Parameters:
    ///   - after: where the page before ended.
    ///   - scanMax: rows read where no index leads to what is asked for.
    /// - Returns: at most `limit` rows, and where to go on; that may be so without any row.
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

    /// The inquiries with one Request-Id.
    ///
    /// - Returns: how many there are, the newest, and the ids of the others, newest first.
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
    /// What the index leads to.
    private var path = SQLCondition()
    /// What is left to compare row by row.
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

    /// The last row that may be read, where more rows than that are in the way of the index; nil:
    /// there is no such row.
    func edge(_ scanMax: Int, in database: Database) throws -> JournalPosition? {
        guard !rest.isEmpty else { return nil }
        guard path.sql.contains(where: { $0 != "id < ?" }) else {
            // Ids have no gaps but at their beginning, where old rows have gone.
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
