// Bills cancelled by a filter: what matches, what changed meanwhile, and batches.

import LoketCore
import Testing

@testable import LoketStore

struct CancelMatchingTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private static func filter(_ change: (inout BillFilter) -> Void = { _ in }) -> BillFilter {
        var filter = BillFilter()
        filter.state = .stored(.open)
        change(&filter)
        return filter
    }

    private func matching(_ filter: BillFilter) async throws -> MatchingBills {
        try await till.store.openBills(matching: filter, now: Sample.now)
    }

    private func cancel(_ found: MatchingBills, _ filter: BillFilter) async throws
        -> CancelledMatching
    {
        try await till.store.cancel(
            found, matching: filter, reason: "left", actor: "ops", now: Sample.now)
    }

    private func prepare() async throws {
        for place in 1...5 {
            try await till.bill(
                "INV-\(place)", amount: Int64(place) * 1_000, code: "889651000000010\(place)",
                expiresAt: Sample.now.adding(milliseconds: Int64(place) * 1_000))
        }
        try await till.cancel(2)
    }

    @Test func `the open bills of a filter are counted, summed and cancelled`() async throws {
        try await prepare()
        let wanted = Self.filter { $0.expiresTo = Sample.now.adding(milliseconds: 4_500) }
        let found = try await matching(wanted)
        #expect(found.ids.sorted() == [1, 3, 4] && found.amount == 8_000)
        #expect(!found.isTooMany && found.damaged == [])
        let events = try await till.store.events(after: 0, limit: 100).count
        let result = try await cancel(found, wanted)
        #expect(result.cancelled.sorted() == [1, 3, 4])
        #expect(result.left == 0 && result.failure == nil)
        let bill = try #require(try await till.store.bill(id: 3))
        #expect(bill.bill.state == .cancelled && bill.bill.cancelReason == "left")
        #expect(bill.history.last?.actor == "ops")
        #expect(try await till.store.events(after: 0, limit: 100).count == events + 3)
        #expect(try await till.state(5) == .open)
        #expect(try await matching(wanted).ids == [])
    }

    @Test func `bills that were paid or edited meanwhile are left`() async throws {
        try await prepare()
        let wanted = Self.filter { $0.expiresTo = Sample.now.adding(milliseconds: 4_500) }
        let found = try await matching(wanted)
        try await till.take(Notice(number: "INV-1", amount: 1_000, code: "8896510000000101"))
        _ = try await till.edit(3) {
            $0.expiresAt = .some(Sample.now.adding(milliseconds: 90_000))
        }
        let result = try await cancel(found, wanted)
        #expect(result.cancelled == [4] && result.left == 2)
        #expect(try await till.state(1) == .paid)
        #expect(try await till.state(3) == .open)
        #expect(try till.audit().problems == [])
    }

    @Test func `damaged bills are listed and not cancelled`() async throws {
        try await prepare()
        try RawDatabase.damage(till.path, "UPDATE bill SET amount = 9 WHERE id = 3")
        let wanted = Self.filter { $0.customer = "anton" }
        let found = try await matching(wanted)
        #expect(found.ids.sorted() == [1, 4, 5] && found.damaged == [3])
        try RawDatabase.damage(till.path, "UPDATE bill SET amount = 9 WHERE id = 4")
        let result = try await cancel(found, wanted)
        #expect(result.cancelled.sorted() == [1, 5])
        #expect(result.damaged == [4] && result.left == 1 && result.failure == nil)
    }

    @Test func `only bills of the account are cancelled`() async throws {
        try await prepare()
        let other = try till.open.secondAccount()
        _ = try await till.open.create(try Sample.draft("INV-6", code: "1"), account: other)
        let wanted = Self.filter {
            $0.accountID = other
            $0.customer = "anton"
        }
        let found = try await matching(wanted)
        #expect(found.ids == [6])
        #expect(try await cancel(found, wanted).cancelled == [6])
        #expect(try await till.state(1) == .open)
    }

    @Test func `expired bills are cancelled alone`() async throws {
        try await prepare()
        let now = Sample.now.adding(milliseconds: 3_500)
        let wanted = Self.filter { $0.state = .expired(at: now) }
        let found = try await matching(wanted)
        #expect(found.ids == [1, 3])
        #expect(try await cancel(found, wanted).cancelled == [1, 3])
    }

    @Test func `many bills are cancelled in batches, and none twice`() async throws {
        let count = Limits.importRowsAtLeast * 2 + 3
        let drafts = try (0..<count).map {
            try Sample.draft("INV-\($0)", code: "88965\(1_000_000 + $0)")
        }
        try till.store.seed(
            drafts, accountID: till.open.account, state: .open, now: Sample.now)
        let wanted = Self.filter { $0.invoicePrefix = InvoiceNumber("INV-") }
        let found = try await matching(wanted)
        #expect(found.ids.count == count)
        #expect(Set(try await cancel(found, wanted).cancelled) == Set(found.ids))
        #expect(try await cancel(found, wanted).left == count)
    }
}
