// The progress of deliveries to webhooks, what an event's payment is at the time of a delivery, and
// the skipped events.

import GRDB
import LoketCore

/// How far a webhook has come, as its deliveries store it.
package struct WebhookProgress: Sendable {
    package var cursor: Int64
    package var failing: WebhookRecord.Failing?
    package var lastAttempt: WebhookRecord.Attempt?

    package init(of record: WebhookRecord) {
        cursor = record.cursor
        failing = record.failing
        lastAttempt = record.lastAttempt
    }
}

/// What ends the attempts for an event, besides its delivery.
package enum WebhookEnd: Sendable {
    /// The webhook answered 410 and is turned off.
    case gone
    /// The event was refused for too long; the next one is sent.
    case skipped(WebhookRecord.Failing)
    /// The event cannot be read; the next one is sent.
    case damaged(DamagedEvent)
}

extension Store {
    /// Stores the progress of a webhook, unless an operator has changed or removed it since.
    ///
    /// - Parameter record: the webhook as the deliveries began.
    /// - Returns: false if nothing was stored.
    package func save(
        _ progress: WebhookProgress, of record: WebhookRecord, _ end: WebhookEnd? = nil,
        now: Moment
    ) async throws -> Bool {
        try await commits.write { database in
            let schedule = progress.failing?.schedule
            let last = progress.lastAttempt
            try database.run(
                """
                UPDATE webhook SET
                    cursor = ?3, failing_event_id = ?4, attempts = ?5, first_failed_at = ?6,
                    next_attempt_at = ?7, last_attempt_at = ?8, last_status = ?9, last_error = ?10
                WHERE id = ?1 AND revision = ?2
                """,
                [
                    record.id, record.revision, progress.cursor, progress.failing?.eventID,
                    schedule?.attempts ?? 0, schedule?.firstFailedAt.milliseconds,
                    schedule?.nextAttemptAt.milliseconds, last?.at.milliseconds, last?.status,
                    last?.error,
                ])
            guard database.changesCount > 0 else { return false }
            switch end {
            case nil: break
            case .gone:
                try database.run(
                    """
                    UPDATE webhook SET state = 'off', off_reason = 'gone', off_at = ?2
                    WHERE id = ?1
                    """, [record.id, now.milliseconds])
            case .skipped(let event):
                try Self.noteSkipped(
                    event.eventID, of: record, attempts: event.schedule.attempts, last?.status,
                    last?.error, now, in: database)
            case .damaged(let event):
                try Self.noteSkipped(
                    event.id, of: record, attempts: 0, nil, "\(event.fault)", now, in: database)
            }
            return true
        }
    }

    private static func noteSkipped(
        _ event: Int64, of record: WebhookRecord, attempts: Int, _ status: Int?, _ error: String?,
        _ now: Moment, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO webhook_skipped (
                webhook_id, epoch, event_id, at, attempts, status, error
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, [record.id, record.epoch, event, now.milliseconds, attempts, status, error])
    }

    /// Returns the payment of an event and its details at this time.
    ///
    /// - Throws: `StoreFault` if a row is missing or damaged.
    package func paymentNow(
        id: Int64
    ) async throws -> (payment: PaymentRecord, details: PaymentDetails) {
        try await pool.read { database in
            let payment = try PaymentRow.fetch(id, in: database)
            guard let details = try PaymentDetails.of([id], in: database)[id] else {
                throw StoreFault.damagedRow(table: "bill", row: payment.billID)
            }
            return (payment, details)
        }
    }

    // MARK: Skipped events

    /// Returns the skipped events of a webhook, newest first.
    package func skippedEvents(
        ofWebhook id: Int64, before: Int64, limit: Int
    ) async throws -> [SkippedEvent] {
        try await pool.read { database in
            try Row.fetchCursor(
                database,
                sql: """
                    SELECT * FROM webhook_skipped WHERE webhook_id = ? AND id < ? ORDER BY id DESC
                    """,
                arguments: [id, before]
            ).readable(limit) { try SkippedEvent($0) }
        }
    }

    /// Returns the number of skipped events of each webhook.
    package func skippedCounts() async throws -> [Int64: Int64] {
        try await pool.read { database in
            let rows = try database.rows(
                "SELECT webhook_id, count(*) AS count FROM webhook_skipped GROUP BY webhook_id")
            var counts: [Int64: Int64] = [:]
            for row in rows {
                let row = TableRow(row, of: "webhook_skipped")
                counts[try row.value("webhook_id")] = try row.value("count")
            }
            return counts
        }
    }
}

// MARK: Findings

extension WebhookTrouble {
    /// Returns the webhooks that need a person, by id.
    static func all(in database: Database, now: Moment) throws -> [WebhookTrouble] {
        let rows = try database.rows(
            """
            SELECT webhook.id, webhook.off_reason, webhook.off_at, webhook.first_failed_at,
                webhook.epoch <> present.name AS is_of_before, present.began_at,
                (SELECT count(*) FROM webhook_skipped AS skipped
                    WHERE skipped.webhook_id = webhook.id AND skipped.at > ?1) AS skipped,
                (SELECT min(skipped.at) FROM webhook_skipped AS skipped
                    WHERE skipped.webhook_id = webhook.id AND skipped.at > ?1) AS skipped_at
            FROM webhook CROSS JOIN (
                SELECT name, began_at FROM epoch ORDER BY id DESC LIMIT 1
            ) AS present
            ORDER BY webhook.id
            """, [now.milliseconds - Limits.webhookSkippedMilliseconds])
        // A damaged row is in the log; it hides no other webhook.
        return rows.flatMap { row in
            (try? troubles(of: TableRow(row, of: "webhook"), now: now)) ?? []
        }
    }

    private static func troubles(
        of row: TableRow, now: Moment
    ) throws(StoreFault) -> [WebhookTrouble] {
        let id: Int64 = try row.value("id")
        let reason: WebhookRecord.OffReason? = try row.wordIfAny("off_reason")
        let failedAt: Moment? = try row.value("first_failed_at")
        var all: [WebhookTrouble] = []
        switch reason {
        case .gone: all.append(WebhookTrouble(id, .gone, since: try row.value("off_at")))
        case .restored: all.append(WebhookTrouble(id, .restored, since: try row.value("off_at")))
        // The operator knows.
        case .operator: break
        case nil where try row.value("is_of_before") as Int64 != 0:
            all.append(WebhookTrouble(id, .restored, since: try row.value("began_at")))
        case nil:
            if let failedAt,
                now.milliseconds - failedAt.milliseconds >= Limits.webhookFailingMilliseconds
            {
                all.append(WebhookTrouble(id, .refusing, since: failedAt))
            }
        }
        let skipped: Int64 = try row.value("skipped")
        if skipped > 0 {
            all.append(
                WebhookTrouble(id, .skipped(Int(skipped)), since: try row.value("skipped_at")))
        }
        return all
    }
}
