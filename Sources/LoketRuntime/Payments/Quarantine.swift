// Stores notifications that did not verify, and retries them. Each request is first searched for a
// known mistake, off the event loops. A request that a configured secret has signed is always
// stored; others are stored at a bounded rate. A retry uses the secrets active at that time.

import DokuWire
import LoketCore
import LoketStore
import Logging
import ServiceLifecycle

package final class Quarantine: Service {
    private let place: SignatureDiagnosis.Place
    private let store: Store
    private let registry: AccountRegistry
    private let metrics: Metrics
    private let log: Logger
    private let allowances = RateLimiter<Int64>(burst: Limits.quarantineBurst)
    private let waiting: AsyncStream<QuarantinedRequest>
    private let queue: AsyncStream<QuarantinedRequest>.Continuation

    package init(
        settings: Settings, store: Store, registry: AccountRegistry, metrics: Metrics, log: Logger
    ) {
        place = SignatureDiagnosis.Place(settings.gateway, isNotification: true)
        self.store = store
        self.registry = registry
        self.metrics = metrics
        self.log = log
        (waiting, queue) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Limits.quarantineQueueMax))
    }

    /// Queues a request and returns. If the queue is full, the request is stored without a search
    /// for a known mistake.
    package func keep(_ request: QuarantinedRequest) {
        if case .enqueued = queue.yield(request) { return }
        keepUnexplained(request)
    }

    /// Stores queued requests. Returns when every write has begun.
    package func run() async {
        await withGracefulShutdownHandler {
            for await var request in waiting {
                request.mistake = mistake(in: request)
                if request.mistake == nil { keepUnexplained(request) } else { store(request) }
                await Task.yield()
            }
        } onGracefulShutdown: { [queue] in
            queue.finish()
        }
    }

    private func mistake(in request: QuarantinedRequest) -> String? {
        SignatureDiagnosis(
            headers: request.headers, body: request.body, at: place,
            signers: registry.accounts.map(SignatureDiagnosis.Signer.init),
            reach: .oneOutsideBody
        ).mistakeOfSigner
    }

    private func keepUnexplained(_ request: QuarantinedRequest) {
        guard allowances.take(request.accountID) else {
            return metrics.count(notQuarantined: "too many notifications arrived at once")
        }
        store(request)
    }

    private func store(_ request: QuarantinedRequest) {
        store.quarantine(request) { [metrics] result in
            switch result {
            case .success(let id?): metrics.count(quarantined: request, as: id)
            case .success(nil):
                metrics.count(notQuarantined: "the quarantine is full, or the disk is almost full")
            case .failure(let error):
                metrics.count(notQuarantined: "\(error)")
            }
        }
    }

    /// Verifies a request at either gateway address; nil if both fail.
    private func verified(
        _ request: QuarantinedRequest, by verifier: DeliveryVerifier
    ) -> DeliveryVerifier.Verified? {
        for address in [DeliveryVerifier.Address.notifications, .inquiries] {
            let step = verifier.begin(
                headers: request.headers, body: request.body, at: address,
                now: request.receivedAt)
            if case .record(let verified) = step,
                verified.delivery.accountID == request.accountID
            {
                return verified
            }
        }
        return nil
    }

    /// Verifies all requests again, oldest first, and enters those that pass. A request that DOKU
    /// has repeated and that was recorded then is removed too.
    ///
    /// - Parameter accountID: the account whose requests are retried; nil for all accounts.
    /// - Returns: the number of requests that passed, and that stay.
    package func retry(
        by verifier: DeliveryVerifier, accountID: Int64? = nil
    ) async throws -> (entered: Int, kept: Int) {
        var (entered, kept) = (0, 0)
        // Reads all ids first and then one row at a time, so that memory stays bounded.
        for id in try await store.quarantineIDs(accountID: accountID) {
            guard let record = try await store.quarantined(id: id) else { continue }
            let request = record.request
            guard let verified = verified(request, by: verifier) else {
                if try await store.isRecorded(request) {
                    try await store.leaveQuarantine(id: id)
                } else {
                    kept += 1
                }
                continue
            }
            let taken = try await store.take(verified.delivery, verified.contents)
            metrics.count(taken, of: verified.delivery)
            try await store.leaveQuarantine(id: id)
            entered += 1
        }
        if entered > 0 {
            log.info(
                "notifications in quarantine verified and were recorded",
                metadata: ["entered": .number(entered)])
        }
        return (entered, kept)
    }
}
