// The rounds of a benchmark: pairs of measurements of the service and the constant, their medians,
// and the ratio of each pair.

import DokuSimulator
import Foundation

struct BenchRounds {
    /// One round of one measured side.
    struct Side {
        let perSecond: Double
        let microsecondsOfCPU: Double
        let wrongAnswers: Int
        let latencies: Latencies

        init(_ result: LoadGenerator.Result, cpuSeconds: Double) {
            perSecond = result.perSecond
            microsecondsOfCPU = cpuSeconds * 1e6 / Double(max(result.latencies.count, 1))
            wrongAnswers = result.wrongAnswers
            latencies = result.latencies
        }

        var line: String {
            let times = latencies.percentiles([0.5, 0.99, 0.999])
            return String(
                format: "%.0f inquiries/s, p50 %d us, p99 %d us, p99.9 %d us", perSecond,
                times[0], times[1], times[2])
        }
    }

    private var pairs: [(ours: Side, base: Side)] = []

    mutating func add(ours: Side, base: Side) {
        pairs.append((ours, base))
    }

    var wrongAnswers: Int { pairs.reduce(0) { $0 + $1.ours.wrongAnswers } }

    func report(connections: Int, bills: Int) -> String {
        let ratios = pairs.map { $0.ours.perSecond / $0.base.perSecond }.sorted()
        let range = String(
            format: "%.2f (lowest %.2f, highest %.2f)", ratios.median, ratios.first ?? 0,
            ratios.last ?? 0)
        return """

            \(bills) bills, \(connections) connections, median of \(pairs.count) rounds each, in turn
              signed inquiry, answered and journaled   \(row(pairs.map(\.ours)))
              the same pipeline answering a constant   \(row(pairs.map(\.base)))
              ratio of throughput, pair by pair        \(range)
            """
    }

    private func row(_ sides: [Side]) -> String {
        var all = Latencies()
        for side in sides { all.add(side.latencies) }
        let times = all.percentiles([0.5, 0.99, 0.999])
        return String(
            format: "%7.0f/s  p50 %d us  p99 %d us  p99.9 %d us  CPU %.1f us each",
            sides.map(\.perSecond).median, times[0], times[1], times[2],
            sides.map(\.microsecondsOfCPU).median)
    }
}
