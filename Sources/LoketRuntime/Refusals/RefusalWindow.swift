// The counts of refused and of verified requests, both inquiries and notifications, in the last ten
// minutes: ten buckets of one minute, in memory. Every request updates them, so an update takes one
// short lock.

import DokuWire
import LoketCore
import LoketStore
import Synchronization

package final class RefusalWindow: Sendable {
    private struct Bucket {
        /// The minute of the bucket, counted since 1970.
        var minute: Int64 = -1
        var counts = RouteCounts()
    }

    private static let minutes = 10
    private static let millisecondsPerMinute: Int64 = 60_000
    static let milliseconds = Int64(minutes) * millisecondsPerMinute

    private let buckets = Mutex(Array(repeating: Bucket(), count: minutes))

    package init() {}

    /// - Parameter requestID: the Request-Id, if it is well formed and `loket why` can find it.
    package func refused(
        _ cause: RefusalCause, on route: RequestRoute, requestID: String?, at moment: Moment
    ) {
        add(at: moment) {
            $0.routes[route, default: RefusalCounts()].refuse(
                cause, requestID: requestID, at: moment)
        }
    }

    package func verified(on route: RequestRoute, at moment: Moment) {
        add(at: moment) { $0.routes[route, default: RefusalCounts()].verified += 1 }
    }

    /// Returns the counts of the current minute and the nine minutes before.
    package func counts(now: Moment) -> RouteCounts {
        let minute = now.milliseconds / Self.millisecondsPerMinute
        let recent = buckets.withLock { buckets in
            buckets.filter { (minute - Int64(Self.minutes) + 1...minute).contains($0.minute) }
        }
        return recent.sorted { $0.minute < $1.minute }
            .reduce(into: RouteCounts()) { $0.add($1.counts) }
    }

    /// Counts the requests from before this start.
    func restore(_ requests: [RecentRequest], now: Moment) {
        for request in requests
        where now.milliseconds - request.receivedAt.milliseconds < Self.milliseconds {
            add(at: request.receivedAt) { $0.add(RouteCounts([request])) }
        }
    }

    private func add(at moment: Moment, _ change: (inout RouteCounts) -> Void) {
        let minute = moment.milliseconds / Self.millisecondsPerMinute
        buckets.withLock { buckets in
            let place = Int(minute % Int64(Self.minutes))
            if buckets[place].minute != minute { buckets[place] = Bucket(minute: minute) }
            change(&buckets[place].counts)
        }
    }
}

extension RouteCounts {
    init(_ requests: [RecentRequest]) {
        self.init()
        for request in requests {
            let route = RequestRoute(account: request.accountID, kind: request.kind.asked)
            var counts = RefusalCounts()
            if let cause = request.cause {
                counts.refuse(
                    RefusalCause(kept: cause), requestID: request.requestID,
                    at: request.receivedAt)
            } else {
                counts.verified = 1
            }
            add(RouteCounts([route: counts]))
        }
    }
}

extension RefusalCause {
    /// Creates a cause from its name in the database.
    fileprivate init(kept cause: String) {
        switch cause {
        case Guard.stale.rawValue: self = .clock
        case RefusalMonitor.unknownPath: self = .path
        default: self = WireRejection(rawValue: cause).map(Self.init) ?? .headers
        }
    }

    package init(_ rejection: WireRejection) {
        switch rejection {
        case .signatureWrong: self = .signature
        case .clientIDUnknown: self = .unknownClient
        case .clientIDMissing, .clientIDTwice, .clientIDMalformed, .requestIDMissing,
            .requestIDTwice, .requestIDMalformed, .timestampMissing, .timestampTwice,
            .timestampMalformed, .signatureMissing, .signatureTwice:
            self = .headers
        }
    }
}
