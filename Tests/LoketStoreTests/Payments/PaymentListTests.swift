// Lists of payments and deliveries, and their sums.

import LoketCore
import Testing

@testable import LoketStore

struct PaymentListTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func ids(
        after: PaymentPosition? = nil, limit: Int = 100, _ narrow: (inout PaymentFilter) -> Void
    ) async throws -> [Int64] {
        var filter = PaymentFilter()
        narrow(&filter)
        return try await till.store.payments(filter, after: after, limit: limit).records.map(\.id)
    }

    /// 1 settled, 2 duplicate, 3 settled with a wrong code, 4 mismatch, 5 unmatched, 6 foreign.
    private func prepare() async throws {
        try await till.bill()
        try await till.bill("INV-2", code: "8896510000000124")
        try await till.bill("INV-3", code: "8896510000000125")
        try await till.take()
        try await till.take(Notice(date: Notice.date(5000)))
        try await till.take(Notice(number: "INV-2"))
        try await till.take(Notice(number: "INV-3", amount: 7, code: "8896510000000125"))
        try await till.take(Notice(number: "X", code: "8896510000000125"))
        try await till.take(Notice(amount: 70, isOurService: false))
        try await till.take(Notice(status: "FAILED"))
    }

    @Test func `payments are listed newest first and filtered by each field`() async throws {
        try await prepare()
        #expect(try await ids { _ in } == [6, 5, 4, 3, 2, 1])
        #expect(try await ids { $0.standing = .settled } == [3, 1])
        #expect(try await ids { $0.standing = .foreign } == [6])
        #expect(try await ids { $0.standing = .notSuccess } == [])
        #expect(try await ids { $0.flag = .codeDiffers } == [3])
        #expect(try await ids { $0.flag = .late } == [])
        #expect(try await ids { $0.billID = 1 } == [2, 1])
        #expect(try await ids { $0.invoiceNumber = "INV-1" } == [6, 2, 1])
        #expect(try await ids { $0.invoiceNumber = "inv-1" } == [])
        #expect(try await ids { $0.needsAttention = true } == [5, 4, 3, 2])
        #expect(
            try await ids {
                $0.needsAttention = true
                $0.billID = 1
                $0.standing = .duplicate
            } == [2])
        let fifth = PaymentPosition(id: 5, accountedAt: nil)
        #expect(try await ids(after: fifth, limit: 2) { $0.needsAttention = true } == [4, 3])
        try await till.resolve(2, .refunded)
        #expect(try await ids { $0.needsAttention = true } == [5, 4, 3])
        #expect(try await ids { $0.standing = .duplicate } == [2])
    }

    @Test func `an unmatched payment comes with the bills of its code`() async throws {
        try await prepare()
        let page = try #require(try await till.store.payment(id: 5))
        #expect(page.suggestions.map(\.bill.id) == [3] && page.deliveryIDs == [5])
        #expect(try await till.store.payment(id: 4)?.suggestions.isEmpty == true)
        try await till.resolve(5, .accept, bill: 3)
        #expect(try await till.store.payment(id: 5)?.suggestions.isEmpty == true)
        #expect(try await till.store.payment(id: 99)?.payment.id == nil)
    }

    @Test func `deliveries are listed newest first, with their payment's standing`() async throws {
        try await prepare()
        func ids(_ standing: Standing?) async throws -> [Int64] {
            try await till.store.notifications(standing: standing, before: .max, limit: 9)
                .map(\.row.number)
        }
        #expect(try await ids(nil) == [7, 6, 5, 4, 3, 2, 1])
        #expect(try await ids(.settled) == [3, 1])
        #expect(try await ids(.notSuccess) == [7])
        #expect(try await ids(.unreadable) == [])
        let page = try await till.store.notifications(standing: nil, before: 3, limit: 1)
        #expect(page.map(\.row.number) == [2] && page.first?.paymentID == 2)
    }

    @Test func `the sums of the received payments and of the standings agree`() async throws {
        try await prepare()
        try await till.take(Notice(ids: ["A=1"]), request: "R")
        try await till.take(Notice(ids: ["A=1"]), request: "R")
        let totals = try await till.store.paymentTotals()
        #expect(totals.received == .init(count: 5, amount: 600_007))
        #expect(totals.standings[.settled] == .init(count: 2, amount: 300_000))
        #expect(totals.standings[.duplicate] == .init(count: 1, amount: 150_000))
        #expect(totals.standings[.amountMismatch] == .init(count: 1, amount: 7))
        #expect(totals.standings[.unmatched] == .init(count: 1, amount: 150_000))
        #expect(totals.standings[.foreign] == .init(count: 1, amount: 70))
        #expect(totals.needsAttention[.settled] == 1 && totals.needsAttention[.foreign] == 0)
        let counts = try #require(totals.notifications)
        #expect(counts.recorded == 8 && counts.repeats == 1 && counts.notSuccess == 1)
    }

    @Test func `an unreadable payment counts on both sides once it is accepted`() async throws {
        let bill = try await till.bill()
        let id = try await till.pay(Notice(status: nil))
        #expect(try await till.store.paymentTotals().received == .init())
        try await till.resolve(id, .accept, bill: bill)
        let totals = try await till.store.paymentTotals()
        #expect(totals.received == totals.standings[.settled])
    }

    @Test func `a bill counts the payments that settled it, accepted ones too`() async throws {
        try await prepare()
        try await till.resolve(4, .accept)
        try await till.resolve(5, .dismiss)
        let settled = try await till.store.bills(.init(), before: .max, limit: 9).map(\.settled)
        #expect(
            settled == [
                .init(count: 1, amount: 7), .init(count: 1, amount: 150_000),
                .init(count: 1, amount: 150_000),
            ])
    }
}
