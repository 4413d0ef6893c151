// The alarm that reaches a person: a text for each finding that begins or ends, in the form that
// chat systems take from outside. It has a short queue of its own and a bounded number of tries, so
// that nothing ever waits for it.

import Logging
import LoketCore
import LoketStore
import ServiceLifecycle

package final class Alarm: Service {
    enum News: Sendable {
        case began(Finding)
        /// What ended, and what the service is like now.
        case ended(Event.FindingThen, ServiceState)

        var text: String {
            switch self {
            case .began(let finding):
                let mark = finding.severity == .critical ? "CRITICAL " : ""
                let example = finding.requestID.map { "\nRequest-Id: \($0)" } ?? ""
                return "loket: \(mark)\(finding.kind.rawValue)\n\(finding.sentence)\n"
                    + "Since \(finding.since.wibText). Next: \(finding.command)\(example)"
            case .ended(let finding, let state):
                return "loket: \(finding.name) is over\nIt began at \(finding.since.wibText). "
                    + "The service is now: \(state.words)."
            }
        }
    }

    private let target: AlertTarget?
    private let log: Logger
    private let waiting: AsyncStream<News>
    private let queue: AsyncStream<News>.Continuation

    /// - Parameter url: empty: nothing is sent.
    package init(url: String, log: Logger) {
        target = url.isEmpty ? nil : AlertTarget(url: url)
        self.log = log
        (waiting, queue) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingNewest(Limits.alertQueueMax))
    }

    func send(_ news: News) {
        guard target != nil else { return }
        queue.yield(news)
    }

    package func run() async {
        guard let target else {
            try? await gracefulShutdown()
            return
        }
        // A stop does not wait for somebody else's server.
        await cancelWhenGracefulShutdown {
            for await news in self.waiting { await self.deliver(news.text, to: target) }
        }
    }

    private func deliver(_ text: String, to target: AlertTarget) async {
        for pause in [0] + Limits.alertRetrySeconds {
            do {
                try await Task.sleep(for: .seconds(pause))
                return try await target.post(text)
            } catch is CancellationError {
                return
            } catch {
                log.warning("an alert was not delivered: \(error)")
            }
        }
        log.error("an alert was given up after \(Limits.alertTries) tries: `loket check --alert`")
    }
}
