// `loket-bench peers`: measures loket beside other servers that answer the same inquiries from the
// same database, on one core each. `scripts/bench` builds the servers and starts this command.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore

struct BenchPeers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers",
        abstract: "Compare loket with other servers that do the same; used by `scripts/bench`.",
        discussion: """
            Fills a temporary database, starts loket and the named servers, `NAME/run` in the \
            folder of --peers, checks the answers of each, and measures all of them in turn. \
            Writes peers.md and peers.svg to the folder of --output. Start it on another core \
            than that of --core: `taskset -c 1 loket-bench peers floor nginx`.
            """)

    @Argument(help: "Names of the servers beside loket.")
    var names: [String]
    @Option(help: "Folder with a folder of each server.")
    var peers = "Benchmarks"
    @Option(help: "Folder to write to.")
    var output = "."
    @Option(help: "Bills in the database.")
    var bills = 1_000_000
    @Option(help: "Connections, each with one inquiry at a time.")
    var connections = 32
    @Option(help: "Seconds of each round.")
    var seconds = 3.0
    @Option(help: "Rounds of each server.")
    var rounds = 5
    @Option(help: "The core of the servers.")
    var core = 0
    @Option(help: "The program that writes the rows of payments; without it no payments are made.")
    var payments: String?
    @Option(help: "The compilers, for the description of the machine.")
    var compilers = ""

    /// The number of requests signed in advance and sent repeatedly.
    private static let shotsMax = 50_000
    /// The server that is measured at half of its highest rate too, beside loket.
    private static let paced = "floor"

    func validate() throws {
        guard bills > 0, connections > 0, seconds > 0, rounds > 0 else {
            throw ValidationError("bills, connections, seconds and rounds must be above 0")
        }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: output)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var report = PeerReport(bills: bills, connections: connections, rounds: rounds)
        report.titles = try titles()
        try await measureInquiries(&report)
        if let payments {
            report.payments = try await PeerPayments(
                program: payments, seconds: seconds, rounds: rounds, core: core
            ).measure()
        }
        report.machine = Machine.description(compilers: compilers)
        try report.markdown.write(
            to: folder.appendingPathComponent("peers.md"), atomically: true, encoding: .utf8)
        try report.chart.svg.write(
            to: folder.appendingPathComponent("peers.svg"), atomically: true, encoding: .utf8)
        say("\n" + report.markdown)
    }

    /// Returns what `NAME/run --version` prints.
    private func titles() throws -> [String: String] {
        var titles: [String: String] = [:]
        for name in names {
            let run = URL(fileURLWithPath: peers).appendingPathComponent("\(name)/run").path
            titles[name] = try runAndWait([run, "--version"])
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return titles
    }

    // MARK: Inquiries

    private func measureInquiries(_ report: inout PeerReport) async throws {
        let site = try DemoSite()
        defer { site.remove() }
        let workload = Workload(billCount: bills, bin: DemoSite.exclusiveBIN)
        say("filling a database with \(bills) bills …")
        try site.seed((0..<bills).lazy.map(workload.draft))
        try site.seed(PeerWork.paidBills(rounds: self.rounds).drafts)
        let loket = try await site.serve(onCore: core)
        var targets = [PeerTarget.loket(loket)]
        defer { for target in targets { target.stop() } }
        try await site.waitUntilQuiet(loket)
        for name in names {
            targets.append(
                .peer(
                    try await PeerProcess(
                        name, in: URL(fileURLWithPath: peers), site: site, core: core)))
        }
        let check = PeerCheck(workload: workload, doku: site.doku)
        for target in targets {
            try await check.check(target)
            say("\(target.name) answers rightly")
        }
        report.rounds = try await measure(targets, workload, site.doku)
        report.paced = try await pace(targets, report.rounds, workload, site.doku)
        let highest = report.rounds.summary(of: PeerTarget.loketName)?.perSecond ?? 0
        report.paced.append(
            try await PeerWork(
                site: site, adminURL: loket.adminURL,
                load: PacedLoad(
                    port: loket.gatewayPort, connections: connections, perSecond: highest / 2),
                shots: shots(workload, site.doku), seconds: seconds, rounds: self.rounds,
                core: core
            ).measure())
    }

    private func shots(_ workload: Workload, _ doku: Doku) -> [LoadGenerator.PreparedRequest] {
        doku.inquiries(workload.questions(min(Self.shotsMax, bills * 2)))
    }

    private func measure(
        _ targets: [PeerTarget], _ workload: Workload, _ doku: Doku
    ) async throws -> PeerRounds {
        var rounds = PeerRounds(targets.map(\.name))
        let shots = shots(workload, doku)
        for round in 0...self.rounds {
            for place in targets.indices {
                // Each round begins with another server.
                let target = targets[(place + round) % targets.count]
                let side = try await fire(shots, at: target)
                // The first round is a warm-up.
                guard round > 0 else { continue }
                say(String(format: "round %d: %.0f/s ", round, side.perSecond) + target.name)
                rounds.add(side, of: target.name)
            }
        }
        guard rounds.wrong.isEmpty else {
            throw BenchFailure("wrong answers of \(rounds.wrong.joined(separator: ", "))")
        }
        return rounds
    }

    private func fire(
        _ shots: [LoadGenerator.PreparedRequest], at target: PeerTarget
    ) async throws -> PeerRounds.Side {
        let (before, ownBefore) = (target.cpuSeconds, ownCPUSeconds)
        let result = try await LoadGenerator(port: target.port, connections: connections).run(
            shots, for: .seconds(seconds), keepsStatus: target.isAnswering)
        return PeerRounds.Side(
            perSecond: result.perSecond,
            microsecondsOfCPU: (target.cpuSeconds - before) * 1e6
                / Double(max(result.latencies.count, 1)),
            wrongAnswers: result.wrongAnswers, latencies: result.latencies,
            generatorLoad: (ownCPUSeconds - ownBefore) / result.seconds)
    }

    // MARK: A fixed rate

    /// Measures loket and the floor in turn, each at half of its own highest rate.
    private func pace(
        _ targets: [PeerTarget], _ rounds: PeerRounds, _ workload: Workload, _ doku: Doku
    ) async throws -> [PeerReport.Paced] {
        let paced = targets.filter { [PeerTarget.loketName, Self.paced].contains($0.name) }
        let shots = shots(workload, doku)
        var all: [String: LoadGenerator.Result] = [:]
        for _ in 0..<self.rounds {
            for target in paced {
                guard let highest = rounds.summary(of: target.name)?.perSecond else { continue }
                let result = try await PacedLoad(
                    port: target.port, connections: connections, perSecond: highest / 2
                ).run(shots, for: .seconds(seconds))
                guard result.wrongAnswers == 0 else {
                    throw BenchFailure("wrong answers of \(target.name)")
                }
                let p99 = Double(result.latencies.percentiles([0.99])[0]) / 1000
                let figures = String(format: "%.0f/s, p99 %.2f ms", result.perSecond, p99)
                say("paced: \(figures) \(target.name)")
                all[target.name, default: .init()].latencies.add(result.latencies)
                all[target.name]?.seconds += result.seconds
            }
        }
        return paced.compactMap { target in
            guard let result = all[target.name] else { return nil }
            let times = result.latencies.percentiles([0.5, 0.99])
            return PeerReport.Paced(
                name: target.name, perSecond: result.perSecond, p50: times[0], p99: times[1])
        }
    }
}
