// Times of answers in microseconds, kept in full: percentiles are read, not estimated.

package struct Latencies: Sendable {
    private var microseconds: [UInt32] = []

    package init() {}

    package var count: Int { microseconds.count }

    package mutating func add(microseconds time: Int64) {
        microseconds.append(UInt32(clamping: time))
    }

    package mutating func add(_ others: Latencies) {
        microseconds.append(contentsOf: others.microseconds)
    }

    /// The time within which this share of the answers came; 0 where there are none.
    ///
    /// - Parameter share: from 0 to 1.
    package func percentiles(_ shares: [Double]) -> [Int] {
        let sorted = microseconds.sorted()
        return shares.map { share in
            guard !sorted.isEmpty else { return 0 }
            let rank = Int((Double(sorted.count) * share).rounded(.up)) - 1
            return Int(sorted[min(max(rank, 0), sorted.count - 1)])
        }
    }
}
