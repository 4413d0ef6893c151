// The recent requests from DOKU and their results, read at a start: refused and verified requests
// are counted in memory, and a restart should not reset the counts.

import GRDB
import LoketCore

package struct RecentRequest: Sendable {
    /// Nil if the request names no account of ours.
    package let accountID: Int64?
    package let kind: RefusedRequest.Kind
    /// The reason for the refusal; nil if verified.
    package let cause: String?
    /// The Request-Id, if known to `why`.
    package let requestID: String?
    package let receivedAt: Moment
}

extension Store {
    /// Returns the latest requests of each kind, oldest first, at most a few thousand.
    package func recentRequests(since: Moment) async throws -> [RecentRequest] {
        try await pool.read { database in
            try database.rows(
                """
                WITH refused AS (
                    SELECT * FROM refused_request ORDER BY id DESC LIMIT ?2
                ), kept AS (
                    SELECT * FROM quarantine ORDER BY id DESC LIMIT ?2
                ), asked AS (
                    SELECT * FROM inquiry ORDER BY id DESC LIMIT ?2
                ), notified AS (
                    SELECT * FROM delivery WHERE source = 'notification'
                    ORDER BY id DESC LIMIT ?2
                )
                SELECT * FROM (
                    SELECT account_id, kind, cause, request_id, received_at FROM refused
                    UNION ALL
                    SELECT account_id, 'notification', cause, NULL, received_at FROM kept
                    UNION ALL
                    SELECT account_id, 'inquiry', CASE WHEN guard = 'stale' THEN guard END,
                        request_id, received_at FROM asked
                    UNION ALL
                    SELECT account_id, 'notification', NULL, request_id, received_at
                    FROM notified
                ) AS recent WHERE received_at >= ?1 ORDER BY received_at
                """, [since.milliseconds, Limits.recentRequestsMax]
            ).map { row in
                let row = TableRow(row, of: "refused_request")
                return RecentRequest(
                    accountID: try row.value("account_id"), kind: try row.word("kind"),
                    cause: try row.value("cause"), requestID: try row.value("request_id"),
                    receivedAt: try row.value("received_at"))
            }
        }
    }
}
