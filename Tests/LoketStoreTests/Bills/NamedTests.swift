// Finding bills by id, code or number, and bills whose codes differ by one typing error.

import LoketCore
import Testing

@testable import LoketStore

struct NamedTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    @Test func `an id, a code and an invoice number name a bill`() async throws {
        let other = try open.secondAccount()
        try await open.createCancelled(Sample.draft("INV-1"))
        try await open.create(Sample.draft("INV-2"))
        try await open.create(Sample.draft("INV-2", code: "7700"), account: other)
        let table: [(String, Int64?, [Int64])] = [
            ("1", nil, [1]), ("#2", nil, [2]), ("INV-2", nil, [2, 3]), ("INV-2", other, [3]),
            ("8896 5100-0000.0123", nil, [2]), ("8896510000000123", other, []), ("77 00", nil, [3]),
            ("4", nil, []), ("INV-9", nil, []), ("", nil, []),
        ]
        for (text, account, ids) in table {
            let found = try await open.store.bills(named: BillName(text), accountID: account)
            #expect(found.records.map(\.bill.id) == ids, "\(text)")
        }
    }

    @Test func `of bills one typing error away open and held ones are first`() async throws {
        let other = try open.secondAccount()
        try await open.create(Sample.draft("A", code: "88965110000012"))
        try await open.createCancelled(Sample.draft("B", code: "88965110000021"))
        try await open.create(Sample.draft("C", code: "88965110000013"))
        try await open.create(Sample.draft("D", code: "8896511000001"), account: other)
        try await open.create(Sample.draft("E", code: "88965110000099"))
        let code = try Sample.code("88965110000012")
        let near = try await open.store.bills(near: code, accountID: nil)
        #expect(near.count == 3)
        #expect(near.items.map(\.record.bill.invoiceNumber.text) == ["D", "C", "B"])
        #expect(near.items.map(\.slip) == [.digitAdded, .digitChanged, .digitsSwapped])
        let own = try await open.store.bills(near: code, accountID: open.account)
        #expect(own.count == 2)
    }

    @Test func `a code that lacks one digit finds every bill with one more`() async throws {
        for digit in 0...9 {
            try await open.create(Sample.draft("INV-\(digit)", code: "8896512026007\(digit)"))
        }
        try await open.create(Sample.draft("LATER", code: "18896512026007"))
        let near = try await open.store.bills(
            near: Sample.code("8896512026007"), accountID: open.account)
        #expect(near.count == 11)
        #expect(near.items.count == Limits.nearBillsMax)
        #expect(near.items.first?.record.bill.invoiceNumber.text == "LATER")
        #expect(near.items.allSatisfy { $0.slip == .digitMissing })
    }

    /// The plan is the same for ten million bills.
    @Test func `candidates are looked up in the index, without a scan`() throws {
        let sql = Store.answeringSQL.replacing("?1", with: "'[\"1\"]'")
            .replacing("?2", with: "NULL")
        let plan = try QueryPlan.lines(sql, in: open.path)
        let searches = plan.filter { $0.hasPrefix("SEARCH bill") }
        #expect(searches.count == 2, "\(plan)")
        for place in ["=", ">"] {
            let columns = "account_id=? AND payment_code=? AND <expr>\(place)?"
            #expect(searches.contains { $0.contains("bill_by_code (\(columns))") }, "\(plan)")
        }
        #expect(!plan.contains { $0.hasPrefix("SCAN bill") }, "\(plan)")
    }

    @Test func `a held bill names its holding payments until they are resolved`() async throws {
        let till = try Till()
        let id = try await till.bill()
        let first = try await till.pay(Notice(amount: 7))
        let second = try await till.pay(Notice(amount: 8))
        let held = try #require(try await till.store.bill(id: id))
        #expect(held.heldBy.map(\.id) == [first, second])
        #expect(held.history.last?.paymentID == first)
        try await till.resolve(first, .refunded)
        #expect(try await till.store.bill(id: id)?.heldBy.map(\.id) == [second])
        try await till.resolve(second, .refunded)
        let released = try #require(try await till.store.bill(id: id))
        #expect(released.heldBy.isEmpty && released.bill.state == .open)
    }
}
