// Which events a webhook's types select, before and after an operator changes them.

import GRDB
import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct SelectedTypesTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private var store: Store { till.store }

    /// Adds events, one for each bill.
    private func addBills(_ numbers: ClosedRange<Int>) async throws {
        for number in numbers {
            try await till.bill("INV-\(number)", code: "8896510000\(100_000 + number)")
        }
    }

    private func add(_ types: [String]?) async throws {
        let new = NewWebhook(
            url: "https://erp.example/", types: types, accountID: nil, note: nil, secretName: "s")
        _ = try #require(try await store.addWebhook(new, actor: "ops", now: Sample.now))
    }

    private func change(_ types: [String]?) async throws -> WebhookRecord? {
        var edit = WebhookEdit()
        edit.types = .some(types)
        return try await store.editWebhook(id: 1, edit, now: Sample.now)
    }

    /// The ids of the events after the cursor that are selected.
    private func waiting() async throws -> [Int64] {
        let record = try #require(try await store.webhook(id: 1))
        let page = try await store.feed(
            after: record.cursor, kinds: record.types.kinds, limit: 100)
        return page.events.filter(record.types.select).map(\.id)
    }

    @Test func `a type that is added selects no event of before, and what waits still waits`()
        async throws
    {
        try await add(["bill.cancelled"])
        try await addBills(1...2)
        try await till.cancel(1)
        #expect(try await waiting() == [3])
        let changed = try await change(["bill.created", "bill.cancelled"])
        #expect(changed?.types.names == ["bill.created", "bill.cancelled"])
        #expect(try await waiting() == [3])
        try await addBills(3...3)
        #expect(try await waiting() == [3, 4])
        #expect(try await change(nil)?.types.names == nil)
        try await till.cancel(2)
        #expect(try await waiting() == [3, 4, 5])
        _ = try await change(["bill.created"])
        try await addBills(4...4)
        #expect(try await waiting() == [4, 6])
    }

    @Test func `every type, if it is added, selects no event of before`() async throws {
        try await add(["bill.cancelled"])
        try await addBills(1...2)
        try await till.cancel(1)
        _ = try await change(nil)
        #expect(try await waiting() == [3])
        try await addBills(3...3)
        #expect(try await waiting() == [3, 4])
        _ = try await change(["bill.created"])
        #expect(try await waiting() == [4])
    }

    @Test(arguments: [true, false])
    func `an operator's place selects the events of before an addition too`(isReplay: Bool)
        async throws
    {
        try await add(["bill.cancelled"])
        try await addBills(1...3)
        _ = try await change(["bill.created"])
        #expect(try await waiting().isEmpty)
        if isReplay {
            _ = try await store.replayWebhook(id: 1, from: .event(2), now: Sample.now)
        } else {
            _ = try await store.resumeWebhook(id: 1, at: .event(2))
        }
        #expect(try await waiting() == [2, 3])
    }

    @Test func `a removed type that is added again selects no event of before`() async throws {
        try await add(nil)
        try await addBills(1...1)
        _ = try await change(["bill.cancelled"])
        _ = try await change(["bill.created"])
        #expect(try await waiting().isEmpty)
        try await addBills(2...2)
        #expect(try await waiting() == [2])
    }

    @Test(arguments: [
        nil, "bill.created", "bill.created payment.settled>12", "bill.created *>9",
    ])
    func `types are read as they are stored`(_ text: String?) throws {
        #expect(try #require(SelectedTypes(stored: text)).stored == text)
    }

    @Test func `damaged types are a damaged row`() async throws {
        try await add(["bill.created"])
        try RawDatabase.execute(till.path, "UPDATE webhook SET types = 'bill.created>x'")
        var faults: [StoreFault] = []
        #expect(try store.webhooks { faults.append($0) }.webhooks.isEmpty)
        #expect(faults == [.damagedRow(table: "webhook", row: 1)])
    }
}
