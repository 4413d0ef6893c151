// What was refused, and how many requests verified, within the last ten minutes: ten buckets of one
// minute, in memory. Inquiries and notifications both count. Written on every request, so it is one
// short lock and nothing else.

import DokuWire
import LoketCore
import Synchronization

package final class RefusalWindow: Sendable {
    private struct Bucket {
        /// Since 1970.
        var minute: Int64 = -1
        var counts = RefusalCounts()
    }

    private static let minutes = 10
    private static let millisecondsPerMinute: Int64 = 60_000

    private let buckets = Mutex(Array(repeating: Bucket(), count: minutes))

    package init() {}

    /// - Parameters:
    ///   - requestID: its Request-Id, where it has one that is well formed.
    ///   - isKnownClient: it names a Client-Id of a configured account.
    package func refused(
        _ cause: RefusalCause, requestID: String?, isKnownClient: Bool, at moment: Moment
    ) {
        add(at: moment) { counts in
            var count = counts.refused[cause] ?? RefusalCounts.Count(since: moment)
            count.count += 1
            if isKnownClient { count.known += 1 }
            if let requestID { count.example = requestID }
            counts.refused[cause] = count
        }
    }

    package func verified(at moment: Moment) {
        add(at: moment) { $0.verified += 1 }
    }

    /// Of the minute that `now` is in, and of the nine before it.
    package func counts(now: Moment) -> RefusalCounts {
        let minute = now.milliseconds / Self.millisecondsPerMinute
        let recent = buckets.withLock { buckets in
            buckets.filter { (minute - Int64(Self.minutes) + 1...minute).contains($0.minute) }
        }
        let inOrder = recent.sorted { $0.minute < $1.minute }
        return inOrder.reduce(into: RefusalCounts()) { sum, bucket in
            sum.verified += bucket.counts.verified
            for (cause, count) in bucket.counts.refused {
                var all = sum.refused[cause] ?? RefusalCounts.Count(since: count.since)
                all.count += count.count
                all.known += count.known
                all.example = count.example ?? all.example
                sum.refused[cause] = all
            }
        }
    }

    private func add(at moment: Moment, _ change: (inout RefusalCounts) -> Void) {
        let minute = moment.milliseconds / Self.millisecondsPerMinute
        buckets.withLock { buckets in
            let place = Int(minute % Int64(Self.minutes))
            if buckets[place].minute != minute { buckets[place] = Bucket(minute: minute) }
            change(&buckets[place].counts)
        }
    }
}

extension RefusalCause {
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
