// `loket-bench payments`: measures the payments recorded per second, over one connection and over
// many, alternately. The ratio shows the gain from sharing commits, independent of the disk.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore

struct BenchPayments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payments",
        abstract: "Measure how many notifications are recorded in a second.",
        discussion: """
            Fills a temporary database with single-use bills, starts the service and pays each \
            bill once, over one connection and over many in turn. Every answer waits for its \
            commit.
            """)

    @Option(help: "Connections of the many, each with one notification at a time.")
    var connections = 32
    @Option(help: "Seconds of each round.")
    var seconds = 2.0
    @Option(help: "Rounds of each side.")
    var rounds = 3

    /// The number of bills per second of a round, more than can be paid.
    private static let billsPerSecond = 12_000.0

    func validate() throws {
        guard connections > 1, seconds > 0, rounds > 0 else {
            throw ValidationError("seconds and rounds must be above 0, connections above 1")
        }
    }

    func run() async throws {
        let site = try DemoSite()
        defer { site.remove() }
        let each = Int(Self.billsPerSecond * seconds)
        let count = each * rounds * 2
        let drafts = Workload(
            billCount: count, bin: DemoSite.exclusiveBIN, isSingleUse: true
        ).drafts
        say("filling a database with \(count) bills …")
        try site.seed(drafts)
        let service = try await site.serve()
        defer { _ = service.stop() }
        try await site.waitUntilQuiet(service)

        var pairs: [(one: Side, many: Side)] = []
        for round in 0..<rounds {
            let first = drafts[(2 * round * each)..<((2 * round + 1) * each)]
            let second = drafts[((2 * round + 1) * each)..<((2 * round + 2) * each)]
            pairs.append(
                (
                    try await pay(first, over: 1, site, service),
                    try await pay(second, over: connections, site, service)
                ))
        }
        say(report(pairs))
        let wrong = pairs.reduce(0) { $0 + $1.one.wrongAnswers + $1.many.wrongAnswers }
        guard wrong == 0 else { throw BenchFailure("\(wrong) answers were not 200") }
    }

    private struct Side {
        let perSecond: Double
        let latencies: Latencies
        let wrongAnswers: Int
        let writesPerCommit: Double
    }

    private func pay(
        _ drafts: ArraySlice<BillDraft>, over connections: Int, _ site: DemoSite,
        _ service: ServiceProcess
    ) async throws -> Side {
        let shots = site.notifying.payments(of: drafts, sale: "T")
        let before = try await service.commitCounts()
        let result = try await LoadGenerator(
            port: service.gatewayPort, connections: connections
        ).run(shots, for: .seconds(seconds), keepsStatus: true)
        let after = try await service.commitCounts()
        return Side(
            perSecond: result.perSecond, latencies: result.latencies,
            wrongAnswers: result.wrongAnswers,
            writesPerCommit: Double(after.writes - before.writes)
                / Double(max(after.commits - before.commits, 1)))
    }

    private func report(_ pairs: [(one: Side, many: Side)]) -> String {
        let gains = pairs.map { $0.many.perSecond / $0.one.perSecond }
        let range = String(
            format: "%.1f (lowest %.1f, highest %.1f)", gains.median, gains.min() ?? 0,
            gains.max() ?? 0)
        return """

            payments recorded, each answer after its commit, median of \(rounds) rounds each, in turn
              one connection     \(row(pairs.map(\.one)))
              \(connections) connections     \(row(pairs.map(\.many)))
              many over one      \(range)
            """
    }

    private func row(_ sides: [Side]) -> String {
        var all = Latencies()
        for side in sides { all.add(side.latencies) }
        let times = all.percentiles([0.5, 0.99])
        return String(
            format: "%6.0f/s  p50 %d us  p99 %d us  %.1f payments a commit",
            sides.map(\.perSecond).median, times[0], times[1],
            sides.map(\.writesPerCommit).median)
    }
}
