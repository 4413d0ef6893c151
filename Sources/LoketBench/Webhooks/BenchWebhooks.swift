// `loket-bench webhooks`: measures the payments recorded per second with webhooks on and with the
// same webhooks paused, alternately. The ratio shows what deliveries cost payments.

import ArgumentParser
import AsyncHTTPClient
import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime

struct BenchWebhooks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "Measure the payments in a second with webhooks and without.",
        discussion: """
            Pays single-use bills over many connections, in turn with the webhooks on and paused. \
            The receivers are in this process and answer immediately.
            """)

    @Option(help: "Webhooks, each of which receives every event.")
    var webhooks = 3
    @Option(help: "Connections, each with one notification at a time.")
    var connections = 32
    @Option(help: "Seconds of each round.")
    var seconds = 2.0
    @Option(help: "Rounds of each side.")
    var rounds = 5

    /// The number of bills per second of a round, more than can be paid.
    private static let billsPerSecond = 12_000.0
    private static let setting = "allow_private_addresses: "

    func validate() throws {
        guard (1...Limits.webhooksMax).contains(webhooks), connections > 0, seconds > 0, rounds > 0
        else {
            throw ValidationError(
                "give 1 to \(Limits.webhooksMax) webhooks; the others must be above 0")
        }
    }

    func run() async throws {
        let site = try DemoSite(purpose: "bench") { database, secretFile in
            ExampleSettings.adapted(
                gatewayPort: 0, adminPort: 0, database: database, secretFile: secretFile,
                host: "127.0.0.1"
            ).replacing(Self.setting + "false", with: Self.setting + "true")
        }
        defer { site.remove() }
        let each = Int(Self.billsPerSecond * seconds)
        let drafts = Workload(
            billCount: each * rounds * 2, bin: DemoSite.exclusiveBIN, isSingleUse: true
        ).drafts
        say("filling a database with \(drafts.count) bills …")
        try site.seed(drafts)
        let receiver = try await EventReceiver.start()
        let service = try await site.serve()
        defer { _ = service.stop() }
        for _ in 0..<webhooks {
            try await post("", #"{"url":"http://127.0.0.1:\#(receiver.port)/"}"#, site, service)
        }
        var sides: (on: [Double], off: [Double]) = ([], [])
        for round in 0..<2 * rounds {
            // Each pair begins with the other side than the pair before.
            let isOn = (round + round / 2).isMultiple(of: 2)
            for id in 1...webhooks {
                // With `since` now, no round delivers events of the one before.
                let since = #"{"since":"\#(Moment.now.utcText)"}"#
                let action = isOn ? "/\(id)/resume" : "/\(id)/pause"
                try await post(action, isOn ? since : "{}", site, service)
            }
            let shots = site.notifying.payments(
                of: drafts[(round * each)..<((round + 1) * each)], sale: "T")
            let result = try await LoadGenerator(
                port: service.gatewayPort, connections: connections
            ).run(shots, for: .seconds(seconds), keepsStatus: true)
            guard result.wrongAnswers == 0 else {
                throw BenchFailure("\(result.wrongAnswers) answers were not 200")
            }
            if isOn {
                sides.on.append(result.perSecond)
            } else {
                sides.off.append(result.perSecond)
            }
        }
        say(report(sides.on, sides.off, delivered: receiver.count))
        try await receiver.stop()
    }

    private func report(_ on: [Double], _ off: [Double], delivered: Int) -> String {
        let ratios = zip(on, off).map { $0 / $1 }
        return String(
            format: """

                payments recorded over \(connections) connections, median of \(rounds) rounds each
                  no webhook         %6.0f/s
                  \(webhooks) webhooks         %6.0f/s, \(delivered) events delivered meanwhile
                  with over without  %.3f (lowest %.3f, highest %.3f)
                """, off.median, on.median, ratios.median, ratios.min() ?? 0, ratios.max() ?? 0)
    }

    /// Sends a request about webhooks.
    private func post(
        _ path: String, _ body: String, _ site: DemoSite, _ service: ServiceProcess
    ) async throws {
        let answer = try await HTTPClient.shared.send(
            DokuRequest(
                method: "POST", target: "/admin/v1/webhooks" + path,
                headers: [
                    Header("Authorization", "Bearer \(try site.key())"),
                    Header("Content-Type", "application/json"),
                ], body: Array(body.utf8)),
            to: service.adminURL)
        guard (200..<300).contains(answer.status) else {
            let text = String(decoding: answer.body, as: UTF8.self)
            throw BenchFailure("POST /admin/v1/webhooks\(path): HTTP \(answer.status) \(text)")
        }
    }
}
