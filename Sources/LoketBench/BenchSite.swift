// The service that a benchmark measures, its database, and figures about it from the kernel and the
// admin API.

import AsyncHTTPClient
import DokuSimulator
import Foundation
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

/// The path of the service's executable.
private let loket = URL(fileURLWithPath: Bundle.main.executablePath ?? "")
    .deletingLastPathComponent().appendingPathComponent("loket").path

extension DemoSite {
    /// - Parameter parent: The parent of the site's folder; nil for the system's temporary folder.
    init(in parent: URL? = nil) throws {
        guard FileManager.default.isExecutableFile(atPath: loket) else {
            throw BenchFailure("there is no \(loket): build it with scripts/build --bench")
        }
        try self.init(purpose: "bench", in: parent) { database, secretFile in
            ExampleSettings.adapted(
                gatewayPort: 0, adminPort: 0, database: database, secretFile: secretFile,
                host: "127.0.0.1")
        }
    }

    /// Starts the service on one core.
    func serve(onCore core: Int) async throws -> ServiceProcess {
        try await ServiceProcess(
            "/usr/bin/taskset",
            ["-c", "\(core)", loket, "serve", "--config", settingsPath, "--until-input-ends"],
            folder: folder)
    }

    func serve(readsLog: Bool = true) async throws -> ServiceProcess {
        try await serve(loket, readsLog: readsLog)
    }

    // MARK: Bills

    /// Writes open bills before the service starts.
    func seed(_ drafts: some Sequence<BillDraft>) throws {
        try fill { try $0(drafts, .open) }
    }

    /// Opens the database, lets `body` write bills, and closes the database.
    func fill(
        _ body: ((any Sequence<BillDraft>, Bill.State) throws -> Void) throws -> Void
    ) throws {
        let store = try Store(path: databasePath)
        let ids = try store.registerAccounts([Self.clientID])
        guard let account = ids[Self.clientID] else {
            preconditionFailure("the account was just registered")
        }
        let now = Moment.now
        try body { try store.seed($0, accountID: account, state: $1, now: now) }
        try store.close()
    }

    /// Imports a file of bills as a merchant does, and waits until it is applied.
    ///
    /// - Parameter starter: a command that starts the command in its arguments.
    func importFile(
        _ path: String, at adminURL: String, starter: [String] = []
    ) async throws {
        try await run(
            starter + [
                loket, "bills", "import", path, "--url", adminURL, "--key-file", keyPath,
            ])
    }

    /// Takes a copy of the running service's database.
    func backUp(to path: String, from adminURL: String, starter: [String]) async throws {
        try await run(
            starter + [loket, "backup", path, "--url", adminURL, "--key-file", keyPath])
    }

    /// Returns the JSON of an answer of the admin API.
    func get(_ target: String, from service: ServiceProcess) async throws -> JSONValue {
        let answer = try await HTTPClient.shared.send(
            DokuRequest(
                method: "GET", target: target,
                headers: [Header("Authorization", "Bearer \(try key())")], body: []),
            to: service.adminURL)
        guard answer.status == 200 else {
            throw BenchFailure("GET \(target): HTTP \(answer.status)")
        }
        return try StrictJSON(answer.body).root
    }

    /// Waits until the service has written the words of all names, which takes its time after the
    /// start.
    func waitUntilQuiet(_ service: ServiceProcess) async throws {
        while try await get("/admin/v1/search?q=a", from: service)["names"]?["complete"]?.bool
            != true
        {
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}

extension ServiceProcess {
    var gatewayURL: String { "http://127.0.0.1:\(gatewayPort)" }
    var adminURL: String { "http://127.0.0.1:\(adminPort ?? 0)" }

    /// The user and system time in seconds so far.
    var cpuSeconds: Double { Self.cpuSeconds(inStat: "/proc/\(id)/stat") }

    /// Returns the user and system time in seconds of the threads whose names have the prefix.
    func cpuSeconds(ofThreads prefix: String) -> Double {
        let tasks = "/proc/\(id)/task"
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return ids.reduce(0) { $0 + Self.cpuSeconds(inStat: "\(tasks)/\($1)/stat", of: prefix) }
    }

    /// - Parameter name: The required prefix of the process's or thread's name.
    static func cpuSeconds(inStat path: String, of name: String = "") -> Double {
        guard let stat = try? String(contentsOfFile: path, encoding: .utf8),
            stat.split(separator: "(").last?.hasPrefix(name) == true,
            let fields = stat.split(separator: ")").last?.split(separator: " "),
            fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
        else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Returns the numbers of commits and of committed writes that the service reports.
    func commitCounts() async throws -> (commits: Int, writes: Int) {
        let answer = try await HTTPClient.shared.send(
            DokuRequest(method: "GET", target: "/metrics", headers: [], body: []), to: adminURL)
        let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
        func value(_ name: String) -> Int {
            lines.first { $0.hasPrefix(name + " ") }.flatMap { Int($0.dropFirst(name.count + 1)) }
                ?? 0
        }
        return (value("loket_commits_total"), value("loket_committed_writes_total"))
    }

    /// The peak of the memory use in MiB.
    var peakMemoryMiB: Int {
        let status = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1024
    }
}

extension Doku {
    /// Returns signed inquiries, each with its expected status.
    func inquiries(_ questions: some Sequence<Workload.Question>) -> [LoadGenerator.PreparedRequest]
    {
        let now = Moment.now.utcText
        return questions.map {
            LoadGenerator.PreparedRequest(
                inquiry($0.code, at: now), expectedStatus: $0.expectedStatus)
        }
    }

    func inquiry(_ code: String, at time: String = Moment.now.utcText) -> DokuRequest {
        request(
            body: Self.inquiryBody(code: code, counter: .alfa, date: time),
            requestID: Self.newRequestID(), timestamp: time)
    }

    /// Returns signed notifications, one for each bill.
    ///
    /// - Parameter sale: The prefix of the counter's transaction ids.
    func payments(of drafts: some Sequence<BillDraft>, sale: String) -> [LoadGenerator
        .PreparedRequest]
    {
        let now = Moment.now.utcText
        return drafts.enumerated().map { index, draft in
            let notice = PaymentNotice(
                invoiceNumber: draft.invoiceNumber.text, amount: draft.amounts.last.whole,
                paymentCode: draft.paymentCode.digits, date: now,
                agentTransactionID: "\(sale)\(index)")
            return LoadGenerator.PreparedRequest(
                request(body: notice.body, requestID: Self.newRequestID(), timestamp: now),
                expectedStatus: 200)
        }
    }
}
