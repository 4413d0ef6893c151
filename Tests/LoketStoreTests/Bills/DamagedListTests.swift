// Lists with damaged rows: each damaged row is named and not shown, and no page stops at it, in
// every order and with every way of reading.

import LoketCore
import Testing

@testable import LoketStore

struct DamagedListTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    /// Creates forty bills in two accounts. Half of them expire, some at the same moment.
    private func fill() async throws {
        let other = try open.secondAccount()
        for place in 1...40 {
            let expiry = Sample.now.adding(milliseconds: Int64(place / 4) * 1_000 + 1_000)
            let draft = try Sample.draft(
                "INV-\(place)", code: "889651\(1_000 + place)",
                expiresAt: place % 2 == 0 ? expiry : nil)
            try await open.create(draft, account: place % 5 == 0 ? other : nil)
        }
    }

    private struct Listed: Equatable {
        var ids: [Int64] = []
        var damaged: Set<Int64> = []
    }

    private func listed(
        _ filter: BillFilter, _ order: BillOrder, limit: Int, _ bounds: Store.SearchBounds
    ) async throws -> Listed {
        var listed = Listed()
        var position: BillPosition?
        repeat {
            let page = try await open.store.bills(
                filter, order: order, after: position, limit: limit, bounds: bounds)
            #expect(page.records.count <= limit)
            listed.ids += page.records.map(\.bill.id)
            listed.damaged.formUnion(page.damaged)
            try #require(page.next == nil || page.next != position)
            position = page.next
        } while position != nil
        return listed
    }

    /// Every third bill, the first and last bills, and some consecutive ones.
    private static let damaged = Set<Int64>([1, 2, 10, 20, 21, 22, 23, 40])
        .union((1...13).map { $0 * 3 })

    @Test(arguments: SearchTests.bounds)
    func `damaged bills are named, and the list continues after them`(
        rows: Int, sort: Int, slice: Int
    ) async throws {
        try await fill()
        var bounds = Store.SearchBounds()
        (bounds.rows, bounds.sort, bounds.slice) = (rows, sort, slice)
        var sifted = BillFilter()
        sifted.customer = "budiman"
        var few = BillFilter()
        few.state = .stored(.open)
        few.accountID = open.account
        let lists = [BillFilter(), sifted, few].flatMap { filter in
            BillOrder.allCases.map { (filter, $0) }
        }
        var before: [Listed] = []
        for (filter, order) in lists {
            before.append(try await listed(filter, order, limit: 7, bounds))
        }
        let ids = Self.damaged.map(String.init).joined(separator: ", ")
        try RawDatabase.execute(open.path, "UPDATE bill SET amount = 9 WHERE id IN (\(ids))")
        for (list, whole) in zip(lists, before) {
            #expect(whole.damaged.isEmpty && !whole.ids.isEmpty)
            let wanted = Listed(
                ids: whole.ids.filter { !Self.damaged.contains($0) },
                damaged: Self.damaged.intersection(whole.ids))
            for limit in [1, 7, 100] {
                let found = try await listed(list.0, list.1, limit: limit, bounds)
                #expect(found == wanted, "\(list), \(limit) on a page")
            }
        }
    }

    /// No page can start after an invalid number.
    @Test(arguments: 4...9)
    func `a damaged number does not end a page, and hides no later bill`(slice: Int) async throws {
        try await fill()
        try RawDatabase.execute(
            open.path,
            """
            UPDATE bill SET invoice_number = 'INV-1 ' || id WHERE id IN (11, 12, 13);
            UPDATE bill SET invoice_number = invoice_number || ' ' WHERE id IN (6, 7, 8, 26)
            """, checked: false)
        let damaged: Set<Int64> = [6, 7, 8, 11, 12, 13, 26]
        var bounds = Store.SearchBounds()
        (bounds.rows, bounds.slice) = (20, slice)
        var sifted = BillFilter()
        sifted.customer = "budiman"
        for filter in [BillFilter(), sifted] {
            for limit in [1, 3, 100] {
                let found = try await listed(filter, .invoiceNumber, limit: limit, bounds)
                #expect(found.damaged == damaged, "\(limit) on a page")
                #expect(
                    found.ids.sorted() == (1...40).filter { !damaged.contains($0) },
                    "\(limit) on a page")
            }
        }
    }
}
