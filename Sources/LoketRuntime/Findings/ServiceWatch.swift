// Checks the service every few seconds and reports its findings: once when a finding begins, once
// when it ends, and each hour while it lasts. Judge.swift (LoketCore) derives the findings.

import Logging
import LoketCore
import LoketStore
import ServiceLifecycle
import Synchronization

/// Determines the findings of the service, and reports their changes to the log, to the alarm and
/// as events in the database.
///
///     let report = watch.report   // from memory and the last check
///     report.state                // .open, .needsYou, … .failing
///     report.findings.first       // the worst
///
///     await watch.look()          // checks and reports changes; `run` repeats it
package final class ServiceWatch: Service {
    /// The findings at one instant.
    package struct Report: Sendable {
        package let findings: [Finding]
        /// The reasons why the service cannot answer or write.
        package let failures: [String]
        package let counts: ServiceCounts

        package var state: ServiceState { findings.state }

        /// The state and the worst finding, as one line.
        package var line: String {
            findings.first.map { "\(state.words): \($0.sentence)" } ?? state.words
        }
    }

    private struct State {
        /// The counts in the database at the last check.
        var stored = StoredCounts()
        var disk: ServiceCounts.Disk?
        var readFailure: String?
        var journal = ServiceCounts.Loss()
        var log = ServiceCounts.Loss()
        /// The requests counted since all requests of some route are refused, until one verifies.
        var refused = RouteCounts()
        var open = OpenFindings()
        var hasRestored = false
        /// The changes that are not yet written to the database.
        var unwritten: [FindingChange] = []
    }

    let runtime: Runtime
    private let alarm: Alarm
    private let startedAt: Moment
    private let state = Mutex(State())

    package init(_ runtime: Runtime, alarm: Alarm) {
        self.runtime = runtime
        self.alarm = alarm
        startedAt = runtime.clock.now()
    }

    private var clock: ServiceClock { runtime.clock }
    private var log: Logger { runtime.log }

    // MARK: Present findings

    package var report: Report {
        let now = clock.now()
        let counts = state.withLock { makeCounts($0, now: now) }
        let found = findings(counts, now: now)
        return Report(
            findings: state.withLock { $0.open.dated(found) }, failures: counts.failures,
            counts: counts)
    }

    /// Returns a report after reading the database again.
    package func freshReport() async -> Report {
        await gather(clock.now())
        return report
    }

    private func makeCounts(_ state: State, now: Moment) -> ServiceCounts {
        var counts = ServiceCounts(startedAt: startedAt)
        counts.failures = runtime.failures(state.readFailure)
        counts.refusals = runtime.refusals.window.counts(now: now).lasting(state.refused)
        counts.clientIDs = runtime.registry.clientIDs
        counts.pauses = runtime.pauses
        counts.payments = state.stored.payments
        counts.mistaken = state.stored.mistaken
        counts.unexplained = state.stored.unexplained
        counts.attention = state.stored.attention
        counts.damagedBills = runtime.metrics.damagedBills.waiting
        counts.damages = runtime.damages
        counts.skewMilliseconds = state.stored.skewMilliseconds
        counts.lastInquiryAt = state.stored.lastInquiryAt
        counts.lastInquiryID = state.stored.lastInquiryID
        counts.disk = state.disk
        counts.journal = state.journal
        counts.log = state.log
        counts.reload = runtime.reload.refused
        counts.reconciliation = runtime.reconciler.failing
        counts.backupTimer = runtime.backups.timer
        counts.lastBackupAt =
            counts.backupTimer == nil ? state.stored.lastBackupAt : runtime.backups.lastAt
        counts.webhooks = state.stored.webhooks
        counts.silenceHours = runtime.settings.alerts.silenceHours
        return counts
    }

    // MARK: Checking

    package func run() async throws {
        await restore()
        guard let interval = clock.interval else {
            try? await gracefulShutdown()
            return
        }
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            // While the service starts or stops, closed listeners are not a failure.
            if runtime.readiness.isUp { await look() }
            await cancelWhenGracefulShutdown { try? await Task.sleep(for: interval) }
        }
    }

    /// Reads the findings that were open before this start, so that they are not reported again,
    /// and the requests of the minutes before it, so that they still count.
    private func restore() async {
        let now = clock.now()
        let before = (try? await runtime.store.openFindings()) ?? []
        let refused = before.first { $0.name == FindingKind.everybodyRefused.rawValue }
        let since = min(now, refused?.since ?? now)
            .adding(milliseconds: -RefusalWindow.milliseconds)
        let requests = (try? await runtime.store.recentRequests(since: since)) ?? []
        runtime.refusals.window.restore(requests, now: now)
        state.withLock { state in
            if refused != nil { state.refused = RouteCounts(requests) }
            state.open.restore(before)
            state.hasRestored = true
        }
    }

    /// Whether the findings from before this start have been read.
    package var hasRestored: Bool { state.withLock(\.hasRestored) }

    /// Reads all counts and reports the changes. Calls must not overlap.
    package func look() async {
        let now = clock.now()
        await gather(now)
        let counts = state.withLock { makeCounts($0, now: now) }
        let found = findings(counts, now: now)
        let refused = found.contains { $0.kind == .everybodyRefused }
        let changes = state.withLock { state in
            state.refused = refused ? counts.refusals : RouteCounts()
            let changes = state.open.take(found, now: now)
            state.unwritten = (state.unwritten + changes.events(now)).suffix(Limits.alertQueueMax)
            return changes
        }
        report(changes, found.state)
        await writeEvents()
    }

    private func gather(_ now: Moment) async {
        do {
            try await runtime.metrics.damagedBills.lookAgain(in: runtime.store)
            let stored = try await runtime.store.storedCounts(now: now)
            state.withLock { state in
                state.stored = stored
                state.readFailure = nil
            }
        } catch {
            state.withLock { $0.readFailure = "\(error)" }
        }
        let disk = await runtime.disk()
        let dropped = runtime.journal.health.dropped
        let lost = runtime.logQueue?.lost ?? 0
        state.withLock { state in
            state.disk = disk
            state.journal.count(dropped, at: now)
            state.log.count(lost, at: now)
        }
    }

    // MARK: Reporting

    private func report(_ changes: OpenFindings.Changes, _ all: ServiceState) {
        for finding in changes.began {
            log(finding, finding.sentence)
            alarm.send(.began(finding))
        }
        for finding in changes.lasting { log(finding, "still: " + finding.sentence) }
        for finding in changes.ended {
            log.info(
                "the finding \(finding.name) is over",
                metadata: [
                    "finding": "\(finding.name)", "since": "\(finding.since.utcText)",
                    "state": "\(all.rawValue)",
                ])
            alarm.send(.ended(finding, all))
        }
    }

    private func log(_ finding: Finding, _ message: String) {
        var fields: Logger.Metadata = [
            "finding": "\(finding.kind.rawValue)", "severity": "\(finding.severity.rawValue)",
            "since": "\(finding.since.utcText)", "next": "\(finding.command)",
        ]
        if let requestID = finding.requestID { fields["request_id"] = "\(requestID)" }
        log.log(
            level: finding.severity == .critical ? .error : .warning, "\(message)",
            metadata: fields)
    }

    /// Writes the events to the database; if that fails, they are written at the next check.
    private func writeEvents() async {
        let changes = state.withLock { state in
            defer { state.unwritten = [] }
            return state.unwritten
        }
        guard !changes.isEmpty else { return }
        do {
            try await runtime.store.append(changes)
        } catch {
            state.withLock { $0.unwritten = changes + $0.unwritten }
        }
    }
}

extension ServiceCounts.Loss {
    fileprivate mutating func count(_ all: Int, at now: Moment) {
        if all > count { last = now }
        count = all
    }
}
