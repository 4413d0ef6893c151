// When a bill cannot be created, and when its code is free again.

import LoketCore
import Testing

@testable import LoketStore

struct ConflictTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func cause(
        _ draft: BillDraft, now: Moment = Sample.now
    ) async throws -> BillConflict.Cause? {
        let conflict = await #expect(throws: BillConflict.self) {
            try await open.store.create([(open.account, draft)], now: now)
        }
        return conflict?.cause
    }

    @Test(arguments: [Bill.State.open, .held])
    func `a code that a bill holds is taken`(state: Bill.State) async throws {
        try open.store.seed(
            [Sample.draft()], accountID: open.account, state: state, now: Sample.now)
        let taken = BillConflict.Cause.codeTaken(by: try Sample.number("INV-1"))
        #expect(try await cause(Sample.draft("INV-2")) == taken)
    }

    @Test func `a held bill keeps its code after its expiry`() async throws {
        let expiry = Sample.now.adding(milliseconds: 1)
        try open.store.seed(
            [Sample.draft(expiresAt: expiry)], accountID: open.account, state: .held,
            now: Sample.now)
        let taken = BillConflict.Cause.codeTaken(by: try Sample.number("INV-1"))
        #expect(try await cause(Sample.draft("INV-2"), now: expiry) == taken)
    }

    @Test(arguments: [Bill.State.paid, .replaced])
    func `a closed bill's code is free`(state: Bill.State) async throws {
        try open.store.seed(
            [Sample.draft()], accountID: open.account, state: state, now: Sample.now)
        #expect(try await open.create(Sample.draft("INV-2")).bill.state == .open)
    }

    @Test func `a bill is expired from its expiry on, to the millisecond`() async throws {
        let expiry = Sample.now.adding(milliseconds: 1000)
        let old = try await open.create(Sample.draft(expiresAt: expiry))
        let before = expiry.adding(milliseconds: -1)
        let taken = BillConflict.Cause.codeTaken(by: old.bill.invoiceNumber)
        #expect(try await cause(Sample.draft("INV-2"), now: before) == taken)

        let made = try await open.store.create(
            [(open.account, Sample.draft("INV-2"))], now: expiry)
        #expect(made.first?.isNew == true)
        let replaced = try #require(try await open.store.bill(id: old.bill.id))
        #expect(replaced.bill.state == .replaced)
        #expect(replaced.bill.cancelReason == nil)
        #expect(replaced.changedAt == expiry)
        let change = try #require(replaced.history.first)
        #expect(replaced.history.count == 1)
        #expect(change.change == "replaced")
        #expect(change.at == expiry)
        #expect(change.actor == nil && change.detail == nil)
    }

    @Test(arguments: [0, -1, -1_000_000] as [Int64])
    func `an expiry that is not in the future is refused`(milliseconds: Int64) async throws {
        let expiry = Sample.now.adding(milliseconds: milliseconds)
        #expect(try await cause(Sample.draft(expiresAt: expiry)) == .expiryPast)
        #expect(try RawDatabase.count(open.path, "bill") == 0)
    }

    @Test func `two accounts may use the same number and the same code`() async throws {
        let other = try open.secondAccount()
        let first = try await open.create(Sample.draft())
        let second = try await open.create(Sample.draft(amount: 2), account: other)
        #expect(first.bill.id != second.bill.id)
        #expect(second.accountID == other)
        #expect(try open.store.makeLookup().find(open.account).bill == first.bill)
        #expect(try open.store.makeLookup().find(other).bill == second.bill)
    }

    @Test func `a conflict names the first wrong bill of its batch`() async throws {
        let expired = try Sample.draft("INV-2", code: "8896512", expiresAt: Sample.now)
        let drafts = try [Sample.draft("INV-1"), expired, Sample.draft("INV-3")]
        await #expect(throws: BillConflict(index: 1, cause: .expiryPast)) {
            try await open.store.create(drafts.map { (open.account, $0) }, now: Sample.now)
        }
    }

    @Test func `a code may not be used twice within one batch`() async throws {
        let drafts = try [Sample.draft("INV-1"), Sample.draft("INV-2")]
        let taken = BillConflict.Cause.codeTaken(by: try Sample.number("INV-1"))
        await #expect(throws: BillConflict(index: 1, cause: taken)) {
            try await open.store.create(drafts.map { (open.account, $0) }, now: Sample.now)
        }
        #expect(try RawDatabase.count(open.path, "bill") == 0)
    }

    @Test func `a damaged bill that holds the code is not replaced or ignored`() async throws {
        let expiry = Sample.now.adding(milliseconds: 1)
        let old = try await open.create(Sample.draft(expiresAt: expiry))
        try RawDatabase.execute(open.path, "UPDATE bill SET amount = 9")
        await #expect(throws: StoreFault.damagedBill(id: old.bill.id)) {
            try await open.store.create([(open.account, Sample.draft("INV-2"))], now: expiry)
        }
        #expect(try RawDatabase.count(open.path, "bill") == 1)
    }
}
