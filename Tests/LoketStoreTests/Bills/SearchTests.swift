// Lists of bills: every filter and order is compared with a plain scan of all bills, page by page.
// The bounds are so small that each way of reading is used.

import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct SearchTests {
    private let open: OpenStore
    private let now = Sample.now

    init() throws {
        open = try OpenStore()
    }

    private static let names = ["Anton Budiman", "SITI Aisyah", "Élodie", "100%_\\"]
    private static let states = Bill.State.allCases

    /// Creates bills in two accounts and every state. Some expire at the same moment.
    private func fill() async throws -> [BillRecord] {
        let other = try open.secondAccount()
        var random = SeededRandom(seed: 7)
        for place in 0..<120 {
            let state = Self.states[place % 9 < 4 ? 0 : Int.random(in: 0..<5, using: &random)]
            let prefix = ["INV-", "INV-A", "B~", "inv-"][place % 4]
            // A third of the codes are shared with closed bills.
            let code = state.holdsCode ? 1000 + place : 500 + place % 40
            var draft = try Sample.draft("\(prefix)\(place)", code: "889651\(code)")
            if place % 3 > 0 {
                let days = Int64.random(in: -3...3, using: &random)
                draft.expiresAt = now.adding(milliseconds: days * 86_400_000)
            }
            draft.customerName = Self.names[place % 4]
            draft.customerEmail = place % 5 == 0 ? "Pelanggan\(place)@Example.com" : nil
            try open.store.seed(
                [draft], accountID: place % 7 == 0 ? other : open.account, state: state, now: now)
        }
        return try await open.store.bills(BillFilter(), limit: 1_000).records
    }

    /// Returns the expected list, computed from all bills.
    private func expected(
        _ filter: BillFilter, _ order: BillOrder, of all: [BillRecord]
    ) -> [Int64] {
        let fitting = all.filter { filter.fits($0) && order.lists($0) }
        return fitting.sorted { order.puts($0, before: $1) }.map(\.bill.id)
    }

    private func listed(
        _ filter: BillFilter, _ order: BillOrder?, limit: Int, _ bounds: Store.SearchBounds
    ) async throws -> (ids: [Int64], isWithinLimit: Bool) {
        var ids: [Int64] = []
        var position: BillPosition?
        var isWithinLimit = true
        repeat {
            let page = try await open.store.bills(
                filter, order: order, after: position, limit: limit, bounds: bounds)
            isWithinLimit = isWithinLimit && page.records.count <= limit
            ids += page.records.map(\.bill.id)
            if let next = page.next, next == position { return (ids, false) }
            position = page.next
        } while position != nil
        return (ids, isWithinLimit)
    }

    private func filters() throws -> [BillFilter] {
        var filters: [BillFilter] = []
        let states: [BillFilter.State?] =
            [nil, .expired(at: now)] + Self.states.map { .stored($0) }
        let changes: [(inout BillFilter) throws -> Void] = [
            { _ in }, { $0.accountID = open.account }, { $0.accountID = open.account + 1 },
            { $0.accountID = 99 }, { $0.invoicePrefix = try Sample.number("INV-") },
            { $0.invoicePrefix = try Sample.number("B~") },
            { $0.invoiceNumber = try Sample.number("INV-8") },
            { $0.paymentCode = try Sample.code("889651516") }, { $0.customer = "siti" },
            { $0.customer = "éLODIE" }, { $0.customer = "%_\\" }, { $0.customer = "N9@eXample" },
            { $0.expiresFrom = now }, { $0.expiresTo = now }, { $0.ids = [119, 3, 50, 500, 7] },
            {
                $0.expiresFrom = now.adding(milliseconds: -86_400_000)
                $0.expiresTo = now.adding(milliseconds: 86_400_000)
                $0.accountID = open.account
            },
            {
                $0.invoicePrefix = try Sample.number("INV-A")
                $0.customer = "a"
                $0.accountID = open.account
            },
        ]
        for state in states {
            for change in changes {
                var filter = BillFilter()
                filter.state = state
                try change(&filter)
                filters.append(filter)
            }
        }
        return filters
    }

    /// The maximum rows read, rows sorted, and rows in a slice.
    static let bounds = [(1_000_000, 1_000, 1_000), (1_000, 3, 5), (9, 0, 4)]

    @Test(arguments: bounds)
    func `every list is as expected, with every way of reading`(
        rows: Int, sort: Int, slice: Int
    ) async throws {
        let all = try await fill()
        #expect(all.count == 120)
        var bounds = Store.SearchBounds()
        (bounds.rows, bounds.sort, bounds.slice) = (rows, sort, slice)
        var found = 0
        for filter in try filters() {
            for order in BillOrder.allCases {
                let wanted = expected(filter, order, of: all)
                let list = try await listed(
                    filter, order, limit: rows < 10 ? 4 : 7, bounds)
                #expect(list.ids == wanted, "\(filter) \(order)")
                #expect(list.isWithinLimit, "\(filter) \(order)")
                found += wanted.count
            }
        }
        // With few results the comparison would prove little.
        #expect(found > 3_000)
    }

    @Test func `a filter with its own order is listed in that order`() async throws {
        let all = try await fill()
        var prefix = BillFilter()
        prefix.invoicePrefix = try Sample.number("INV-")
        var expired = BillFilter()
        expired.state = .expired(at: now)
        for (filter, order) in [
            (prefix, BillOrder.invoiceNumber), (expired, .expiry), (BillFilter(), .newest),
        ] {
            let list = try await listed(filter, nil, limit: 10, Store.SearchBounds())
            #expect(list.ids == expected(filter, order, of: all))
            #expect(!list.ids.isEmpty)
        }
    }

    @Test func `a page may be empty although the list continues`() async throws {
        _ = try await fill()
        var filter = BillFilter()
        filter.customer = "nobody at all"
        var bounds = Store.SearchBounds()
        bounds.rows = 50
        bounds.slice = 20
        let first = try await open.store.bills(filter, limit: 10, bounds: bounds)
        #expect(first.records.isEmpty)
        #expect(first.next == .id(71))
    }

    @Test func `a bill created between two pages moves no other bill`() async throws {
        _ = try await fill()
        let first = try await open.store.bills(BillFilter(), limit: 50)
        try await open.create(Sample.draft("LATE", code: "1"))
        let second = try await open.store.bills(BillFilter(), after: first.next, limit: 50)
        #expect(first.records.last?.bill.id == 71)
        #expect(second.records.first?.bill.id == 70)
    }
}

// MARK: What a list should be

extension BillFilter {
    fileprivate func fits(_ record: BillRecord) -> Bool {
        let bill = record.bill
        let texts = [bill.customerName, bill.customerEmail ?? ""].map { $0.lowercased() }
        return [
            accountID.map { $0 == record.accountID }, ids.map { $0.contains(bill.id) },
            paymentCode.map { $0 == bill.paymentCode },
            invoiceNumber.map { $0 == bill.invoiceNumber },
            invoicePrefix.map { bill.invoiceNumber.text.hasPrefix($0.text) },
            customer.map { part in texts.contains { $0.contains(part.lowercased()) } },
            expiresFrom.map { from in bill.expiresAt.map { $0 >= from } ?? false },
            expiresTo.map { to in bill.expiresAt.map { $0 < to } ?? false },
            state.map { $0.fits(bill) },
        ].allSatisfy { $0 ?? true }
    }
}

extension BillFilter.State {
    fileprivate func fits(_ bill: Bill) -> Bool {
        switch self {
        case .stored(let state): bill.state == state
        case .expired(let now): bill.state == .open && bill.isExpired(at: now)
        }
    }
}

extension BillOrder {
    fileprivate func lists(_ record: BillRecord) -> Bool {
        self != .expiry || record.bill.state.holdsCode && record.bill.expiresAt != nil
    }

    fileprivate func puts(_ one: BillRecord, before other: BillRecord) -> Bool {
        switch self {
        case .newest: one.bill.id > other.bill.id
        case .oldest: one.bill.id < other.bill.id
        case .expiry:
            (one.bill.expiresAt?.milliseconds ?? 0, one.bill.id)
                < (other.bill.expiresAt?.milliseconds ?? 0, other.bill.id)
        case .invoiceNumber:
            (one.accountID, one.bill.invoiceNumber.text) < (
                other.accountID, other.bill.invoiceNumber.text
            )
        }
    }
}
