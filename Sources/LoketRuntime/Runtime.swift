// The parts of one running service, created once, each after the parts that it depends on. The
// gateway, the admin API and the findings share this value.

import Logging
import LoketCore
import LoketStore

/// The shared parts of a service: the store, the active accounts, and all counters, monitors and
/// timers. The listeners are not part of it.
///
///     let runtime = Runtime(
///         settings, build: build, store: store, ids: ids, pauses: pauses, log: log)
///     runtime.registry.current   // the active accounts, secrets and BINs
///     runtime.metrics.current    // the counts of /metrics
package struct Runtime: Sendable {
    /// The settings of the start. `registry` has the settings that reloads may have changed.
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
    package let webhooks: Webhooks
    package let reload = ReloadState()
    package let clock: ServiceClock
    package let log: Logger
    /// The queue that `log` writes to; nil if `log` does not use a queue.
    package let logQueue: LogQueue?

    /// Creates the parts and starts the journal's thread.
    ///
    /// - Parameters:
    ///   - ids: the row id of each Client-Id in the database.
    ///   - journalCapacity: the maximum number of journal entries that wait to be written.
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
        webhooks = Webhooks(
            settings: settings, store: store, registry: registry, clock: clock, log: log)
    }
}

/// The clock for request times and findings, and the interval between checks of the service. Tests
/// set both, so that hours pass in an instant.
package struct ServiceClock: Sendable {
    package var now: @Sendable () -> Moment
    /// The time between two checks; nil if the service is checked only on request.
    package var interval: Duration?

    package init(
        now: @escaping @Sendable () -> Moment = { .now },
        interval: Duration? = .seconds(Limits.watchSeconds)
    ) {
        self.now = now
        self.interval = interval
    }
}
