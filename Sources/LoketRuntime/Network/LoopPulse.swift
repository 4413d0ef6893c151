// Whether the gateway can answer at this moment: each of its event loops runs, and a look-up on it
// returns. A look-up that returns an error counts too: a restart would open the same database.
//
// Nothing here waits for a write. A slow or full disk is reported, and a restart would not help; a
// loop that hangs, or a database file that was removed, is what a restart fixes.

import NIOCore
import Synchronization

package final class LoopPulse: Sendable {
    private struct State {
        var loops: [(loop: any EventLoop, lookUp: @Sendable () -> Void)] = []
        var isBeating = false
    }

    private let state = Mutex(State())

    package init() {}

    /// - Parameter lookUp: made on the loop at each beat.
    package func add(_ loop: any EventLoop, _ lookUp: @escaping @Sendable () -> Void) {
        state.withLock { $0.loops.append((loop, lookUp)) }
    }

    /// The loops are about to end.
    package func end() {
        state.withLock { $0.loops = [] }
    }

    /// Has every loop make a look-up.
    ///
    /// - Parameter whenDone: called once all have; never where one hangs, or where there is none.
    ///   Until then further beats do nothing.
    package func beat(_ whenDone: @escaping @Sendable () -> Void) {
        let loops = state.withLock { state in
            if state.isBeating || state.loops.isEmpty { return state.loops.prefix(0) }
            state.isBeating = true
            return state.loops[...]
        }
        guard let first = loops.first?.loop else { return }
        let turns = loops.map { $0.loop.submit($0.lookUp) }
        EventLoopFuture.andAllSucceed(turns, on: first).whenComplete { result in
            self.state.withLock { $0.isBeating = false }
            if case .success = result { whenDone() }
        }
    }
}
