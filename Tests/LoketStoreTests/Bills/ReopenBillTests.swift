// Reopening a cancelled bill: with its number and its code, once.

import LoketCore
import Testing

@testable import LoketStore

struct ReopenBillTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    // MARK: Reopened

    @Test(arguments: [nil, "customer moved away", Bill.paidElsewhere, importUndone])
    func `a cancelled bill is open again, with its number and code`(reason: String?) async throws {
        let made = try await till.open.create(Sample.fullDraft())
        let id = made.bill.id
        _ = try await till.store.cancel(id: id, reason: reason, actor: "ops", now: Sample.now)
        guard case .reopened(let record) = try await till.reopen(bill: id) else {
            Issue.record("it was not reopened")
            return
        }
        // Also its dates: they are those of the full draft.
        #expect(record.bill == made.bill && record.metadata == made.metadata)
        #expect(record.createdAt == Sample.now && record.changedAt == Till.reopening)
        let read = try #require(try await till.store.bill(id: id))
        #expect(read.bill == made.bill)
        #expect(read.history.map(\.change) == ["cancelled", "reopened"])
        #expect(read.history.map(\.actor) == ["ops", "siti"])
        #expect(read.history.map(\.at) == [Sample.now, Till.reopening])
        #expect(try till.store.makeLookup().find(till.open.account).bill == made.bill)
        let events = try await till.store.events(after: 0, limit: 9)
        #expect(events.map(\.kind) == [.billCreated, .billCancelled, .billChanged])
        #expect(events.map(\.bill?.state) == ["open", "cancelled", "open"])
        #expect(events.last?.bill?.amounts == made.bill.amounts)
        #expect(try till.audit().problems == [])
    }

    @Test func `a reopened bill is paid, and cancelled again, like any other`() async throws {
        let id = try await till.cancelled()
        for _ in 0..<3 {
            #expect(try await till.reopened(id) == "reopened 1 open")
            try await till.cancel(id)
        }
        #expect(try await till.reopened(id) == "reopened 1 open")
        #expect(try await till.take().entry?.standing == .settled)
        #expect(try await till.state(id) == .paid)
        #expect(try await till.reopened(id) == "refused paid")
        #expect(try await till.changes(of: id).suffix(3) == ["cancelled", "reopened", "paid"])
        #expect(try till.audit().problems == [])
    }

    @Test func `an expired bill is reopened, and its code is still free`() async throws {
        let draft = try Sample.draft(expiresAt: Sample.now.adding(milliseconds: 1))
        let id = try await till.cancelled(draft)
        #expect(try await till.reopened(id) == "reopened 1 open")
        let next = try (till.open.account, Sample.draft("INV-2"))
        try await till.store.create([next], now: Till.reopening)
        #expect(try await till.state(id) == .replaced)
    }

    // MARK: Not reopened

    @Test func `an open bill is left as it is`() async throws {
        let id = try await till.bill()
        try await till.expectNothingChanges { () async throws in
            #expect(try await till.reopened(id) == "already 1")
        }
    }

    @Test func `a second reopening changes nothing`() async throws {
        let id = try await till.cancelled()
        _ = try await till.reopen(bill: id)
        try await till.expectNothingChanges { () async throws in
            #expect(try await till.reopened(id) == "already 1")
        }
    }

    @Test(arguments: [Bill.State.held, .paid, .replaced])
    func `a bill that is not cancelled is refused`(state: Bill.State) async throws {
        try till.store.seed(
            [Sample.draft()], accountID: till.open.account, state: state, now: Sample.now)
        try await till.expectNothingChanges { () async throws in
            #expect(try await till.reopened(1) == "refused \(state.rawValue)")
        }
    }

    @Test func `a bill of another account, or of nobody, is unknown`() async throws {
        let id = try await till.cancelled()
        let other = try till.open.secondAccount()
        try await till.expectNothingChanges { () async throws in
            for (number, account) in [(id, other), (0, nil), (2, nil), (Int64.max, nil)] {
                #expect(try await till.reopened(number, of: account) == "unknown")
            }
        }
        #expect(try await till.reopened(id, of: till.open.account) == "reopened 1 open")
    }

    @Test func `a damaged bill is not reopened`() async throws {
        let id = try await till.cancelled()
        try RawDatabase.execute(till.path, "UPDATE bill SET amount = 950000")
        try await till.expectNothingChanges { () async throws in
            await #expect(throws: StoreFault.damagedBill(id: id)) {
                try await till.reopen(bill: id)
            }
        }
    }

    // MARK: The code

    @Test(arguments: [Bill.State.open, .held])
    func `a code that another bill holds is taken`(state: Bill.State) async throws {
        let id = try await till.cancelled()
        try till.store.seed(
            [Sample.draft("INV-2")], accountID: till.open.account, state: state, now: Sample.now)
        try await till.expectNothingChanges { () async throws in
            #expect(try await till.reopened(id) == "code taken by 2")
        }
        try await till.cancel(2)
        #expect(try await till.reopened(id) == "reopened 1 open")
    }

    @Test(arguments: [Bill.State.paid, .replaced, .cancelled])
    func `a closed bill with the same code does not matter`(state: Bill.State) async throws {
        let id = try await till.cancelled()
        try till.store.seed(
            [Sample.draft("INV-2")], accountID: till.open.account, state: state, now: Sample.now)
        #expect(try await till.reopened(id) == "reopened 1 open")
        #expect(try await till.state(2) == state)
    }

    @Test func `another account's bill with the same code does not matter`() async throws {
        let id = try await till.cancelled()
        try await till.open.create(Sample.draft(), account: try till.open.secondAccount())
        #expect(try await till.reopened(id) == "reopened 1 open")
    }

    @Test func `an expired bill gives its code to the reopened one`() async throws {
        let id = try await till.cancelled()
        let other = try await till.bill("INV-2", expiresAt: Till.reopening)
        let early = Till.reopening.adding(milliseconds: -1)
        #expect(try await till.reopened(id, at: early) == "code taken by 2")
        let before = try await till.store.events(after: 0, limit: 9).count
        #expect(try await till.reopened(id) == "reopened 1 open")
        #expect(try await till.state(other) == .replaced)
        let events = try await till.store.events(after: 0, limit: 9).dropFirst(before)
        #expect(events.map(\.kind) == [.billChanged, .billChanged])
        #expect(events.map(\.bill?.id) == [other, id])
        #expect(events.map(\.bill?.state) == ["replaced", "open"])
        #expect(try till.audit().problems == [])
    }

    @Test func `a damaged holder of the code is named`() async throws {
        let id = try await till.cancelled()
        let other = try await till.bill("INV-2")
        try RawDatabase.execute(till.path, "UPDATE bill SET amount = 9 WHERE id = \(other)")
        try await till.expectNothingChanges { () async throws in
            await #expect(throws: StoreFault.damagedBill(id: other)) {
                try await till.reopen(bill: id)
            }
        }
    }

    @Test func `of many reopenings of two bills with one code, one succeeds`() async throws {
        let ids = [try await till.cancelled(), try await till.cancelled(Sample.draft("INV-2"))]
        let words = try await withThrowingTaskGroup(of: String.self) { group in
            for place in 0..<40 {
                group.addTask { try await till.reopened(ids[place % 2]) }
            }
            return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(words.filter { $0.key.hasPrefix("reopened") }.values.map(\.self) == [1])
        #expect(words.filter { $0.key.hasPrefix("already") }.values.map(\.self) == [19])
        #expect(words.filter { $0.key.hasPrefix("code taken") }.values.map(\.self) == [20])
        #expect(try till.audit().problems == [])
    }
}

extension Till {
    /// The moment of each reopening.
    static let reopening = Sample.now.adding(milliseconds: 60_000)

    func reopen(
        bill id: Int64, of account: Int64? = nil, at moment: Moment = reopening
    ) async throws -> ReopenBillOutcome {
        try await store.reopen(billID: id, of: account, actor: "siti", now: moment)
    }

    /// Reopens a bill and returns the outcome in words.
    func reopened(
        _ id: Int64, of account: Int64? = nil, at moment: Moment = reopening
    ) async throws -> String {
        switch try await reopen(bill: id, of: account, at: moment) {
        case .reopened(let record): "reopened \(record.bill.id) \(record.bill.state.rawValue)"
        case .already(let record): "already \(record.bill.id)"
        case .refused(let record): "refused \(record.bill.state.rawValue)"
        case .codeTaken(let record): "code taken by \(record.bill.id)"
        case .paid(let payment): "paid by \(payment)"
        case .unknown: "unknown"
        }
    }

    /// Creates a cancelled bill.
    func cancelled(_ draft: BillDraft? = nil) async throws -> Int64 {
        try await open.createCancelled(draft ?? Sample.draft()).bill.id
    }

    func changes(of id: Int64) async throws -> [String] {
        try #require(try await store.bill(id: id)).history.map(\.change)
    }

    func expectNothingChanges(_ body: () async throws -> Void) async throws {
        let tables = ["bill", "bill_change", "event", "bill_terms", "payment"]
        let before = try tables.map { try RawDatabase.rows(path, "SELECT * FROM \($0)") }
        try await body()
        let after = try tables.map { try RawDatabase.rows(path, "SELECT * FROM \($0)") }
        #expect(after == before)
    }
}
