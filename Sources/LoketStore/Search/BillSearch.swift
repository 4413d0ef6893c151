// Lists of bills among up to ten million. The index is named to SQLite in each query, because
// SQLite keeps no statistics here. An invoice number or a code leads to few bills, which can be
// sorted. Otherwise bills are read in the list's order, and conditions without an index are checked
// row by row, for a bounded number of rows.

import GRDB
import LoketCore

extension Store {
    /// The limits of the work for one page.
    package struct SearchBounds: Sendable {
        /// Maximum of bills read.
        package var rows = Limits.searchRowsMax
        /// Maximum of bills sorted.
        package var sort = Limits.searchSortMax
        /// The number of bills in the first slice, after which the search checks whether the page
        /// is full.
        package var slice = 1_000

        package init() {}
    }

    /// Returns a page of bills, each with the sum paid on it, and the ids of damaged bills.
    ///
    /// - Parameters:
    ///   - order: the order; nil for the filter's own.
    ///   - position: the end of the previous page; must fit the order.
    ///   - limit: the maximum number of bills.
    package func bills(
        _ filter: BillFilter, order: BillOrder? = nil, after position: BillPosition? = nil,
        limit: Int, bounds: SearchBounds = SearchBounds()
    ) async throws -> BillPage {
        try await pool.read { database in
            let every = try database.integers("SELECT id FROM account ORDER BY id")
            let accounts = every.filter { [$0, nil].contains(filter.accountID) }
            let search = BillSearch(
                walk: IndexScan(
                    filter: filter, order: order ?? filter.ownOrder, accounts: accounts,
                    isEveryAccount: accounts == every),
                limit: limit, bounds: bounds, database: database)
            let page = try search.page(after: position)
            let settled = try Self.settled(on: page.records.map(\.bill.id), in: database)
            return BillPage(
                records: page.records.map {
                    $0.with(history: [], settled: settled[$0.bill.id] ?? Sum())
                },
                damaged: page.damaged, next: page.next)
        }
    }
}

/// A page of a list of bills.
package struct BillPage: Sendable {
    package let records: [BillRecord]
    /// Ids of bills in this page's range whose rows do not match their checksums.
    package let damaged: [Int64]
    /// The start of the next page; nil at the end of the list. A page may be short or empty before
    /// the end of the list, because without an index only a limited number of bills is read.
    package let next: BillPosition?
}

/// Builds a page row by row. A damaged row is reported and left out, and does not end the page,
/// because the damage may be in the column that the list is ordered by.
private struct BillPageBuilder {
    /// The maximum number of undamaged bills.
    let limit: Int
    let order: BillOrder
    private var records: [BillRecord] = []
    private var damaged: [Int64] = []
    /// Whether there was one more bill than the page holds.
    private(set) var isOver = false

    init(limit: Int, order: BillOrder) {
        self.limit = limit
        self.order = order
    }

    /// Reads rows until there is one more bill than the page holds.
    mutating func take(_ rows: RowCursor) throws {
        while !isOver, let row = try rows.next() {
            guard records.count < limit else {
                isOver = true
                return
            }
            do {
                records.append(try BillRecord(row))
            } catch StoreFault.damagedBill(let id) {
                if !damaged.contains(id) { damaged.append(id) }
            }
        }
    }

    /// - Parameter reached: the last position read; nil if the list ends or the page is full.
    func page(reached: BillPosition? = nil) -> BillPage {
        let last = isOver ? records.last.map { BillPosition(of: $0, in: order) } : nil
        return BillPage(records: records, damaged: damaged, next: last ?? reached)
    }
}

private struct BillSearch {
    let walk: IndexScan
    let limit: Int
    let bounds: Store.SearchBounds
    let database: Database

    /// A slice's growth factor if few bills are found.
    private static let sliceGrowth = 4
    private static let sliceMax = 64_000

    private var filter: BillFilter { walk.filter }
    private var order: BillOrder { walk.order }

    private var empty: BillPageBuilder { BillPageBuilder(limit: limit, order: order) }

    func page(after position: BillPosition?) throws -> BillPage {
        // Without an account there is no bill, and SQLite could not use the named index.
        guard !walk.accounts.isEmpty else { return empty.page() }
        if let few = try few() { return try sorted(few, after: position) }
        return try walk.checks.isEmpty ? read(after: position) : sift(after: position)
    }

    // MARK: Few bills, sorted

    /// A set of bills, read by one index.
    private struct Way {
        let hint: String
        let conditions: SQLCondition
    }

    /// Returns the ways that lead to every match and to few other bills; nil if none.
    private func few() throws -> [Way]? {
        if filter.ids != nil { return [Way(hint: "NOT INDEXED", conditions: SQLCondition())] }
        let own = SQLCondition("account_id IN (\(walk.accounts.list))")
        if filter.invoiceNumber != nil {
            return [Way(hint: "INDEXED BY bill_invoice_number_unique", conditions: own)]
        }
        if filter.paymentCode != nil {
            return [Way(hint: "INDEXED BY \(CodeIndex.name)", conditions: own)]
        }
        guard !walk.checks.isEmpty else { return nil }
        for (way, condition) in probes(own) where try isFew(way, condition) { return [way] }
        return nil
    }

    /// Returns ways that may lead to few bills, each with the condition on its index.
    private func probes(_ own: SQLCondition) -> [(Way, SQLCondition)] {
        var probes: [(Way, SQLCondition)] = []
        if filter.state != nil, walk.index != .state {
            let way = Way(hint: "INDEXED BY bill_by_state", conditions: SQLCondition())
            probes.append((way, filter.stateCondition))
        }
        if filter.invoicePrefix != nil, walk.index != .invoiceNumber {
            let way = Way(hint: "INDEXED BY bill_invoice_number_unique", conditions: own)
            probes.append((way, own.and(filter.prefixCondition)))
        }
        if filter.state?.stored.holdsCode == true, !filter.expiryCondition.isEmpty,
            walk.index != .expiry
        {
            let way = Way(hint: "INDEXED BY bill_by_expiry", conditions: .expiring)
            probes.append((way, SQLCondition.expiring.and(filter.expiryCondition)))
        }
        return probes
    }

    private func isFew(_ way: Way, _ condition: SQLCondition) throws -> Bool {
        let count = try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM (
                    SELECT 1 FROM bill \(way.hint)\(condition.clause) LIMIT ?
                ) AS some
                """,
            arguments: condition.values + [bounds.sort + 1])
        return (count ?? 0) <= bounds.sort
    }

    private func sorted(_ ways: [Way], after position: BillPosition?) throws -> BillPage {
        var wanted = filter.conditions
        if !walk.isEveryAccount { wanted.add("account_id IN (\(walk.accounts.list))") }
        if order == .expiry { wanted = wanted.and(.expiring) }
        if let position { wanted = wanted.and(.after(position, order)) }
        let conditions = ways.map { $0.conditions.and(wanted) }
        let selects = zip(ways, conditions).map {
            "SELECT \(BillRecord.columns) FROM bill \($0.hint)\($1.clause)"
        }
        var page = empty
        try page.take(
            Row.fetchCursor(
                database,
                sql: selects.joined(separator: " UNION ALL ") + " ORDER BY \(order.sql)",
                arguments: conditions.reduce(StatementArguments()) { $0 + $1.values }))
        return page.page()
    }

    // MARK: In order

    /// Reads a page whose conditions the index fully answers.
    private func read(after position: BillPosition?) throws -> BillPage {
        var page = empty
        for leg in walk.legs(after: position) where !page.isOver {
            try page.take(leg.bills(in: database))
        }
        return page.page()
    }

    /// Reads a page whose rows must be checked.
    private func sift(after position: BillPosition?) throws -> BillPage {
        let checks = walk.checks
        var page = empty
        var legs = walk.legs(after: position)[...]
        var left = bounds.rows
        var slice = bounds.slice
        while let leg = legs.first {
            let rows = min(slice, left)
            try page.take(leg.bills(passing: checks, among: rows, in: database))
            if page.isOver { return page.page() }
            guard let reached = try leg.place(behind: rows, in: order, database) else {
                legs.removeFirst()
                continue
            }
            left -= rows
            if left <= 0 { return page.page(reached: reached) }
            legs = walk.legs(after: reached)[...]
            slice = min(slice * Self.sliceGrowth, Self.sliceMax)
        }
        return page.page()
    }
}
