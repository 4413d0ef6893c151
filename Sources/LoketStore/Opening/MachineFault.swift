// Failures of the disk or the machine, as against those of one write: nothing else would succeed
// now either, and the same write may succeed later.

import GRDB
import GRDBSQLite

func isOfTheMachine(_ error: any Error) -> Bool {
    switch error {
    case let error as DatabaseError: isOfTheMachine(code: error.resultCode.rawValue)
    case StoreFault.failing, StoreFault.noRoom: true
    default: false
    }
}

/// - Parameter code: a primary result code of SQLite.
func isOfTheMachine(code: Int32) -> Bool {
    switch code {
    case SQLITE_FULL, SQLITE_IOERR, SQLITE_NOMEM, SQLITE_CORRUPT, SQLITE_READONLY, SQLITE_BUSY,
        SQLITE_INTERRUPT, SQLITE_CANTOPEN:
        true
    default: false
    }
}

extension BillStore {
    /// Whether a write may succeed later: the disk or the machine failed, there is no room, or too
    /// much waits.
    package static func mayPass(_ error: any Error) -> Bool {
        isOfTheMachine(error) || error is DiskRoom.Shortage
            || error as? StoreFault == .overloaded
    }
}
