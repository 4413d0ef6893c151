// Finds payments whose notification was missed: looks up quotes without a known payment at DOKU's
// Check Status, and enters the payments through the same code as notifications.

import DokuWire
import Logging
import LoketCore
import LoketStore
import Synchronization

package final class Reconciler: Sendable {
    /// The result of a pass so far.
    package struct Report: Sendable {
        package enum State: String, Sendable { case off, idle, running, done }

        package var state: State
        package var startedAt: Moment?
        package var finishedAt: Moment?
        package var asked = 0
        /// The number of responses with the status SUCCESS.
        package var found = 0
        /// The number of new payments, which no notification had reported.
        package var entered = 0
        package var unpaid = 0
        package var unknown = 0
        package var failed = 0
        /// The first few failures.
        package var problems: [String] = []
    }

    private struct State {
        var report: Report
        /// The failed passes in a row: the first one's time, their number, and the failed and total
        /// requests of the last one.
        var failing: (since: Moment, passes: Int, failed: Int, asked: Int)?
        /// The time of the last look-up of each open quote.
        var askedAt: [QuotedInvoice: Moment] = [:]
    }

    let settings: Settings.CheckStatus
    private let client: CheckStatusClient
    let store: Store
    let registry: AccountRegistry
    private let metrics: Metrics
    let log: Logger
    private let state: Mutex<State>
    /// The requested passes, by their start time, which `ReconcileSchedule` runs.
    let begun: AsyncStream<Moment>
    private let beginning: AsyncStream<Moment>.Continuation

    package init(
        settings: Settings.CheckStatus, store: Store, registry: AccountRegistry, metrics: Metrics,
        log: Logger
    ) {
        self.settings = settings
        client = CheckStatusClient(settings: settings)
        self.store = store
        self.registry = registry
        self.metrics = metrics
        self.log = log
        (begun, beginning) = AsyncStream.makeStream()
        state = Mutex(State(report: Report(state: settings.baseURL.isEmpty ? .off : .idle)))
    }

    package var report: Report { state.withLock(\.report) }
    package var isOff: Bool { settings.baseURL.isEmpty }

    /// The current failure; nil unless every request of the last pass failed, or some failed in
    /// each of the last two passes. One failed request is repeated by the next pass.
    package var failing: ServiceCounts.Failing? {
        state.withLock(\.failing).flatMap { since, passes, failed, asked in
            guard failed >= asked || passes > 1 else { return nil }
            return ServiceCounts.Failing(
                since: since,
                reason: asked == 0
                    ? "the last pass could not start"
                    : "\(failed) of \(asked) requests to DOKU failed")
        }
    }

    /// Begins a pass over every quote in the window, in the background, unless a pass is running.
    package func start(now: Moment) {
        if begin(now) { beginning.yield(now) }
    }

    /// Runs a whole pass, unless a pass is running. In a restored copy that was not reconciled yet,
    /// it looks up everything that may have been paid since the backup.
    ///
    /// - Parameter isScheduled: whether to skip quotes whose age has not doubled since their last
    ///   look-up.
    package func pass(now: Moment, isScheduled: Bool = false) async {
        if begin(now) { await goOn(now: now, isScheduled: isScheduled) }
    }

    func goOn(now: Moment, isScheduled: Bool = false) async {
        do {
            if let restoration = try await store.pendingRestoration() {
                try await catchUp(with: restoration)
            } else {
                await ask(try await quotes(now: now, isScheduled: isScheduled))
            }
            if Task.isCancelled { note(failure: Self.cutOff) }
        } catch {
            note(failure: "\(error)")
            log.error("reconciliation failed: \(error)")
        }
        end()
    }

    static let cutOff = "the pass was interrupted because the service is stopping"

    private func begin(_ now: Moment) -> Bool {
        state.withLock { state in
            guard state.report.state != .running, state.report.state != .off else { return false }
            state.report = Report(state: .running, startedAt: now)
            return true
        }
    }

    private func end() {
        let report = state.withLock { state in
            state.report.state = .done
            state.report.finishedAt = .now
            let report = state.report
            state.failing =
                report.failed == 0
                ? nil
                : (
                    state.failing?.since ?? .now, (state.failing?.passes ?? 0) + 1,
                    report.failed, report.asked
                )
            return report
        }
        guard report.asked > 0 || report.failed > 0 else { return }
        log.info(
            "reconciliation finished",
            metadata: [
                "asked": .number(report.asked), "entered": .number(report.entered),
                "failed": .number(report.failed),
            ])
    }

    private func quotes(now: Moment, isScheduled: Bool) async throws -> [QuotedInvoice] {
        let window = Int64(settings.windowHours) * 3_600_000
        let all = try await store.quotedUnpaid(
            since: now.adding(milliseconds: -window),
            until: now.adding(milliseconds: -Limits.checkStatusAgeSeconds * 1000))
        return state.withLock { state in
            let open = Set(all)
            state.askedAt = state.askedAt.filter { open.contains($0.key) }
            let due = all.filter { quote in
                guard isScheduled, let last = state.askedAt[quote] else { return true }
                let age = last.milliseconds - quote.quotedAt.milliseconds
                return now.milliseconds - last.milliseconds >= age
            }
            for quote in due { state.askedAt[quote] = now }
            return due
        }
    }

    /// The configured accounts by their row ids.
    var accounts: [Int64: Settings.Account] {
        let ids = registry.ids
        return Dictionary(
            registry.accounts.compactMap { account in
                ids[account.clientID].map { ($0, account) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Looks up quotes at DOKU, a few at a time.
    ///
    /// - Parameter tries: the maximum number of attempts for each quote.
    func ask(_ quotes: [QuotedInvoice], tries: Int = 1) async {
        let accounts = accounts
        await withTaskGroup(of: Void.self) { group in
            for (index, quote) in quotes.enumerated() {
                if index >= Limits.checkStatusConcurrency { await group.next() }
                guard !Task.isCancelled else { return }
                guard let account = accounts[quote.accountID] else { continue }
                group.addTask { await self.ask(quote, account, tries: tries) }
            }
        }
    }

    private func ask(
        _ quote: QuotedInvoice, _ account: Settings.Account, tries: Int
    ) async {
        var answer = CheckStatusClient.Answer.failed("no request was sent to DOKU")
        for _ in 0..<tries {
            answer = await client.ask(
                quote.invoiceNumber, account: account, accountID: quote.accountID)
            guard case .failed = answer else { break }
        }
        state.withLock { $0.report.asked += 1 }
        switch answer {
        case .unpaid: state.withLock { $0.report.unpaid += 1 }
        case .unknown: state.withLock { $0.report.unknown += 1 }
        case .failed(let reason):
            forget(quote)
            note(failure: "\(quote.invoiceNumber): \(reason)")
        case .paid(let delivery):
            state.withLock { $0.report.found += 1 }
            await enter(delivery, quote, account)
        case .unknownStatus(let delivery):
            note(
                failure: "\(quote.invoiceNumber): DOKU's answer has an unknown status; run `loket "
                    + "attention list`")
            await enter(delivery, quote, account)
        }
    }

    private func enter(
        _ delivery: Delivery, _ quote: QuotedInvoice, _ account: Settings.Account
    ) async {
        do {
            let taken = try await store.take(
                delivery, DeliveryContents(delivery, bins: account.bins))
            metrics.count(taken, of: delivery)
            if taken.entry?.isNew == true { state.withLock { $0.report.entered += 1 } }
        } catch {
            forget(quote)
            note(failure: "\(quote.invoiceNumber): \(error)")
        }
    }

    /// Makes the next pass repeat a look-up that was not answered or whose result was not stored.
    private func forget(_ quote: QuotedInvoice) {
        state.withLock { $0.askedAt[quote] = nil }
    }

    func note(failure: String) {
        state.withLock { state in
            state.report.failed += 1
            guard state.report.problems.count < Limits.checkStatusProblemsMax else { return }
            state.report.problems.append(failure)
        }
    }
}
