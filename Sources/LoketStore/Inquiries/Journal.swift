// The journal of inquiries.

import Foundation
import GRDB
import LoketCore
import Synchronization

/// Records every answered inquiry: a bounded queue that any thread may fill, and one thread that
/// commits the entries in groups through the database's only writer. No response waits for a
/// commit; a crash may lose the last group. If the queue is full, an entry is refused and counted.
///
///     journal.offer(entry)    // false: the queue is full
package final class Journal: Sendable {
    /// The journal's health, for /ready and /metrics.
    package struct Health: Sendable {
        package var waiting = 0
        package var written = 0
        /// The number of entries refused.
        package var dropped = 0
        /// The last error; nil after the next success.
        package var failing: String?
    }

    private struct State {
        var queue: [JournalEntry] = []
        var isClosing = false
        var health = Health()
    }

    private let state = Mutex(State())
    private let thread = WritingThread(name: "loket-journal")
    private let store: Store
    /// The queue's capacity.
    package let capacity: Int
    private let whenFailing: @Sendable (String) -> Void

    /// Milliseconds between two attempts to commit a group.
    private static let retryMilliseconds: UInt32 = 200

    /// The number of entries in this many milliseconds up to which they are written at once.
    private static let (quietCount, quietMilliseconds) = (5, UInt32(5))

    /// The queued fraction (1/8) above which the writer no longer gives way to other threads, and
    /// the fraction (1/4) above which `isBehind` is true.
    private static let (hurryShare, behindShare) = (8, 4)

    /// Starts the writing thread.
    ///
    /// - Parameters:
    ///   - capacity: the maximum number of queued entries.
    ///   - whenFailing: called once each time that commits begin to fail.
    package init(
        on store: Store, capacity: Int = Limits.journalQueueMax,
        whenFailing: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.store = store
        self.capacity = capacity
        self.whenFailing = whenFailing
        thread.start { [self] in writeQueued() }
    }

    /// Queues an entry without blocking on the disk. Returns false if the queue is full or closed;
    /// the entry is then counted as dropped.
    package func offer(_ entry: JournalEntry) -> Bool {
        let (taken, isFirst) = state.withLock { state in
            guard !state.isClosing, state.queue.count < capacity else {
                state.health.dropped += 1
                return (false, false)
            }
            state.queue.append(entry)
            return (true, state.queue.count == 1)
        }
        if isFirst { thread.wake() }
        return taken
    }

    /// Whether the queue is so long that callers should slow down.
    package var isBehind: Bool { hasQueued(capacity / Self.behindShare) }

    private func hasQueued(_ count: Int) -> Bool { state.withLock { $0.queue.count > count } }

    package var health: Health {
        state.withLock { state in
            var health = state.health
            health.waiting = state.queue.count
            return health
        }
    }

    /// Writes the queued entries and ends the thread. Entries that cannot be written are counted as
    /// dropped.
    package func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing
        }
        guard isFirst else { return }
        thread.wake()
        thread.join()
    }

    // MARK: The writing thread

    /// - Returns: false after the journal is closed and all entries are written.
    private func writeQueued() -> Bool {
        gather()
        var entries: [JournalEntry] = []
        state.withLock { swap(&$0.queue, &entries) }
        var rest = entries[...]
        while !rest.isEmpty {
            let group = rest.prefix(Limits.journalGroupMax)
            guard commit(group) else {
                state.withLock { $0.health.dropped += rest.count }
                break
            }
            rest = rest.dropFirst(group.count)
        }
        return state.withLock { !$0.isClosing || !$0.queue.isEmpty }
    }

    /// Waits briefly, so that under load many entries share a commit. While few arrive, it waits less:
    /// an operator may ask about an inquiry right after it.
    private func gather() {
        guard !state.withLock(\.isClosing) else { return }
        usleep(Self.quietMilliseconds * 1000)
        guard hasQueued(Self.quietCount) else { return }
        usleep((Limits.journalGatherMilliseconds - Self.quietMilliseconds) * 1000)
    }

    /// Retries until the group is written; returns false only when closing.
    private func commit(_ group: ArraySlice<JournalEntry>) -> Bool {
        while true {
            do {
                try store.append(group) { !hasQueued(capacity / Self.hurryShare) }
                state.withLock { state in
                    state.health.written += group.count
                    state.health.failing = nil
                }
                return true
            } catch {
                let (isClosing, isNew) = state.withLock { state in
                    defer { state.health.failing = "\(error)" }
                    return (state.isClosing, state.health.failing == nil)
                }
                if isNew { whenFailing("\(error)") }
                if isClosing { return false }
                usleep(Self.retryMilliseconds * 1000)
            }
        }
    }
}
