// Sends twice the inquiries that the service can answer, over many connections with one inquiry
// each and over few connections without waiting. Inquiries must be answered in time; the excess is
// declined or waits at the sender.

import DokuSimulator
import Foundation
import LoketCore

struct OverloadTwice {
    let site: OverloadSite
    let seconds: Int

    private static let connections = 1_000
    private static let pipelining = 32
    private static let inquiries = 20_000
    private static let capacitySeconds = 3
    /// The default `answer_ms`, plus time for the lookup and the network.
    private static let answeredWithinMilliseconds = 2_200

    func measure() async throws -> [String] {
        let service = try await site.site.serve()
        defer { _ = service.stop() }
        let shots = site.inquiries(Self.inquiries)
        let generator = LoadGenerator(
            port: service.gatewayPort, connections: Self.pipelining)
        _ = try await generator.run(shots, for: .seconds(1), keepsStatus: true)
        let capacity = try await generator.run(
            shots, for: .seconds(Self.capacitySeconds), keepsStatus: true
        ).perSecond
        say(String(format: "twice %.0f inquiries a second for %d s", capacity, seconds))
        var problems: [String] = []
        for (connections, pipelines) in [(Self.connections, false), (Self.pipelining, true)] {
            let result = try await OpenLoad(
                port: service.gatewayPort, connections: connections, perSecond: 2 * capacity,
                pipelines: pipelines
            ).run(shots, for: .seconds(seconds))
            say(line(result, connections, pipelines))
            // With pipelining, the time of a request includes the sender's own queue.
            if !pipelines { problems += late(result) }
        }
        return problems
    }

    private func late(_ result: OpenLoad.Result) -> [String] {
        if result.successes.count == 0 { return ["twice: no inquiry was answered in time"] }
        let slowest = Int(result.successes.percentiles([1])[0] / 1000)
        guard slowest > Self.answeredWithinMilliseconds else { return [] }
        return [
            "twice: an inquiry was answered after \(slowest) ms, not within "
                + "\(Self.answeredWithinMilliseconds) ms"
        ]
    }

    private func line(
        _ result: OpenLoad.Result, _ connections: Int, _ pipelines: Bool
    ) -> String {
        let times = result.successes.percentiles([0.5, 0.99, 1])
        let declined = result.declines.percentiles([1])
        return String(
            format: """
                  %d connections, %@
                    in time       %d, p50 %.1f ms, p99 %.1f ms, at most %.1f ms
                    declined      %d, after at most %.1f ms
                    not sent      %d; connections closed %d
                """, connections, pipelines ? "without waiting" : "one inquiry each",
            result.successes.count, Double(times[0]) / 1000, Double(times[1]) / 1000,
            Double(times[2]) / 1000, result.declines.count, Double(declined[0]) / 1000,
            result.notSent, result.closed)
    }
}
