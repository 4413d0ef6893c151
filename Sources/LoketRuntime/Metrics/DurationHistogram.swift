// Durations counted by size, for /metrics: Prometheus computes from it what share is slower than a
// bound, which an average hides.

import LoketCore

package struct DurationHistogram: Sendable {
    /// Microseconds.
    private static let bounds = Limits.durationBucketMicroseconds

    /// Those up to each bound, and those above the last.
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
    /// Seconds of all of them together.
    package var seconds: Double { Double(microseconds) / 1_000_000 }

    /// For each bound, in seconds, how many were not longer; nil is without a bound.
    package var cumulative: [(bound: Double?, count: Int)] {
        let bounds: [Double?] = Self.bounds.map { Double($0) / 1_000_000 } + [nil]
        var sum = 0
        return zip(bounds, counts).map { bound, count in
            sum += count
            return (bound, sum)
        }
    }
}
