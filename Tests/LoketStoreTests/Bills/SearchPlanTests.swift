// No list of bills scans the table or sorts many rows. Checked with the plan of every statement
// that a search executed, for every filter in every order.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct SearchPlanTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    /// Creates many open bills, and three of every other state.
    private func fill() throws {
        try RawDatabase.execute(
            open.path, Flood.bills(3_000, account: open.account, codesFrom: 889_651_000_000))
        for (place, state) in Bill.State.allCases.dropFirst().enumerated() {
            try RawDatabase.execute(
                open.path,
                Flood.bills(
                    3, account: open.account, codesFrom: 889_652_000_000 + place * 10,
                    state: state.rawValue))
        }
        try RawDatabase.execute(open.path, "UPDATE bill SET expires_at = id WHERE id % 2 = 0")
        // With a second account, the account is an effective filter.
        _ = try open.secondAccount()
    }

    /// Returns the plans of a search for its first page and a later page.
    private func plans(_ filter: BillFilter, _ order: BillOrder) async throws -> [[String]] {
        let log = try ReaderLog(of: open.store)
        for position in [nil, BillPosition.somewhere(in: order, open.account)] {
            _ = try? await open.store.bills(filter, order: order, after: position, limit: 10)
        }
        return try log.selects.map { try QueryPlan.lines($0, in: open.path) }
    }

    private func filters() throws -> [(name: String, filter: BillFilter)] {
        let states: [(String, BillFilter.State?)] =
            [("", nil), ("expired", .expired(at: Moment(milliseconds: 2_500)))]
            + Bill.State.allCases.map { ($0.rawValue, .stored($0)) }
        let changes: [(String, (inout BillFilter) throws -> Void)] = [
            ("", { _ in }), ("account", { $0.accountID = open.account }),
            ("ids", { $0.ids = [1, 2_999, 3_002] }),
            ("code", { $0.paymentCode = try Sample.code("889651000001") }),
            ("number", { $0.invoiceNumber = try Sample.number("open-889651000001") }),
            ("prefix", { $0.invoicePrefix = try Sample.number("open-") }),
            ("rare prefix", { $0.invoicePrefix = try Sample.number("open-8896510000") }),
            ("customer", { $0.customer = "nobody" }),
            ("range", { $0.expiresFrom = Moment(milliseconds: 100) }),
            (
                "everything",
                {
                    $0.accountID = open.account
                    $0.invoicePrefix = try Sample.number("open-")
                    $0.customer = "nobody"
                    $0.expiresTo = Moment(milliseconds: 2_900)
                }
            ),
        ]
        return try states.flatMap { state in
            try changes.map { change in
                var filter = BillFilter()
                filter.state = state.1
                try change.1(&filter)
                return ("\(state.0) \(change.0)", filter)
            }
        }
    }

    @Test func `nothing is scanned and nothing large is sorted`() async throws {
        try fill()
        for (name, filter) in try filters() {
            for order in BillOrder.allCases {
                let plans = try await plans(filter, order)
                #expect(plans.contains { $0.contains { $0.contains(" bill ") } })
                for plan in plans {
                    let isFew =
                        filter.ids != nil || filter.paymentCode != nil
                        || filter.invoiceNumber != nil
                    // Only the bills of a code or number, or a counted set, may be sorted.
                    let isSorted = plan.contains { $0.contains("TEMP B-TREE") }
                    let touched = plan.filter { $0.contains(" bill ") }
                    #expect(
                        touched.allSatisfy { $0.hasPrefix("SEARCH bill USING ") },
                        "\(name) \(order): \(plan)")
                    #expect(!isSorted || isFew || isCounted(filter), "\(name) \(order): \(plan)")
                }
            }
        }
    }

    /// Whether one of its indexes leads to few bills.
    private func isCounted(_ filter: BillFilter) -> Bool {
        let isRareState = filter.state.map { $0 != .stored(.open) } ?? false
        return isRareState || filter.invoicePrefix?.text == "open-8896510000"
            || (filter.state != nil && filter.expiryEnd != nil)
    }

    static let indexes: [(String, String, @Sendable (inout BillFilter) throws -> Void)] = [
        ("newest", "bill_by_state (state=? AND id<?)", { $0.state = .stored(.open) }),
        ("oldest", "bill_by_state (state=? AND id>?)", { $0.state = .stored(.open) }),
        (
            "invoice_number",
            "bill_invoice_number_unique (account_id=? AND invoice_number>? AND invoice_number<?)",
            { $0.invoicePrefix = try Sample.number("open-") }
        ),
        (
            "expires_at", "bill_by_expiry (expires_at>? AND expires_at<?)",
            { $0.expiresTo = Moment(milliseconds: 9_000) }
        ),
        ("newest", "PRIMARY KEY (rowid<?)", { $0.customer = "nobody" }),
        ("oldest", "PRIMARY KEY (rowid>?)", { $0.accountID = 1 }),
    ]

    @Test(arguments: indexes.indices)
    func `a list is read from the index of its order, at the last page's end`(
        place: Int
    ) async throws {
        try fill()
        let (name, words, change) = Self.indexes[place]
        let order = try #require(BillOrder(rawValue: name))
        var filter = BillFilter()
        try change(&filter)
        let plans = try await plans(filter, order)
        #expect(plans.last?.contains { $0.hasSuffix(words) } == true, "\(plans)")
    }
}

extension BillPosition {
    /// A position that exists among these bills.
    fileprivate static func somewhere(in order: BillOrder, _ account: Int64) -> BillPosition? {
        switch order {
        case .newest: .id(2_900)
        case .oldest: .id(20)
        case .expiry: .expiry(Moment(milliseconds: 20), id: 20)
        case .invoiceNumber:
            InvoiceNumber("open-889651000020").map { .number($0, accountID: account) }
        }
    }
}
