// Records the requests that the gateway refused before it read their contents: counts them by cause
// and hour, logs them at a bounded rate, and stores the latest ones for `loket why`. A caller never
// waits: requests are queued in memory, and one task writes them every few seconds. If the queue is
// full, the oldest requests are dropped and counted.

import DokuWire
import Logging
import LoketCore
import LoketStore
import ServiceLifecycle
import Synchronization

package final class RefusalMonitor: Service {
    private struct State {
        var waiting: [RefusedRequest] = []
        var bytes = 0
        var dropped = 0
        /// The number of writes in progress.
        var writing = 0
        var sums = HourSums()

        /// Drops the oldest requests until the queue is within its limits.
        mutating func bound() {
            var (count, freed) = (0, 0)
            for request in waiting
            where waiting.count - count > Limits.refusedQueueMax
                || bytes - freed > Limits.refusedQueueBytesMax
            {
                count += 1
                freed += request.bytes
            }
            waiting.removeFirst(count)
            bytes -= freed
            dropped += count
        }
    }

    package let window = RefusalWindow()
    let gateway: Settings.Gateway
    private let store: Store
    let registry: AccountRegistry
    let log: RefusalLog
    private let allowances = RateLimiter<Int64?>(burst: Limits.refusedBurst)
    private let state = Mutex(State())

    package init(settings: Settings, store: Store, registry: AccountRegistry, log: Logger) {
        gateway = settings.gateway
        self.store = store
        self.registry = registry
        self.log = RefusalLog(log)
    }

    /// The number of requests dropped from the full queue since the start.
    package var dropped: Int { state.withLock(\.dropped) }

    // MARK: Recording

    package func verified(_ kind: RequestRoute.Kind, of accountID: Int64, at now: Moment) {
        window.verified(on: RequestRoute(account: accountID, kind: kind), at: now)
    }

    /// Records an inquiry that is in the journal: its signature is right, its time is not.
    ///
    /// - Parameter skew: this clock minus the sender's clock, in milliseconds.
    package func refusedForTime(
        requestID: String, of accountID: Int64, skew: Int64, source: () -> String?, now: Moment
    ) {
        window.refused(
            .clock, on: RequestRoute(account: accountID, kind: .inquiry), requestID: requestID,
            at: now)
        let side = skew < 0 ? "ahead of" : "behind"
        log.write(
            """
            an inquiry was refused: its timestamp is \(span(milliseconds: skew)) \(side) this \
            machine's clock; for details, run `\(whyCommand(requestID))`
            """, cause: Guard.stale.rawValue, requestID: requestID, source: source, now: now)
    }

    /// Logs a verified inquiry that was declined before the look-up of its bill, if the cause may
    /// be a wrong setting here, at DOKU or in a proxy. The inquiry itself is in the journal.
    package func declined(by reason: Guard, requestID: String, source: () -> String?, now: Moment) {
        switch reason {
        case .unreadable, .serviceUnknown, .channelUnknown, .binUnknown, .lengthWrong,
            .channelNotEnabled:
            break
        default: return
        }
        let cause = reason.rawValue
        log.write(
            "an inquiry was declined: \(cause); for details, run `\(whyCommand(requestID))`",
            cause: cause, requestID: requestID, source: source, now: now)
    }

    /// Records a request that did not verify.
    ///
    /// - Parameters:
    ///   - isQuarantined: whether the quarantine stores and logs the request.
    ///   - source: returns the sender's address; called only if needed.
    package func refused(
        _ rejection: WireRejection, _ kind: RefusedRequest.Kind,
        headers: some Sequence<(name: String, value: String)>, body: [UInt8],
        isQuarantined: Bool = false, source: () -> String? = { nil }, now: Moment
    ) {
        let lines = RefusedLines(headers)
        let accountID = lines.clientID.flatMap { registry.current.accountID(of: $0) }
        let cause = rejection.rawValue
        let target = kind == .notification ? gateway.notificationPath : gateway.inquiryPath
        let isKept =
            isQuarantined
            || keep(lines, accountID, kind, cause, target: target, body: body, source: source, now)
        window.refused(
            RefusalCause(rejection), on: RequestRoute(account: accountID, kind: kind.asked),
            requestID: isKept ? lines.plainRequestID : nil, at: now)
        sum(cause, accountID, now)
        guard !isQuarantined else { return }
        let what = kind == .notification ? "a notification" : "an inquiry"
        log.write(
            "\(what) was refused: \(cause)" + lines.whyText, cause: cause,
            requestID: lines.plainRequestID, source: source, now: now)
    }

    /// Adds one refusal to the sums of the current hour.
    func sum(_ cause: String, _ accountID: Int64?, _ now: Moment) {
        state.withLock { $0.sums.add(.refused, cause, at: now, accountID: accountID) }
    }

    // MARK: Storing

    /// Queues a request to be stored, unless too many arrive together or it has no Request-Id, by
    /// which it would be looked up.
    ///
    /// - Returns: whether the request was queued.
    func keep(
        _ lines: RefusedLines, _ accountID: Int64?, _ kind: RefusedRequest.Kind, _ cause: String,
        target: String, body: [UInt8], source: () -> String?, _ now: Moment
    ) -> Bool {
        guard let requestID = lines.requestID, allowances.take(accountID) else { return false }
        let request = RefusedRequest(
            accountID: accountID, receivedAt: now, kind: kind, cause: cause, target: target,
            requestID: requestID, source: source(), headers: lines.kept,
            body: body.count <= Limits.inquiryBodyBytesMax ? body : [])
        state.withLock { state in
            state.waiting.append(request)
            state.bytes += request.bytes
            state.bound()
        }
        return true
    }

    /// Writes the queue. Returns when this write and earlier ones, by other calls, are on disk.
    /// Requests that cannot be written stay queued.
    package func flush() async throws {
        let (waiting, sums, isDue) = state.withLock { state in
            let isDue = !state.waiting.isEmpty || !state.sums.isEmpty || state.writing > 0
            defer {
                state.waiting = []
                state.bytes = 0
                state.sums = HourSums()
                if isDue { state.writing += 1 }
            }
            return (state.waiting, state.sums, isDue)
        }
        guard isDue else { return }
        defer { state.withLock { $0.writing -= 1 } }
        do {
            // Writes run in order, so even an empty write waits for the earlier ones.
            if try await !store.keep(waiting, sums) { putBack(waiting) }
        } catch {
            putBack(waiting)
            state.withLock { $0.sums.add(sums) }
            throw error
        }
    }

    private func putBack(_ requests: [RefusedRequest]) {
        guard !requests.isEmpty else { return }
        state.withLock { state in
            state.waiting = requests + state.waiting
            state.bytes += requests.reduce(0) { $0 + $1.bytes }
            state.bound()
        }
    }

    /// Returns the queued requests with a Request-Id, newest first.
    func waiting(requestID: String, accountID: Int64?) -> [RefusedRequest] {
        state.withLock { state in
            state.waiting.reversed().filter {
                $0.requestID.utf8.elementsEqual(requestID.utf8)
                    && (accountID == nil || $0.accountID == accountID)
            }
        }
    }

    /// Writes the queue every few seconds until shutdown, and once more at the end.
    package func run() async {
        var isStopping = false
        var reported = 0
        while !isStopping {
            do {
                try await cancelWhenGracefulShutdown {
                    try await Task.sleep(for: .seconds(Limits.refusedFlushSeconds))
                }
            } catch {
                isStopping = true
            }
            do {
                try await flush()
            } catch {
                log.write(
                    "refused requests could not be stored for `loket why`: \(error)",
                    cause: "not_written", level: .error, now: .now)
            }
            let dropped = dropped
            guard dropped > reported else { continue }
            reported = dropped
            log.write(
                "\(dropped) refused requests were not stored for `loket why`: too many arrived",
                cause: "not_kept", now: .now)
        }
    }
}

extension RefusedRequest.Kind {
    var asked: RequestRoute.Kind {
        switch self {
        case .inquiry: .inquiry
        case .notification: .notification
        case .other: .unknownPath
        }
    }
}
