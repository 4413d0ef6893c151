// The end of work that a measurement goes on beside.

import Synchronization

final class BenchEnd: Sendable {
    private let state = Mutex(false)

    var isThere: Bool { state.withLock { $0 } }

    func come() { state.withLock { $0 = true } }
}
