// Which webhooks need a person.

import LoketCore
import Testing
@testable import LoketStore

extension WebhookTests {
    private func troubles(at now: Moment) async throws -> [WebhookTrouble] {
        try await store.storedCounts(now: now).webhooks
    }

    @Test func `a webhook that fails, is gone, off or skipped events needs a person`() async throws
    {
        let hour: Int64 = 3_600_000
        let late = Sample.now.adding(milliseconds: hour)
        let failing = try await add("a")
        _ = try await store.save(refused(failing, event: 1), of: failing, now: Sample.now)
        #expect(try await troubles(at: late.adding(milliseconds: -1)).isEmpty)
        #expect(
            try await troubles(at: late) == [WebhookTrouble(1, .refusing, since: Sample.now)])
        _ = try await store.pauseWebhook(id: 1, now: Sample.now)
        #expect(try await troubles(at: late).isEmpty, "the operator knows")

        let gone = try await add("b")
        _ = try await store.save(WebhookProgress(of: gone), of: gone, .gone, now: Sample.now)
        let skipping = try await add("c")
        let event = try #require(refused(skipping, event: 1).failing)
        for _ in 0..<2 {
            _ = try await store.save(
                WebhookProgress(of: skipping), of: skipping, .skipped(event), now: Sample.now)
        }
        let all = [
            WebhookTrouble(2, .gone, since: Sample.now),
            WebhookTrouble(3, .skipped(2), since: Sample.now),
        ]
        #expect(try await troubles(at: late) == all)
        #expect(
            try await troubles(at: Sample.now.adding(milliseconds: 24 * hour))
                == Array(all.prefix(1)), "a day later")
        try await beginEpoch()
        #expect(
            try await troubles(at: late).map(\.kind) == [.gone, .restored, .skipped(2)])
    }

    @Test func `a damaged row hides no other webhook`() async throws {
        try await add("a")
        try await add("b")
        try RawDatabase.execute(
            till.path, "UPDATE webhook SET state = 'x' WHERE id = 1", checked: false)
        try RawDatabase.execute(
            till.path, "UPDATE webhook SET off_reason = 'x' WHERE id = 1", checked: false)
        var faults = 0
        #expect(try store.webhooks { _ in faults += 1 }.webhooks.map(\.id) == [2])
        #expect(faults == 1)
        #expect(try await troubles(at: Sample.now).isEmpty)
    }
}
