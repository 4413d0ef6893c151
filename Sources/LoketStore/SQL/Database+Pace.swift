// The pace of work that has time until tomorrow, such as the verification of every page.

import Foundation
import GRDB
import GRDBSQLite
import LoketCore

extension Database {
    /// Makes this connection pause every few thousand steps, so that others get the processor and the
    /// disk.
    func goSlowly() {
        sqlite3_progress_handler(
            sqliteConnection, Limits.pageWalkSteps,
            { _ in
                usleep(Limits.pageWalkPauseMicroseconds)
                return 0
            }, nil)
    }
}
