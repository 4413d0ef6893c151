// Moves the pages of the write-ahead log into the database, on a thread of low priority.

import GRDB
import GRDBSQLite
import LoketCore
import Synchronization

/// Checkpoints the log once it has many pages. SQLite's own automatic checkpoint does that within a
/// commit: on a busy core, inquiries and payments then wait for the whole of it. Here a second
/// connection moves nearly all pages, and the writer only the few that were added meanwhile, because
/// the log starts again only from a commit at which none is left.
final class Checkpointer: Sendable {
    private struct State {
        var isMoving = false
        var isClosed = false
        /// The pages of the log that are in the database.
        var moved = 0
        /// The complete moves since the log last had few pages.
        var rounds = 0
    }

    private let state = Mutex(State())
    private let connection: DatabaseQueue
    private let pages: Int

    /// The part (1/16) of `pages` that the writer moves itself.
    private static let restShare = 16
    /// The complete moves after which the writer moves the rest, however many pages it has: the log
    /// grows faster than a busy machine moves it.
    private static let roundsMax = 3

    /// - Parameter pages: the number of pages at which the log is moved.
    init(path: String, pages: Int = Limits.checkpointPages) throws {
        connection = try DatabaseFile.openChecker(path)
        self.pages = pages
    }

    /// Replaces SQLite's automatic checkpoint of a connection, which must not be used after this
    /// object is released.
    func watch(_ database: Database) {
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, connection, name, frames in
                guard let context else { return SQLITE_OK }
                Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue()
                    .committed(Int(frames), on: connection, name)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Begins to move all pages, unless pages are being moved.
    func start() {
        state.withLock { startMoving(&$0) }
    }

    /// Waits for a move in progress, and begins no other.
    func close() throws {
        state.withLock { $0.isClosed = true }
        try connection.close()
    }

    private func committed(
        _ frames: Int, on writer: OpaquePointer?, _ name: UnsafePointer<CChar>?
    ) {
        guard leavesRest(of: frames) else { return }
        // Another process may checkpoint at the same time; the next commit tries again.
        var (all, moved) = (CInt(0), CInt(0))
        sqlite3_wal_checkpoint_v2(writer, name, SQLITE_CHECKPOINT_PASSIVE, &all, &moved)
        state.withLock { state in
            state.moved = max(0, Int(moved))
            state.rounds = 0
        }
    }

    /// Begins a move if the log has many pages that are not in the database.
    ///
    /// - Returns: whether the writer has to move the rest.
    private func leavesRest(of frames: Int) -> Bool {
        state.withLock { state in
            guard !state.isMoving else { return false }
            guard frames >= pages else {
                state.moved = 0
                state.rounds = 0
                return false
            }
            guard state.rounds < Self.roundsMax,
                frames - state.moved > pages / Self.restShare
            else { return true }
            startMoving(&state)
            return false
        }
    }

    private func startMoving(_ state: inout State) {
        guard !state.isMoving, !state.isClosed else { return }
        state.isMoving = true
        connection.asyncWriteWithoutTransaction { [self] database in
            ended(try? database.checkpoint(.passive))
        }
    }

    private func ended(_ count: (walFrameCount: Int, checkpointedFrameCount: Int)?) {
        state.withLock { state in
            state.isMoving = false
            guard let count else { return }
            state.moved = max(0, count.checkpointedFrameCount)
            // A reader of an old snapshot keeps the pages after it from being moved.
            if count.checkpointedFrameCount == count.walFrameCount { state.rounds += 1 }
        }
    }
}
