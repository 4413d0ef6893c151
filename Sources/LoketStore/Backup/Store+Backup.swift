// Backups while the service runs: a copy of everything that was committed before it was asked for,
// made by SQLite itself on a reader's connection. Writers go on meanwhile.

import Foundation
import GRDB
import LoketCore

extension Store {
    /// Names of what is being made beside a database. The holder of its lock may remove them.
    static func unfinishedCopy(beside path: String) -> String { path + ".backup-unfinished" }
    static func unfinishedRestore(beside path: String) -> String { path + ".restore-unfinished" }

    /// Notes the backup, so that it is in its own copy, and makes the copy. One at a time.
    ///
    /// - Parameter actor: name of the admin key.
    /// - Throws: `DiskRoom.Shortage`, before anything is written; `BackupFault`.
    package func backUp(actor: String, now: Moment) async throws -> BackupCopy {
        try await pool.read { try checkRoom(for: DatabaseSize($0).bytes, in: $0) }
        let place = Self.unfinishedCopy(beside: path)
        return try await noting(actor: actor, now: now) {
            try await pool.unsafeRead { database in
                try BackupCopy(of: database, at: place, takenAt: now)
            }
        }
    }

    /// Notes a backup, makes it, and takes the note back where it could not be made: its time is
    /// that of the last good one.
    func noting<Made>(
        actor: String, now: Moment, _ make: () async throws -> Made
    ) async throws -> Made {
        let id = try await commits.write { database in
            let head = try Ledger.head(in: database)
            try database.run(
                """
                INSERT INTO backup (taken_at, actor, ledger_number, ledger_hash)
                VALUES (?1, ?2, ?3, ?4)
                """, [now.milliseconds, actor, head.number, Data(head.hash)])
            return database.lastInsertedRowID
        }
        do {
            return try await make()
        } catch {
            _ = try? await commits.write { database in
                try database.run("DELETE FROM backup WHERE id = ?1", [id])
            }
            throw error
        }
    }

    /// What a crash in the middle of a backup or of a restore has left.
    static func removeUnfinished(beside path: String) {
        let names = [unfinishedCopy(beside: path), unfinishedRestore(beside: path)]
        for name in names {
            for suffix in ["", "-journal", "-wal", "-shm"] { unlink(name + suffix) }
        }
    }
}
