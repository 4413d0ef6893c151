// The real service in this process, on free ports and with a database in its own folder; stopped
// the way SIGTERM stops it.

import DokuSimulator
import Foundation
import Logging
import LoketCore
import LoketRuntime
import LoketServer
import LoketStore
import ServiceLifecycle
import TestSupport

struct RunningService: Sendable {
    let service: LoketService
    let gatewayPort: Int
    let adminPort: Int
    let adminKey: String
    let folder: URL
    let log: LogLines
    let clock: SetClock
    fileprivate let group: ServiceGroup

    var store: Store { service.runtime.store }
    var admin: AdminClient { AdminClient(port: adminPort, key: adminKey) }

    /// Stops the service as SIGTERM does; returns at once.
    func stop() async {
        await group.triggerGracefulShutdown()
    }

    func connect(reads: Bool = true) async throws -> RawConnection {
        try await RawConnection.open(port: gatewayPort, reads: reads)
    }

    /// Sends one request on a new connection.
    func ask(_ request: DokuRequest) async throws -> DokuAnswer {
        let connection = try await connect()
        try await connection.send(request.wire)
        let answer = try await connection.answer()
        await connection.close()
        return answer
    }

    /// A sender who reads the answer to his head and then continues to send pieces. The service
    /// reads them for a limited time only, so on a busy machine there are a few tries.
    func talkOn(
        after head: String, piece: [UInt8], times: Int
    ) async throws -> (answers: [DokuAnswer], wasCutOff: Bool) {
        var outcome: (answers: [DokuAnswer], wasCutOff: Bool) = ([], true)
        for _ in 0..<5 where outcome.wasCutOff {
            let connection = try await connect()
            try await connection.send(head)
            var answers = [try await connection.answer()]
            var sent = 0
            while sent < times, (try? await connection.send(piece)) != nil { sent += 1 }
            answers += try await connection.answersUntilEnd()
            outcome = (answers, connection.wasReset || sent < times)
        }
        return outcome
    }

    /// Writes bills of the first account directly into the database.
    func seed(_ drafts: [BillDraft], state: Bill.State = .open) throws {
        let account = try store.registerAccounts([Shop.clientID])[Shop.clientID] ?? 0
        try store.seed(drafts, accountID: account, state: state, now: .now)
    }
}

/// Runs a service on a folder that is deleted afterwards.
func withService(
    more: String = "", _ change: (inout Settings) -> Void = { _ in },
    _ body: (RunningService) async throws -> Void
) async throws {
    try await withFolder { folder in
        try await withService(in: folder, more: more, change, body)
    }
}

/// Runs a service on a folder that is kept.
///
/// - Parameter more: further lines of the settings file.
func withService(
    in folder: URL, more: String = "", environment: [String: String] = [:],
    journalCapacity: Int = Limits.journalQueueMax, _ change: (inout Settings) -> Void = { _ in },
    _ body: (RunningService) async throws -> Void
) async throws {
    try await serve(
        in: folder, more: more, environment: environment, journalCapacity: journalCapacity,
        change, body)
    // Event loops release the look-ups, and the store its lock, a moment after the end.
    try await eventually { folder.openFiles.isEmpty }
}

private func serve(
    in folder: URL, more: String, environment: [String: String], journalCapacity: Int,
    _ change: (inout Settings) -> Void, _ body: (RunningService) async throws -> Void
) async throws {
    var settings = try Shop.settings(in: folder, more: more)
    // A busy machine must not cause declines; tests of these limits set their own values.
    settings.limits.answerMilliseconds = 60_000
    settings.limits.requestMilliseconds = 60_000
    change(&settings)
    let reread = settings
    let (log, clock) = (LogLines(), SetClock())
    let service = try await LoketService(
        settings: settings, build: Shop.build, environment: environment, log: log.logger,
        clock: clock.serviceClock, journalCapacity: journalCapacity, rereadSettings: { reread })
    let group = ServiceGroup(
        services: [Served(service: service)],
        logger: Logger(label: "group") { _ in
            SwiftLogNoOpLogHandler()
        })
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let ports = try await eventually { service.runtime.readiness.ports }
        let keyFile = settings.database + ".admin-key"
        let key = (try? String(contentsOfFile: keyFile, encoding: .utf8)) ?? ""
        let running = RunningService(
            service: service, gatewayPort: ports.gateway, adminPort: ports.admin,
            adminKey: key.trimmingCharacters(in: .newlines), folder: folder, log: log,
            clock: clock, group: group)
        do {
            try await body(running)
        } catch {
            await group.triggerGracefulShutdown()
            try? await tasks.waitForAll()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

private struct Served: Service {
    let service: LoketService

    func run() async throws {
        try await service.run(stopOn: [])
    }
}
