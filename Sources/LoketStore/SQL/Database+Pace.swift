// The pace of bulk work, such as an import or a backup. On a busy machine the threads that answer
// DOKU run first.

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

    /// Makes this connection let other threads run every few hundred steps. Nothing is lost on an idle
    /// processor.
    ///
    /// - Parameter commits: a queue for which this connection writes; it does not give way while a
    ///   caller waits for it. The caller keeps the object alive.
    func giveWay(unlessAwaited commits: GroupCommit? = nil) {
        sqlite3_progress_handler(
            sqliteConnection, Limits.bulkSteps,
            { context in
                let commits = context.map {
                    Unmanaged<GroupCommit>.fromOpaque($0).takeUnretainedValue()
                }
                if commits?.isAwaited != true { sched_yield() }
                return 0
            }, commits.map { Unmanaged.passUnretained($0).toOpaque() })
    }

    /// Runs bulk work on a connection that also has other work, and gives way meanwhile.
    func givingWay<Value>(
        unlessAwaited commits: GroupCommit? = nil, _ body: () throws -> Value
    ) rethrows -> Value {
        giveWay(unlessAwaited: commits)
        defer { sqlite3_progress_handler(sqliteConnection, 0, nil, nil) }
        return try body()
    }
}
