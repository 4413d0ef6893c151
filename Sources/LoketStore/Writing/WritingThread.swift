// A separate thread for work that waits for a disk or a reader: it sleeps until there is work, and
// callers can wait for its end.

import Foundation

package final class WritingThread: Sendable {
    private let signal = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let name: String

    package init(name: String) {
        self.name = name
    }

    /// - Parameters:
    ///   - idle: the time without work after which `whenIdle` is called, repeatedly.
    ///   - round: called once for each wake-up; false ends the thread.
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

    /// Waits until the thread has ended, for at most `limit`.
    package func join(within limit: DispatchTimeInterval = .never) {
        _ = ended.wait(timeout: .now() + limit)
    }
}
