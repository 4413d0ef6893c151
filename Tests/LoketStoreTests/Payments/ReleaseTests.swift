// A held bill is released exactly when nothing holds it any more.

import LoketCore
import Testing

@testable import LoketStore

struct ReleaseTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    /// Two payments that hold bill 1: mismatches, unmatched payments with its code, or one of each.
    private static let holders: [[Notice]] = [
        [Notice(amount: 7), Notice(amount: 8)],
        [Notice(number: "X"), Notice(number: "Y")],
        [Notice(amount: 7), Notice(number: "X")],
        [Notice(number: "X"), Notice(amount: 7)],
    ]

    @Test(arguments: holders.indices, [[0, 1], [1, 0]])
    func `a bill held by two payments is open once both are resolved`(
        place: Int, order: [Int]
    ) async throws {
        let bill = try await till.bill()
        let ids = try await [
            till.pay(Self.holders[place][0]), till.pay(Self.holders[place][1]),
        ]
        #expect(try await till.state(bill) == .held)
        for id in ids { #expect(try await till.payment(id).heldBillID == bill) }
        try await till.resolve(ids[order[0]], .refunded)
        #expect(try await till.state(bill) == .held)
        try await till.resolve(ids[order[1]], .dismiss)
        #expect(try await till.state(bill) == .open)
        #expect(
            try await till.store.bill(id: bill)?.history.map(\.change) == ["held", "reopened"])
        #expect(try till.audit().problems == [])
        // The bill works like any other.
        #expect(try await till.take().entry?.standing == .settled)
        #expect(try till.audit().problems == [])
    }

    @Test(arguments: holders.indices)
    func `a bill paid by one acceptance is not reopened by the other`(place: Int) async throws {
        let bill = try await till.bill()
        let one = try await till.pay(Self.holders[place][0])
        let two = try await till.pay(Self.holders[place][1])
        try await till.resolve(one, .accept, bill: bill)
        #expect(try await till.state(bill) == .paid)
        #expect(try await till.payment(two).needsAttention)
        try await till.resolve(two, .refunded)
        #expect(try await till.state(bill) == .paid)
        #expect(try till.audit().problems == [])
    }

    @Test func `a payment accepted for another bill releases the held bill`() async throws {
        let bill = try await till.bill()
        let other = try await till.bill("INV-2", code: "8896510000000124")
        let id = try await till.pay(Notice(amount: 7))
        try await till.resolve(id, .accept, bill: other)
        #expect(try await till.state(bill) == .open)
        #expect(try await till.state(other) == .paid)
        #expect(try till.audit().problems == [])
    }

    @Test func `the right amount pays a held bill, which then stays paid`() async throws {
        let bill = try await till.bill()
        let wrong = try await till.pay(Notice(amount: 7))
        #expect(try await till.take().entry?.standing == .settled)
        #expect(try await till.state(bill) == .paid)
        #expect(try await till.payment(wrong).needsAttention)
        try await till.resolve(wrong, .refunded)
        #expect(try await till.state(bill) == .paid)
        #expect(try till.audit().problems == [])
    }

    @Test func `a bill cancelled while it was held stays cancelled`() async throws {
        let bill = try await till.bill()
        let wrong = try await till.pay(Notice(amount: 7))
        try await till.cancel(bill)
        // Its code is free for another bill.
        let next = try await till.bill("INV-2")
        try await till.resolve(wrong, .refunded)
        #expect(try await till.state(bill) == .cancelled)
        #expect(try await till.state(next) == .open)
        #expect(try till.audit().problems == [])
    }

    @Test func `a bill is held, released and held again with every payment`() async throws {
        let bill = try await till.bill()
        for place in 1...4 {
            let id = try await till.pay(Notice(amount: Int64(place)))
            #expect(try await till.state(bill) == .held)
            try await till.resolve(id, place % 2 == 0 ? .refunded : .dismiss)
            #expect(try await till.state(bill) == .open)
        }
        #expect(try till.audit().problems == [])
    }

    @Test func `a held bill keeps its code, even after its expiry`() async throws {
        let bill = try await till.bill(expiresAt: Sample.now.adding(milliseconds: 1000))
        let wrong = try await till.pay(Notice(amount: 7))
        let later = Sample.now.adding(milliseconds: 5000)
        await #expect(throws: BillConflict.self) {
            try await till.store.create(
                [(till.open.account, Sample.draft("INV-2"))], now: later)
        }
        try await till.resolve(wrong, .refunded)
        _ = try await till.store.create(
            [(till.open.account, Sample.draft("INV-2"))], now: later)
        #expect(try await till.state(bill) == .replaced)
        #expect(try till.audit().problems == [])
    }

    @Test func `an unmatched payment holds no closed or reusable bill of its code`() async throws {
        let reusable = try await till.bill(reusable: true)
        #expect(try await till.payment(till.pay(Notice(number: "X"))).heldBillID == nil)
        #expect(try await till.state(reusable) == .open)
        try await till.cancel(reusable)
        #expect(try await till.payment(till.pay(Notice(number: "Y"))).heldBillID == nil)
        #expect(try await till.state(reusable) == .cancelled)
        #expect(try till.audit().problems == [])
    }
}
