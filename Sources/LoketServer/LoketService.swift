// Starts and stops a service; the parts stop in the reverse order of their start. Both the command
// `serve` and the tests start a service only with this type.

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

    /// Runs the checks of a start, opens the database and starts the journal, without listening.
    ///
    /// - Parameters:
    ///   - build: the version of this program.
    ///   - environment: contains `LOKET_ADMIN_KEY` and the path of systemd's socket, if set.
    ///   - logQueue: the queue that `log` writes to, for /metrics.
    ///   - clock: the clock for request times and findings.
    ///   - journalCapacity: the maximum number of journal entries that wait to be written.
    ///   - rereadSettings: reads the settings again on SIGHUP.
    /// - Throws: `StartRefused` with every problem that was found.
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

    /// Creates the first key and registers the accounts in the database, and reads the pauses.
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

    /// Serves until SIGTERM or SIGINT; then completes the requests in progress, writes the journal
    /// and closes the database.
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
            do { try runtime.store.close() } catch {
                log.error("the database could not be closed: \(error)")
            }
            log.info("stopped")
        }
        try await group.run()
    }

    /// Verifies the quarantined requests again, with the secrets of a reload.
    private var retryQuarantine: @Sendable () async -> Void {
        { [runtime] in
            do {
                _ = try await runtime.quarantine.retry(by: runtime.verifier)
            } catch {
                runtime.log.error("the quarantine could not be verified again: \(error)")
            }
        }
    }

    /// The parts in the order in which they start; they stop in the reverse order.
    private var services: [any Service] {
        [
            runtime.ledger,
            runtime.pages,
            runtime.imports,
            WordFiller(store: runtime.store, log: log),
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
            runtime.webhooks,
            alarm,
            watch,
            GatewayServer(runtime, connectionsMax: room.gateway, pulse: pulse),
            admin.makeService(),
            StopNotice(
                readiness: runtime.readiness, supervisor: supervisor, limit: stopLimit, log: log),
        ]
    }

    /// The maximum time that a stop waits for requests, first of one listener, then of the other.
    private var stopLimit: Duration {
        GatewayServer.stopLimit(requestMilliseconds: settings.limits.requestMilliseconds)
            + .seconds(Limits.adminStopSeconds)
    }

    /// The admin listener. Tests compare its routes with the API's document.
    package var admin: AdminServer {
        AdminServer(runtime: runtime, watch: watch, connectionsMax: room.admin)
    }
}

/// Reports a stop. It starts last and so stops first: /health fails before anything closes.
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

/// The problems for which the service does not start, one line each.
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
