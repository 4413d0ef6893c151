// A bill that is created after its payment: the payment holds it, so that a second payment does not
// settle it, and it is released like every held bill.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct EarlierPaymentTests {
    private static let hour: Int64 = 3_600_000
    private static let otherCode = "8896510000000124"

    private let till: Till

    init() throws {
        till = try Till()
    }

    private static func ago(_ milliseconds: Int64) -> Moment {
        Sample.now.adding(milliseconds: -milliseconds)
    }

    /// A payment for the sample's code, made a number of milliseconds before the bill INV-1.
    struct Row: Sendable {
        let notice: Notice
        let age: Int64
        let decision: Resolution?
        let state: Bill.State

        init(
            _ notice: Notice, age: Int64 = 0, _ state: Bill.State, after decision: Resolution? = nil
        ) {
            (self.notice, self.age, self.decision, self.state) = (notice, age, decision, state)
        }
    }

    static let rows: [Row] = [
        // By the number, or the number without its suffix, regardless of code and age.
        Row(Notice(), .held), Row(Notice(), age: 9_000 * hour, .held),
        Row(Notice(amount: 7, code: otherCode), age: 73 * hour, .held),
        Row(Notice(code: nil), age: 73 * hour, .held),
        Row(Notice(number: "INV-1-0123456789"), age: 73 * hour, .held),
        Row(Notice(number: "INV-1-0123456789", code: otherCode), .held),
        // By the code only, for 72 hours.
        Row(Notice(number: "X"), .held), Row(Notice(number: "X"), age: 72 * hour - 1, .held),
        Row(Notice(number: "X"), age: 72 * hour, .open),
        Row(Notice(number: "X", code: otherCode), .open),
        Row(Notice(number: "INV-1-012345678", code: otherCode), .open),
        Row(Notice(number: "INV-10", code: otherCode), .open),
        // Payments that are resolved or of other accounts do not hold the bill.
        Row(Notice(), .open, after: .refunded), Row(Notice(), .open, after: .dismiss),
        Row(Notice(), .open, after: .accept), Row(Notice(number: "X"), .open, after: .refunded),
        Row(Notice(isOurService: false), .open), Row(Notice(codeIsOurs: false), .open),
        Row(Notice(amount: nil, isUnreadable: true), .open),
    ]

    @Test(arguments: rows.indices)
    func `a bill created after its payment is held for it`(place: Int) async throws {
        let row = Self.rows[place]
        let other = try await till.bill("OTHER", code: "8896510000000999")
        let payment = try await till.pay(row.notice, at: Self.ago(row.age))
        if let decision = row.decision {
            try await till.resolve(payment, decision, bill: decision == .accept ? other : nil)
        }
        let bill = try await till.bill()
        #expect(try await till.state(bill) == row.state, "\(row)")
        let history = try #require(try await till.store.bill(id: bill)).history
        #expect(history.map(\.change) == (row.state == .held ? ["held"] : []))
        #expect(history.allSatisfy { $0.paymentID == payment })
        #expect(try till.audit().problems == [])
    }

    @Test func `another account's money holds nothing`() async throws {
        try await till.take()
        let account = try till.open.secondAccount()
        #expect(try await till.open.create(Sample.draft(), account: account).bill.state == .open)
    }

    @Test func `the bill is reported as held, and the payment with it`() async throws {
        let payment = try await till.pay()
        let before = try await till.store.events(after: 0, limit: 9).count
        let bill = try await till.bill()
        let events = try await till.store.events(after: 0, limit: 9).dropFirst(before)
        #expect(events.map(\.kind) == [.billCreated, .billHeld])
        #expect(events.map(\.bill?.state) == ["held", "held"])
        #expect(events.map(\.payment?.id) == [nil, payment])
        // The repeated bill is the existing bill.
        let again = try await till.store.create(
            [(till.open.account, Sample.draft())], now: Sample.now)
        #expect(again.map(\.isNew) == [false] && again.map(\.record.bill.id) == [bill])
        #expect(again.map(\.record.bill.state) == [.held])
        let page = try #require(try await till.store.payment(id: payment))
        #expect(page.suggestions.map(\.bill.id) == [bill])
    }

    @Test func `a payment holds several bills, and releases all of them`() async throws {
        let payment = try await till.pay(Notice(code: Self.otherCode))
        let bills = try await [till.bill(), till.bill("INV-2", code: Self.otherCode)]
        for bill in bills { #expect(try await till.state(bill) == .held) }
        let page = try #require(try await till.store.payment(id: payment))
        #expect(page.suggestions.map(\.bill.id) == bills)
        try await till.resolve(payment, .refunded)
        for bill in bills { #expect(try await till.state(bill) == .open) }
        #expect(try till.audit().problems == [])
    }

    @Test func `a payment accepted for one bill pays it and opens the other`() async throws {
        let payment = try await till.pay(Notice(code: Self.otherCode))
        let (own, other) = try await (till.bill(), till.bill("INV-2", code: Self.otherCode))
        try await till.resolve(payment, .accept, bill: own)
        #expect(try await till.state(own) == .paid)
        #expect(try await till.state(other) == .open)
        #expect(try till.audit().problems == [])
    }

    @Test func `a bill held for two payments waits for both`() async throws {
        let (one, two) = try await (till.pay(), till.pay(Notice(number: "X")))
        let bill = try await till.bill()
        // The same applies to a payment received now.
        let three = try await till.pay(Notice(amount: 7, ids: ["A=1"]))
        for payment in [two, three, one] {
            #expect(try await till.state(bill) == .held)
            try await till.resolve(payment, .dismiss)
        }
        #expect(try await till.state(bill) == .open)
        let history = try #require(try await till.store.bill(id: bill)).history
        #expect(history.map(\.change) == ["held", "held", "reopened"])
        #expect(history.map(\.paymentID) == [one, two, one])
        #expect(try till.audit().problems == [])
    }

    @Test func `a reusable bill remains open and names the payment`() async throws {
        let payment = try await till.pay(Notice(number: "INV-1-0123456789"))
        let before = try await till.store.events(after: 0, limit: 9).count
        let bill = try await till.bill(reusable: true)
        #expect(try await till.state(bill) == .open)
        let history = try #require(try await till.store.bill(id: bill)).history
        #expect(history.map(\.change) == ["flagged"] && history.map(\.paymentID) == [payment])
        let events = try await till.store.events(after: 0, limit: 9).dropFirst(before)
        #expect(events.map(\.kind) == [.billCreated, .paymentFlagged])
        #expect(events.last?.payment?.id == payment && events.last?.bill?.id == bill)
        #expect(try await till.take(Notice(ids: ["A=1"])).entry?.standing == .settled)
        try await till.resolve(payment, .accept, bill: bill)
        #expect(try await till.store.bill(id: bill)?.settled?.count == 2)
        #expect(try till.audit().problems == [])
    }

    @Test func `in either order of payment and bill the bill is not payable`() async throws {
        let till = till
        try await withThrowingTaskGroup(of: Void.self) { group in
            for place in 0..<50 {
                let code = "88965100000\(10_000 + place)"
                group.addTask { try await till.bill("N-\(place)", code: code) }
                group.addTask { try await till.take(Notice(number: "N-\(place)", code: code)) }
            }
            try await group.waitForAll()
        }
        let bills = try await till.store.bills(BillFilter(), before: .max, limit: 99)
        #expect(bills.count == 50)
        #expect(bills.allSatisfy { [.held, .paid].contains($0.bill.state) })
        #expect(try till.audit().problems == [])
    }

    @Test func `the audit names a missing hold, and a hold without a rule`() async throws {
        let payment = try await till.pay()
        let held = try await till.bill()
        let open = try await till.bill("INV-2", code: Self.otherCode)
        try RawDatabase.execute(
            till.path,
            """
            UPDATE bill_change SET bill_id = \(open), change = 'flagged', checksum = NULL
            WHERE change = 'held'
            """)
        try till.tamper(bill: held, "state = 'open'")
        #expect(
            try till.audit().problems == [
                "bill \(open) is flagged for payment \(payment) without a reason",
                "bill \(held) was created after payment \(payment) but is not held for that "
                    + "payment",
            ])
    }

    @Test func `the search for earlier payments scans no table`() async throws {
        try await till.take()
        let log = try ReaderLog(of: till.store)
        try await till.store.pool.read { database in
            _ = try EarlierPayments(in: database, now: Sample.now)
                .ids(accountID: till.open.account, for: Sample.draft())
        }
        let plan = try QueryPlan.lines(
            try #require(log.selects.last { $0.contains("UNION") }), in: till.path)
        #expect(plan.contains { $0.contains("payment_unmatched_code") }, "\(plan)")
        #expect(plan.contains { $0.contains("payment_unmatched (") }, "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
    }
}
