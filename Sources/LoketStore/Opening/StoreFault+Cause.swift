// Converts errors of SQLite and the system into store faults, and classifies failures of the disk
// or machine, after which every write fails now but may succeed later. SQLite reports neither the
// file nor the cause ("unable to open database file" for all of them), so both are determined here:
// only by file name, because closing a file that SQLite has open would end SQLite's locks.

import Foundation
import GRDB
import GRDBSQLite

extension StoreFault {
    /// Returns nil for an error that is neither SQLite's nor the store's.
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
            // Our statements are fixed: if a statement fails, the schema or a row was changed.
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
            // SQLite reports an I/O error if a shared-memory file cannot grow.
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

    /// The I/O errors of locks and shared memory.
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

    /// The number if there is no name.
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
    /// Returns whether a write may succeed later: the disk or the machine failed, the disk is full,
    /// or too many writes wait.
    package static func isRetryable(_ error: any Error) -> Bool {
        isMachineFailure(error) || error is DiskRoom.Shortage
            || error as? StoreFault == .overloaded
    }
}
