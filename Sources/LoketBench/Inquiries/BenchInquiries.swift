// `loket-bench inquiries`: measures signed inquiries to the service, alternating with the same
// pipeline returning a constant, so that the ratio is valid even if other users load the machine.

import ArgumentParser
import AsyncHTTPClient
import DokuSimulator
import Foundation
import LoketRuntime

struct BenchInquiries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquiries",
        abstract: "Measure throughput and latency of signed inquiries.",
        discussion: """
            Without --url: fills a temporary database, starts the service and, in turn with it, \
            the same network pipeline answering a constant. Prints the median of the rounds and \
            the ratio of the two.

            With --url: asks a running service for the payment codes of --codes, one per line, \
            all of them payable. Every inquiry is journaled there.
            """)

    @Option(help: "Bills in the database.")
    var bills = 1_000_000
    @Option(help: "Connections, each with one inquiry at a time.")
    var connections = 32
    @Option(help: "Seconds of each round.")
    var seconds = 2.0
    @Option(help: "Rounds of each side.")
    var rounds = 5
    @Option(help: "Seed of the order in which codes are asked for.")
    var seed: UInt64 = 1
    @Option(help: "The inquiry URL of a running service.")
    var url: String?
    @Option(help: "File of payment codes to ask for, with --url.")
    var codes: String?
    @Option(help: "DOKU's Client-Id, with --url.")
    var clientId: String?
    @Option(help: "File with DOKU's secret key, with --url.")
    var secretFile: String?

    /// The number of requests signed in advance and sent repeatedly.
    private static let shotsMax = 50_000

    func validate() throws {
        guard bills > 0, connections > 0, seconds > 0, rounds > 0 else {
            throw ValidationError("bills, connections, seconds and rounds must be above 0")
        }
        let given = [url, codes, clientId, secretFile].count { $0 != nil }
        guard given == 0 || given == 4 else {
            throw ValidationError("--url, --codes, --client-id and --secret-file go together")
        }
    }

    func run() async throws {
        if let url, let codes, let clientId, let secretFile {
            try await measure(url, codes, clientId, try secretInFile(secretFile))
        } else {
            try await measureOwn()
        }
    }

    // MARK: A service started here

    private func measureOwn() async throws {
        let site = try DemoSite()
        defer { site.remove() }
        let workload = Workload(billCount: bills, bin: DemoSite.exclusiveBIN, seed: seed)
        say("filling a database with \(bills) bills …")
        try site.seed((0..<bills).lazy.map(workload.draft))

        let service = try await site.serve()
        defer { _ = service.stop() }
        let constant = try await ServiceProcess(
            Bundle.main.executablePath ?? "loket-bench", ["constant"], folder: site.folder,
            log: "constant.log")
        defer { _ = constant.stop() }

        let shots = site.doku.inquiries(workload.questions(min(Self.shotsMax, bills * 2)))
        try await checkSignatures(workload, site.doku, of: service)
        try await site.waitUntilQuiet(service)
        var rounds = BenchRounds()
        for round in 0...self.rounds {
            let base = try await fire(shots, at: constant, keepsStatus: false)
            let ours = try await fire(shots, at: service, keepsStatus: true)
            // The first pair of rounds is a warm-up.
            if round > 0 { rounds.add(ours: ours, base: base) }
        }
        say(rounds.report(connections: connections, bills: bills))
        guard rounds.wrongAnswers == 0 else {
            throw BenchFailure("\(rounds.wrongAnswers) answers had the wrong status")
        }
    }

    private func fire(
        _ shots: [LoadGenerator.PreparedRequest], at process: ServiceProcess, keepsStatus: Bool
    ) async throws -> BenchRounds.Side {
        let before = process.cpuSeconds
        let result = try await LoadGenerator(
            port: process.gatewayPort, connections: connections
        ).run(shots, for: .seconds(seconds), keepsStatus: keepsStatus)
        return BenchRounds.Side(result, cpuSeconds: process.cpuSeconds - before)
    }

    /// Checks a sample before the measurement, because the speed of wrong answers has no value.
    private func checkSignatures(
        _ workload: Workload, _ doku: Doku, of service: ServiceProcess
    ) async throws {
        for question in workload.questions(50) {
            let request = doku.inquiry(question.code)
            let answer = try await HTTPClient.shared.send(request, to: service.gatewayURL)
            guard answer.status == question.expectedStatus,
                doku.signature(of: answer, to: request) == .verified
            else { throw BenchFailure("the answer for \(question.code) was wrong") }
        }
    }

    // MARK: Another service

    private func measure(
        _ url: String, _ codes: String, _ clientID: String, _ secret: [UInt8]
    ) async throws {
        guard let parts = URLComponents(string: url), parts.scheme == "http",
            let host = parts.host
        else { throw ValidationError("--url must be http: TLS would be measured with it") }
        let list = try String(contentsOfFile: codes, encoding: .utf8).split(
            whereSeparator: \.isWhitespace)
        guard !list.isEmpty else { throw ValidationError("\(codes) has no codes") }
        let doku = Doku(clientID: clientID, secret: secret, signedTarget: parts.percentEncodedPath)
        let shots = doku.inquiries(
            list.prefix(Self.shotsMax).map {
                Workload.Question(code: String($0), expectedStatus: 200)
            })
        let generator = LoadGenerator(
            host: host, port: parts.port ?? 80, connections: connections)
        var wrong = 0
        for round in 1...rounds {
            let result = try await generator.run(
                shots, for: .seconds(seconds), keepsStatus: true)
            wrong += result.wrongAnswers
            say("round \(round): " + BenchRounds.Side(result, cpuSeconds: 0).line)
        }
        guard wrong == 0 else { throw BenchFailure("\(wrong) answers were not payable") }
    }
}
