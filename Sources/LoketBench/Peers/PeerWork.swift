// Inquiries at half of the highest rate beside the other work of a service: payments, an import and
// a backup, which run on the same core.

import DokuSimulator
import Foundation
import LoketCore

struct PeerWork: Sendable {
    let site: DemoSite
    let adminURL: String
    let load: PacedLoad
    let shots: [LoadGenerator.PreparedRequest]
    let seconds: Double
    let rounds: Int
    /// The core of the service and of the commands.
    let core: Int

    /// The rows of each imported file.
    private static let rows = 100_000
    private static let paymentsPerSecond = 20.0
    private static let paymentsPerRound = 4_000

    /// Bills that the notifications pay, which no inquiry asks for.
    static func paidBills(rounds: Int) -> Workload {
        Workload(
            billCount: rounds * paymentsPerRound, bin: DemoSite.directBIN + "0",
            numberPrefix: "PAID-", isSingleUse: true)
    }

    func measure() async throws -> PeerReport.Paced {
        var (latencies, refused) = (Latencies(), 0)
        for round in 0..<rounds {
            let result = try await besideWork(round)
            latencies.add(result.latencies)
            refused += result.wrongAnswers
        }
        let times = latencies.percentiles([0.5, 0.99])
        // A service with too little time for all of it refuses some, as it should.
        let refusals = refused > 0 ? ", \(refused) of \(latencies.count) refused" : ""
        return PeerReport.Paced(
            name: "loket, beside 20 payments/s, an import and a backup on the same core" + refusals,
            perSecond: load.perSecond, p50: times[0], p99: times[1])
    }

    /// Measures until the import and the backup of a round are complete.
    private func besideWork(_ round: Int) async throws -> LoadGenerator.Result {
        let file = site.folder.appendingPathComponent("work\(round).csv").path
        try BillFile(
            workload: Workload(
                billCount: Self.rows, bin: DemoSite.directBIN + "\(round % 8 + 1)",
                numberPrefix: "NEW\(round)-")
        ).write(to: file)
        let copy = site.folder.appendingPathComponent("work\(round).db").path
        defer { for path in [file, copy] { try? FileManager.default.removeItem(atPath: path) } }
        // Signed before, because the load generator has no core for itself.
        let payments = payments(in: round)
        let end = BenchEnd()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { end.come() }
                // The load generator needs its core for itself.
                let starter = ["taskset", "-c", "\(core)", "nice", "-n", "19"]
                async let imported: Void = site.importFile(file, at: adminURL, starter: starter)
                async let backedUp: Void = site.backUp(
                    to: copy, from: adminURL, starter: starter)
                _ = try await (imported, backedUp)
            }
            group.addTask { try await pay(payments, until: end) }
            var total = LoadGenerator.Result()
            repeat {
                let result = try await load.run(shots, for: .seconds(seconds))
                total.latencies.add(result.latencies)
                total.wrongAnswers += result.wrongAnswers
            } while !end.isThere
            try await group.waitForAll()
            return total
        }
    }

    private func payments(in round: Int) -> [LoadGenerator.PreparedRequest] {
        let drafts = Self.paidBills(rounds: rounds).drafts
            .dropFirst(round * Self.paymentsPerRound).prefix(Self.paymentsPerRound)
        return site.notifying.payments(of: drafts, sale: "W\(round)-")
    }

    private func pay(
        _ payments: [LoadGenerator.PreparedRequest], until end: BenchEnd
    ) async throws {
        let paying = LoadGenerator(
            port: load.port, connections: 1, pace: Self.paymentsPerSecond)
        var rest = payments[...]
        while !end.isThere {
            guard !rest.isEmpty else {
                throw BenchFailure("every bill was paid before the work ended")
            }
            let some = Array(rest.prefix(Int(Self.paymentsPerSecond * seconds)))
            let paid = try await paying.run(some, for: .seconds(seconds), keepsStatus: true)
            guard paid.wrongAnswers == 0 else {
                throw BenchFailure("\(paid.wrongAnswers) notifications were not acknowledged")
            }
            rest = rest.dropFirst(some.count)
        }
    }
}
