// The kill switch: inquiries of one account, or of all, are declined until somebody resumes them.
// It is stored, so that a restart does not sell what was stopped.

import GRDB
import LoketCore

package struct Pause: Sendable {
    /// Nil: every account.
    package let accountID: Int64?
    package let reason: String
    /// Name of the admin key that did it.
    package let actor: String
    package let pausedAt: Moment
}

extension BillStore {
    package func pauses() throws -> [Pause] {
        try pool.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM pause ORDER BY id").map { row in
                Pause(
                    accountID: row["account_id"], reason: row["reason"], actor: row["actor"],
                    pausedAt: Moment(milliseconds: row["paused_at"]))
            }
        }
    }

    /// Paused again, the newer reason stands.
    package func pause(accountID: Int64?, reason: String, actor: String, now: Moment) throws {
        try pool.write { database in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO pause (account_id, reason, actor, paused_at)
                    VALUES (?, ?, ?, ?)
                    """,
                arguments: [accountID, reason, actor, now.milliseconds])
        }
    }

    package func resume(accountID: Int64?) throws {
        try pool.write { database in
            try database.execute(
                sql: "DELETE FROM pause WHERE account_id IS ?", arguments: [accountID])
        }
    }
}
