// Reads the service's state from the database: work that waits for a person, and the latest
// inquiries. Read every few seconds, so every query uses an index or has a limit.

import GRDB
import LoketCore

/// Counts from one snapshot.
package struct StoredCounts: Hashable, Sendable {
    /// Payments that need a decision.
    package var payments = ServiceCounts.Waiting()
    /// Quarantined requests with a known mistake.
    package var mistaken = ServiceCounts.Waiting()
    /// Recent unexplained quarantined requests: without a verified inquiry at that time, or
    /// repeated.
    package var unexplained = ServiceCounts.Waiting()
    package var attention = ServiceCounts.Waiting()
    package var skewMilliseconds: Int64?
    package var lastInquiryAt: Moment?
    package var lastInquiryID: String?
    package var lastBackupAt: Moment?
    package var webhooks: [WebhookTrouble] = []

    package init() {}
}

extension Store {
    package func storedCounts(now: Moment) async throws -> StoredCounts {
        try await pool.read { try StoredCounts($0, now: now) }
    }

    /// Returns the damaged bills among some ids.
    package func damaged(among ids: [Int64]) async throws -> Set<Int64> {
        try await pool.read { database in
            let rows = try Row.fetchCursor(
                database, sql: "SELECT \(BillRow.columns) FROM bill WHERE id IN (\(ids.list))")
            var damaged: Set<Int64> = []
            while let row = try rows.next() {
                if BillRow.sound(row) == nil, let id = row.integer(0) { damaged.insert(id) }
            }
            return damaged
        }
    }

    /// Returns the time of each channel's last inquiry among the latest inquiries.
    package func lastInquiries() async throws -> [Channel: Moment] {
        try await pool.read { database in
            let rows = try database.rows(
                """
                SELECT channel, max(received_at) AS last FROM (
                    SELECT channel, received_at FROM inquiry ORDER BY id DESC LIMIT ?1
                ) AS latest WHERE channel IS NOT NULL GROUP BY channel
                """, [Limits.lastInquiryRows])
            var last: [Channel: Moment] = [:]
            for row in rows {
                let row = TableRow(row, of: "inquiry")
                guard let channel: Channel = try? row.word("channel") else { continue }
                last[channel] = try row.value("last")
            }
            return last
        }
    }

    /// The sizes of the database file and of its write-ahead log in bytes.
    package var fileSizes: (database: Int64, log: Int64) {
        (fileBytes(path), fileBytes(path + "-wal"))
    }
}

extension StoredCounts {
    fileprivate init(_ database: Database, now: Moment) throws {
        payments = try Self.waiting(
            in: database,
            """
            SELECT count(*) AS count,
                (SELECT received_at FROM payment WHERE needs_attention = 1 ORDER BY id LIMIT 1)
                    AS since,
                (SELECT request_id FROM delivery WHERE id = (
                    SELECT delivery_id FROM payment WHERE needs_attention = 1
                    ORDER BY id DESC LIMIT 1
                )) AS request_id
            FROM payment WHERE needs_attention = 1
            """)
        attention = try Self.waiting(
            in: database,
            """
            SELECT count(*) AS count,
                (SELECT since FROM attention WHERE resolved_at IS NULL ORDER BY id LIMIT 1)
                    AS since,
                (SELECT request_id FROM delivery WHERE id = (
                    SELECT delivery_id FROM attention WHERE resolved_at IS NULL
                    ORDER BY id DESC LIMIT 1
                )) AS request_id
            FROM attention WHERE resolved_at IS NULL
            """)
        try readQuarantine(database, now)
        let last = try database.row(
            "SELECT received_at, request_id FROM inquiry ORDER BY id DESC LIMIT 1"
        ).map { TableRow($0, of: "inquiry") }
        lastInquiryAt = try last?.value("received_at")
        lastInquiryID = try last?.value("request_id")
        lastBackupAt = try Moment.fetchOne(database, sql: "SELECT max(taken_at) FROM backup")
        try readSkews(database, now)
        webhooks = try WebhookTrouble.all(in: database, now: now)
    }

    private static func waiting(
        in database: Database, _ sql: String, _ arguments: StatementArguments = []
    ) throws -> ServiceCounts.Waiting {
        guard
            let row = try database.row(sql, arguments)
        else { return ServiceCounts.Waiting() }
        let counts = TableRow(row, of: "payment")
        return ServiceCounts.Waiting(
            try counts.value("count"), since: try counts.value("since"),
            requestID: try counts.value("request_id"))
    }

    private mutating func readQuarantine(_ database: Database, _ now: Moment) throws {
        // The bodies are large, and there may be many rows without a known mistake, so only the
        // latest of these are read.
        mistaken = try Self.waiting(
            in: database,
            """
            SELECT count(*) AS count,
                (SELECT received_at FROM quarantine WHERE mistake IS NOT NULL ORDER BY id LIMIT 1)
                    AS since,
                (SELECT headers FROM quarantine WHERE mistake IS NOT NULL
                    ORDER BY id DESC LIMIT 1) AS request_id
            FROM quarantine WHERE mistake IS NOT NULL
            """)
        unexplained = try Self.waiting(
            in: database,
            """
            WITH kept AS (
                SELECT id, account_id, received_at, times FROM (
                    SELECT * FROM quarantine ORDER BY id DESC LIMIT ?3
                ) AS latest WHERE mistake IS NULL AND received_at > ?1
            ), verified AS (
                SELECT account_id, max(received_at) AS last FROM (
                    SELECT account_id, received_at FROM delivery WHERE source = 'notification'
                    ORDER BY id DESC LIMIT ?3
                ) AS latest GROUP BY account_id
            ), since AS (
                SELECT kept.id, kept.account_id, kept.times FROM kept
                LEFT JOIN verified ON verified.account_id = kept.account_id
                WHERE kept.received_at > coalesce(verified.last, 0)
            ), often AS (
                SELECT account_id FROM since GROUP BY account_id HAVING sum(times) >= ?4
            )
            SELECT count, since, (SELECT headers FROM quarantine WHERE id = newest) AS request_id
            FROM (
                SELECT count(*) AS count, min(received_at) AS since, max(id) AS newest FROM kept
                WHERE NOT EXISTS (
                    SELECT 1 FROM inquiry WHERE inquiry.received_at
                        BETWEEN kept.received_at - ?2 AND kept.received_at + ?2
                ) OR id IN (SELECT id FROM since WHERE account_id IN (SELECT account_id FROM often))
            ) AS waiting
            """,
            [
                now.milliseconds - Limits.quarantineFreshMilliseconds,
                Limits.quarantineNearMilliseconds, Limits.quarantineRowsLooked,
                Limits.quarantineUnexplainedMin,
            ])
        mistaken.requestID = mistaken.requestID.flatMap(Self.requestID(inHeaders:))
        unexplained.requestID = unexplained.requestID.flatMap(Self.requestID(inHeaders:))
    }

    /// Returns the Request-Id in stored header lines.
    private static func requestID(inHeaders text: String) -> String? {
        namedValues(text).first { $0.name.lowercased() == "request-id" }?.value
    }

    /// Reads the clock skew from the latest inquiries of the last day. With older inquiries, a
    /// clock corrected since then would be reported as wrong until the next inquiry.
    private mutating func readSkews(_ database: Database, _ now: Moment) throws {
        let skews = try database.integers(
            """
            SELECT skew_ms FROM (
                SELECT skew_ms, received_at FROM inquiry ORDER BY id DESC LIMIT ?1
            ) AS latest WHERE typeof(skew_ms) = 'integer' AND received_at > ?2
            """, [Limits.skewInquiries, now.milliseconds - 86_400_000]
        ).sorted()
        guard skews.count >= Limits.skewInquiriesMin else { return }
        skewMilliseconds = skews[skews.count / 2]
    }
}
