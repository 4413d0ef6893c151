// The room on the disk of the database, and the part of it that is kept: where no more than that is
// left, imports, backups and new bills are refused, and notifications go on.

import Foundation
import GRDB
import LoketCore

package struct DiskRoom: Sendable {
    /// There is less room than is needed beside what is kept.
    package struct Shortage: Error, Sendable, Equatable, CustomStringConvertible {
        package let folder: String
        package let free: Int64
        /// The reserve, and what the database has still to write.
        package let kept: Int64
        package let reserve: Int64
        /// Bytes that were to be written.
        package let needed: Int64

        package var description: String {
            let more = needed > 0 ? ", and this needs \(mebibytes(needed)) more" : ""
            let own = "`limits.disk_reserve_mib`, \(mebibytes(reserve))"
            let rest =
                kept > reserve
                ? ", and \(mebibytes(kept - reserve)) that the database has still to write" : ""
            return
                "\(folder) has \(mebibytes(free)) free, and \(mebibytes(kept)) are kept for "
                + "notifications (\(own)\(rest))\(more): make room there"
        }
    }

    /// Bytes that are kept.
    private let reserve: Int64
    private let free: @Sendable (_ folder: String) -> Int64?

    /// - Parameter free: how many bytes are free on the disk of a folder; nil where it cannot be known.
    package init(
        reserve: Int64 = Limits.diskReserveBytes,
        free: @escaping @Sendable (_ folder: String) -> Int64? = Self.freeBytes
    ) {
        self.reserve = reserve
        self.free = free
    }

    /// What others than root may still write on the disk of a folder.
    package static func freeBytes(in folder: String) -> Int64? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        let (bytes, isTooMuch) = Int64(clamping: status.f_bavail)
            .multipliedReportingOverflow(by: Int64(clamping: status.f_frsize))
        return isTooMuch ? .max : bytes
    }

    /// - Parameters:
    ///   - needed: bytes that are to be written.
    ///   - owed: bytes that will be written anyhow.
    package func shortage(in folder: String, for needed: Int64 = 0, owed: Int64 = 0) -> Shortage? {
        guard let free = free(folder) else { return nil }
        let kept = reserve + owed
        guard free < kept + needed else { return nil }
        return Shortage(
            folder: folder, free: free, kept: kept, reserve: reserve, needed: needed)
    }

    /// The same after a commit: what is in the log still has to go into the database.
    func shortage(behind pool: DatabasePool) -> Shortage? {
        let folder = folderOfFile(pool.path)
        let log = fileBytes(pool.path + "-wal")
        if shortage(in: folder, owed: log) == nil { return nil }
        // What is in the log alone is never more than the log.
        let size = try? pool.writeWithoutTransaction { try DatabaseSize($0) }
        return shortage(in: folder, owed: size?.inLogAlone(of: pool.path) ?? log)
    }

    /// For the text of a failure.
    func freeText(in folder: String) -> String {
        free(folder).map(mebibytes) ?? "an unknown number of bytes"
    }
}

extension Store {
    /// - Parameter needed: bytes that are to be written on the disk of the database.
    /// - Throws: `DiskRoom.Shortage` where that would not leave the reserve.
    package func checkRoom(for needed: Int64 = 0) async throws {
        try await pool.read { try checkRoom(for: needed, in: $0) }
    }

    /// The same; what a transaction has added to the database by now counts.
    func checkRoom(for needed: Int64 = 0, in database: Database) throws {
        let owed = try DatabaseSize(database).owed(by: path)
        if let shortage = room.shortage(in: folder, for: needed, owed: owed) { throw shortage }
    }

    /// What is said of a failure, where it was for want of room.
    package func explained(_ error: any Error) -> any Error {
        pool.explained(error, room)
    }

    package var folder: String { folderOfFile(path) }
}

/// `126 MiB`, and bytes below one.
package func mebibytes(_ bytes: Int64) -> String {
    abs(bytes) < 1 << 20 ? "\(bytes) bytes" : "\(bytes >> 20) MiB"
}

/// The bytes of a database, wherever they are.
struct DatabaseSize {
    let pageBytes: Int64
    let bytes: Int64
    /// Of pages in which nothing is any more, and which are written again first.
    let unused: Int64

    init(_ database: Database) throws {
        func number(_ pragma: String) throws -> Int64 {
            try database.integer("PRAGMA \(pragma)") ?? 0
        }
        pageBytes = try number("page_size")
        bytes = try number("page_count") * pageBytes
        unused = try number("freelist_count") * pageBytes
    }

    /// Pages that are in the log alone: a checkpoint needs so much more room in the database's
    /// file.
    func inLogAlone(of path: String) -> Int64 {
        max(0, bytes - fileBytes(path))
    }

    /// What the files of an open database still grow by when nothing more is put into it: the log
    /// grows until it is used again from its start.
    func owed(by path: String) -> Int64 {
        let log = Int64(Limits.checkpointPages) * pageBytes
        return inLogAlone(of: path) + max(0, log - fileBytes(path + "-wal"))
    }
}

/// 0 where there is none.
func fileBytes(_ path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
}

func folderOfFile(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
}

/// A disk without room, as against one that fails. The log's index does not fit either: SQLite
/// has a code of its own for that.
package func isForWantOfRoom(_ error: any Error) -> Bool {
    switch error {
    case let error as DatabaseError:
        error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
    case StoreFault.noRoom, StoreFault.fullDisk: true
    default: false
    }
}

extension DatabasePool {
    /// Writes, and where there is no room, writes again after a checkpoint.
    ///
    /// - Parameter write: a whole transaction; it may run twice, and what a first run did outside
    ///   of the database it has to undo.
    func writeInRoomOfLog<Value>(_ write: () throws -> Value) throws -> Value {
        do {
            return try write()
        } catch  where isForWantOfRoom(error) {
            checkpointAtOnce()
            return try write()
        }
    }

    /// Puts the log's pages into the database, as far as that goes without waiting for a reader.
    func checkpointAtOnce() {
        _ = try? writeWithoutTransaction { try $0.checkpoint(.passive) }
    }

    /// The error with the room that is left, where it was for want of room.
    func explained(_ error: any Error, _ room: DiskRoom) -> any Error {
        guard isForWantOfRoom(error) else { return error }
        var said = (error as? DatabaseError)?.message ?? "the disk is full"
        if case StoreFault.noRoom(let text) = error { said = text }
        let folder = folderOfFile(path)
        return StoreFault.noRoom("\(said): \(folder) has \(room.freeText(in: folder)) free")
    }
}
