// Writes the words of customers' names, by which the search finds bills, in the background. It
// waits for imports and gives way to every other write.

import Logging
import LoketCore
import LoketStore
import ServiceLifecycle

package struct WordFiller: Service {
    let store: Store
    let log: Logger

    private static let gap = Duration.milliseconds(Limits.wordGapMilliseconds)
    private static let afterFailure = Duration.seconds(60)

    package init(store: Store, log: Logger) {
        self.store = store
        self.log = log
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await fill()
                } catch is CancellationError {
                    return
                } catch {
                    // A full disk is reported by a finding, and the search says what is missing.
                    log.log(
                        level: Store.isRetryable(error) ? .info : .error,
                        "the words of names, for the search, could not be written: \(error)")
                    try? await Task.sleep(for: Self.afterFailure)
                }
            }
        }
    }

    /// Writes words until the task is cancelled.
    private func fill() async throws {
        var steps = 0
        while true {
            let (seen, began) = (store.wordSignal.count, ContinuousClock.now)
            switch try await store.fillWords(pause: Self.pause(after:)) {
            case .step: steps += 1
            case .complete:
                if steps > Self.stepsLogged {
                    log.info("the search by name finds every bill")
                }
                steps = 0
                try await waitForWork(past: seen, since: began)
            case .waits:
                try await waitForWork(past: seen, since: began)
            }
            try Task.checkCancellation()
        }
    }

    /// Waits for new bills, the end of an import or a rebuild, and until the gap after the last look
    /// has passed.
    private func waitForWork(past seen: Int, since began: ContinuousClock.Instant) async throws {
        _ = await store.wordSignal.wait(past: seen)
        try await Task.sleep(until: began + Self.gap)
    }

    /// The number of steps without a pause after which the end is logged: after an upgrade, a large
    /// import or a rebuild.
    private static let stepsLogged = 10

    private static func pause(after duration: Duration) async throws {
        try await Task.sleep(for: duration * Limits.wordPauseTimes)
    }
}
