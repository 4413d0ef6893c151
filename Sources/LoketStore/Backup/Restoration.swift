// Marks a database as restored from a copy or as missing commits. Until DOKU was asked what was
// paid since, or an operator accepts the risk, the service must not answer that any bill is
// payable.

import GRDB
import LoketCore
import LoketSystem

package struct Restoration: Sendable, Equatable {
    package let id: Int64
    /// The time of the copy; the copy contains all earlier changes.
    package let backedUpAt: Moment
    package let restoredAt: Moment
    /// The commits that a start found missing by comparing with the mark; nil for a restored copy.
    package let missing: String?

    /// Returns the reason why the service must not answer, as a clause.
    ///
    /// - Parameter time: formats a time.
    package func summary(_ time: (Moment) -> String) -> String {
        guard let missing else {
            return "this database is a backup of \(time(backedUpAt)), restored at "
                + "\(time(restoredAt)), and lacks later payments"
        }
        return
            "the start at \(time(restoredAt)) found that the database lacks \(missing); "
            + "payments since \(time(backedUpAt)) may be missing too"
    }

    /// The unfinished restoration, if any.
    static func pending(in database: Database) throws -> Restoration? {
        guard
            let last = try database.row("SELECT * FROM restoration ORDER BY id DESC LIMIT 1"),
            case let row = TableRow(last, of: "restoration"),
            try row.value("reconciled_at") as Moment? == nil,
            try row.value("accepted_by") as String? == nil
        else { return nil }
        return Restoration(
            id: try row.value("id"), backedUpAt: try row.value("backed_up_at"),
            restoredAt: try row.value("restored_at"), missing: try row.value("missing"))
    }

    /// Turns a copy into a separate database: with a new epoch, paused, with no import running.
    ///
    /// - Parameter missing: the commits missing according to the mark; nil for a copy.
    static func begin(
        backedUpAt: Moment, missing: String? = nil, now: Moment, in database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO epoch (name, began_at) VALUES (?1, ?2)
            """, [hexadecimal(randomBytes(8)), now.milliseconds])
        // A webhook is off now, because its epoch is another. Once resumed, it begins here.
        try database.run(
            "UPDATE webhook SET cursor = ?1", [try Store.lastEvent(in: database)])
        // A copy of a copy that was never reconciled also lacks what the first copy lacked.
        try database.run(
            """
            INSERT INTO restoration (backed_up_at, restored_at, missing)
            SELECT CASE WHEN min(backed_up_at) < ?1 THEN min(backed_up_at) ELSE ?1 END, ?2, ?3
            FROM restoration WHERE reconciled_at IS NULL AND accepted_by IS NULL
            """, [backedUpAt.milliseconds, now.milliseconds, missing])
        let why =
            missing.map { "the database lacks \($0)" }
            ?? "restored from a backup of \(backedUpAt.utcText)"
        try Store.pause(
            accountID: nil, reason: why + "; run `loket reconcile`, then `loket resume`",
            actor: missing == nil ? "restore" : "start", now: now, in: database)
        try database.run(
            """
            UPDATE import SET state = 'failed', phase = NULL, finished_at = ?1,
                failure = 'the database was put back to an earlier state; '
                    || 'send the file again'
            WHERE state = 'running'
            """, [now.milliseconds])
    }

    /// Returns the newest time in a database, which contains all earlier commits.
    static func newest(in database: Database) throws -> Moment {
        let newest = try database.integer(
            """
            SELECT max(newest.at) FROM (
                SELECT max(changed_at) AS at FROM bill
                UNION ALL SELECT max(received_at) FROM inquiry
                UNION ALL SELECT max(received_at) FROM delivery
                UNION ALL SELECT max(at) FROM event
                UNION ALL SELECT max(at) FROM pause_change
                UNION ALL SELECT max(began_at) FROM epoch
            ) AS newest
            """)
        return Moment(milliseconds: newest ?? 0)
    }

    func accept(by actor: String, in database: Database) throws {
        try database.run("UPDATE restoration SET accepted_by = ?1 WHERE id = ?2", [actor, id])
    }
}

extension Store {
    /// Returns the restoration that is not yet reconciled or accepted; nil if none.
    package func pendingRestoration() async throws -> Restoration? {
        try await pool.read { try Restoration.pending(in: $0) }
    }

    /// Records that DOKU was asked about all payments possible since the copy was taken.
    package func noteReconciled(_ restoration: Restoration, now: Moment) async throws {
        try await commits.write { database in
            try database.run(
                """
                UPDATE restoration SET reconciled_at = ?1
                WHERE id = ?2 AND accepted_by IS NULL
                """, [now.milliseconds, restoration.id])
        }
    }
}
