// What DOKU sent lately and what became of it, for a start: what is refused and what verifies is
// counted in memory, and a restart is no reason to begin at nothing.

import GRDB
import LoketCore

package struct RecentRequest: Sendable {
    /// Nil: it names no account of ours.
    package let accountID: Int64?
    package let kind: RefusedRequest.Kind
    /// Why it was refused; nil: it verified.
    package let cause: String?
    /// Where `why` knows of it.
    package let requestID: String?
    package let receivedAt: Moment
}

extension Store {
    /// The latest of each kind, oldest first; not more than a few thousand.
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
