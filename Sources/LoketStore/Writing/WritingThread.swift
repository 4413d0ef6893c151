// A thread of its own for what waits for a disk or a reader: it sleeps until there is something to
// write, and its end can be awaited.

import Foundation

package final class WritingThread: Sendable {
    private let signal = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let name: String

    package init(name: String) {
        self.name = name
    }

    /// - Parameters:
    ///   - idle: how long it sleeps before `whenIdle` is called, again and again.
    ///   - round: called once for each time that the thread was woken; false ends it.
    package func start(
        idle: DispatchTimeInterval = .never, whenIdle: @escaping @Sendable () -> Void = {},
        _ round: @escaping @Sendable () -> Bool
    ) {
        let thread = Thread { [signal, ended] in
            repeat {
                while signal.wait(timeout: .now() + idle) == .timedOut { whenIdle() }
            } while round()
            ended.signal()
        }
        thread.name = name
        thread.start()
    }

    package func wake() {
        signal.signal()
    }

    /// Waits for the end of its last round, for at most `limit`.
    package func join(within limit: DispatchTimeInterval = .never) {
        _ = ended.wait(timeout: .now() + limit)
    }
}
