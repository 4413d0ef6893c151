// The parts of one running service, made once and in the order in which they depend on each other.
// The gateway, the admin API and the findings are given this one value.

import Logging
import LoketCore
import LoketStore

/// What a service works on: the store, the accounts in force, and everything that counts, watches
/// or repeats. It holds no listener.
///
///     let runtime = Runtime(settings, build: build, store: store, ids: ids, pauses: pauses, log: log)
///     runtime.registry.current   // the accounts, secrets and BINs in force
///     runtime.metrics.current    // the counts of /metrics
package struct Runtime: Sendable {
    /// As they were at the start. `registry` has what a reload may have changed.
    package let settings: Settings
    package let build: BuildInfo
    package let store: Store
    package let registry: AccountRegistry
    package let journal: Journal
    package let metrics: Metrics
    package let readiness: Readiness
    package let verifier: DeliveryVerifier
    package let quarantine: Quarantine
    package let refusals: RefusalMonitor
    package let reconciler: Reconciler
    package let ledger: LedgerMonitor
    package let pages: PageMonitor
    package let imports: ImportRunner
    package let backups: BackupSchedule
    package let reload = ReloadState()
    package let clock: ServiceClock
    package let log: Logger
    /// Where `log` leads.
    package let logQueue: LogQueue?

    /// Starts the journal's thread.
    ///
    /// - Parameters:
    ///   - ids: the database's row of each Client-Id.
    ///   - journalCapacity: entries of the journal that may wait.
    package init(
        _ settings: Settings, build: BuildInfo, store: Store, ids: [String: Int64],
        pauses: [Pause], clock: ServiceClock = ServiceClock(),
        journalCapacity: Int = Limits.journalQueueMax, log: Logger, logQueue: LogQueue? = nil
    ) {
        self.settings = settings
        self.build = build
        self.store = store
        self.clock = clock
        self.log = log
        self.logQueue = logQueue
        registry = AccountRegistry(settings: settings, ids: ids, pauses: pauses)
        journal = Journal(on: store, capacity: journalCapacity) {
            log.error("the journal cannot be written: \($0)")
        }
        metrics = Metrics(log: log)
        readiness = Readiness(build: build, log: log)
        verifier = DeliveryVerifier(settings: settings, registry: registry)
        quarantine = Quarantine(
            settings: settings, store: store, registry: registry, metrics: metrics, log: log)
        refusals = RefusalMonitor(settings: settings, store: store, registry: registry, log: log)
        reconciler = Reconciler(
            settings: settings.checkStatus, store: store, registry: registry, metrics: metrics,
            log: log)
        ledger = LedgerMonitor(store: store, registry: registry, log: log)
        pages = PageMonitor(store: store, log: log)
        imports = ImportRunner(store: store, log: log)
        backups = BackupSchedule(settings, store: store, clock: clock, log: log)
    }
}

/// The clock by which a service takes requests in and judges itself, and how often it looks. Tests
/// set both, and hours pass in a moment.
package struct ServiceClock: Sendable {
    package var now: @Sendable () -> Moment
    /// Between two looks; nil: it looks only where it is asked to.
    package var interval: Duration?

    package init(
        now: @escaping @Sendable () -> Moment = { .now },
        interval: Duration? = .seconds(Limits.watchSeconds)
    ) {
        self.now = now
        self.interval = interval
    }
}
