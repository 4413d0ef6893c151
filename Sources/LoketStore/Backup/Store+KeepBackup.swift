// Writes a backup into a folder, started by the service: written under a temporary name, synced,
// read back, checked as a restore checks it, and only then renamed. All steps run slowly, because
// inquiries use the same machine.

import Foundation
import GRDB
import LoketCore
import LoketSystem

/// A finished backup.
package struct KeptBackup: Sendable {
    package let name: BackupName
    package let byteCount: Int64
    package let digest: SHA256Digest
}

extension Store {
    /// - Parameters:
    ///   - lock: the folder's lock, from `lockBackups(in:)`.
    ///   - read: interprets a delivery of the ledger.
    /// - Throws: `DiskRoom.Shortage` before anything is written; `BackupFault`; the error of
    ///   reading the database. No file is left then.
    package func keepBackup(
        in folder: BackupFolder, holding lock: LockFile, read: @escaping DeliveryReader, now: Moment
    ) async throws -> KeptBackup {
        defer { withExtendedLifetime(lock) {} }
        let name = BackupName(takenAt: now)
        let place = folder.place(name.file)
        guard !PlacedFile.isTaken(place) else { throw PlacedFile.Fault.occupied(place) }
        try await checkRoom(forCopyIn: folder)
        folder.removeUnfinished()
        try folder.removeLoneChecksums()
        defer { folder.removeUnfinished() }
        return try await noting(actor: "timer", now: now) {
            try await writeSlowly(to: folder.unfinished)
            let (count, digest) = try await Self.verified(folder.unfinished, read)
            try PlacedFile.replace(
                folder.place(name.checksumFile),
                with: "\(hexadecimal(digest.bytes))  \(name.file)\n", besideDatabase: path)
            try PlacedFile.move(folder.unfinished, to: place)
            return KeptBackup(name: name, byteCount: count, digest: digest)
        }
    }

    /// Locks the folder: two services in one folder would remove each other's copies.
    package func lockBackups(in folder: BackupFolder) throws(BackupFault) -> LockFile {
        try folder.check()
        do throws(StoreFault) {
            return try LockFile(besideDatabase: folder.lockBase)
        } catch .lockedByAnother(_, let process) {
            throw .folder(
                folder.path, reason: "another service (\(process)) keeps its backups there")
        } catch {
            throw .folder(folder.path, reason: "\(error)")
        }
    }

    /// Checks the disk's room. On a disk other than the database's, no reserve is needed.
    private func checkRoom(forCopyIn folder: BackupFolder) async throws {
        let isOnOurs = folder.isOnDisk(of: path)
        try await pool.read { database in
            let size = try DatabaseSize(database).bytes
            if isOnOurs { return try checkRoom(for: size, in: database) }
            if let shortage = DiskRoom(reserve: 0).shortage(in: folder.path, for: size) {
                throw shortage
            }
        }
    }

    private func writeSlowly(to place: String) async throws {
        let queue = try DatabaseFile.openReader(path)
        defer { try? queue.close() }
        do {
            try await queue.unsafeRead { database in
                database.goSlowly()
                try BackupCopy.write(database, to: place)
            }
            try PlacedFile.sync(place)
        } catch BackupFault.notWritten(let reason) {
            throw BackupFault.folder(folderOfFile(place), reason: reason)
        }
    }

    /// - Returns: the size in bytes of a sound copy, and its digest.
    static func verified(
        _ place: String, _ read: @escaping DeliveryReader
    ) async throws -> (Int64, SHA256Digest) {
        // Otherwise the check would read the page cache and not the disk.
        try BackupCopy.forgetCached(place)
        do {
            let queue = try DatabaseFile.openReadOnly(place)
            defer { try? queue.close() }
            return try await queue.read { database in
                database.goSlowly()
                let problems = try Inspection(database, bins: [:], read: read)
                    .refusals(in: database)
                guard problems.isEmpty else { throw BackupFault.unsound(problems) }
                return try BackupCopy.readThrough(place)
            }
        } catch let error as DatabaseError
            where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
        {
            throw BackupFault.unsound([error.message ?? "the database file is malformed"])
        }
    }
}

extension Inspection {
    /// Returns the reasons why a restore would refuse the copy. A damaged bill is not a reason.
    func refusals(in database: Database) throws -> [String] {
        guard schema.isEmpty else { return schema }
        let isExplained = !structure.isEmpty && !damagedBills.isEmpty
        let pages = isExplained ? try PageCheck(database).beyond : structure
        return try pages + audit.problems + Restore.reach(in: database)
    }
}
