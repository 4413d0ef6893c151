// A write for which the disk has no room. The log grows as long as its pages are not in the
// database; a checkpoint puts them there, and the log is then written again from its start, in the
// room that it has.

import GRDB

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
