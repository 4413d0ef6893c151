// The deliveries to one webhook: reads the feed after the cursor and sends the events in order,
// each until it is delivered or skipped. Ends when an operator changes the webhook or it is gone.

import Logging
import LoketCore
import LoketStore

struct WebhookDelivery {
    /// What the deliveries to every webhook share.
    struct Parts: Sendable {
        let store: Store
        let registry: AccountRegistry
        let channels: ChannelNames
        let secrets: WebhookSecrets
        let allowsPrivate: Bool
        let clock: ServiceClock
        let resolver: HostResolver
        let ownWrites = OwnWrites()
        let log: Logger
    }

    private let parts: Parts
    private let record: WebhookRecord
    private let post: WebhookPost
    private var progress: WebhookProgress
    /// The cursor as it is stored, the time when it was stored, and whether a delivery came since.
    private var savedCursor: Int64
    private var savedAt = ContinuousClock.now
    private var hasDelivered = false
    private var readAt = ContinuousClock.now
    private var pace = WritePace()

    private var store: Store { parts.store }
    private var now: Moment { parts.clock.now() }

    /// - Parameter record: a webhook that is on.
    init(of record: WebhookRecord, _ parts: Parts) {
        self.parts = parts
        self.record = record
        post = WebhookPost(resolver: parts.resolver)
        progress = WebhookProgress(of: record)
        savedCursor = record.cursor
    }

    /// Runs until the webhook is changed, is gone, or the task is cancelled.
    mutating func run() async {
        var goesOn = true
        while goesOn, !Task.isCancelled {
            do {
                goesOn = try await sendNext()
            } catch is CancellationError {
                break
            } catch {
                if Task.isCancelled { break }
                parts.log.error("webhook \(record.id): the database failed: \(error)")
                try? await Task.sleep(for: .milliseconds(Limits.webhookStoreRetryMilliseconds))
            }
        }
        if goesOn, progress.cursor > savedCursor { _ = try? await save() }
        await post.close()
    }

    /// Sends the events of the next page, or waits for an event.
    ///
    /// - Returns: false if the deliveries have ended.
    private mutating func sendNext() async throws -> Bool {
        let seen = store.eventSignal.count
        readAt = .now
        let page = try await store.feed(
            after: progress.cursor, kinds: record.types.kinds, accountID: record.accountID,
            limit: Limits.webhookPage)
        for entry in page.entries {
            let goesOn =
                switch entry {
                case .success(let event) where !record.types.select(event): true
                case .success(let event): try await deliver(event)
                case .failure(let damaged): try await skip(damaged)
                }
            guard goesOn else { return false }
        }
        progress.cursor = max(progress.cursor, page.end)
        if let failing = progress.failing, failing.eventID <= progress.cursor {
            // The refused event is not selected any more.
            progress.failing = nil
            guard try await save() else { return false }
        }
        guard !page.hasMore else { return true }
        return try await waitForEvents(past: seen)
    }

    // MARK: One event

    /// - Returns: false if the deliveries have ended.
    private mutating func deliver(_ event: Event) async throws -> Bool {
        if progress.failing?.eventID != event.id { progress.failing = nil }
        while true {
            try await waitForAttempt()
            let answer: WebhookAnswer
            do {
                answer = try await parts.attempt(event, for: record, by: post)
            } catch let damaged as DamagedEvent {
                return try await skip(damaged)
            }
            let at = now
            switch answer {
            case .delivered(let status):
                progress.lastAttempt = .init(at: at, status: status, error: nil)
                let hadFailed = progress.failing != nil
                progress.failing = nil
                progress.cursor = event.id
                hasDelivered = true
                if hadFailed { parts.log.info("webhook \(record.id) takes events again") }
                return hadFailed || isDue ? try await save() : true
            case .gone:
                progress.lastAttempt = .init(at: at, status: 410, error: "HTTP 410")
                progress.failing = nil
                parts.log.warning("webhook \(record.id) answered 410 (gone) and is now off")
                await saveGone()
                return false
            case .refused(let status, let reason):
                let error = String(reason.prefix(Limits.webhookErrorMax))
                progress.lastAttempt = .init(at: at, status: status, error: error)
                if let goesOn = try await refused(event, error, at) { return goesOn }
            }
        }
    }

    /// - Returns: nil if the event is to be sent again.
    private mutating func refused(
        _ event: Event, _ error: String, _ at: Moment
    ) async throws -> Bool? {
        let schedule = RetrySchedule(after: progress.failing?.schedule, refusedAt: at)
        let failing = WebhookRecord.Failing(eventID: event.id, schedule: schedule)
        progress.failing = failing
        if schedule.attempts == 1 {
            let name = Event.name(event.id, in: record.epoch)
            parts.log.warning("webhook \(record.id) refused event \(name): \(error)")
        }
        guard schedule.isOver(at) else { return try await save() ? nil : false }
        return try await skip(event.id, .skipped(failing), at, error)
    }

    private mutating func skip(_ event: DamagedEvent) async throws -> Bool {
        try await skip(event.id, .damaged(event), now, "\(event.fault)")
    }

    /// If this cannot be stored, the event is not skipped but read and sent again.
    private mutating func skip(
        _ id: Int64, _ end: WebhookEnd, _ at: Moment, _ reason: String
    ) async throws -> Bool {
        var next = progress
        next.failing = nil
        next.cursor = id
        guard try await store.save(next, of: record, end, now: at) else { return false }
        progress = next
        noteSaved()
        let name = Event.name(id, in: record.epoch)
        parts.log.error("webhook \(record.id): event \(name) is skipped: \(reason)")
        return true
    }

    // MARK: Waiting

    /// Waits until the next attempt is due, and while payments need the processor.
    private mutating func waitForAttempt() async throws {
        while let schedule = progress.failing?.schedule, !schedule.isDue(now) {
            try await Task.sleep(for: .milliseconds(Limits.webhookTickMilliseconds))
        }
        if pace.isBusy(store.writing.writes - parts.ownWrites.count) {
            try await Task.sleep(for: .milliseconds(Limits.webhookBusyMilliseconds))
        }
    }

    /// Waits for a commit after the last read; meanwhile stores the cursor.
    private mutating func waitForEvents(past seen: Int) async throws -> Bool {
        while store.eventSignal.count == seen {
            guard needsSave else {
                _ = await store.eventSignal.wait(past: seen)
                try Task.checkCancellation()
                continue
            }
            guard isDue else {
                try await store.eventSignal.wait(past: seen, until: saveTime)
                continue
            }
            guard try await save() else { return false }
        }
        try await Task.sleep(until: readAt + .milliseconds(Limits.webhookGapMilliseconds))
        return true
    }

    // MARK: Storing

    /// A cursor that only passed over events is stored seldom: it costs a commit.
    private var needsSave: Bool {
        hasDelivered || progress.cursor - savedCursor > Limits.webhookUnselectedMax
    }
    private var saveTime: ContinuousClock.Instant {
        savedAt + .milliseconds(Limits.webhookSaveMilliseconds)
    }
    private var isDue: Bool { .now >= saveTime }

    /// - Returns: false if an operator has changed the webhook.
    private mutating func save() async throws -> Bool {
        let isCurrent = try await store.save(progress, of: record, now: now)
        noteSaved()
        return isCurrent
    }

    private mutating func noteSaved() {
        parts.ownWrites.add()
        savedCursor = progress.cursor
        savedAt = .now
        hasDelivered = false
    }

    /// Repeats until it is stored, because nothing may be sent afterwards.
    private func saveGone() async {
        while !Task.isCancelled {
            do {
                _ = try await store.save(progress, of: record, .gone, now: now)
                parts.ownWrites.add()
                return
            } catch {
                parts.log.error("webhook \(record.id): the database failed: \(error)")
                try? await Task.sleep(for: .milliseconds(Limits.webhookStoreRetryMilliseconds))
            }
        }
    }
}
