// Cancelling a bill: once, with the actor and the reason, and never a paid bill.

import LoketCore
import LoketStore
import Testing

struct CancelTests {
    private let open: OpenStore
    private let later = Sample.now.adding(milliseconds: 60_000)

    init() throws {
        open = try OpenStore()
    }

    private func cancel(_ id: Int64, reason: String? = nil) async throws -> CancelOutcome {
        try await open.store.cancel(id: id, reason: reason, actor: "ops", now: later)
    }

    @Test(arguments: [nil, "customer moved away", Bill.paidElsewhere, ""])
    func `an open bill is cancelled with its actor, time and reason`(reason: String?) async throws {
        let made = try await open.create(Sample.fullDraft())
        guard case .cancelled(let record) = try await cancel(made.bill.id, reason: reason) else {
            Issue.record("it was not cancelled")
            return
        }
        #expect(record.bill.state == .cancelled)
        #expect(record.bill.cancelReason == reason)
        #expect(record.changedAt == later)
        #expect(record.createdAt == Sample.now)
        #expect(record.metadata == made.metadata)
        let change = try #require(record.history.first)
        #expect(record.history.count == 1)
        #expect(change.change == "cancelled")
        #expect(change.actor == "ops")
        #expect(change.detail == reason)
        #expect(change.at == later)
        #expect(try await open.store.bill(id: made.bill.id)?.bill == record.bill)
    }

    @Test func `a cancel changes only the state and the reason of a bill`() async throws {
        let made = try await open.create(Sample.fullDraft()).bill
        _ = try await cancel(made.id)
        let after = try #require(try await open.store.bill(id: made.id)).bill
        #expect(after.paymentCode == made.paymentCode && after.amounts == made.amounts)
        #expect(after.invoiceNumber == made.invoiceNumber && after.reusable == made.reusable)
        #expect(after.validFrom == made.validFrom && after.expiresAt == made.expiresAt)
        #expect(after.dueAt == made.dueAt && after.info == made.info)
        #expect(after.customerName == made.customerName)
        #expect(after.customerEmail == made.customerEmail)
    }

    @Test func `a second cancel changes nothing`() async throws {
        let id = try await open.create(Sample.draft()).bill.id
        _ = try await cancel(id, reason: "first")
        guard case .already(let record) = try await cancel(id, reason: "second") else {
            Issue.record("it was not reported as cancelled")
            return
        }
        #expect(record.bill.cancelReason == "first")
        #expect(record.history.count == 1)
    }

    @Test func `a paid bill is refused and unchanged`() async throws {
        try open.store.seed(
            [Sample.draft()], accountID: open.account, state: .paid, now: Sample.now)
        let bill = try #require(try open.store.makeLookup().find(open.account).bill)
        guard case .refused(let record) = try await cancel(bill.id) else {
            Issue.record("it was not refused")
            return
        }
        #expect(record.bill == bill)
        #expect(try await open.store.bill(id: bill.id)?.bill == bill)
        #expect(try RawDatabase.count(open.path, "bill_change") == 1)  // from the sample
    }

    @Test(arguments: [0, -1, 2, Int64.max, Int64.min])
    func `an id without a bill is unknown`(id: Int64) async throws {
        try await open.create(Sample.draft())
        guard case .unknown = try await cancel(id) else {
            Issue.record("\(id) was not unknown")
            return
        }
    }

    @Test func `an expired bill can be cancelled`() async throws {
        let draft = try Sample.draft(expiresAt: Sample.now.adding(milliseconds: 1))
        let id = try await open.create(draft).bill.id
        guard case .cancelled = try await cancel(id) else {
            Issue.record("it was not cancelled")
            return
        }
    }

    @Test func `a cancel frees the code, repeatedly`() async throws {
        for place in 1...5 {
            try await open.createCancelled(Sample.draft("INV-\(place)"))
        }
        let last = try await open.create(Sample.draft("INV-6"))
        #expect(try open.store.makeLookup().find(open.account).bill == last.bill)
    }

    @Test func `a bill of another account is unknown`() async throws {
        let bill = try await open.create(Sample.draft()).bill
        let other = try open.secondAccount()
        for (account, isKnown) in [(other, false), (open.account, true)] {
            let outcome = try await open.store.cancel(
                id: bill.id, of: account, reason: nil, actor: "ops", now: later)
            if case .unknown = outcome { #expect(!isKnown) } else { #expect(isKnown) }
        }
    }
}
