// Once a day every page of the database is checked while the service runs. What the last walk found
// is in /ready until a later one finds nothing.

import Logging
import LoketCore
import LoketStore
import ServiceLifecycle
import Synchronization

package final class PageMonitor: Service {
    private let store: Store
    private let log: Logger
    private let last: Mutex<Store.PageWalk?>

    /// A start is busy enough; and one that crashes again and again does not walk each time.
    private static let afterStart = Duration.seconds(60)
    private static let interval = Duration.seconds(86_400)
    private static let afterFailure = Duration.seconds(3_600)

    package init(store: Store, log: Logger) {
        self.store = store
        self.log = log
        // A start does not end because this row is damaged.
        last = Mutex(try? store.lastPageWalk())
    }

    /// What is wrong with the file, for /ready.
    package var problems: [String] { last.withLock { $0?.problems ?? [] } }

    /// When the last walk came to its end.
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
                log.error("the pages could not be checked: \(error)")
                pause = Self.afterFailure
            }
            if Task.isShuttingDownGracefully { return }
        }
    }

    /// By the wall clock, which may be wrong: never longer than the interval.
    private var untilNext: Duration {
        guard let finishedAt else { return Self.afterStart }
        let age = Moment.now.milliseconds - finishedAt.milliseconds
        return max(Self.afterStart, Self.interval - .milliseconds(max(0, age)))
    }

    package func walk() async throws {
        let walk = try await store.walkPages { .now }
        last.withLock { $0 = walk }
        for problem in walk.problems { log.error("\(problem)") }
        log.info("checked every page", metadata: ["problems": .number(walk.problems.count)])
    }
}
