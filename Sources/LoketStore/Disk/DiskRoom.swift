// The free space on the database's disk, and its reserve. When only the reserve is left, imports,
// backups and new bills are refused, and notifications continue.

import Foundation
import GRDB
import LoketCore

package struct DiskRoom: Sendable {
    /// There is less free space than the reserve and the write need.
    package struct Shortage: Error, Sendable, Equatable, CustomStringConvertible {
        package let folder: String
        package let free: Int64
        /// The reserve, and the bytes that the database has still to write.
        package let kept: Int64
        package let reserve: Int64
        /// The bytes to be written.
        package let needed: Int64

        package var description: String {
            let more = needed > 0 ? ", and this operation needs \(mebibytes(needed)) more" : ""
            let own = "\(mebibytes(reserve)) by `limits.disk_reserve_mib`"
            let rest =
                kept > reserve
                ? ", \(mebibytes(kept - reserve)) that the database has still to write" : ""
            return
                "\(folder) has \(mebibytes(free)) free, but \(mebibytes(kept)) must stay free for "
                + "notifications (\(own)\(rest))\(more): free some space there"
        }
    }

    /// The reserve in bytes.
    private let reserve: Int64
    private let free: @Sendable (_ folder: String) -> Int64?

    /// - Parameter free: returns the free bytes on the disk of a folder; nil if unknown.
    package init(
        reserve: Int64 = Limits.diskReserveBytes,
        free: @escaping @Sendable (_ folder: String) -> Int64? = Self.freeBytes
    ) {
        self.reserve = reserve
        self.free = free
    }

    /// Returns the bytes that users other than root may still write on the disk of a folder.
    package static func freeBytes(in folder: String) -> Int64? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        let (bytes, isTooMuch) = Int64(clamping: status.f_bavail)
            .multipliedReportingOverflow(by: Int64(clamping: status.f_frsize))
        return isTooMuch ? .max : bytes
    }

    /// Returns nil if the space suffices.
    ///
    /// - Parameters:
    ///   - needed: the bytes to be written.
    ///   - owed: the bytes that will be written anyway.
    package func shortage(in folder: String, for needed: Int64 = 0, owed: Int64 = 0) -> Shortage? {
        guard let free = free(folder) else { return nil }
        let kept = reserve + owed
        guard free < kept + needed else { return nil }
        return Shortage(
            folder: folder, free: free, kept: kept, reserve: reserve, needed: needed)
    }

    /// Returns the shortage after a commit; the log's pages must still be copied into the database.
    func shortage(behind pool: DatabasePool) -> Shortage? {
        let folder = folderOfFile(pool.path)
        let log = fileBytes(pool.path + "-wal")
        if shortage(in: folder, owed: log) == nil { return nil }
        // The pages that are only in the log are never larger than the log.
        let size = try? pool.writeWithoutTransaction { try DatabaseSize($0) }
        return shortage(in: folder, owed: size?.inLogAlone(of: pool.path) ?? log)
    }

    /// The free space, for an error message.
    func freeText(in folder: String) -> String {
        free(folder).map(mebibytes) ?? "an unknown number of bytes"
    }
}

extension Store {
    /// - Parameter needed: the bytes to be written on the database's disk.
    /// - Throws: `DiskRoom.Shortage` if the reserve would not stay free.
    package func checkRoom(for needed: Int64 = 0) async throws {
        try await pool.read { try checkRoom(for: needed, in: $0) }
    }

    /// Checks within a transaction, including the pages it has added.
    func checkRoom(for needed: Int64 = 0, in database: Database) throws {
        let owed = try DatabaseSize(database).owed(by: path)
        if let shortage = room.shortage(in: folder, for: needed, owed: owed) { throw shortage }
    }

    /// Returns the error, with the free space added if the disk was full.
    package func explained(_ error: any Error) -> any Error {
        pool.explained(error, room)
    }

    package var folder: String { folderOfFile(path) }
}

/// Returns `126 MiB`, or bytes below 1 MiB.
package func mebibytes(_ bytes: Int64) -> String {
    abs(bytes) < 1 << 20 ? "\(bytes) bytes" : "\(bytes >> 20) MiB"
}

/// The size of a database, in its file and its log together.
struct DatabaseSize {
    let pageBytes: Int64
    let bytes: Int64
    /// The bytes of empty pages, which SQLite reuses first.
    let unused: Int64

    init(_ database: Database) throws {
        func number(_ pragma: String) throws -> Int64 {
            try database.integer("PRAGMA \(pragma)") ?? 0
        }
        pageBytes = try number("page_size")
        bytes = try number("page_count") * pageBytes
        unused = try number("freelist_count") * pageBytes
    }

    /// Returns the bytes of pages that are only in the log; a checkpoint enlarges the database's
    /// file by this amount.
    func inLogAlone(of path: String) -> Int64 {
        max(0, bytes - fileBytes(path))
    }

    /// Returns the bytes by which the files of an open database still grow without new content: the
    /// log grows until it is reused from its start.
    func owed(by path: String) -> Int64 {
        let log = Int64(Limits.checkpointPages) * pageBytes
        return inLogAlone(of: path) + max(0, log - fileBytes(path + "-wal"))
    }
}

/// Returns 0 for a missing file.
func fileBytes(_ path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
}

func folderOfFile(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
}

/// Returns whether an error means a full disk, as opposed to a failing disk. SQLite has a separate
/// code for when the log's index does not fit.
package func isForWantOfRoom(_ error: any Error) -> Bool {
    switch error {
    case let error as DatabaseError:
        error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
    case StoreFault.noRoom, StoreFault.fullDisk: true
    default: false
    }
}

extension DatabasePool {
    /// Writes, and if the disk is full, writes again after a checkpoint.
    ///
    /// - Parameter write: a whole transaction. It may run twice, and must then undo the effects of
    ///   the first run outside the database.
    func writeInRoomOfLog<Value>(_ write: () throws -> Value) throws -> Value {
        do {
            return try write()
        } catch  where isForWantOfRoom(error) {
            checkpointAtOnce()
            return try write()
        }
    }

    /// Copies the log's pages into the database, as far as possible without waiting for readers.
    func checkpointAtOnce() {
        _ = try? writeWithoutTransaction { try $0.checkpoint(.passive) }
    }

    /// Returns the error, with the free space added if the disk was full.
    func explained(_ error: any Error, _ room: DiskRoom) -> any Error {
        guard isForWantOfRoom(error) else { return error }
        var said = (error as? DatabaseError)?.message ?? "the disk is full"
        if case StoreFault.noRoom(let text) = error { said = text }
        let folder = folderOfFile(path)
        return StoreFault.noRoom("\(said): \(folder) has \(room.freeText(in: folder)) free")
    }
}
