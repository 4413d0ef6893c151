// Quotes without a known payment: only these are looked up with Check Status.

import LoketCore
import Testing

@testable import LoketStore

struct QuotedTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func quote(
        _ number: String, bill: Int64?, at milliseconds: Int64 = 0, by guardName: Guard = .payable,
        account: Int64? = nil
    ) throws {
        let entry = JournalEntry(
            receivedAt: Sample.now.adding(milliseconds: milliseconds), dialect: "o2o",
            accountID: account ?? till.open.account, requestID: "r", codeText: Sample.codeText,
            channel: "alfa", acquirer: nil, answeredBy: guardName, billID: bill,
            amount: 150_000, invoiceNumber: number, durationMicroseconds: 1,
            skewMilliseconds: 0)
        try till.store.append([entry][...])
    }

    private func unpaid(since: Int64 = -1000, until: Int64 = 1000) async throws -> [String] {
        try await till.store.quotedUnpaid(
            since: Sample.now.adding(milliseconds: since),
            until: Sample.now.adding(milliseconds: until)
        ).map(\.invoiceNumber)
    }

    @Test func `a quote of an open bill is looked up until the bill is paid`() async throws {
        let bill = try await till.bill()
        #expect(try await unpaid() == [])
        try quote("INV-1", bill: bill)
        #expect(try await unpaid() == ["INV-1"])
        try await till.take()
        #expect(try await unpaid() == [])
    }

    @Test(arguments: [Int64(-1001), 1001])
    func `quotes too old or too new are left out, to the millisecond`(
        at: Int64
    ) async throws {
        let bill = try await till.bill()
        try quote("INV-1", bill: bill, at: at)
        #expect(try await unpaid() == [])
        try quote("INV-1", bill: bill, at: at < 0 ? -1000 : 1000)
        #expect(try await unpaid() == ["INV-1"])
    }

    @Test func `a number quoted often is looked up once, by its last quote`() async throws {
        let bill = try await till.bill()
        for place in 0..<5 { try quote("INV-1", bill: bill, at: Int64(place) * 10) }
        let quoted = try await till.store.quotedUnpaid(
            since: Sample.now, until: Sample.now.adding(milliseconds: 1000))
        #expect(quoted.count == 1)
        #expect(quoted.first?.quotedAt == Sample.now.adding(milliseconds: 40))
    }

    @Test(arguments: 1...7)
    func `pages of the journal of any length have every quote`(pageRows: Int) async throws {
        let bill = try await till.bill()
        // Times that repeat, and that do not have the order of the rows.
        for (place, at) in [3, 1, 1, 2, 1, 3].enumerated() {
            try quote("INV-1-000000000\(place % 4)", bill: bill, at: Int64(at))
        }
        let quoted = try await till.store.quotedUnpaid(
            since: Sample.now, until: Sample.now.adding(milliseconds: 3), pageRows: pageRows)
        let last = quoted.map {
            "\($0.invoiceNumber.suffix(1))@\($0.quotedAt.milliseconds - Sample.now.milliseconds)"
        }
        #expect(Set(last) == ["0@3", "1@3", "2@1", "3@2"])
        #expect(quoted.map(\.quotedAt) == quoted.map(\.quotedAt).sorted())
    }

    @Test func `a decline is not a quote`() async throws {
        let bill = try await till.bill()
        for guardName in Guard.allCases where guardName != .payable {
            try quote("INV-1", bill: bill, by: guardName)
        }
        #expect(try await unpaid() == [])
    }

    /// Regardless of the bill's present state, because the customer may have paid before.
    @Test func `a quote of a bill that was closed without a payment is looked up`() async throws {
        let bill = try await till.bill()
        try quote("INV-1", bill: bill)
        try await till.cancel(bill)
        #expect(try await unpaid() == ["INV-1"])
    }

    @Test func `each number of a reusable bill is looked up separately`() async throws {
        let bill = try await till.bill(reusable: true)
        for place in 0..<3 { try quote("INV-1-012345678\(place)", bill: bill, at: Int64(place)) }
        try await till.take(Notice(number: "INV-1-0123456781"))
        #expect(try await unpaid() == ["INV-1-0123456780", "INV-1-0123456782"])
    }

    @Test func `a bill that another payment was accepted for is not looked up`() async throws {
        let bill = try await till.bill()
        try quote("INV-1", bill: bill)
        let stray = try await till.pay(Notice(number: "X", code: "1"))
        try await till.resolve(stray, .accept, bill: bill)
        #expect(try await unpaid() == [])
    }

    @Test func `another account's payment of the number does not count`() async throws {
        let bill = try await till.bill()
        let other = try till.open.secondAccount()
        try quote("INV-1", bill: bill)
        let notice = Notice()
        _ = try await till.store.take(
            notice.delivery("R", account: other, clientID: "MCH-0002"), notice.contents)
        #expect(try await unpaid() == ["INV-1"])
    }

    /// The quoted payment itself may be missing: Check Status may report it.
    @Test func `another service's payment under the number does not count`() async throws {
        let bill = try await till.bill()
        try quote("INV-1", bill: bill)
        try await till.take(Notice(isOurService: false))
        #expect(try await unpaid() == ["INV-1"])
    }

    @Test func `a failed attempt is not a payment`() async throws {
        let bill = try await till.bill()
        try quote("INV-1", bill: bill)
        try await till.take(Notice(status: "FAILED"))
        #expect(try await unpaid() == ["INV-1"])
    }
}
