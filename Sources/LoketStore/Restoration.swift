// That a database is a copy put back: until DOKU was asked what was paid since the copy was taken,
// or somebody took the risk, it must not answer that anything is payable.

import GRDB
import LoketCore

package struct Restoration: Sendable, Equatable {
    package let id: Int64
    /// When the copy was taken: what happened before it is in it.
    package let backedUpAt: Moment
    package let restoredAt: Moment

    /// Name under which a restore pauses.
    static let actor = "restore"

    /// The last one, while it waits.
    static func pending(in database: Database) throws -> Restoration? {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM restoration ORDER BY id DESC LIMIT 1"
            ).map({ TableRow($0, of: "restoration") }),
            try row.value("reconciled_at") as Moment? == nil,
            try row.value("accepted_by") as String? == nil
        else { return nil }
        return Restoration(
            id: try row.value("id"), backedUpAt: try row.value("backed_up_at"),
            restoredAt: try row.value("restored_at"))
    }

    /// Makes a copy into a database of its own: under a new epoch, paused, with nothing running.
    static func begin(backedUpAt: Moment, now: Moment, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO epoch (name, began_at) VALUES (lower(hex(randomblob(8))), ?)
                """,
            arguments: [now.milliseconds])
        // A copy of a copy that was never reconciled misses what the first one missed, too.
        try database.execute(
            sql: """
                INSERT INTO restoration (backed_up_at, restored_at)
                SELECT min(?1, ifnull(min(backed_up_at), ?1)), ?2 FROM restoration
                WHERE reconciled_at IS NULL AND accepted_by IS NULL
                """,
            arguments: [backedUpAt.milliseconds, now.milliseconds])
        try BillStore.pause(
            accountID: nil,
            reason: "restored from a copy of \(backedUpAt.utcText): run `loket reconcile`, then "
                + "`loket resume`",
            actor: actor, now: now, in: database)
        try database.execute(
            sql: """
                UPDATE import SET state = 'failed', phase = NULL, finished_at = ?,
                    failure = 'the rows of the file did not come with the backup; '
                        || 'send the file again'
                WHERE state = 'running'
                """,
            arguments: [now.milliseconds])
    }

    func accept(by actor: String, in database: Database) throws {
        try database.execute(
            sql: "UPDATE restoration SET accepted_by = ? WHERE id = ?", arguments: [actor, id])
    }
}

extension BillStore {
    /// That this is a restored copy that still waits; nil where it is not, or does not.
    package func pendingRestoration() async throws -> Restoration? {
        try await pool.read { try Restoration.pending(in: $0) }
    }

    /// DOKU was asked about everything that may have been paid since the copy was taken.
    package func noteReconciled(_ restoration: Restoration, now: Moment) async throws {
        try await commits.write { database in
            try database.execute(
                sql: """
                    UPDATE restoration SET reconciled_at = ?
                    WHERE id = ? AND accepted_by IS NULL
                    """,
                arguments: [now.milliseconds, restoration.id])
        }
    }
}
