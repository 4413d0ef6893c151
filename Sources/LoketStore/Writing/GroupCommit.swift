// The one writer's queue.

import Foundation
import GRDB
import LoketCore
import Synchronization

/// Runs every write on one thread. Writes that wait at the same time share one commit, so that the
/// number of writes a second does not depend on how long one fsync takes. Each write has a savepoint
/// of its own: one that fails leaves the others in the group as they are. A caller is answered after
/// the commit, and a write that was queued is done whether or not its caller still waits.
///
///     commits.submit({ database in try Ledger.append(delivery, in: database) }) { result in
///         // on the writer's thread, after the commit is on the disk
///     }
package final class GroupCommit: Sendable {
    /// How it is doing, for /ready and /metrics.
    package struct Health: Sendable {
        package var waiting = 0
        package var commits = 0
        package var writes = 0
        /// Milliseconds that the slowest group so far took, its fsync included.
        package var slowestMilliseconds: Int64 = 0
        /// The last failure, while it lasts.
        package var failing: String?
    }

    /// One write. It gives what is to be said once the commit is on disk.
    private struct Write: Sendable {
        let bytes: Int
        let run: @Sendable (Database) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var queue: [Write] = []
        /// What gives way to everything in the queue.
        var behind: [Write] = []
        var bytes = 0
        var isClosing = false
        var health = Health()
    }

    private let state = Mutex(State())
    private let thread = WritingThread(name: "loket-commit")
    private let pool: DatabasePool
    private let room: DiskRoom
    private let whenCommitted: @Sendable () -> Void
    private let groupTime = Duration.milliseconds(Limits.commitGroupMilliseconds)

    /// Starts the writing thread.
    ///
    /// - Parameters:
    ///   - idle: how long nothing is written before the WAL is moved into the database.
    ///   - whenCommitted: called on the writing thread after each commit.
    init(
        on pool: DatabasePool, room: DiskRoom = DiskRoom(),
        idle: DispatchTimeInterval = .seconds(Limits.idleCheckpointSeconds),
        whenCommitted: @escaping @Sendable () -> Void = {}
    ) {
        self.pool = pool
        self.room = room
        self.whenCommitted = whenCommitted
        // A small merchant's writes of weeks fit into the WAL, which may be lost.
        thread.start(idle: idle, whenIdle: { pool.checkpointAtOnce() }) { [self] in writeQueued() }
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
    ///   - bytes: what it holds in memory while it waits.
    ///   - body: runs on the writer, in a transaction that other writes share. It must not begin
    ///     or end one. It runs again where the disk has no room at first.
    ///   - then: called once, on the writing thread: the value after its commit, or why not.
    func submit<Value: Sendable>(
        bytes: Int = 0, _ body: @escaping @Sendable (Database) throws -> Value,
        then: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        let write = Write(
            bytes: bytes,
            run: { database in
                let value = try body(database)
                return { then(.success(value)) }
            },
            fail: { then(.failure($0)) })
        let (isTaken, isFirst) = state.withLock { state in
            guard !state.isClosing, state.queue.count < Limits.commitQueueMax,
                state.bytes + bytes <= Limits.commitQueueBytesMax
            else { return (false, false) }
            state.queue.append(write)
            state.bytes += bytes
            return (true, state.queue.count == 1)
        }
        if isFirst { thread.wake() }
        if !isTaken { then(.failure(StoreFault.overloaded)) }
    }

    /// Queues a write and waits for its commit. A cancelled task waits all the same: what was
    /// queued is done.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            submit(body) { continuation.resume(with: $0) }
        }
    }

    /// Queues a write that gives way: it is done when nothing else waits, in a commit of its own.
    /// A long one looks at `isAwaited` and comes to its end.
    func writeBehind<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write = Write(
                bytes: 0,
                run: { database in
                    let value = try body(database)
                    return { continuation.resume(returning: value) }
                },
                fail: { continuation.resume(throwing: $0) })
            let isTaken = state.withLock { state in
                guard !state.isClosing else { return false }
                state.behind.append(write)
                return true
            }
            if isTaken { thread.wake() } else { write.fail(StoreFault.overloaded) }
        }
    }

    /// A caller waits for the writer.
    var isAwaited: Bool { state.withLock { !$0.queue.isEmpty } }

    /// Writes what is queued and ends the thread.
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

    /// - Returns: false once it is closed and everything is written.
    private func writeQueued() -> Bool {
        while let group = nextGroup() { commit(group) }
        return state.withLock { !$0.isClosing || !$0.queue.isEmpty || !$0.behind.isEmpty }
    }

    private func nextGroup() -> [Write]? {
        state.withLock { state in
            guard !state.queue.isEmpty else {
                return state.behind.isEmpty ? nil : [state.behind.removeFirst()]
            }
            let group = Array(state.queue.prefix(Limits.commitGroupMax))
            state.queue.removeFirst(group.count)
            state.bytes -= group.reduce(0) { $0 + $1.bytes }
            return group
        }
    }

    private func commit(_ group: [Write]) {
        var rest = group[...]
        while !rest.isEmpty {
            let began = ContinuousClock.now
            var taken = 0
            var calls: [@Sendable () -> Void] = []
            do {
                try pool.writeInRoomOfLog {
                    taken = 0
                    calls = []
                    try pool.writeWithoutTransaction { database in
                        try database.inTransaction(.immediate) {
                            for write in rest {
                                if taken > 0, ContinuousClock.now - began > groupTime { break }
                                taken += 1
                                calls.append(
                                    rest.count == 1
                                        ? try write.run(database)
                                        : try Self.run(write, in: database))
                            }
                            return .commit
                        }
                    }
                }
                committed(taken, since: began)
                for call in calls { call() }
            } catch let error where rest.count == 1 && !isMachineFailure(error) {
                rest[rest.startIndex].fail(error)
            } catch {
                let error = pool.explained(error, room)
                state.withLock { $0.health.failing = "\(error)" }
                for write in rest.prefix(max(taken, 1)) { write.fail(error) }
            }
            rest = rest.dropFirst(max(taken, 1))
        }
    }

    /// One write that fails for a reason of its own does not fail the others. The savepoint costs a
    /// copy of every page that is changed: one that is alone does without.
    private static func run(
        _ write: Write, in database: Database
    ) throws -> @Sendable () -> Void {
        var done: (@Sendable () -> Void)?
        do {
            try database.inSavepoint {
                done = try write.run(database)
                return .commit
            }
        } catch  where isMachineFailure(error) {
            throw error
        } catch {
            // SQLite may have ended the whole transaction.
            guard database.isInsideTransaction else { throw error }
            return { write.fail(error) }
        }
        return done ?? {}
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
        saveRoom()
    }

    /// Below the reserve each commit is followed by a checkpoint, which keeps the log from growing.
    private func saveRoom() {
        if room.shortage(behind: pool) != nil { pool.checkpointAtOnce() }
    }
}
