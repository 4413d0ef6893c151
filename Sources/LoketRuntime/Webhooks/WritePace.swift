// How deliveries follow the writes of the database: they wait for the next commit, and make room for
// payments while writes are many.

import LoketCore
import LoketStore
import Synchronization

/// The number of writes that webhooks have made themselves.
final class OwnWrites: Sendable {
    private let made = Mutex(0)

    var count: Int { made.withLock { $0 } }

    func add() { made.withLock { $0 += 1 } }
}

/// Whether writes follow each other so fast that deliveries should wait. Commits would not show it:
/// payments that arrive together share one.
struct WritePace {
    private var count = 0
    private var at = ContinuousClock.now

    /// - Parameter now: the number of writes so far, without those of webhooks.
    mutating func isBusy(_ now: Int) -> Bool {
        let time = ContinuousClock.now
        defer { (count, at) = (now, time) }
        return Double(now - count) > Limits.webhookBusyWrites * ((time - at) / .seconds(1))
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
