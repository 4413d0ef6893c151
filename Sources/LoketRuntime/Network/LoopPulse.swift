// Tests whether the gateway can answer: each of its event loops runs, and a database look-up on the
// loop returns. A look-up that returns an error passes: a restart would open the same database.
//
// The test waits for no write. A restart fixes a loop that hangs or a removed database file. It
// does not fix a slow or full disk, which is reported elsewhere.

import NIOCore
import Synchronization

package final class LoopPulse: Sendable {
    private struct State {
        var loops: [(loop: any EventLoop, lookUp: @Sendable () -> Void)] = []
        var isBeating = false
    }

    private let state = Mutex(State())

    package init() {}

    /// - Parameter lookUp: the look-up that each beat runs on the loop.
    package func add(_ loop: any EventLoop, _ lookUp: @escaping @Sendable () -> Void) {
        state.withLock { $0.loops.append((loop, lookUp)) }
    }

    /// Removes all loops, because they are about to end.
    package func end() {
        state.withLock { $0.loops = [] }
    }

    /// Runs a look-up on every loop. While a beat is in progress, further beats do nothing.
    ///
    /// - Parameter whenDone: called when all look-ups have returned; never if a loop hangs or there
    ///   are no loops.
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
