// The kill switch: inquiries of one account, or of all accounts, are declined until an operator
// resumes them. Pauses are stored, so that a restart does not end them, and every change stays in a
// history.

import GRDB
import LoketCore

package struct Pause: Sendable, Equatable {
    /// Nil for every account.
    package let accountID: Int64?
    package let reason: String
    /// The name of the admin key used.
    package let actor: String
    package let pausedAt: Moment
}

/// A history entry: a pause or its end.
package struct PauseChange: Sendable, Equatable {
    package enum Kind: String, Sendable { case paused, resumed }

    package let at: Moment
    package let kind: Kind
    /// Nil for every account.
    package let accountID: Int64?
    package let reason: String?
    package let actor: String
}

package enum ResumeOutcome: Sendable {
    /// The ended pause, nil if there was none, and the remaining pauses.
    case resumed(Pause?, left: [Pause])
    /// The database is a restored copy, and payments since the backup are not known yet.
    case reconcileFirst(Restoration)
}

extension Store {
    package func pauses() throws -> [Pause] {
        try pool.read { try Self.pauses(in: $0) }
    }

    /// Returns the history, newest first.
    ///
    /// - Parameter accountID: the account to which the entries apply; nil for all entries.
    package func pauseHistory(accountID: Int64?) async throws -> [PauseChange] {
        var wanted = SQLCondition()
        wanted.narrow("(account_id IS NULL OR account_id = ?)", accountID)
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database, sql: "SELECT * FROM pause_change\(wanted.clause) ORDER BY id DESC",
                arguments: wanted.values
            ).readable(Limits.pauseHistoryMax) { row in
                let row = TableRow(row, of: "pause_change")
                return PauseChange(
                    at: try row.value("at"), kind: try row.word("change"),
                    accountID: try row.value("account_id"), reason: try row.value("reason"),
                    actor: try row.value("actor"))
            }
        }
    }

    /// Adds a pause, or replaces the reason of a pause.
    ///
    /// - Parameter then: called with all pauses after the commit, in commit order.
    package func pause(
        accountID: Int64?, reason: String, actor: String, now: Moment,
        then: @escaping @Sendable ([Pause]) -> Void = { _ in }
    ) async throws -> [Pause] {
        try await write { database in
            try Self.pause(
                accountID: accountID, reason: reason, actor: actor, now: now, in: database)
            return try Self.pauses(in: database)
        } then: { pauses in
            then(pauses)
        }
    }

    /// - Parameters:
    ///   - acceptsRisk: whether to resume a restored copy although DOKU was not queried.
    ///   - then: called with the remaining pauses, as in `pause`.
    package func resume(
        accountID: Int64?, acceptsRisk: Bool = false, reason: String? = nil, actor: String,
        now: Moment, then: @escaping @Sendable ([Pause]) -> Void = { _ in }
    ) async throws -> ResumeOutcome {
        try await write { database -> ResumeOutcome in
            // Only the pause of every account stops a restored copy from answering.
            if accountID == nil, let pending = try Restoration.pending(in: database) {
                guard acceptsRisk else { return .reconcileFirst(pending) }
                try pending.accept(by: actor, in: database)
            }
            // A damaged row must not prevent the operator from resuming.
            let ended = (try? Self.pauses(in: database))?.first { $0.accountID == accountID }
            try Self.resume(
                accountID: accountID, reason: reason, actor: actor, now: now, in: database)
            return .resumed(ended, left: try Self.pauses(in: database))
        } then: { outcome in
            if case .resumed(_, let left) = outcome { then(left) }
        }
    }

    /// Waits for the commit; `then` is called in commit order.
    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value,
        then: @escaping @Sendable (Value) -> Void
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            commits.submit(body) { result in
                if case .success(let value) = result { then(value) }
                continuation.resume(with: result)
            }
        }
    }

    // MARK: In a transaction

    static func pause(
        accountID: Int64?, reason: String, actor: String, now: Moment, in database: Database
    ) throws {
        try deletePause(accountID: accountID, in: database)
        try database.run(
            """
            INSERT INTO pause (account_id, reason, actor, paused_at) VALUES (?1, ?2, ?3, ?4)
            """, [accountID, reason, actor, now.milliseconds])
        try note(
            .paused, accountID: accountID, reason: reason, actor: actor, now: now, in: database)
    }

    private static func resume(
        accountID: Int64?, reason: String?, actor: String, now: Moment, in database: Database
    ) throws {
        try deletePause(accountID: accountID, in: database)
        guard database.changesCount > 0 else { return }
        try note(
            .resumed, accountID: accountID, reason: reason, actor: actor, now: now, in: database)
    }

    private static func deletePause(accountID: Int64?, in database: Database) throws {
        try database.run("DELETE FROM pause WHERE account_id IS NOT DISTINCT FROM ?1", [accountID])
    }

    private static func note(
        _ kind: PauseChange.Kind, accountID: Int64?, reason: String?, actor: String,
        now: Moment, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO pause_change (account_id, at, change, reason, actor)
            VALUES (?1, ?2, ?3, ?4, ?5)
            """, [accountID, now.milliseconds, kind.rawValue, reason, actor])
    }

    private static func pauses(in database: Database) throws -> [Pause] {
        // No pause is left out: a damaged row must not end a pause.
        try database.rows("SELECT * FROM pause ORDER BY id").map { row in
            let row = TableRow(row, of: "pause")
            return Pause(
                accountID: try row.value("account_id"), reason: try row.value("reason"),
                actor: try row.value("actor"), pausedAt: try row.value("paused_at"))
        }
    }
}
