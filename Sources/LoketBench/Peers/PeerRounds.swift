// The rounds of the comparison with other servers: each round measures every server once, in turn.

import DokuSimulator
import Foundation

struct PeerRounds {
    /// One round of one server.
    struct Side {
        let perSecond: Double
        let microsecondsOfCPU: Double
        let wrongAnswers: Int
        let latencies: Latencies
        /// The share of its core that the load generator used.
        let generatorLoad: Double
    }

    /// What the rounds of one server show.
    struct Summary {
        let name: String
        let perSecond: Double
        let p50: Int
        let p99: Int
        let microsecondsOfCPU: Double
        /// This server's rate as a multiple of loket's in the same round: median, lowest, highest.
        let ratio: Double
        let lowestRatio: Double
        let highestRatio: Double
        /// Whether the load generator was as busy as it can be, so that the server may be faster.
        let isLowerBound: Bool
    }

    private static let fullGeneratorLoad = 0.95

    let names: [String]
    private var sides: [String: [Side]] = [:]

    init(_ names: [String]) {
        self.names = names
    }

    mutating func add(_ side: Side, of name: String) {
        sides[name, default: []].append(side)
    }

    /// Returns the summaries, the fastest server first.
    var summaries: [Summary] {
        names.compactMap(summary).sorted { $0.perSecond > $1.perSecond }
    }

    func summary(of name: String) -> Summary? {
        guard let rounds = sides[name], let loket = sides[PeerTarget.loketName] else { return nil }
        let ratios = zip(rounds, loket).map { $0.perSecond / $1.perSecond }
        var all = Latencies()
        for round in rounds { all.add(round.latencies) }
        let times = all.percentiles([0.5, 0.99])
        return Summary(
            name: name, perSecond: rounds.map(\.perSecond).median, p50: times[0], p99: times[1],
            microsecondsOfCPU: rounds.map(\.microsecondsOfCPU).median, ratio: ratios.median,
            lowestRatio: ratios.min() ?? 0, highestRatio: ratios.max() ?? 0,
            isLowerBound: rounds.map(\.generatorLoad).median >= Self.fullGeneratorLoad)
    }

    /// Returns the names of the servers that gave answers with an unexpected status.
    var wrong: [String] {
        names.filter { name in sides[name]?.contains { $0.wrongAnswers > 0 } ?? false }
    }
}

/// The user and system time in seconds of this process.
var ownCPUSeconds: Double { ServiceProcess.cpuSeconds(inStat: "/proc/self/stat") }
