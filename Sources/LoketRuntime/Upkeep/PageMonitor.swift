// Checks every page of the database once a day while the service runs. /ready reports the problems
// of the last check until a later check finds none.

import Logging
import LoketCore
import LoketStore
import ServiceLifecycle
import Synchronization

package final class PageMonitor: Service {
    private let store: Store
    private let log: Logger
    private let last: Mutex<Store.PageWalk?>

    /// The delay after a start, which is busy. With it, a service that crashes repeatedly does not
    /// check each time.
    private static let afterStart = Duration.seconds(60)
    private static let interval = Duration.seconds(86_400)
    private static let afterFailure = Duration.seconds(3_600)

    package init(store: Store, log: Logger) {
        self.store = store
        self.log = log
        // A damaged row must not prevent the start.
        last = Mutex(try? store.lastPageWalk())
    }

    /// The problems of the database file, for /ready.
    package var problems: [String] { last.withLock { $0?.problems ?? [] } }

    /// The end time of the last check; nil if there was none.
    package var finishedAt: Moment? { last.withLock { $0?.finishedAt } }

    package func run() async throws {
        var pause = untilNext
        while true {
            do {
                try await cancelWhenGracefulShutdown { [pause] in
                    try await Task.sleep(for: pause)
                    try await self.walk()
                }
                pause = Self.interval
            } catch is CancellationError {
                return
            } catch {
                log.error("the pages of the database could not be checked: \(error)")
                pause = Self.afterFailure
            }
            if Task.isShuttingDownGracefully { return }
        }
    }

    /// The time until the next check; at most the interval, because the wall clock may be wrong.
    private var untilNext: Duration {
        guard let finishedAt else { return Self.afterStart }
        let age = Moment.now.milliseconds - finishedAt.milliseconds
        return max(Self.afterStart, Self.interval - .milliseconds(max(0, age)))
    }

    package func walk() async throws {
        let walk = try await store.walkPages { .now }
        last.withLock { $0 = walk }
        for problem in walk.problems { log.error("\(problem)") }
        log.info(
            "checked all pages of the database",
            metadata: ["problems": .number(walk.problems.count)])
    }
}
