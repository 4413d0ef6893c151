// A thread of its own for what waits for the disk: it sleeps until there is something to write,
// and its end can be awaited.

import Foundation

final class WritingThread: Sendable {
    private let signal = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let name: String

    init(name: String) {
        self.name = name
    }

    /// - Parameter round: called once for each time that the thread was woken; false ends it.
    func start(_ round: @escaping @Sendable () -> Bool) {
        let thread = Thread { [signal, ended] in
            repeat { signal.wait() } while round()
            ended.signal()
        }
        thread.name = name
        thread.start()
    }

    func wake() {
        signal.signal()
    }

    /// Waits for the end of its last round.
    func join() {
        ended.wait()
    }
}
