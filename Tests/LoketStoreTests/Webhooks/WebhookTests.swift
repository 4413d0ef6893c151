// Webhooks in the store: their place in the feed, and what deliveries and operators change.

import GRDB
import LoketCore
import TestSupport
import Testing
@testable import LoketStore

struct WebhookTests {
    let till: Till

    init() throws {
        till = try Till()
    }

    var store: Store { till.store }

    @discardableResult
    func add(_ name: String = "s", types: [String]? = nil) async throws -> WebhookRecord {
        let new = NewWebhook(
            url: "https://erp.example/", types: types, accountID: nil, note: nil,
            secretName: name)
        return try #require(try await store.addWebhook(new, actor: "ops", now: Sample.now))
    }

    /// Adds events, one for each bill.
    private func addBills(_ numbers: ClosedRange<Int>) async throws {
        for number in numbers {
            try await till.bill("INV-\(number)", code: "8896510000\(100_000 + number)")
        }
    }

    private func found(_ id: Int64 = 1) async throws -> WebhookRecord {
        try #require(try await store.webhook(id: id))
    }

    /// The progress after a refused attempt.
    func refused(
        _ record: WebhookRecord, event: Int64, at moment: Moment = Sample.now
    ) -> WebhookProgress {
        var progress = WebhookProgress(of: record)
        progress.failing = .init(
            eventID: event, schedule: RetrySchedule(after: nil, refusedAt: moment))
        progress.lastAttempt = .init(at: moment, status: 500, error: "HTTP 500")
        return progress
    }

    @Test func `a new webhook begins after the last event`() async throws {
        try await addBills(1...3)
        let made = try await add(types: ["payment.settled", "bill.created"])
        #expect(made.cursor == 3)
        #expect(made.offReason == nil && made.failing == nil && made.lastAttempt == nil)
        #expect(made.types.kinds == [.paymentSettled, .billCreated])
        #expect(made.epoch == (try store.epoch()))
        #expect(try store.webhooks().webhooks.map(\.id) == [made.id])
    }

    @Test func `there are twenty webhooks of each account, and twenty without one`() async throws {
        for account in [nil, till.open.account, try till.open.secondAccount()] {
            for number in 0...Limits.webhooksMax {
                let new = NewWebhook(
                    url: "https://erp.example/", types: nil, accountID: account, note: nil,
                    secretName: "\(account ?? 0) \(number)")
                let added = try await store.addWebhook(new, actor: "ops", now: Sample.now)
                #expect((added != nil) == (number < Limits.webhooksMax), "\(number)")
            }
        }
    }

    @Test func `progress is stored, and shown with the refused event`() async throws {
        let record = try await add()
        var progress = refused(record, event: 7)
        progress.cursor = 6
        #expect(try await store.save(progress, of: record, now: Sample.now))
        let shown = try await found()
        #expect(shown.cursor == 6)
        #expect(shown.failing == progress.failing)
        #expect(shown.lastAttempt == progress.lastAttempt)
    }

    @Test(arguments: ["edit", "pause", "resume", "replay", "secret", "remove"])
    func `a delivery stores nothing after an operator's change`(_ change: String) async throws {
        try await addBills(1...1)
        let record = try await add()
        switch change {
        case "edit":
            var edit = WebhookEdit()
            edit.note = .some("x")
            _ = try await store.editWebhook(id: 1, edit, now: Sample.now)
        case "pause": _ = try await store.pauseWebhook(id: 1, now: Sample.now)
        case "resume": _ = try await store.resumeWebhook(id: 1, at: nil)
        case "replay": _ = try await store.replayWebhook(id: 1, from: .event(1), now: Sample.now)
        case "secret": _ = try await store.secretsChanged(ofWebhook: 1, now: Sample.now)
        default: _ = try await store.removeWebhook(id: 1)
        }
        let before = try await store.webhook(id: 1)?.cursor
        var progress = WebhookProgress(of: record)
        progress.cursor = 99
        #expect(try await !store.save(progress, of: record, .gone, now: Sample.now))
        #expect(try await store.webhook(id: 1)?.cursor == before)
        #expect(try await store.webhook(id: 1)?.offReason != .gone)
    }

    @Test func `a skipped event is on the list, and goes with its webhook`() async throws {
        let record = try await add()
        var progress = refused(record, event: 7)
        let failing = try #require(progress.failing)
        progress.failing = nil
        progress.cursor = 7
        #expect(try await store.save(progress, of: record, .skipped(failing), now: Sample.now))
        let skipped = try await store.skippedEvents(ofWebhook: 1, before: .max, limit: 10)
        #expect(skipped.map(\.eventID) == [7])
        #expect(skipped.first?.status == 500 && skipped.first?.attempts == 1)
        #expect(try await store.skippedCounts() == [1: 1])
        #expect(try await found().cursor == 7)
        _ = try await store.removeWebhook(id: 1)
        #expect(try await store.skippedCounts().isEmpty)
    }

    @Test func `a change keeps since when an event is refused`() async throws {
        let record = try await add()
        var progress = WebhookProgress(of: record)
        let later = Sample.now.adding(milliseconds: 60_000)
        let schedule = RetrySchedule(
            attempts: 3, firstFailedAt: Sample.now,
            nextAttemptAt: Sample.now.adding(milliseconds: 300_000))
        progress.failing = .init(eventID: 1, schedule: schedule)
        #expect(try await store.save(progress, of: record, now: Sample.now))
        var edit = WebhookEdit()
        edit.note = .some("ERP")
        let noted = try await store.editWebhook(id: 1, edit, now: later)
        #expect(noted?.failing?.schedule == schedule)
        edit.url = "https://erp.example/new"
        let due = RetrySchedule(attempts: 3, firstFailedAt: Sample.now, nextAttemptAt: later)
        #expect(
            try await store.editWebhook(id: 1, edit, now: later)?.failing?.schedule == due)
        let rotated = try await store.secretsChanged(ofWebhook: 1, now: later)
        #expect(rotated?.failing?.schedule == due)
    }

    @Test func `410 turns it off, and resume goes on after the last event`() async throws {
        let record = try await add()
        try await addBills(1...3)
        var progress = WebhookProgress(of: record)
        progress.cursor = 2
        #expect(try await store.save(progress, of: record, .gone, now: Sample.now))
        #expect(try await found().offReason == .gone)
        let resumed = try #require(try await store.resumeWebhook(id: 1, at: nil))
        #expect(resumed.offReason == nil && resumed.cursor == 2)
    }

    @Test func `a place in the feed is an event or a time`() async throws {
        for second in 1...3 {
            let made = Sample.now.adding(milliseconds: Int64(second) * 1000)
            let draft = try Sample.draft("INV-\(second)", code: "889651000000010\(second)")
            try await store.create([(till.open.account, draft)], now: made)
        }
        let record = try await add()
        let places: [(FeedPlace, Int64)] = [
            (.event(1), 0), (.event(3), 2), (.end, 3), (.since(Sample.now), 0),
            (.since(Sample.now.adding(milliseconds: 2000)), 1),
            (.since(Sample.now.adding(milliseconds: 2001)), 2),
            (.since(Sample.now.adding(milliseconds: 9000)), 3),
        ]
        _ = try await store.save(refused(record, event: 4), of: record, now: Sample.now)
        for (place, cursor) in places {
            let resumed = try await store.resumeWebhook(id: 1, at: place)
            #expect(resumed?.cursor == cursor, "\(place)")
            #expect(resumed?.failing == nil && resumed?.offReason == nil)
        }
    }

    @Test func `a replay goes back, never forward past events that were not sent`() async throws {
        try await addBills(1...3)
        try await add()
        for (place, cursor) in [(FeedPlace.event(2), Int64(1)), (.event(3), 1), (.event(1), 0)] {
            let replayed = try await store.replayWebhook(id: 1, from: place, now: Sample.now)
            #expect(replayed?.cursor == cursor, "\(place)")
            #expect(replayed?.offReason == nil)
        }
    }

    // MARK: After a restore

    /// Begins a new epoch, as a restore does.
    func beginEpoch() async throws {
        try await store.commits.write {
            try Restoration.begin(backedUpAt: Sample.now, now: Sample.now, in: $0)
        }
    }

    @Test func `after a restore it is off, and resume begins with the first event since`()
        async throws
    {
        try await add()
        try await addBills(1...2)
        try await beginEpoch()
        try await addBills(3...4)
        #expect(try await found().offReason == .restored)
        let resumed = try #require(try await store.resumeWebhook(id: 1, at: nil))
        #expect(resumed.offReason == nil && resumed.cursor == 2)
        #expect(resumed.epoch == (try store.epoch()))
    }

    @Test func `after a restore a replay leaves out no event since`() async throws {
        try await add()
        try await addBills(1...2)
        try await beginEpoch()
        try await addBills(3...4)
        let replayed = try await store.replayWebhook(id: 1, from: .event(4), now: Sample.now)
        #expect(replayed?.offReason == .restored && replayed?.cursor == 2)
    }

    @Test func `after a restore a replay does not turn it on, and resume keeps the place`()
        async throws
    {
        try await add()
        try await addBills(1...2)
        try await beginEpoch()
        let replayed = try await store.replayWebhook(id: 1, from: .event(1), now: Sample.now)
        #expect(replayed?.offReason == .restored && replayed?.cursor == 0)
        #expect(try await store.resumeWebhook(id: 1, at: nil)?.cursor == 0)
    }
}
