// Where wrong keys wait for their refusal. Only so many wait at once: a flood of them shall hold
// neither memory nor connections, and a right key never comes here.

import Synchronization

package final class FailedKeyDelay: Sendable {
    private let slowness: Duration
    private let places: Int
    private let taken = Mutex(0)

    /// - Parameters:
    ///   - slowness: how long each waits.
    ///   - places: how many may wait at once.
    package init(slowness: Duration, places: Int) {
        self.slowness = slowness
        self.places = places
    }

    package var waiting: Int { taken.withLock { $0 } }

    /// Waits where a place is free.
    ///
    /// - Returns: false, at once, where none is.
    package func wait() async throws -> Bool {
        let hasPlace = taken.withLock { taken in
            guard taken < places else { return false }
            taken += 1
            return true
        }
        guard hasPlace else { return false }
        defer { taken.withLock { $0 -= 1 } }
        try await Task.sleep(for: slowness)
        return true
    }
}
