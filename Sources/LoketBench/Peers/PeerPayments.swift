// Payments recorded by loket, in turn with a C program that writes the same rows into a copy of the
// same database, as many in a commit as loket wrote.

import DokuSimulator
import Foundation
import LoketCore

struct PeerPayments {
    let program: String
    let seconds: Double
    let rounds: Int
    let core: Int

    /// The results with one number of connections.
    struct Row {
        let connections: Int
        let loket: Side
        let floor: Side
        let perCommit: Double
        /// The median of the ratios of each pair.
        let ratio: Double
    }

    struct Side {
        let perSecond: Double
        let microsecondsOfCPU: Double
    }

    private static let connections = [32, 256]
    /// The number of bills per second of a round, more than either side can pay.
    private static let billsPerSecond = 20_000.0

    func measure() async throws -> [Row] {
        let site = try DemoSite()
        defer { site.remove() }
        let each = Int(Self.billsPerSecond * seconds)
        let count = each * (rounds + 1) * Self.connections.count
        let drafts = Workload(
            billCount: count, bin: DemoSite.exclusiveBIN, isSingleUse: true
        ).drafts
        say("filling a database with \(count) bills to pay …")
        try site.seed(drafts)
        let copy = site.folder.appendingPathComponent("floor.db").path
        try FileManager.default.copyItem(atPath: site.databasePath, toPath: copy)
        let service = try await site.serve(onCore: core)
        defer { _ = service.stop() }

        var pairs: [Int: [(loket: Side, floor: Side, perCommit: Double)]] = [:]
        var rest = drafts[...]
        for round in 0...rounds {
            for connections in Self.connections {
                let (loket, perCommit) = try await pay(
                    rest.prefix(each), over: connections, site, service)
                rest = rest.dropFirst(each)
                let floor = try write(to: copy, group: Int(perCommit.rounded()))
                // The first round is a warm-up.
                guard round > 0 else { continue }
                say(
                    String(
                        format: "round %d, %d connections: %.0f payments/s, floor %.0f/s", round,
                        connections, loket.perSecond, floor.perSecond))
                pairs[connections, default: []].append((loket, floor, perCommit))
            }
        }
        return Self.connections.map { connections in
            let all = pairs[connections] ?? []
            return Row(
                connections: connections, loket: median(all.map(\.loket)),
                floor: median(all.map(\.floor)), perCommit: all.map(\.perCommit).median,
                ratio: all.map { $0.floor.perSecond / $0.loket.perSecond }.median)
        }
    }

    private func median(_ sides: [Side]) -> Side {
        Side(
            perSecond: sides.map(\.perSecond).median,
            microsecondsOfCPU: sides.map(\.microsecondsOfCPU).median)
    }

    private func pay(
        _ drafts: ArraySlice<BillDraft>, over connections: Int, _ site: DemoSite,
        _ service: ServiceProcess
    ) async throws -> (Side, perCommit: Double) {
        let shots = site.notifying.payments(of: drafts, sale: "T")
        let (before, cpuBefore) = (try await service.commitCounts(), service.cpuSeconds)
        let result = try await LoadGenerator(
            port: service.gatewayPort, connections: connections
        ).run(shots, for: .seconds(seconds), keepsStatus: true)
        let (after, cpuAfter) = (try await service.commitCounts(), service.cpuSeconds)
        guard result.wrongAnswers == 0 else {
            throw BenchFailure("\(result.wrongAnswers) notifications were not acknowledged")
        }
        let paid = Double(max(result.latencies.count, 1))
        let commits = Double(max(after.commits - before.commits, 1))
        return (
            Side(
                perSecond: result.perSecond,
                microsecondsOfCPU: (cpuAfter - cpuBefore) * 1e6 / paid),
            max(Double(after.writes - before.writes) / commits, 1)
        )
    }

    /// Runs the C program, whose output is `N payments, N per second, N CPU microseconds each`.
    private func write(to database: String, group: Int) throws -> Side {
        let output = try runAndWait(
            ["taskset", "-c", "\(core)", program, database, "\(group)", "\(seconds)"])
        let numbers = output.split(separator: " ").compactMap { Double($0) }
        guard numbers.count == 3 else { throw BenchFailure("\(program): \(output)") }
        return Side(perSecond: numbers[1], microsecondsOfCPU: numbers[2])
    }
}
