// `loket bench inquiries`: signed inquiries against the service, in turn with the same pipeline answering a
// constant, so that the ratio holds on a machine that other people use too.

import ArgumentParser
import DokuSimulator
import Foundation
import LoketCore

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure throughput and latency.",
        subcommands: [
            BenchInquiries.self, BenchPayments.self, BenchSearch.self, BenchImport.self,
            BenchOverload.self,
        ],
        defaultSubcommand: BenchInquiries.self)
}

struct BenchInquiries: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inquiries",
        abstract: "Measure throughput and latency of signed inquiries.",
        discussion: """
            Without --url: fills a temporary database, starts the service and, in turn with it, \
            the same network pipeline answering a constant. Prints the median of the rounds and \
            the ratio of the two. Build with `scripts/build --release` first.

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
    @OptionGroup var secretOption: SecretOption

    /// Requests signed beforehand and sent over and over.
    private static let shotsMax = 50_000

    func validate() throws {
        guard bills > 0, connections > 0, seconds > 0, rounds > 0 else {
            throw ValidationError("bills, connections, seconds and rounds must be above 0")
        }
        guard (url == nil) == (codes == nil), (url == nil) == (clientId == nil) else {
            throw ValidationError("--url, --codes and --client-id go together")
        }
    }

    func run() async throws {
        if let url { try await measure(running: url) } else { try await measureOwn() }
    }

    // MARK: Our own

    private func measureOwn() async throws {
        #if DEBUG
            print("note: this is a debug build; its figures say nothing. scripts/build --release")
        #endif
        let site = try DemoSite(purpose: "bench")
        defer { site.remove() }
        let workload = Workload(billCount: bills, bin: DemoSite.exclusiveBIN, seed: seed)
        print("filling a database with \(bills) bills …")
        try site.seed((0..<bills).lazy.map(workload.draft))

        let service = try await site.serve()
        defer { _ = service.stop() }
        let constant = try await ServiceProcess(
            arguments: ["bench-constant"], folder: site.folder, log: "constant.log")
        defer { _ = constant.stop() }

        let shots = shots(workload.questions(min(Self.shotsMax, bills * 2)), by: site.doku)
        try await checkSignatures(workload, site.doku, port: service.gatewayPort)
        var rounds = BenchRounds()
        for round in 0...self.rounds {
            let base = try await fire(shots, at: constant, keepsStatus: false)
            let ours = try await fire(shots, at: service, keepsStatus: true)
            // The first pair warms both up.
            if round > 0 { rounds.add(ours: ours, base: base) }
        }
        print(rounds.report(connections: connections, bills: bills))
        guard rounds.wrongAnswers == 0 else {
            throw Failure(.no, "\(rounds.wrongAnswers) answers had the wrong status")
        }
    }

    private func fire(
        _ shots: [LoadGenerator.Shot], at process: ServiceProcess, keepsStatus: Bool
    ) async throws -> BenchRounds.Side {
        let before = process.cpuSeconds
        let result = try await LoadGenerator(
            host: "127.0.0.1", port: process.gatewayPort, connections: connections
        ).run(shots, for: .seconds(seconds), keepsStatus: keepsStatus)
        return BenchRounds.Side(result, cpuSeconds: process.cpuSeconds - before)
    }

    private func shots(
        _ questions: [Workload.Question], by doku: Doku
    ) -> [LoadGenerator.Shot] {
        let now = Moment.now.utcText
        return questions.map { question in
            LoadGenerator.Shot(
                inquiry(question.code, by: doku, at: now), host: "127.0.0.1",
                expectedStatus: question.expectedStatus)
        }
    }

    private func inquiry(_ code: String, by doku: Doku, at time: String) -> DokuRequest {
        doku.request(
            body: Doku.inquiryBody(code: code, counter: .alfa, date: time),
            requestID: Doku.newRequestID(), timestamp: time)
    }

    /// A sample is checked before anything is timed: fast and wrong is worth nothing.
    private func checkSignatures(
        _ workload: Workload, _ doku: Doku, port: Int
    ) async throws {
        let transport = HTTPTransport(base: "http://127.0.0.1:\(port)")
        for question in workload.questions(50) {
            let request = inquiry(question.code, by: doku, at: Moment.now.utcText)
            let answer = try await transport.send(request)
            guard answer.status == question.expectedStatus,
                doku.signature(of: answer, to: request) == .verified
            else { throw Failure(.no, "the answer for \(question.code) was wrong") }
        }
    }

    // MARK: Somebody's

    private func measure(running url: String) async throws {
        let (base, path) = try splitURL(url)
        guard let codes, let clientId, let parts = URLComponents(string: base),
            parts.scheme == "http", let host = parts.host
        else { throw Failure(.usage, "--url must be http: TLS would be measured with it") }
        guard let text = try? String(contentsOfFile: codes, encoding: .utf8) else {
            throw Failure(.usage, "cannot read \(codes)")
        }
        let list = text.split(whereSeparator: \.isWhitespace)
        guard !list.isEmpty else { throw Failure(.usage, "\(codes) has no codes") }
        let doku = Doku(
            clientID: clientId, secret: try secretOption.bytes(), signedTarget: path)
        let questions = list.prefix(Self.shotsMax).map {
            Workload.Question(code: String($0), expectedStatus: 200)
        }
        let generator = LoadGenerator(
            host: host, port: parts.port ?? 80, connections: connections)
        let shots = shots(questions, by: doku)
        var wrong = 0
        for round in 1...rounds {
            let result: LoadGenerator.Result
            do {
                result = try await generator.run(
                    shots, for: .seconds(seconds), keepsStatus: true)
            } catch {
                throw Failure(.unreachable, "\(base) does not answer: \(error)")
            }
            wrong += result.wrongAnswers
            print("round \(round): " + BenchRounds.Side(result, cpuSeconds: 0).line)
        }
        guard wrong == 0 else { throw Failure(.no, "\(wrong) answers were not payable") }
    }
}
