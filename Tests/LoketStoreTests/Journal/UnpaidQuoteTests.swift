// The filters of the journal by bill and by channel, and the quotes that a customer has not paid.

import LoketCore
import Testing

@testable import LoketStore

struct UnpaidQuoteTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func quote(
        _ bill: Int64?, number: String = "INV-1", at milliseconds: Int64 = 0,
        by guardName: Guard = .payable, channel: String = "alfa", code: String = Sample.codeText
    ) throws {
        var entry = Sample.entry(
            "r", account: till.open.account,
            receivedAt: Sample.now.adding(milliseconds: milliseconds))
        (entry.billID, entry.invoiceNumber, entry.answeredBy) = (bill, number, guardName)
        (entry.channel, entry.codeText) = (channel, code)
        try till.store.append([entry][...])
    }

    private func ids(
        scanMax: Int = 1000, _ narrow: (inout JournalFilter) -> Void
    ) async throws -> [Int64] {
        var filter = JournalFilter()
        narrow(&filter)
        var ids: [Int64] = []
        var after: JournalPosition?
        repeat {
            let page = try await till.store.inquiries(
                filter, after: after, limit: 3, scanMax: scanMax)
            ids += page.records.map(\.id)
            after = page.next
        } while after != nil
        return ids
    }

    private var unpaid: [Int64] {
        get async throws { try await ids { $0.isUnpaid = true } }
    }

    @Test func `a bill is listed by its newest quote until it is paid`() async throws {
        let bill = try await till.bill()
        #expect(try await unpaid == [])
        try quote(bill)
        try quote(bill, at: 10)
        try quote(bill, at: 20, by: .paused)
        #expect(try await unpaid == [2])
        try await till.take(at: Sample.now.adding(milliseconds: 30))
        #expect(try await unpaid == [])
    }

    @Test func `a payment of another amount is a payment`() async throws {
        let bill = try await till.bill()
        try quote(bill)
        try await till.take(Notice(amount: 7), at: Sample.now.adding(milliseconds: 30))
        #expect(try await unpaid == [])
    }

    @Test func `a number with a suffix is paid by the bill's next number`() async throws {
        let bill = try await till.bill()
        try quote(bill, number: "INV-1-0123456789")
        try quote(bill, number: "INV-1-1123456789", at: 10)
        #expect(try await unpaid == [2])
        try await till.take(
            Notice(number: "INV-1-1123456789"), at: Sample.now.adding(milliseconds: 30))
        #expect(try await unpaid == [])
    }

    @Test func `a reusable bill is unpaid again after its next quote`() async throws {
        let bill = try await till.bill(reusable: true)
        try quote(bill, number: "INV-1-0123456789")
        try await till.take(
            Notice(number: "INV-1-0123456789"), at: Sample.now.adding(milliseconds: 30))
        #expect(try await unpaid == [])
        try quote(bill, number: "INV-1-1123456789", at: 40)
        #expect(try await unpaid == [2])
    }

    @Test func `a reusable bill with one number is unpaid again after its next quote`()
        async throws
    {
        let bill = try await till.bill(reusable: true)
        try quote(bill)
        try await till.take(at: Sample.now.adding(milliseconds: 30))
        #expect(try await unpaid == [])
        try quote(bill, at: 40)
        #expect(try await unpaid == [2])
    }

    @Test func `a bill whose payment was refunded is unpaid after its next quote`() async throws {
        let bill = try await till.bill()
        try quote(bill)
        let payment = try await till.pay(
            Notice(amount: 7), at: Sample.now.adding(milliseconds: 30))
        try await till.resolve(payment, .refunded)
        #expect(try await till.state(bill) == .open)
        try quote(bill, at: 40)
        #expect(try await unpaid == [2])
    }

    @Test func `foreign money with the same number pays nothing`() async throws {
        let bill = try await till.bill()
        try quote(bill)
        try await till.take(
            Notice(isOurService: false), at: Sample.now.adding(milliseconds: 30))
        #expect(try await unpaid == [1])
    }

    @Test func `inquiries are found by their bill, also after its code has another`() async throws {
        let first = try await till.bill()
        try quote(first)
        try quote(first, at: 10, by: .billHeld)
        try await till.cancel(first)
        let second = try await till.bill("INV-2")
        try quote(second, number: "INV-2", at: 20)
        try quote(nil, at: 30, by: .stale)
        #expect(try await ids { $0.billID = first } == [2, 1])
        #expect(try await ids { $0.billID = second } == [3])
        #expect(try await ids { $0.billID = 99 } == [])
        #expect(
            try await ids {
                $0.billID = first
                $0.guards = [.payable]
            } == [1])
        #expect(
            try await ids {
                $0.billID = first
                $0.codeText = "1"
            } == [])
        #expect(
            try await ids {
                $0.billID = first
                $0.from = Sample.now.adding(milliseconds: 5)
            } == [2])
    }

    @Test func `inquiries are found by their channel, a bounded number at a time`() async throws {
        for place in 0..<9 {
            try quote(nil, by: .stale, channel: place % 3 == 0 ? "indomaret" : "alfa")
        }
        for scanMax in [1, 2, 1000] {
            #expect(try await ids(scanMax: scanMax) { $0.channel = "indomaret" } == [7, 4, 1])
        }
        #expect(try await ids { $0.channel = "Indomaret" } == [])
    }

    @Test func `each condition on an unpaid quote uses an index`() async throws {
        let bill = try await till.bill()
        try quote(bill)
        let log = try ReaderLog(of: till.store)
        #expect(try await unpaid == [1])
        let sql = try #require(log.selects.last { $0.contains("AS later") })
        let plan = try QueryPlan.lines(sql, in: till.path)
        for index in ["inquiry_by_code", "payment_by_invoice", "payment_by_bill"] {
            #expect(plan.contains { $0.contains("\(index) (") }, "\(plan)")
        }
        let scans = Set(plan.filter { $0.hasPrefix("SCAN") })
        #expect(scans == ["SCAN inquiry", "SCAN CONSTANT ROW", "SCAN block"], "\(plan)")
    }

    @Test func `inquiries of a bill are read by the index of its code`() async throws {
        let bill = try await till.bill()
        try quote(bill)
        let log = try ReaderLog(of: till.store)
        #expect(try await ids { $0.billID = bill } == [1])
        let sql = try #require(log.selects.last { $0.contains("INDEXED BY") })
        let plan = try QueryPlan.lines(sql, in: till.path)
        #expect(plan.allSatisfy { $0.contains("COVERING INDEX inquiry_by_code (") }, "\(plan)")
    }
}
