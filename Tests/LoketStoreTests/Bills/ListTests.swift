// The admin's list of bills: newest first, in pages, filtered by code or number.

import LoketCore
import LoketStore
import Testing

struct ListTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func numbers(
        code: String? = nil, number: String? = nil, before: Int64 = .max, limit: Int = 100
    ) async throws -> [String] {
        let filter = BillFilter(
            paymentCode: try code.map(Sample.code), invoiceNumber: try number.map(Sample.number))
        return try await open.store.bills(filter, before: before, limit: limit)
            .map(\.bill.invoiceNumber.text)
    }

    @Test func `an empty database has an empty list`() async throws {
        #expect(try await numbers().isEmpty)
        #expect(try await numbers(code: "1").isEmpty)
    }

    @Test func `bills of every account and state are listed newest first`() async throws {
        let other = try open.secondAccount()
        try await open.create(Sample.draft("A"))
        try await open.create(Sample.draft("B"), account: other)
        try await open.createCancelled(Sample.draft("C", code: "1"))
        for (place, state) in Bill.State.allCases.enumerated() {
            try open.store.seed(
                [Sample.draft("S\(place)", code: "88965\(place)")], accountID: open.account,
                state: state, now: Sample.now)
        }
        #expect(try await numbers() == ["S4", "S3", "S2", "S1", "S0", "C", "B", "A"])
    }

    @Test(arguments: [1, 2, 3, 7, 10, 100])
    func `all pages together are the whole list`(limit: Int) async throws {
        for place in 0..<10 {
            try await open.create(Sample.draft("INV-\(place)", code: "889651\(place)"))
        }
        var seen: [String] = []
        var before = Int64.max
        while true {
            let page = try await open.store.bills(.init(), before: before, limit: limit)
            #expect(page.count <= limit)
            guard let last = page.last else { break }
            seen += page.map(\.bill.invoiceNumber.text)
            before = last.bill.id
        }
        #expect(seen == (0..<10).reversed().map { "INV-\($0)" })
    }

    @Test func `a code's bills are found in every state and account, newest first`() async throws {
        let other = try open.secondAccount()
        try await open.createCancelled(Sample.draft("A"))
        try await open.create(Sample.draft("B"), account: other)
        try open.store.seed(
            [Sample.draft("C")], accountID: open.account, state: .paid, now: Sample.now)
        try await open.create(Sample.draft("D"))
        try open.store.seed(
            [Sample.draft("E")], accountID: open.account, state: .replaced, now: Sample.now)
        try await open.create(Sample.draft("X", code: "0" + Sample.codeText))
        #expect(try await numbers(code: Sample.codeText) == ["E", "D", "C", "B", "A"])
        #expect(try await numbers(code: Sample.codeText, limit: 2) == ["E", "D"])
        let fourth = try await open.store.bills(
            .init(paymentCode: Sample.code()), before: .max, limit: 4)
        let id = try #require(fourth.last).bill.id
        #expect(try await numbers(code: Sample.codeText, before: id) == ["A"])
    }

    @Test func `a number's bills are found in every account`() async throws {
        let other = try open.secondAccount()
        try await open.create(Sample.draft("A"))
        try await open.create(Sample.draft("A", code: "1"), account: other)
        try await open.create(Sample.draft("a", code: "2"))
        let found = try await open.store.bills(
            .init(invoiceNumber: Sample.number("A")), before: .max, limit: 10)
        #expect(found.map(\.accountID) == [other, open.account])
        #expect(try await numbers(number: "B").isEmpty)
    }

    @Test func `code and number together must both match`() async throws {
        try await open.create(Sample.draft("A"))
        try await open.create(Sample.draft("B", code: "1"))
        #expect(try await numbers(code: Sample.codeText, number: "A") == ["A"])
        #expect(try await numbers(code: "1", number: "B") == ["B"])
        #expect(try await numbers(code: "1", number: "A").isEmpty)
    }

    @Test func `the list and the bill itself have the same values`() async throws {
        let made = try await open.create(Sample.fullDraft())
        let listed = try #require(
            try await open.store.bills(.init(), before: .max, limit: 1).first)
        #expect(listed.bill == made.bill)
        #expect(listed.metadata == made.metadata)
        #expect(listed.createdAt == made.createdAt && listed.changedAt == made.changedAt)
    }
}
