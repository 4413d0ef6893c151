// Events: one for each change, in the order of the commits, in the same transaction.

import LoketCore
import Testing

@testable import LoketStore

struct EventTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func kinds(after: Int64 = 0) async throws -> [Event.Kind] {
        try await till.store.events(after: after, limit: 1000).map(\.kind)
    }

    private func last() async throws -> Int64 {
        try await till.store.events(after: 0, limit: 1000).last?.id ?? 0
    }

    struct Row: Sendable {
        let notice: Notice
        let kinds: [Event.Kind]
    }

    static let rows: [Row] = [
        Row(notice: Notice(), kinds: [.paymentSettled]),
        Row(notice: Notice(code: "1"), kinds: [.paymentSettled, .paymentFlagged]),
        Row(notice: Notice(amount: 7), kinds: [.billHeld, .paymentFlagged]),
        Row(notice: Notice(number: "X"), kinds: [.billHeld, .paymentFlagged]),
        Row(notice: Notice(number: "X", code: "1"), kinds: [.paymentFlagged]),
        Row(notice: Notice(isOurService: false), kinds: [.paymentForeign]),
        Row(notice: Notice(number: "X", codeIsOurs: false), kinds: [.paymentForeign]),
        Row(notice: Notice(amount: nil, isUnreadable: true), kinds: [.paymentFlagged]),
        Row(notice: Notice(status: "FAILED"), kinds: []),
    ]

    @Test(arguments: rows.indices)
    func `each delivery reports its effect, and a repeat reports nothing`(place: Int) async throws {
        let row = Self.rows[place]
        try await till.bill()
        let before = try await last()
        try await till.take(row.notice, request: "R")
        #expect(try await kinds(after: before) == row.kinds, "\(row)")
        try await till.take(row.notice, request: "R")
        #expect(try await kinds(after: before) == row.kinds)
    }

    @Test func `a bill's life is reported in its order`() async throws {
        let bill = try await till.bill(expiresAt: Sample.now.adding(milliseconds: 5))
        _ = try await till.edit(bill) { $0.info = .some("x") }
        let wrong = try await till.pay(Notice(amount: 7))
        try await till.resolve(wrong, .refunded)
        _ = try await till.store.create(
            [(till.open.account, Sample.draft("INV-2"))],
            now: Sample.now.adding(milliseconds: 9))
        try await till.cancel(bill)
        try await till.cancel(bill)
        let late = try await till.pay()
        try await till.resolve(late, .accept)
        let events = try await till.store.events(after: 0, limit: 100)
        #expect(
            events.map(\.kind) == [
                .billCreated, .billChanged, .billHeld, .paymentFlagged, .billChanged,
                .paymentResolved, .billChanged, .billCreated, .billCancelled, .paymentFlagged,
                .paymentSettled,
            ])
        #expect(events.map(\.id) == events.map(\.id).sorted())
        #expect(
            events.map(\.bill?.state) == [
                "open", "open", "held", "held", "open", "open", "replaced", "open", "cancelled",
                "cancelled", "paid",
            ])
        #expect(events.allSatisfy { $0.accountID == till.open.account })
    }

    @Test func `an event is a snapshot with its position in the ledger`() async throws {
        let bill = try await till.bill()
        let id = try await till.pay(Notice(code: "1"))
        try await till.resolve(id, .accept)
        let event = try #require(
            try await till.store.events(after: 0, limit: 9).first { $0.kind == .paymentFlagged })
        let head = try await till.store.ledgerHead()
        let payment = try #require(event.payment)
        #expect(event.ledger == head)
        #expect(payment.id == id && payment.standing == "settled")
        #expect(payment.flags == ["code_differs"] && payment.paymentCode == "1")
        #expect(payment.amount == 150_000 && payment.invoiceNumber == "INV-1")
        #expect(event.bill?.id == bill && event.bill?.state == "paid")
        #expect(event.bill?.amount == 150_000 && event.bill?.paymentCode == Sample.codeText)
        #expect(event.bill?.invoiceNumber == "INV-1")
        #expect(event.at == Sample.now)
    }

    @Test func `an event has the bill's state at its time`() async throws {
        let bill = try await till.bill(reusable: true)
        try await till.take(Notice(number: "INV-1-0123456789"))
        _ = try await till.edit(bill) { $0.amounts = DatedAmounts(whole: 5) }
        try await till.cancel(bill)
        let events = try await till.store.events(after: 0, limit: 9)
        #expect(events.map(\.bill?.amount) == [150_000, 150_000, 5, 5])
        #expect(events.map(\.bill?.state) == ["open", "open", "open", "cancelled"])
        #expect(events.map(\.bill?.invoiceNumber) == ["INV-1", "INV-1", "INV-1", "INV-1"])
        #expect(events.compactMap(\.payment?.invoiceNumber) == ["INV-1-0123456789"])
    }

    @Test func `an event of a payment without a bill names no bill`() async throws {
        try await till.bill()
        try await till.take(Notice(number: "X"))
        try await till.take(Notice(isOurService: false))
        try await till.take(Notice(number: nil, amount: nil, isUnreadable: true))
        let events = try await till.store.events(after: 2, limit: 9)
        #expect(events.map(\.kind) == [.paymentFlagged, .paymentForeign, .paymentFlagged])
        #expect(events.allSatisfy { $0.bill?.id == nil })
        #expect(events.map(\.ledger?.number) == [1, 2, 3])
    }

    @Test func `a resolution that settles is reported as a settlement`() async throws {
        let bill = try await till.bill()
        let one = try await till.pay(Notice(amount: 7))
        let two = try await till.pay(Notice(amount: 8))
        let before = try await last()
        try await till.resolve(one, .accept)
        try await till.resolve(two, .dismiss)
        try await till.resolve(two, .dismiss)
        try await till.resolve(two, .accept)
        #expect(try await kinds(after: before) == [.paymentSettled, .paymentResolved])
        #expect(try await till.state(bill) == .paid)
    }

    @Test func `pages of events have no gap and no repeat between them`() async throws {
        for place in 0..<25 { try await till.take(Notice(number: "INV-\(place)")) }
        var (seen, after): ([Int64], Int64) = ([], 0)
        while true {
            let page = try await till.store.events(after: after, limit: 7)
            guard let end = page.last else { break }
            seen += page.map(\.id)
            after = end.id
        }
        #expect(seen == Array(1...25))
    }

    @Test func `if the change fails no event reports it`() async throws {
        try await till.bill()
        let before = try await last()
        await #expect(throws: BillConflict.self) {
            try await till.store.create(
                [
                    (till.open.account, Sample.draft("INV-2", code: "8896510000000777")),
                    (till.open.account, Sample.draft("INV-3")),
                ], now: Sample.now)
        }
        #expect(try await last() == before)
    }
}
