// One notification on one event loop: verified here, recorded by the one writer, answered when the
// commit is on disk. Whatever keeps it from the disk is a 503, and DOKU sends it again.

import DokuWire
import Logging
import LoketCore
import LoketRuntime
import LoketStore
import NIOCore

package final class NotificationEndpoint {
    private let verifier: DeliveryVerifier
    private let store: Store
    private let quarantine: Quarantine
    private let refusals: RefusalMonitor
    private let metrics: Metrics

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

    /// - Parameters:
    ///   - address: whose it came to. One that came to the inquiries' is money all the same.
    ///   - source: the address that it came from; called only for one that is refused.
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

    /// What a sender is answered who is not known by his headers; nil where he is.
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
        // The write goes on: if it is done in the end, DOKU's next try is a repeat.
        let limit = loop.scheduleTask(
            in: .milliseconds(Limits.notificationAnswerMilliseconds)
        ) { answer(.failure(StoreFault.tooLate)) }
        store.take(verified.delivery, verified.contents) { [metrics] result in
            // Signed here and not on the loop, which other connections wait for.
            let reply = result.map { taken in
                metrics.count(taken, of: verified.delivery)
                return Reply(recording: verified, now: .now)
            }
            loop.execute {
                limit.cancel()
                answer(reply)
            }
        }
        return promise.futureResult
    }
}

extension Reply {
    /// The answer once it is on disk: the same bytes for the same notification.
    fileprivate init(recording verified: DeliveryVerifier.Verified, now: Moment) {
        self.init(
            signing: O2OAnswer.recorded(verified.contents.reading),
            status: O2OVerdict(.recorded).http, for: verified.proof,
            target: verified.delivery.target, now: now)
    }
}
