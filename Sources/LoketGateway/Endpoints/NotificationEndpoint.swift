// The processing of notifications on one event loop: verified here, recorded by the only writer,
// answered when the commit is on disk. If the write fails for any reason, the reply is 503 and DOKU
// sends the notification again.

import DokuWire
import Logging
import LoketCore
import LoketRuntime
import LoketStore
import NIOCore
import Synchronization

package final class NotificationEndpoint {
    private let verifier: DeliveryVerifier
    private let store: Store
    private let quarantine: Quarantine
    private let refusals: RefusalMonitor
    private let metrics: Metrics
    /// The answers to the recorded notifications of the event loop.
    private var ready: ReadyAnswers?

    package init(
        verifier: DeliveryVerifier, store: Store, quarantine: Quarantine,
        refusals: RefusalMonitor, metrics: Metrics
    ) {
        self.verifier = verifier
        self.store = store
        self.quarantine = quarantine
        self.refusals = refusals
        self.metrics = metrics
    }

    /// Answers a notification.
    ///
    /// - Parameters:
    ///   - address: the address that received it. A notification sent to the inquiry address also
    ///     reports a payment.
    ///   - source: returns the sender's address; called only if the request is refused.
    package func answer(
        headers: some Sequence<(name: String, value: String)>, body: [UInt8],
        at address: DeliveryVerifier.Address = .notifications, now: Moment,
        source: () -> String? = { nil }, on loop: any EventLoop
    ) -> GatewayAnswer {
        switch verifier.begin(headers: headers, body: body, at: address, now: now) {
        case .refused(let cause, let request):
            metrics.count(unverifiedNotification: cause)
            refusals.refused(
                cause, .notification, headers: headers, body: body,
                isQuarantined: request != nil, source: source, now: now)
            if let request { quarantine.keep(request) }
            return .now(Reply(.unverifiedNotification))
        case .inquiry:
            refusals.inquiryCameToNotifications(headers: headers, source: source, now: now)
            return .now(Reply(.unknownTarget))
        case .record(let verified):
            let delivery = verified.delivery
            refusals.verified(.notification, of: delivery.accountID, at: now)
            if address == .inquiries {
                refusals.notificationCameToInquiries(
                    requestID: delivery.requestID, source: source, now: now)
            }
            return .later(record(verified, on: loop))
        }
    }

    /// Returns the refusal for a sender whose headers do not identify him; nil if they do.
    package func refusal(
        headers: some Sequence<(name: String, value: String)>, now: Moment,
        source: () -> String? = { nil }
    ) -> Reply? {
        guard let cause = verifier.rejection(of: headers) else { return nil }
        metrics.count(unverifiedNotification: cause)
        refusals.refused(
            cause, .notification, headers: headers, body: [], source: source, now: now)
        return Reply(.unverifiedNotification)
    }

    private func record(
        _ verified: DeliveryVerifier.Verified, on loop: any EventLoop
    ) -> EventLoopFuture<Reply> {
        let promise = loop.makePromise(of: Reply.self)
        let isAnswered = NIOLoopBoundBox(false, eventLoop: loop)
        let answer: @Sendable (Result<Reply, any Error>) -> Void = { [metrics] result in
            guard !isAnswered.value else { return }
            isAnswered.value = true
            switch result {
            case .success(let reply): promise.succeed(reply)
            case .failure(let reason):
                metrics.count(notRecorded: "\(reason)")
                promise.succeed(Reply(.notRecorded))
            }
        }
        // The write continues. If it succeeds later, DOKU's next attempt is a repeat.
        let limit = loop.scheduleTask(
            in: .milliseconds(Limits.notificationAnswerMilliseconds)
        ) { answer(.failure(StoreFault.tooLate)) }
        let ready = ready ?? ReadyAnswers(on: loop)
        self.ready = ready
        store.take(verified.delivery, verified.contents, end: ready) { [metrics] result in
            // Signed here, not on the event loop, which other connections wait for.
            let reply = result.map { taken in
                metrics.count(taken, of: verified.delivery)
                return Reply(recording: verified, now: .now)
            }
            ready.add {
                limit.cancel()
                answer(reply)
            }
        }
        return promise.futureResult
    }
}

/// The answers that a commit has made ready, given to the event loop together: to wake it for each
/// one costs a system call and a change of threads.
private final class ReadyAnswers: GroupEnd {
    private let loop: any EventLoop
    private let waiting = Mutex<[@Sendable () -> Void]>([])

    init(on loop: any EventLoop) {
        self.loop = loop
    }

    func add(_ answer: @escaping @Sendable () -> Void) {
        waiting.withLock { $0.append(answer) }
    }

    func groupEnded() {
        let answers = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !answers.isEmpty else { return }
        loop.execute {
            for answer in answers { answer() }
        }
    }
}

extension Reply {
    /// Creates the answer to a recorded notification: the same bytes for the same notification.
    fileprivate init(recording verified: DeliveryVerifier.Verified, now: Moment) {
        self.init(
            signing: O2OAnswer.recorded(verified.contents.reading),
            status: O2OVerdict(.recorded).http, for: verified.proof,
            target: verified.delivery.target, now: now)
    }
}
