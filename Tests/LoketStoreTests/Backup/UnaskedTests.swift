// The numbers to look up at DOKU after a restore: every bill that may have been paid since, and
// every number quoted before for another bill; in pages without gaps.

import LoketCore
import Testing

@testable import LoketStore

struct UnaskedTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    /// Returns the bills of all pages.
    private func bills(
        since milliseconds: Int64 = 10, withReusable: Bool = false, limit: Int = 2
    ) async throws -> [String] {
        try await all { place in
            try await till.store.billsPayable(
                since: Sample.now.adding(milliseconds: milliseconds), withReusable: withReusable,
                from: place, limit: limit)
        }
    }

    private func quotes(
        since milliseconds: Int64 = -1000, withReusable: Bool = false, limit: Int = 2
    ) async throws -> [String] {
        try await all { place in
            try await till.store.quotesUnpaid(
                since: Sample.now.adding(milliseconds: milliseconds),
                besidesBillsSince: Sample.now, withReusable: withReusable, from: place,
                limit: limit)
        }
    }

    private func all(
        _ read: (UnaskedPage.Place) async throws -> UnaskedPage
    ) async throws -> [String] {
        var (numbers, place): ([String], UnaskedPage.Place?) = ([], .start)
        while let from = place {
            let page = try await read(from)
            numbers += page.invoices.map(\.invoiceNumber)
            place = page.next
        }
        return numbers
    }

    private func quote(_ number: String, bill: Int64?, at milliseconds: Int64 = -10) throws {
        let entry = JournalEntry(
            receivedAt: Sample.now.adding(milliseconds: milliseconds), dialect: "o2o",
            accountID: till.open.account, requestID: "r", codeText: Sample.codeText,
            channel: "alfa", acquirer: nil, answeredBy: .payable, billID: bill, amount: 150_000,
            invoiceNumber: number, durationMicroseconds: 1, skewMilliseconds: 0)
        try till.store.append([entry][...])
    }

    private func dated(_ number: String, code: String) throws -> BillDraft {
        var draft = try Sample.draft(number, code: code)
        draft.amounts = try Sample.dated([(150_000, 1_000)], last: 165_000)
        return draft
    }

    @Test func `open and held bills that had not expired are looked up`() async throws {
        try await till.bill("OPEN", code: "9000000001")
        try await till.bill(
            "LATER", code: "9000000002", expiresAt: Sample.now.adding(milliseconds: 11))
        try await till.bill(
            "THEN", code: "9000000003", expiresAt: Sample.now.adding(milliseconds: 10))
        let cancelled = try await till.bill("CANCELLED", code: "9000000004")
        try await till.cancel(cancelled)
        try await till.bill("PAID", code: "9000000005")
        try await till.take(Notice(number: "PAID", code: "9000000005"))
        try await till.bill("HELD", code: "9000000006")
        try await till.take(Notice(number: "HELD", amount: 7, code: "9000000006"))
        try await till.bill("OFTEN", code: "9000000007", reusable: true)
        try await till.open.create(dated("DATED", code: "9000000008"))
        for limit in 1...5 {
            #expect(try await bills(limit: limit) == ["OPEN", "LATER", "HELD"])
        }
        let all = ["OPEN", "LATER", "HELD", "OFTEN", "DATED"]
        #expect(try await bills(withReusable: true) == all)
        #expect(try await bills(since: 11) == ["OPEN", "HELD"])
    }

    @Test func `quotes of bills that are looked up anyway are left out`() async throws {
        let open = try await till.bill("OPEN", code: "9000000001")
        try quote("OPEN", bill: open)
        let cancelled = try await till.bill("CANCELLED", code: "9000000002")
        try quote("CANCELLED", bill: cancelled)
        try await till.cancel(cancelled)
        let often = try await till.bill("OFTEN", code: "9000000003", reusable: true)
        for place in 0..<4 { try quote("OFTEN-012345678\(place)", bill: often) }
        try await till.take(Notice(number: "OFTEN-0123456782", code: "9000000003"))
        try quote("OFTEN", bill: often)
        try quote("OLD", bill: nil, at: -1001)
        let expected =
            ["CANCELLED"] + [0, 1, 3].map { "OFTEN-012345678\($0)" }
        for limit in 1...5 {
            #expect(try await quotes(limit: limit) == expected + ["OFTEN"])
        }
        #expect(try await quotes(withReusable: true) == expected)
    }

    @Test func `quotes of a bill with dated amounts are looked up like a reusable one's`()
        async throws
    {
        let bill = try await till.open.create(dated("DATED", code: "9000000001")).bill.id
        for place in 0..<3 { try quote("DATED-012345678\(place)", bill: bill) }
        try quote("DATED", bill: bill)
        let suffixed = (0..<3).map { "DATED-012345678\($0)" }
        #expect(try await quotes() == suffixed + ["DATED"])
        #expect(try await quotes(withReusable: true) == suffixed)
        // A second payment under another number would be a duplicate, so it is looked up too.
        try await till.take(Notice(number: "DATED-0123456781", code: "9000000001"))
        #expect(try await quotes() == [suffixed[0], suffixed[2]])
    }

    @Test func `a page has at most the requested count, and each number once`() async throws {
        for place in 0..<7 { try await till.bill("N-\(place)", code: "900000000\(place)") }
        let page = try await till.store.billsPayable(
            since: Sample.now, withReusable: false, from: .start, limit: 3)
        #expect(page.invoices.map(\.invoiceNumber) == ["N-0", "N-1", "N-2"])
        for _ in 0..<5 { try quote("GONE", bill: nil) }
        #expect(try await quotes(limit: 100) == ["GONE"])
    }

    /// Two rows of the same millisecond are on both sides of a page's end.
    @Test func `quotes of the same moment are all read`() async throws {
        for place in 0..<9 { try quote("Q-\(place)", bill: nil) }
        #expect(try await quotes(limit: 2) == (0..<9).map { "Q-\($0)" })
    }

    @Test func `pages are read with an index, without sorting`() async throws {
        let plan = try RawDatabase.rows(
            till.path,
            """
            EXPLAIN QUERY PLAN SELECT account_id FROM bill NOT INDEXED
            WHERE id > 5 AND (bill.state IN ('open', 'held') AND bill.reusable <= 0)
            ORDER BY id LIMIT 10
            """
        ).map { $0["detail"] as String }
        #expect(plan.count == 1)
        #expect(plan.first?.contains("INTEGER PRIMARY KEY") == true, "\(plan)")
    }
}
