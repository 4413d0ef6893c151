// The database's write queue.

import Foundation
import GRDB
import LoketCore
import Synchronization

/// Runs the writes on one thread, and those of low priority on another, never two at once. Writes
/// queued at the same time share one commit, so that the number of writes per second does not
/// depend on the duration of an fsync. A failed write does not affect the other writes in its
/// group: the group is undone and runs a second time, with a savepoint for each write. A caller
/// receives the result after the commit. A queued write is performed even if its caller no longer
/// waits.
///
///     commits.submit({ database in try database.run(sql) }) { result in
///         // on the writer's thread, after the commit is on the disk
///     }
package final class GroupCommit: Sendable {
    /// The writer's health, for /ready and /metrics.
    package struct Health: Sendable {
        package var waiting = 0
        package var commits = 0
        package var writes = 0
        /// The duration of the slowest group so far in milliseconds, including its fsync.
        package var slowestMilliseconds: Int64 = 0
        /// The last error; nil after the next success.
        package var failing: String?
    }

    private struct State {
        var queue: [QueuedWrite] = []
        /// Whether a group of writes from the queue is being performed.
        var isWriting = false
        /// The writes of threads that do not use the queue.
        var others = 0
        var bytes = 0
        var isClosing = false
        var health = Health()
    }

    private let state = Mutex(State())
    private let thread = WritingThread(name: "loket-commit")
    private let behind = BehindQueue()
    private let pool: DatabasePool
    private let room: DiskRoom
    private let whenCommitted: @Sendable () -> Void
    private let groupTime = Duration.milliseconds(Limits.commitGroupMilliseconds)

    /// Starts the writing thread.
    ///
    /// - Parameters:
    ///   - idle: the time without writes after which `whenIdle` is called.
    ///   - whenCommitted: called after each commit, on the thread that made it.
    init(
        on pool: DatabasePool, room: DiskRoom = DiskRoom(),
        idle: DispatchTimeInterval = .never, whenIdle: @escaping @Sendable () -> Void = {},
        whenCommitted: @escaping @Sendable () -> Void = {}
    ) {
        self.pool = pool
        self.room = room
        self.whenCommitted = whenCommitted
        thread.start(idle: idle, whenIdle: whenIdle) { [self] in writeQueued() }
    }

    package var health: Health {
        state.withLock { state in
            var health = state.health
            health.waiting = state.queue.count
            return health
        }
    }

    /// Queues a write.
    ///
    /// - Parameters:
    ///   - bytes: the memory that the queued write uses.
    ///   - end: called once for all writes of a group that have the same object.
    ///   - body: runs on the writing thread, in a transaction shared with other writes. It must not
    ///     begin or end a transaction. It runs again if a write of its group failed or the disk was
    ///     full, so it changes nothing but the database.
    ///   - then: called once, on the writing thread: the value after the commit, or the error.
    func submit<Value: Sendable>(
        bytes: Int = 0, end: (any GroupEnd)? = nil,
        _ body: @escaping @Sendable (Database, WriteAttempt) throws -> Value,
        then: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        let write = QueuedWrite(bytes: bytes, end: end, body, then: then)
        let (isTaken, isFirst) = state.withLock { state in
            guard !state.isClosing, state.queue.count < Limits.commitQueueMax,
                state.bytes + bytes <= Limits.commitQueueBytesMax
            else { return (false, false) }
            state.queue.append(write)
            state.bytes += bytes
            return (true, state.queue.count == 1)
        }
        if isFirst { thread.wake() }
        guard !isTaken else { return }
        then(.failure(StoreFault.overloaded))
        end?.groupEnded()
    }

    /// Queues a write of which no part may fail alone.
    func submit<Value: Sendable>(
        bytes: Int = 0, _ body: @escaping @Sendable (Database) throws -> Value,
        then: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        submit(bytes: bytes, { database, _ in try body(database) }, then: then)
    }

    /// Queues a write and waits for its commit. Cancelling the task does not cancel a queued write.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            submit(body) { continuation.resume(with: $0) }
        }
    }

    /// Queues a low-priority write, begun when no other write waits, in a separate commit and on a
    /// thread of low priority. A long write must check `isAwaited` and finish early.
    func writeBehind<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write = QueuedWrite(
                { database, _ in try body(database) }, then: { continuation.resume(with: $0) })
            let isTaken = state.withLock { state in
                guard !state.isClosing else { return false }
                behind.add(write)
                return true
            }
            if isTaken { thread.wake() } else { write.fail(StoreFault.overloaded) }
        }
    }

    /// Whether a caller waits for the writer.
    var isAwaited: Bool {
        state.withLock { $0.isWriting || !$0.queue.isEmpty || $0.others > 0 }
    }

    /// Performs the write of a thread that does not use the queue. A low-priority write in progress
    /// finishes early for it.
    func awaiting<Value>(_ write: () throws -> Value) rethrows -> Value {
        state.withLock { $0.others += 1 }
        defer { state.withLock { $0.others -= 1 } }
        return try write()
    }

    /// Performs the queued writes and ends the thread.
    func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing
        }
        guard isFirst else { return }
        thread.wake()
        thread.join()
    }

    // MARK: The writing thread

    /// - Returns: false after the queue is closed and all writes are done.
    private func writeQueued() -> Bool {
        while let group = nextGroup() { commit(group) }
        behind.beginNext({ [self] in commit([$0]) }, whenDone: thread.wake)
        return state.withLock { !$0.isClosing || !$0.queue.isEmpty || !behind.isEmpty }
    }

    private func nextGroup() -> [QueuedWrite]? {
        state.withLock { state in
            state.isWriting = !state.queue.isEmpty
            guard state.isWriting else { return nil }
            let group = Array(state.queue.prefix(Limits.commitGroupMax))
            state.queue.removeFirst(group.count)
            state.bytes -= group.reduce(0) { $0 + $1.bytes }
            return group
        }
    }

    private func commit(_ group: [QueuedWrite]) {
        var rest = group[...]
        while !rest.isEmpty {
            let began = ContinuousClock.now
            var taken = 0
            do {
                let calls = try pool.writeInRoomOfLog {
                    do {
                        return try run(rest, .first, since: began, &taken)
                    } catch  where !isMachineFailure(error) {
                        return try run(rest, .second, since: began, &taken)
                    }
                }
                committed(taken, since: began)
                for call in calls { call() }
            } catch {
                let error = pool.explained(error, room)
                state.withLock { $0.health.failing = "\(error)" }
                for write in rest.prefix(max(taken, 1)) { write.fail(error) }
            }
            Self.end(rest.prefix(max(taken, 1)))
            rest = rest.dropFirst(max(taken, 1))
        }
    }

    private static func end(_ writes: ArraySlice<QueuedWrite>) {
        var ended: [any GroupEnd] = []
        for case let end? in writes.lazy.map(\.end) where !ended.contains(where: { $0 === end }) {
            ended.append(end)
            end.groupEnded()
        }
    }

    /// Runs writes in one transaction, until the time of a group is over.
    ///
    /// - Parameter taken: the number of writes begun.
    /// - Returns: what to call after the commit.
    private func run(
        _ writes: ArraySlice<QueuedWrite>, _ attempt: WriteAttempt,
        since began: ContinuousClock.Instant,
        _ taken: inout Int
    ) throws -> [@Sendable () -> Void] {
        taken = 0
        var calls: [@Sendable () -> Void] = []
        try pool.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                for write in writes {
                    if taken > 0, ContinuousClock.now - began > groupTime { break }
                    taken += 1
                    calls.append(try write.run(attempt, in: database))
                }
                return .commit
            }
        }
        return calls
    }

    private func committed(_ count: Int, since began: ContinuousClock.Instant) {
        let took = (ContinuousClock.now - began).microseconds / 1000
        state.withLock { state in
            state.health.commits += 1
            state.health.writes += count
            state.health.slowestMilliseconds = max(state.health.slowestMilliseconds, took)
            state.health.failing = nil
        }
        whenCommitted()
        // Stops the log's growth while free disk space is below the reserve.
        if room.shortage(behind: pool) != nil { pool.checkpointAtOnce() }
    }
}
