// The news of commits, for readers that wait until there is something new to read.

import Synchronization

/// Counts commits and wakes the tasks that wait for the next one. A waiting task holds no thread
/// and no connection of the database.
///
///     var seen = signal.count
///     while try await read().isEmpty {
///         seen = await signal.wait(past: seen)
///     }
package final class CommitSignal: Sendable {
    private struct State {
        var count = 0
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// The number of commits so far. Take it before reading, so that no commit is missed.
    package var count: Int { state.withLock(\.count) }

    /// The number of waiting tasks.
    package var waiting: Int { state.withLock(\.waiters.count) }

    /// Counts a commit. Called after the commit, when a reader can see it.
    func ring() {
        let waiters = state.withLock { state in
            state.count += 1
            guard !state.waiters.isEmpty else { return [] as [CheckedContinuation<Void, Never>] }
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until there are more commits than `seen`, or the task is cancelled.
    ///
    /// - Returns: the number of commits.
    package func wait(past seen: Int) async -> Int {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.count == seen, !Task.isCancelled else { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
        return count
    }
}
