// Puts the parts together, in the order in which they depend on each other, and takes them apart
// in the reverse order. The command `serve` and the tests start the service through this and
// through nothing else.

import Logging
import LoketCore
import LoketStore
import NIOCore
import ServiceLifecycle
import UnixSignals

package struct LoketService: Sendable {
    package let readiness: Readiness
    package let store: BillStore

    private let settings: Settings
    private let room: ConnectionRoom
    private let rereadSettings: @Sendable () throws -> Settings
    private let directory: Directory
    private let journal: Journal
    private let tally: Tally
    private let quarantine: QuarantineDoor
    private let refusals: RefusalDesk
    private let notifications: NotificationResponder
    package let reconciler: Reconciler
    private let ledger: LedgerWatch
    package let pages: PageWatch
    private let build: BuildInfo
    package let reload = ReloadState()
    package let backups: BackupSchedule
    private let alarm: Alarm
    package let watch: ServiceWatch
    private let imports: ImportDesk
    private let pulse: LoopPulse
    private let supervisor: Supervisor
    private let log: Logger
    private let logQueue: LogQueue?

    /// Checks, opens the database and starts the journal; nothing listens yet.
    ///
    /// - Parameters:
    ///   - build: what is said of this program.
    ///   - environment: where `LOKET_ADMIN_KEY` is looked for, and systemd's socket.
    ///   - logQueue: where `log` leads, for /metrics.
    ///   - clock: by which requests are taken in, and by which it judges itself.
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
        do throws(StoreFault) {
            let room = DiskRoom(reserve: settings.limits.diskReserveBytes)
            store = try BillStore(path: settings.database, room: room) { log.warning("\($0)") }
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
        self.settings = settings
        self.build = build
        self.rereadSettings = rereadSettings
        self.log = log
        self.logQueue = logQueue
        directory = Directory(settings: settings, ids: ids, pauses: pauses)
        journal = Journal(on: store, capacity: journalCapacity) {
            log.error("the journal cannot be written: \($0)")
        }
        tally = Tally(log: log)
        readiness = Readiness(build: build, log: log)
        quarantine = QuarantineDoor(
            settings: settings, store: store, directory: directory, tally: tally, log: log)
        refusals = RefusalDesk(settings: settings, store: store, directory: directory, log: log)
        notifications = NotificationResponder(settings: settings, directory: directory)
        reconciler = Reconciler(
            settings: settings.checkStatus, store: store, directory: directory, tally: tally,
            log: log)
        ledger = LedgerWatch(store: store, directory: directory, log: log)
        pages = PageWatch(store: store, log: log)
        imports = ImportDesk(store: store, log: log)
        backups = BackupSchedule(settings, store: store, clock: clock, log: log)
        alarm = Alarm(url: settings.alerts.url, log: log)
        watch = ServiceWatch(
            WatchedParts(
                store: store, directory: directory, readiness: readiness, journal: journal,
                tally: tally, ledger: ledger, pages: pages, reconciler: reconciler,
                refusals: refusals.window, reload: reload, backups: backups, logQueue: logQueue,
                silenceHours: settings.alerts.silenceHours),
            clock: clock, alarm: alarm, log: log)
        await ledger.checkAtStart()
    }

    /// What a start reads from the database and writes into it.
    private static func prepare(
        _ store: BillStore, for settings: Settings, environment: [String: String], log: Logger
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
        readiness.onceUp { [supervisor, watch] in supervisor.isUp { watch.report.line } }
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
            do { try store.close() } catch { log.error("closing the database: \(error)") }
            log.info("stopped")
        }
        try await group.run()
    }

    /// What waits for a secret that is right may verify now.
    private var retryQuarantine: @Sendable () async -> Void {
        { [quarantine, notifications, log] in
            do {
                _ = try await quarantine.retry(by: notifications)
            } catch {
                log.error("the quarantine could not be retried: \(error)")
            }
        }
    }

    private var services: [any Service] {
        [
            ledger,
            pages,
            imports,
            quarantine,
            refusals,
            ReconcileSchedule(reconciler: reconciler),
            JournalPruning(
                store: store, keepDays: settings.journal.keepDays,
                importDays: settings.imports.keepDays, log: log),
            SettingsReload(
                reread: rereadSettings, store: store, directory: directory, state: reload,
                supervisor: supervisor, afterwards: retryQuarantine, log: log),
            backups,
            alarm,
            watch,
            gateway,
            admin.makeServer(),
            StopNotice(
                readiness: readiness, supervisor: supervisor, limit: stopLimit, log: log),
        ]
    }

    /// For which a stop waits for requests, of both listeners one after the other.
    private var stopLimit: Duration {
        GatewayServer.stopLimit(requestMilliseconds: settings.limits.requestMilliseconds)
            + .seconds(Limits.adminStopSeconds)
    }

    /// The admin listener; tests hold its routes against the API's document.
    package var admin: AdminDesk {
        AdminDesk(
            settings: settings, build: build, connectionsMax: room.admin, store: store,
            directory: directory,
            readiness: readiness, tally: tally, journal: journal, ledger: ledger, pages: pages,
            imports: imports, reconciler: reconciler, notifications: notifications,
            quarantine: quarantine, refusals: refusals, watch: watch, log: log,
            logQueue: logQueue)
    }

    private var gateway: GatewayServer {
        let responder = InquiryResponder(settings: settings, directory: directory)
        let (store, journal, tally, readiness) = (store, journal, tally, readiness)
        let (notifications, quarantine) = (notifications, quarantine)
        let (refusals, clock) = (refusals, watch.clock)
        let answerMilliseconds = settings.limits.answerMilliseconds
        return GatewayServer(
            listener: settings.gateway.listener, routes: GatewayRoute.table(settings.gateway),
            requestMilliseconds: settings.limits.requestMilliseconds,
            connectionsMax: room.gateway, trustedProxies: settings.gateway.trustedProxies,
            tally: tally, log: log,
            makeAnswerer: {
                let lookup = try store.makeLookup()
                let inquiries = InquiryAnswerer(
                    responder: responder, journal: journal, tally: tally,
                    refusals: refusals, answerMilliseconds: answerMilliseconds,
                    find: lookup.find)
                let payments = NotificationAnswerer(
                    responder: notifications, store: store, quarantine: quarantine,
                    refusals: refusals, tally: tally)
                return ServiceAnswerer(
                    inquiries: inquiries, notifications: payments, refusals: refusals,
                    readiness: readiness, clock: clock)
            },
            pulse: pulse, whenListening: readiness.gatewayListens)
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
