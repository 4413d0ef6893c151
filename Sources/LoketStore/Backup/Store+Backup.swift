// Makes backups while the service runs: SQLite copies everything committed before the request, on a
// reader's connection. Writers continue meanwhile.

import Foundation
import GRDB
import LoketCore
import LoketSystem

extension Store {
    /// The paths of unfinished files next to a database. The holder of the database's lock may
    /// remove them.
    static func unfinishedCopy(beside path: String) -> String { path + ".backup-unfinished" }
    static func unfinishedRestore(beside path: String) -> String { path + ".restore-unfinished" }

    /// Records the backup first, so that the copy contains the record, and makes the copy. Only one
    /// backup may run at a time.
    ///
    /// - Parameter actor: the name of the admin key.
    /// - Throws: `DiskRoom.Shortage` before anything is written; `BackupFault`.
    package func backUp(actor: String, now: Moment) async throws -> BackupCopy {
        try await pool.read { try checkRoom(for: DatabaseSize($0).bytes, in: $0) }
        let place = Self.unfinishedCopy(beside: path)
        return try await noting(actor: actor, now: now) {
            try await BulkExecutor.run { [pool] in
                try pool.unsafeRead { try BackupCopy(of: $0, at: place, takenAt: now) }
            }
        }
    }

    /// Records a backup, runs `make`, and deletes the record if `make` fails: the record's time
    /// must be that of the last good backup.
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

    /// Removes the files that a crash during a backup or a restore left.
    static func removeUnfinished(beside path: String) {
        let names = [unfinishedCopy(beside: path), unfinishedRestore(beside: path)]
        for name in names {
            for suffix in ["", "-journal", "-wal", "-shm"] { unlink(name + suffix) }
        }
    }
}
