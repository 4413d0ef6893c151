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

/// Where a page ended. The next one begins behind it.
package struct JournalPosition: Sendable, Equatable {
    package let id: Int64
    /// Nil where the order is that of ids.
    package let receivedAt: Moment?

    package init(id: Int64, receivedAt: Moment?) {
        self.id = id
        self.receivedAt = receivedAt
    }
}

extension BillStore {
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
    /// What the index leads to, as a condition.
    private var path: [String] = []
    /// What is left to compare row by row.
    private var rest: [String] = []
    private var arguments: [DatabaseValue] = []
    private let index: String
    private let isOrderedByTime: Bool
    private let before: Int64?

    private var order: String {
        isOrderedByTime ? "received_at DESC, id DESC" : "id DESC"
    }

    init(_ filter: JournalFilter, after: JournalPosition?) {
        isOrderedByTime = filter.isOrderedByTime
        before = after?.id
        var times: [(String, Moment?)] = [("received_at >= ?", filter.from)]
        times.append(("received_at < ?", filter.to))
        var more: [DatabaseValue] = []
        if let requestID = filter.requestID {
            index = "INDEXED BY inquiry_by_request"
            path.append("request_id = ?")
            arguments.append(requestID.databaseValue)
        } else if let code = filter.codeText {
            index = "INDEXED BY inquiry_by_code"
            path.append("payment_code = ?")
            arguments.append(JournalEntry.kept(code).databaseValue)
        } else if filter.isOrderedByTime {
            index = "INDEXED BY inquiry_by_time"
            for case (let condition, let moment?) in times {
                path.append(condition)
                arguments.append(moment.milliseconds.databaseValue)
            }
            times = []
        } else {
            index = "NOT INDEXED"
        }
        if let after {
            if isOrderedByTime, let receivedAt = after.receivedAt {
                path.append("(received_at, id) < (?, ?)")
                arguments += [receivedAt.milliseconds.databaseValue, after.id.databaseValue]
            } else {
                path.append("id < ?")
                arguments.append(after.id.databaseValue)
            }
        }
        for case (let condition, let moment?) in times {
            rest.append(condition)
            more.append(moment.milliseconds.databaseValue)
        }
        if filter.requestID != nil, let code = filter.codeText {
            rest.append("payment_code = ?")
            more.append(JournalEntry.kept(code).databaseValue)
        }
        if let accountID = filter.accountID {
            rest.append("account_id = ?")
            more.append(accountID.databaseValue)
        }
        if let guards = filter.guards {
            let marks = guards.map { _ in "?" }.joined(separator: ", ")
            rest.append("guard IN (\(marks))")
            more += guards.map(\.rawValue).sorted().map(\.databaseValue)
        }
        restArguments = more
    }

    private let restArguments: [DatabaseValue]

    /// The last row that may be read, where more rows than that are in the way of the index; nil:
    /// there is no such row.
    func edge(_ scanMax: Int, in database: Database) throws -> JournalPosition? {
        guard !rest.isEmpty else { return nil }
        guard path.contains(where: { $0 != "id < ?" }) else {
            // Ids have no gaps but at their beginning, where old rows have gone.
            guard
                let first = try Int64.fetchOne(database, sql: "SELECT min(id) FROM inquiry"),
                let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM inquiry")
            else { return nil }
            let edge = min(before ?? .max, last + 1) - Int64(scanMax)
            return edge > first ? JournalPosition(id: edge, receivedAt: nil) : nil
        }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT id\(isOrderedByTime ? ", received_at" : "") FROM inquiry \(index)
                WHERE \(path.joined(separator: " AND ")) ORDER BY \(order) LIMIT 1 OFFSET ?
                """,
            arguments: StatementArguments(arguments + [(scanMax - 1).databaseValue]))
        return try row.map(position)
    }

    func rows(limit: Int, edge: JournalPosition?, in database: Database) throws -> [Row] {
        var conditions = path
        var values = arguments
        if let edge {
            if let receivedAt = edge.receivedAt {
                conditions.append("(received_at, id) >= (?, ?)")
                values += [receivedAt.milliseconds.databaseValue, edge.id.databaseValue]
            } else {
                conditions.append("id >= ?")
                values.append(edge.id.databaseValue)
            }
        }
        conditions += rest
        let matching = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try Row.fetchAll(
            database,
            sql: "SELECT * FROM inquiry \(index) \(matching) ORDER BY \(order) LIMIT ?",
            arguments: StatementArguments(values + restArguments + [limit.databaseValue]))
    }

    func count(in database: Database) throws -> Int {
        let conditions = (path + rest).joined(separator: " AND ")
        return try Int.fetchOne(
            database, sql: "SELECT count(*) FROM inquiry \(index) WHERE \(conditions)",
            arguments: StatementArguments(arguments + restArguments)) ?? 0
    }

    @Sendable func position(_ row: Row) throws -> JournalPosition {
        let row = TableRow(row, of: "inquiry")
        return JournalPosition(
            id: try row.value("id"),
            receivedAt: isOrderedByTime ? try row.value("received_at") : nil)
    }
}
