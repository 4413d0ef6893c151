// The invoice number is the idempotency key: a repeated bill returns the existing bill.

import LoketCore
import Testing

@testable import LoketStore

struct RepeatTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    /// Creates the draft again. Returns the resulting bill and whether it is new.
    private func again(
        _ draft: BillDraft, now: Moment = Sample.now
    ) async throws -> (record: BillRecord, isNew: Bool) {
        try #require(try await open.store.create([(open.account, draft)], now: now).first)
    }

    @Test func `a repeated bill is not new and changes nothing`() async throws {
        let first = try await open.create(Sample.fullDraft())
        let second = try await again(Sample.fullDraft(), now: Sample.now.adding(milliseconds: 5))
        #expect(!second.isNew)
        #expect(second.record.bill == first.bill)
        #expect(second.record.changedAt == Sample.now)
        #expect(try RawDatabase.count(open.path, "bill") == 1)
    }

    @Test func `a bill that is twice in one batch is created once`() async throws {
        let draft = try Sample.fullDraft()
        let made = try await open.store.create(
            [(open.account, draft), (open.account, draft)], now: Sample.now)
        #expect(made.map(\.isNew) == [true, false])
        #expect(Set(made.map(\.record.bill.id)).count == 1)
    }

    @Test func `a repeated batch with more bills creates only the new ones`() async throws {
        let drafts = try (0..<10).map { try Sample.draft("INV-\($0)", code: "889651\($0)") }
        for draft in drafts.prefix(6) { try await open.create(draft) }
        let made = try await open.store.create(drafts.map { (open.account, $0) }, now: Sample.now)
        #expect(made.map(\.isNew) == (0..<10).map { $0 >= 6 })
    }

    @Test func `after a cancel the repeated bill is returned as cancelled`() async throws {
        let cancelled = try await open.createCancelled(Sample.draft())
        let second = try await again(Sample.draft())
        #expect(!second.isNew)
        #expect(second.record.bill == cancelled.bill)
        #expect(second.record.history.map(\.change) == ["cancelled"])
    }

    @Test(arguments: [Bill.State.paid, .held, .replaced])
    func `the repeated bill is returned in every state`(state: Bill.State) async throws {
        try open.store.seed(
            [Sample.draft()], accountID: open.account, state: state, now: Sample.now)
        let second = try await again(Sample.draft())
        #expect(!second.isNew)
        #expect(second.record.bill.state == state)
    }

    @Test func `after its expiry the repeated bill is returned`() async throws {
        let draft = try Sample.fullDraft()
        try await open.create(draft)
        let second = try await again(draft, now: Sample.now.adding(milliseconds: 1_000_000))
        #expect(!second.isNew)
        #expect(second.record.bill.state == .open)
    }

    @Test func `the repeated bill is returned after another took its code`() async throws {
        let draft = try Sample.fullDraft()
        try await open.create(draft)
        let late = Sample.now.adding(milliseconds: 60_000)
        let next = try await again(Sample.draft("INV-2"), now: late)
        #expect(next.isNew)
        let second = try await again(draft, now: late)
        #expect(!second.isNew)
        #expect(second.record.bill.state == .replaced)
    }

    static let changes: [(String, @Sendable (inout BillDraft) -> Void)] = [
        ("code", { $0.paymentCode = PaymentCode("1") ?? $0.paymentCode }),
        ("amount", { $0.amounts = DatedAmounts(whole: 150_001) ?? $0.amounts }),
        ("one amount", { $0.amounts = DatedAmounts($0.amounts.last) }),
        (
            "amounts",
            { $0.amounts = (try? Sample.dated([(150_000, 30_001)], last: 165_000)) ?? $0.amounts }
        ),
        ("reusable", { $0.reusable = false }),
        ("no beginning", { $0.validFrom = nil }),
        ("beginning", { $0.validFrom = $0.validFrom?.adding(milliseconds: 1) }),
        ("no expiry", { $0.expiresAt = nil }),
        ("expiry", { $0.expiresAt = $0.expiresAt?.adding(milliseconds: 1) }),
        ("no due date", { $0.dueAt = nil }),
        ("due date", { $0.dueAt = $0.dueAt?.adding(milliseconds: 1) }),
        ("name", { $0.customerName = "Antoni Budiman" }),
        ("email", { $0.customerEmail = "a@example.com" }),
        ("no email", { $0.customerEmail = nil }),
        ("info", { $0.info = "" }),
        ("no info", { $0.info = nil }),
        ("metadata", { $0.metadata = "{}" }),
        ("no metadata", { $0.metadata = nil }),
    ]

    @Test(arguments: changes.map(\.0))
    func `the same number with other content is refused`(what: String) async throws {
        let made = try await open.create(Sample.fullDraft())
        let change = try #require(Self.changes.first { $0.0 == what })
        var draft = try Sample.fullDraft()
        change.1(&draft)
        let other = draft
        await #expect(
            throws: BillConflict(index: 0, cause: .invoiceNumberTaken(billID: made.bill.id))
        ) { try await again(other) }
        #expect(try await open.store.bill(id: made.bill.id)?.bill == made.bill)
        #expect(try RawDatabase.count(open.path, "bill") == 1)
    }
}
