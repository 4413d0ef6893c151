// `loket-bench constant`: the gateway's own pipeline with a constant answer. The benchmark of
// inquiries starts this command for comparison.

import ArgumentParser
import DokuSimulator
import Foundation
import Logging
import LoketCore
import LoketGateway
import LoketRuntime
import ServiceLifecycle

struct BenchConstant: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "constant",
        abstract: "Answer a constant on the gateway's pipeline; used by `loket-bench inquiries`.",
        shouldDisplay: false)

    /// The length of an answer for a payable bill.
    private static let bodyBytes = 240

    func run() async throws {
        ServiceProcess.stopWhenInputEnds()
        let lines = LogQueue()
        defer { lines.close() }
        let log = Logger(label: "loket") { _ in JSONLog(to: lines) }
        var quiet = log
        quiet.logLevel = .warning
        let reply = Reply(
            status: 200,
            headers: [
                ("Content-Type", "application/json"),
                ("Client-Id", DemoSite.clientID),
                ("Request-Id", "00000000-0000-0000-0000-000000000000"),
                ("Response-Timestamp", "2026-01-01T00:00:00Z"),
                ("Signature", "HMACSHA256=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            ],
            body: [UInt8](repeating: UInt8(ascii: "0"), count: Self.bodyBytes))
        let gateway = GatewayServer(
            listener: Settings.Listener(host: "127.0.0.1", port: 0),
            routes: GatewayRoute.table(Settings.Gateway()),
            requestMilliseconds: Settings.Bounds().requestMilliseconds,
            metrics: Metrics(log: log), log: log,
            makeEndpoint: { ConstantEndpoint(reply) },
            whenListening: { port in
                log.info("listening", metadata: ["gateway_port": .number(port)])
            })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: gateway)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        try await group.run()
    }
}
