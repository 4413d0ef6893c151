// Reads and adds webhooks, and makes the changes of operators. Each change counts up `revision`, so
// that a delivery that began before it stores nothing.

import GRDB
import LoketCore

package struct NewWebhook: Sendable {
    package let url: String
    package let types: [String]?
    package let accountID: Int64?
    package let note: String?
    /// The name of its secrets in the key file.
    package let secretName: String

    package init(
        url: String, types: [String]?, accountID: Int64?, note: String?, secretName: String
    ) {
        self.url = url
        self.types = types
        self.accountID = accountID
        self.note = note
        self.secretName = secretName
    }
}

/// The changed fields of a webhook; nil leaves a field as it is, `.some(nil)` clears it.
package struct WebhookEdit: Sendable {
    package var url: String?
    package var types: [String]??
    package var note: String??

    package init() {}
}

extension Store {
    // MARK: Reading

    /// Returns every webhook, in order of ids.
    ///
    /// - Parameter damaged: called with the fault of each damaged row, which is left out.
    package func webhooks(
        damaged: (StoreFault) -> Void = { _ in }
    ) throws -> (webhooks: [WebhookRecord], epoch: String) {
        try pool.read { database in
            let epoch = try Self.epoch(in: database)
            let all = try Row.fetchCursor(database, sql: "SELECT * FROM webhook ORDER BY id")
                .readable(.max, damaged: damaged) { try WebhookRecord($0, epoch: epoch) }
            return (all, epoch)
        }
    }

    /// Returns webhooks, newest first.
    package func webhooks(
        accountID: Int64?, before: Int64, limit: Int
    ) async throws -> [WebhookRecord] {
        var wanted = SQLCondition("id < ?", [before])
        wanted.narrow("account_id = ?", accountID)
        return try await pool.read { [wanted] database in
            let epoch = try Self.epoch(in: database)
            return try Row.fetchCursor(
                database, sql: "SELECT * FROM webhook\(wanted.clause) ORDER BY id DESC",
                arguments: wanted.values
            ).readable(limit) { try WebhookRecord($0, epoch: epoch) }
        }
    }

    package func webhook(id: Int64) async throws -> WebhookRecord? {
        try await pool.read { try Self.webhook(id, in: $0) }
    }

    // MARK: Adding and removing

    /// Adds a webhook whose events begin with the next.
    ///
    /// - Returns: nil if there are as many webhooks of its account, or for every account, as there
    ///   may be.
    package func addWebhook(
        _ new: NewWebhook, actor: String, now: Moment
    ) async throws -> WebhookRecord? {
        try await commits.write { database in
            let count =
                try database.integer(
                    "SELECT count(*) FROM webhook WHERE account_id IS NOT DISTINCT FROM ?1",
                    [new.accountID]) ?? 0
            guard count < Limits.webhooksMax else { return nil }
            try database.run(
                """
                INSERT INTO webhook (
                    url, types, account_id, note, created_at, created_by, secret_name, state,
                    revision, epoch, cursor, attempts
                ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'on', 0, ?8, ?9, 0)
                """,
                [
                    new.url, SelectedTypes(new.types).stored, new.accountID, new.note,
                    now.milliseconds, actor, new.secretName, try Self.epoch(in: database),
                    try Self.lastEvent(in: database),
                ])
            return try Self.webhook(database.lastInsertedRowID, in: database)
        }
    }

    /// Removes a webhook and its list of skipped events.
    ///
    /// - Returns: the webhook; nil if there is none.
    package func removeWebhook(id: Int64) async throws -> WebhookRecord? {
        try await commits.write { database in
            guard let record = try Self.webhook(id, in: database) else { return nil }
            try database.run("DELETE FROM webhook_skipped WHERE webhook_id = ?1", [id])
            try database.run("DELETE FROM webhook WHERE id = ?1", [id])
            return record
        }
    }

    // MARK: Changing

    /// Changes fields. After another URL or other types, a refused event is tried at once. Types
    /// that are new select the events after this change.
    package func editWebhook(
        id: Int64, _ edit: WebhookEdit, now: Moment
    ) async throws -> WebhookRecord? {
        try await changeWebhook(id) { record, database in
            let url = edit.url ?? record.url
            let last = try Self.lastEvent(in: database)
            let types = edit.types.map { record.types.changed(to: $0, after: last) } ?? record.types
            try database.run(
                "UPDATE webhook SET url = ?1, types = ?2, note = ?3 WHERE id = ?4",
                [url, types.stored, edit.note ?? record.note, id])
            guard url != record.url || types != record.types else { return }
            try Self.tryAtOnce(id, now: now, in: database)
        }
    }

    package func pauseWebhook(id: Int64, now: Moment) async throws -> WebhookRecord? {
        try await changeWebhook(id) { record, database in
            guard record.offReason != .operator else { return }
            try database.run(
                """
                UPDATE webhook SET state = 'off', off_reason = 'operator', off_at = ?1
                WHERE id = ?2
                """, [now.milliseconds, id])
        }
    }

    /// Turns a webhook on.
    ///
    /// - Parameter place: nil continues after the last delivered event or, if the database was
    ///   restored since, with the first event after the restore.
    package func resumeWebhook(id: Int64, at place: FeedPlace?) async throws -> WebhookRecord? {
        var cursor: Int64?
        if let place { cursor = try await self.cursor(at: place) }
        return try await changeWebhook(id) { [cursor] record, database in
            try Self.place(record, at: cursor ?? record.cursor, sending: cursor, in: database)
            try database.run(
                """
                UPDATE webhook SET state = 'on', off_reason = NULL, off_at = NULL WHERE id = ?1
                """, [id])
        }
    }

    /// Sends events again, beginning with a place. A webhook that is off stays off.
    ///
    /// - Parameter place: if it is after the webhook's own, the webhook stays where it is: the
    ///   events between would never be sent.
    package func replayWebhook(
        id: Int64, from place: FeedPlace, now: Moment
    ) async throws -> WebhookRecord? {
        let cursor = try await cursor(at: place)
        return try await changeWebhook(id) { record, database in
            try Self.place(
                record, at: min(cursor, record.cursor), sending: cursor, in: database)
            // The cursor now means the present epoch, so the reason must be stored.
            guard record.offReason == .restored else { return }
            try database.run(
                """
                UPDATE webhook SET state = 'off', off_reason = 'restored', off_at = ?1
                WHERE id = ?2
                """, [now.milliseconds, id])
        }
    }

    /// Counts a change of the secrets, so that deliveries use the new ones.
    package func secretsChanged(ofWebhook id: Int64, now: Moment) async throws -> WebhookRecord? {
        try await changeWebhook(id) { _, database in
            try Self.tryAtOnce(id, now: now, in: database)
        }
    }

    // MARK: In a transaction

    private func changeWebhook(
        _ id: Int64, _ body: @escaping @Sendable (WebhookRecord, Database) throws -> Void
    ) async throws -> WebhookRecord? {
        try await commits.write { database in
            guard let record = try Self.webhook(id, in: database) else { return nil }
            try body(record, database)
            try database.run("UPDATE webhook SET revision = revision + 1 WHERE id = ?1", [id])
            return try Self.webhook(id, in: database)
        }
    }

    static func webhook(_ id: Int64, in database: Database) throws -> WebhookRecord? {
        let epoch = try epoch(in: database)
        return try database.row("SELECT * FROM webhook WHERE id = ?1", [id])
            .map { try WebhookRecord($0, epoch: epoch) }
    }

    /// Moves the cursor, and forgets the refused attempts.
    ///
    /// - Parameter asked: the id after which all events of the webhook's types are sent, also those
    ///   from before a type was added; nil if the operator gave no place.
    private static func place(
        _ record: WebhookRecord, at cursor: Int64, sending asked: Int64?, in database: Database
    ) throws {
        let types = asked.map { record.types.beginning(after: $0) } ?? record.types
        try database.run(
            """
            UPDATE webhook SET epoch = ?1, cursor = ?2, types = ?3, failing_event_id = NULL,
                attempts = 0, first_failed_at = NULL, next_attempt_at = NULL
            WHERE id = ?4
            """, [try epoch(in: database), cursor, types.stored, record.id])
    }

    /// Makes the next attempt due. The time since which an event is refused stays, so that changes
    /// neither end its finding nor delay that it is skipped.
    private static func tryAtOnce(_ id: Int64, now: Moment, in database: Database) throws {
        try database.run(
            """
            UPDATE webhook SET next_attempt_at = ?1
            WHERE id = ?2 AND failing_event_id IS NOT NULL
            """, [now.milliseconds, id])
    }
}
