// A histogram of durations for /metrics. From it Prometheus computes the share of durations above a
// bound, which an average hides.

import LoketCore

package struct DurationHistogram: Sendable {
    /// The upper bounds of the buckets, in microseconds.
    private static let bounds = Limits.durationBucketMicroseconds

    /// The number of durations in each bucket; the last bucket is above the highest bound.
    private var counts = Array(repeating: 0, count: DurationHistogram.bounds.count + 1)
    private var microseconds: Int64 = 0

    package init() {}

    mutating func count(_ duration: Duration) {
        let took = duration.microseconds
        let index = Self.bounds.firstIndex { took <= $0 } ?? Self.bounds.count
        counts[index] += 1
        microseconds += took
    }

    package var count: Int { counts.reduce(0, +) }
    /// The sum of all durations in seconds.
    package var seconds: Double { Double(microseconds) / 1_000_000 }

    /// The number of durations up to each bound in seconds; the bound nil counts all.
    package var cumulative: [(bound: Double?, count: Int)] {
        let bounds: [Double?] = Self.bounds.map { Double($0) / 1_000_000 } + [nil]
        var sum = 0
        return zip(bounds, counts).map { bound, count in
            sum += count
            return (bound, sum)
        }
    }
}
