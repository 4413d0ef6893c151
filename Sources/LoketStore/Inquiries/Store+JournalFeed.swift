// The journal as a feed: in its own order, oldest first, after the last row that the reader has.
// Each page examines a bounded number of rows, whatever the filter.

import GRDB
import LoketCore

package struct JournalPage: Sendable {
    /// The rows that match, oldest first.
    package let records: [JournalRecord]
    /// The id after which the next page begins.
    package let end: Int64
    /// Whether there are rows after `end`.
    package let hasMore: Bool
}

extension Store {
    /// Returns a page of inquiries in the order in which the journal has them.
    ///
    /// - Parameters:
    ///   - after: the id after which the rows start; 0 for the start of the journal.
    ///   - scanMax: the maximum number of rows examined if there is a filter.
    /// - Returns: nil if rows after `after` may be missing: the journal has never had that row, or
    ///   the next row was deleted for its age.
    package func inquiries(
        _ filter: JournalFilter, after: Int64, limit: Int,
        scanMax: Int = Limits.feedScanRowsMax
    ) async throws -> JournalPage? {
        let conditions = filter.ofEachRow
        return try await pool.read { database in
            let last = try Self.lastInquiry(in: database)
            let first = try database.integer("SELECT min(id) FROM inquiry") ?? 1
            guard after == 0 || (first - 1...max(first - 1, last)).contains(after) else {
                return nil
            }
            var start = max(after, first - 1)
            if after == 0, let from = filter.from {
                start = try Self.start(of: from, scanMax, in: database).map { $0 - 1 } ?? last
            }
            let edge =
                conditions.isEmpty || last - start <= scanMax ? last : start + Int64(scanMax)
            let wanted = SQLCondition("id > ? AND id <= ?", [start, edge]).and(conditions)
            // Without NOT INDEXED, SQLite could sort what an index finds.
            let records = try Row.fetchCursor(
                database,
                sql: "SELECT * FROM inquiry NOT INDEXED\(wanted.clause) ORDER BY id",
                arguments: wanted.values
            ).readable(limit + 1) { try JournalRecord($0) }
            if records.count > limit, let shown = records.dropLast().last {
                return JournalPage(records: records.dropLast(), end: shown.id, hasMore: true)
            }
            return JournalPage(records: records, end: edge, hasMore: edge < last)
        }
    }

    /// Returns the id of the last inquiry; 0 if there is none.
    package func lastInquiry() async throws -> Int64 {
        try await pool.read { try Self.lastInquiry(in: $0) }
    }

    private static func lastInquiry(in database: Database) throws -> Int64 {
        try database.integer("SELECT max(id) FROM inquiry") ?? 0
    }

    /// Returns the id of the first inquiry since a time; nil if there is none. The journal is not
    /// exactly in the order of time, so this is the least id of many inquiries.
    private static func start(
        of from: Moment, _ scanMax: Int, in database: Database
    ) throws -> Int64? {
        try database.integer(
            """
            SELECT min(id) FROM (
                SELECT id FROM inquiry INDEXED BY inquiry_by_time
                WHERE received_at >= ?1 ORDER BY received_at LIMIT ?2
            ) AS early
            """, [from.milliseconds, scanMax])
    }
}

extension JournalFilter {
    /// The filter as conditions on a row, without an index.
    fileprivate var ofEachRow: SQLCondition {
        var conditions = withoutIndex
        conditions.narrow("payment_code = ?", codeText.map(JournalEntry.kept))
        conditions.narrow("request_id = ?", requestID)
        conditions.narrow("received_at >= ?", from)
        conditions.narrow("received_at < ?", to)
        return conditions
    }
}
