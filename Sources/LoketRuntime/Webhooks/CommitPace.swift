// How deliveries follow the commits of the database: they wait for the next one, and make room for
// payments while commits are many.

import LoketCore
import LoketStore
import Synchronization

/// The number of commits that webhooks have made themselves.
final class OwnCommits: Sendable {
    private let made = Mutex(0)

    var count: Int { made.withLock { $0 } }

    func add() { made.withLock { $0 += 1 } }
}

/// Whether commits follow each other so fast that deliveries should wait.
struct CommitPace {
    private var count = 0
    private var at = ContinuousClock.now

    /// - Parameter now: the number of commits so far, without those of webhooks.
    mutating func isBusy(_ now: Int) -> Bool {
        let time = ContinuousClock.now
        defer { (count, at) = (now, time) }
        return Double(now - count) > Limits.webhookBusyCommits * ((time - at) / .seconds(1))
    }
}

extension CommitSignal {
    /// Waits until there are more commits than `seen`, at most until a time.
    func wait(past seen: Int, until end: ContinuousClock.Instant) async throws {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { _ = await self.wait(past: seen) }
            tasks.addTask { try? await Task.sleep(until: end) }
            await tasks.next()
            tasks.cancelAll()
        }
        try Task.checkCancellation()
    }
}
