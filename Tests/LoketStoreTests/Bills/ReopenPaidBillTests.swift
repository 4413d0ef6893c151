// Reopening a cancelled bill for which a payment arrived: refused or held while the payment has no
// decision, so that no customer is asked to pay twice.

import LoketCore
import Testing

@testable import LoketStore

struct ReopenPaidBillTests {
    private static let otherCode = "8896510000000124"
    private let till: Till

    init() throws {
        till = try Till()
    }

    @Test(arguments: [Resolution.refunded, .dismiss])
    func `an unresolved payment after the cancel refuses, until it is resolved`(
        resolution: Resolution
    ) async throws {
        let id = try await till.cancelled()
        let payment = try await till.pay()
        try await till.expectNothingChanges { () async throws in
            #expect(try await till.reopened(id) == "paid by \(payment)")
        }
        try await till.resolve(payment, resolution)
        #expect(try await till.reopened(id) == "reopened 1 open")
        #expect(try till.audit().problems == [])
    }

    /// Otherwise the bill would be open although the payment for it has no decision.
    @Test func `a decision after which the bill was reopened is not revoked`() async throws {
        let id = try await till.cancelled()
        let payment = try await till.pay()
        try await till.resolve(payment, .refunded)
        _ = try await till.reopen(bill: id)
        try await till.expectNothingChanges { () async throws in
            let outcome = try await till.store.reopen(
                paymentID: payment, note: nil, actor: "ops", now: Till.reopening)
            guard case .refused(let obstacle) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(obstacle == .changed(billID: id))
        }
        // With the bill cancelled again, the decision can be revoked.
        try await till.cancel(id)
        guard
            case .reopened = try await till.store.reopen(
                paymentID: payment, note: nil, actor: "ops", now: Till.reopening)
        else {
            Issue.record("it was not revoked")
            return
        }
        #expect(try await till.reopened(id) == "paid by \(payment)")
        #expect(try till.audit().problems == [])
    }

    @Test func `a payment accepted after the cancel leaves nothing to reopen`() async throws {
        let id = try await till.cancelled()
        try await till.resolve(try await till.pay(), .accept)
        #expect(try await till.reopened(id) == "refused paid")
    }

    @Test func `a mismatch that held the bill before its cancel refuses too`() async throws {
        let id = try await till.bill()
        let payment = try await till.pay(Notice(amount: 7))
        try await till.cancel(id)
        #expect(try await till.reopened(id) == "paid by \(payment)")
        try await till.resolve(payment, .refunded)
        #expect(try await till.reopened(id) == "reopened 1 open")
        #expect(try till.audit().problems == [])
    }

    /// Like a bill created after its payment: by the code, only while the payment is recent.
    @Test(arguments: [
        (Notice(number: "X"), 0, true), (Notice(number: "X"), 71, true),
        (Notice(number: "X"), 72, false), (Notice(number: "X", code: otherCode), 0, false),
        (Notice(number: "X", isOurService: false), 0, false),
    ])
    func `a payment by the code alone, after the cancel, holds the reopened bill`(
        notice: Notice, hours: Int64, isHeld: Bool
    ) async throws {
        let id = try await till.cancelled()
        let payment = try await till.pay(notice)
        let moment = Sample.now.adding(milliseconds: hours * 3_600_000)
        let before = try await till.store.events(after: 0, limit: 9).count
        let state = isHeld ? "held" : "open"
        #expect(try await till.reopened(id, at: moment) == "reopened 1 \(state)")
        let read = try #require(try await till.store.bill(id: id))
        #expect(
            read.history.map(\.change) == ["cancelled", "reopened"] + (isHeld ? ["held"] : []))
        #expect(read.heldBy.map(\.id) == (isHeld ? [payment] : []))
        let kinds = try await till.store.events(after: 0, limit: 9).dropFirst(before).map(\.kind)
        #expect(kinds == [.billChanged] + (isHeld ? [.billHeld] : []))
        #expect(try till.audit().problems == [])
        guard isHeld else { return }
        try await till.resolve(payment, .refunded)
        #expect(try await till.state(id) == .open)
        #expect(try till.audit().problems == [])
    }

    @Test(arguments: [1, 73] as [Int64])
    func `a bill that was held when it was cancelled is held again`(hours: Int64) async throws {
        let id = try await till.bill()
        let payment = try await till.pay(Notice(number: "X"))
        #expect(try await till.state(id) == .held)
        try await till.cancel(id)
        let moment = Sample.now.adding(milliseconds: hours * 3_600_000)
        #expect(try await till.reopened(id, at: moment) == "reopened 1 held")
        #expect(try till.audit().problems == [])
        try await till.resolve(payment, .dismiss)
        #expect(try await till.state(id) == .open)
        let changes = try await till.changes(of: id)
        #expect(changes == ["held", "cancelled", "reopened", "held", "reopened"])
        #expect(try till.audit().problems == [])
    }

    @Test func `a reusable bill stays open and names the payment`() async throws {
        var draft = try Sample.draft()
        draft.reusable = true
        let id = try await till.cancelled(draft)
        let payment = try await till.pay(Notice(number: "X"))
        #expect(try await till.reopened(id) == "reopened 1 open")
        #expect(try await till.changes(of: id) == ["cancelled", "reopened", "flagged"])
        let event = try await till.store.events(after: 0, limit: 9).last
        #expect(event?.kind == .paymentFlagged && event?.payment?.id == payment)
        #expect(try till.audit().problems == [])
    }
}
