// The one place that makes a fault of what SQLite or the system says. SQLite names neither the file
// nor the cause ("unable to open database file" is all of them), so both are looked for: by name
// alone, because closing a file that SQLite has open would end SQLite's locks on it. And which
// failures are of the disk or the machine: nothing else would succeed now either, and the same
// write may succeed later.

import Foundation
import GRDB
import GRDBSQLite

extension StoreFault {
    /// Nil for an error that is neither SQLite's nor the store's.
    ///
    /// - Parameter path: the database that was opened or read.
    package init?(_ error: any Error, at path: String) {
        switch error {
        case let fault as StoreFault:
            self = fault
        case let error as DatabaseError:
            self.init(
                sqlite: error.extendedResultCode, error.message ?? "\(error.resultCode)",
                at: path)
        default:
            return nil
        }
    }

    /// - Parameters:
    ///   - code: SQLite's extended result code.
    ///   - said: SQLite's message.
    init(sqlite code: ResultCode, _ said: String, at path: String) {
        switch code.primaryResultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
            // Our statements are fixed: where one fails, the schema or a row is not ours any more.
            self = .damagedFile(path: path, said: said)
        case .SQLITE_FULL:
            self = .fullDisk(path)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .lockedByProgram(path)
        case .SQLITE_PROTOCOL, .SQLITE_NOLFS:
            self = .unfitFileSystem(path)
        case .SQLITE_IOERR where Self.ofLocks.contains { $0 == code }:
            self = .unfitFileSystem(path)
        case .SQLITE_IOERR:
            // A shared-memory file that cannot grow is an I/O error to SQLite.
            self = Self.hasRoom(path) ? .failingDisk(path: path, said: said) : .fullDisk(path)
        default:
            do throws(StoreFault) {
                try Store.checkPlace(path)
                self =
                    Self.hasRoom(path) ? .unusable(path: path, said: said) : .fullDisk(path)
            } catch {
                self = error
            }
        }
    }

    /// - Parameter code: an `errno`.
    init(system code: Int32, at path: String) {
        switch code {
        case EACCES:
            self = .forbidden(
                path: path, user: Self.name(of: geteuid()), owner: Self.owner(of: path))
        case EROFS: self = .readOnlyFileSystem(path)
        case EISDIR: self = .notAFile(path)
        case ENOSPC, EDQUOT: self = .fullDisk(path)
        default: self = .unusable(path: path, said: String(cString: strerror(code)))
        }
    }

    /// I/O errors of locks, and of the memory that processes share.
    private static let ofLocks: [ResultCode] = [
        .SQLITE_IOERR_UNLOCK, .SQLITE_IOERR_RDLOCK, .SQLITE_IOERR_CHECKRESERVEDLOCK,
        .SQLITE_IOERR_LOCK, .SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMLOCK, .SQLITE_IOERR_SHMMAP,
    ]
    private static let roomBytes: Int64 = 1 << 20

    private static func hasRoom(_ path: String) -> Bool {
        DiskRoom.freeBytes(in: folderOfFile(path)).map { $0 >= roomBytes } ?? true
    }

    package static func owner(of path: String) -> String {
        var status = stat()
        return stat(path, &status) == 0 ? name(of: status.st_uid) : "another user"
    }

    /// Its number where it has none.
    private static func name(of user: uid_t) -> String {
        getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "\(user)"
    }
}

func isMachineFailure(_ error: any Error) -> Bool {
    switch error {
    case let error as DatabaseError: isMachineFailure(code: error.resultCode.rawValue)
    case StoreFault.failing, StoreFault.noRoom: true
    default: false
    }
}

/// - Parameter code: a primary result code of SQLite.
func isMachineFailure(code: Int32) -> Bool {
    switch code {
    case SQLITE_FULL, SQLITE_IOERR, SQLITE_NOMEM, SQLITE_CORRUPT, SQLITE_READONLY, SQLITE_BUSY,
        SQLITE_INTERRUPT, SQLITE_CANTOPEN:
        true
    default: false
    }
}

extension Store {
    /// Whether a write may succeed later: the disk or the machine failed, there is no room, or too
    /// much waits.
    package static func isRetryable(_ error: any Error) -> Bool {
        isMachineFailure(error) || error is DiskRoom.Shortage
            || error as? StoreFault == .overloaded
    }
}
