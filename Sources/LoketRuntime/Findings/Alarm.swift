// Sends alerts to people: a text for each finding that begins or ends, as an incoming webhook of a
// chat system accepts it. It has a separate short queue and a bounded number of tries, so that no
// other part waits for it.

import AsyncHTTPClient
import Logging
import LoketCore
import LoketJSON
import LoketStore
import NIOCore
import ServiceLifecycle

package final class Alarm: Service {
    enum News: Sendable {
        case began(Finding)
        /// The finding that ended, and the present state of the service.
        case ended(Event.FindingThen, ServiceState)

        var text: String {
            switch self {
            case .began(let finding):
                let mark = finding.severity == .critical ? "CRITICAL " : ""
                let example = finding.requestID.map { "\nRequest-Id: \($0)" } ?? ""
                return "loket: \(mark)\(finding.kind.rawValue)\n\(finding.sentence)\n"
                    + "Since \(finding.since.wibText). Next: \(finding.command)\(example)"
            case .ended(let finding, let state):
                return "loket: \(finding.name) is over\n"
                    + "The finding began at \(finding.since.wibText). "
                    + "The service is now: \(state.words)."
            }
        }
    }

    private let target: AlertTarget?
    private let log: Logger
    private let waiting: AsyncStream<News>
    private let queue: AsyncStream<News>.Continuation

    /// - Parameter url: the webhook; empty if no alerts are sent.
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
        // A shutdown does not wait for another server.
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
        log.error(
            "an alert was not delivered in \(Limits.alertTries) tries: run `loket check --alert`")
    }
}

/// The receiver of alerts: one POST of a JSON object with one text.
package struct AlertTarget: Sendable {
    /// The reason why an alert was not delivered. It omits the URL, which may be a secret.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let url: String

    private static let client = HTTPClient.tryingOnce(
        connect: .seconds(Limits.alertTimeoutSeconds))

    package init(url: String) {
        self.url = url
    }

    /// Sends a text once, without a retry.
    package func post(_ text: String) async throws {
        var body = JSONWriter()
        body.object { $0.field("text", text) }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: body.bytes))
        let status: Int
        do {
            let response = try await Self.client.execute(
                request, timeout: .seconds(Limits.alertTimeoutSeconds))
            status = Int(response.status.code)
            _ = try await response.body.collect(upTo: Limits.alertAnswerBytesMax)
        } catch let error as CancellationError {
            throw error
        } catch is NIOTooManyBytesError {
            throw Failure(
                description: "the webhook answered more than \(Limits.alertAnswerBytesMax) bytes")
        } catch {
            throw Failure(description: connectionFailure(error) ?? "the webhook did not answer")
        }
        guard (200..<300).contains(status) else {
            throw Failure(description: "the webhook answered HTTP \(status)")
        }
    }
}
