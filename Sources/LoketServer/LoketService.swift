// Starts a service and stops it, in the reverse order. The command `serve` and the tests start the
// service through this and through nothing else.

import Logging
import LoketAdmin
import LoketCore
import LoketGateway
import LoketRuntime
import LoketStore
import NIOCore
import ServiceLifecycle
import UnixSignals

package struct LoketService: Sendable {
    package let runtime: Runtime
    package let watch: ServiceWatch

    private let room: ConnectionRoom
    private let rereadSettings: @Sendable () throws -> Settings
    private let alarm: Alarm
    private let pulse: LoopPulse
    private let supervisor: Supervisor

    private var log: Logger { runtime.log }
    private var settings: Settings { runtime.settings }

    /// Checks, opens the database and starts the journal; nothing listens yet.
    ///
    /// - Parameters:
    ///   - build: the version of this program.
    ///   - environment: where `LOKET_ADMIN_KEY` is looked for, and systemd's socket.
    ///   - logQueue: where `log` leads, for /metrics.
    ///   - clock: the time of requests, and the one that findings are judged by.
    ///   - journalCapacity: entries of the journal that may wait.
    ///   - rereadSettings: reads them again on SIGHUP.
    /// - Throws: `StartRefused`, with every problem that was found.
    package init(
        settings: Settings, build: BuildInfo = BuildInfo(), environment: [String: String],
        log: Logger, logQueue: LogQueue? = nil, clock: ServiceClock = ServiceClock(),
        journalCapacity: Int = Limits.journalQueueMax,
        rereadSettings: @escaping @Sendable () throws -> Settings
    ) async throws {
        let log = log.at(settings.log.level)
        let list = StartList(settings, environment: environment)
        guard list.problems.isEmpty else { throw StartRefused(list.problems) }
        pulse = LoopPulse()
        supervisor = Supervisor(environment: environment, pulse: pulse)
        supervisor.starts()
        let store: Store
        do throws(StoreFault) {
            let room = DiskRoom(reserve: settings.limits.diskReserveBytes)
            store = try Store(path: settings.database, room: room) { log.warning("\($0)") }
        } catch {
            throw StartRefused(["database: \(error)"])
        }
        let (ids, pauses): ([String: Int64], [Pause])
        do {
            (ids, pauses) = try await Self.prepare(
                store, for: settings, environment: environment, log: log)
        } catch {
            try? store.close()
            guard let fault = StoreFault(error, at: store.path) else { throw error }
            throw StartRefused(["database: \(fault)"])
        }
        for note in list.notes {
            log.warning("\(note.text)", metadata: ["check": "\(note.item.rawValue)"])
        }
        room = list.room
        self.rereadSettings = rereadSettings
        runtime = Runtime(
            settings, build: build, store: store, ids: ids, pauses: pauses, clock: clock,
            journalCapacity: journalCapacity, log: log, logQueue: logQueue)
        alarm = Alarm(url: settings.alerts.url, log: log)
        watch = ServiceWatch(runtime, alarm: alarm)
        await runtime.ledger.checkAtStart()
    }

    /// What a start reads from the database and writes into it.
    private static func prepare(
        _ store: Store, for settings: Settings, environment: [String: String], log: Logger
    ) async throws -> ([String: Int64], [Pause]) {
        if let restoration = try await store.pendingRestoration() {
            log.error(
                """
                inquiries are paused: \(restoration.summary(\.utcText)); run `loket reconcile`, \
                then `loket resume`
                """)
        }
        try FirstKey.make(in: store, environment: environment, now: .now, log: log)
        let ids = try store.registerAccounts(settings.accounts.map(\.clientID))
        return (ids, try store.pauses())
    }

    /// Serves until SIGTERM or SIGINT; then finishes what is in flight, writes the journal and
    /// closes the database.
    package func run(stopOn signals: [UnixSignal] = [.sigterm, .sigint]) async throws {
        let (log, journal) = (log, runtime.journal)
        runtime.readiness.onceUp { [supervisor, watch] in supervisor.isUp { watch.report.line } }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) },
                gracefulShutdownSignals: signals, logger: log.quiet))
        defer {
            journal.close()
            if journal.health.dropped > 0 {
                log.error(
                    "journal entries were lost",
                    metadata: ["count": .number(journal.health.dropped)])
            }
            do { try runtime.store.close() } catch { log.error("closing the database: \(error)") }
            log.info("stopped")
        }
        try await group.run()
    }

    /// Requests in the quarantine that a reload's secrets verify.
    private var retryQuarantine: @Sendable () async -> Void {
        { [runtime] in
            do {
                _ = try await runtime.quarantine.retry(by: runtime.verifier)
            } catch {
                runtime.log.error("the quarantine could not be retried: \(error)")
            }
        }
    }

    /// In the order in which they start; they stop in the reverse order.
    private var services: [any Service] {
        [
            runtime.ledger,
            runtime.pages,
            runtime.imports,
            runtime.quarantine,
            runtime.refusals,
            ReconcileSchedule(reconciler: runtime.reconciler),
            JournalPruning(
                store: runtime.store, keepDays: settings.journal.keepDays,
                importDays: settings.imports.keepDays, log: log),
            SettingsReload(
                runtime, reread: rereadSettings, supervisor: supervisor,
                afterwards: retryQuarantine),
            runtime.backups,
            alarm,
            watch,
            GatewayServer(runtime, connectionsMax: room.gateway, pulse: pulse),
            admin.makeService(),
            StopNotice(
                readiness: runtime.readiness, supervisor: supervisor, limit: stopLimit, log: log),
        ]
    }

    /// How long a stop waits for requests, of both listeners one after the other.
    private var stopLimit: Duration {
        GatewayServer.stopLimit(requestMilliseconds: settings.limits.requestMilliseconds)
            + .seconds(Limits.adminStopSeconds)
    }

    /// The admin listener; tests hold its routes against the API's document.
    package var admin: AdminServer {
        AdminServer(runtime: runtime, watch: watch, connectionsMax: room.admin)
    }
}

/// Last to start and so first to stop: /health turns red before anything closes.
private struct StopNotice: Service {
    let readiness: Readiness
    let supervisor: Supervisor
    let limit: Duration
    let log: Logger

    func run() async throws {
        try? await gracefulShutdown()
        readiness.stops()
        supervisor.stops(within: limit)
        log.info("stopping")
    }
}

/// Why the service does not start: everything that is wrong, a line each.
package struct StartRefused: Error, CustomStringConvertible {
    package let problems: [String]

    package init(_ problems: [String]) {
        self.problems = problems
    }

    package init(_ entries: [CheckEntry]) {
        self.init(entries.map(\.sentence))
    }

    package var description: String { problems.joined(separator: "\n") }
}
