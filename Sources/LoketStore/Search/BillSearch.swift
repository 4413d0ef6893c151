// Lists of bills among ten million: which index is asked, said to SQLite by name because it keeps
// no statistics here. An invoice number or a code finds few bills, and few may be sorted. Else
// the bills are read in the order of the list, and what no index knows is checked row by row, for a
// bounded number of rows.

import GRDB
import LoketCore

extension Store {
    /// How much is done for one page.
    package struct SearchBounds: Sendable {
        /// Bills that are looked at.
        package var rows = Limits.searchRowsMax
        /// Bills that are sorted.
        package var sort = Limits.searchSortMax
        /// Bills that are looked at before it is asked again whether they are enough.
        package var slice = 1_000

        package init() {}
    }

    /// A page of bills, each with what was paid on it. Damaged ones are named beside them.
    ///
    /// - Parameters:
    ///   - order: nil: the filter's own.
    ///   - position: where the last page ended; it must fit the order.
    ///   - limit: the most that are returned.
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
    /// Bills of this part whose rows do not match their checksums, by their ids.
    package let damaged: [Int64]
    /// Where the next page begins; nil at the end of the list. A page may be short, or empty, and
    /// the list go on all the same: where no index helps only a limited number of bills is looked at.
    package let next: BillPosition?
}

/// A page, filled row by row. A damaged row is named and not shown, and does not end the page: the
/// damage may be in the column that the list is ordered by.
private struct BillPageBuilder {
    /// Of sound bills; the damaged ones between them do not count.
    let limit: Int
    let order: BillOrder
    private var records: [BillRecord] = []
    private var damaged: [Int64] = []
    /// One more was there than the page holds.
    private(set) var isOver = false

    init(limit: Int, order: BillOrder) {
        self.limit = limit
        self.order = order
    }

    /// Takes rows until the page is full and one more has come.
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

    /// - Parameter reached: where the list goes on though the page is not full.
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

    /// A slice grows as long as little is found.
    private static let sliceGrowth = 4
    private static let sliceMax = 64_000

    private var filter: BillFilter { walk.filter }
    private var order: BillOrder { walk.order }

    private var empty: BillPageBuilder { BillPageBuilder(limit: limit, order: order) }

    func page(after position: BillPosition?) throws -> BillPage {
        // Where there can be no bill SQLite would find no use for an index.
        guard !walk.accounts.isEmpty else { return empty.page() }
        if let few = try few() { return try sorted(few, after: position) }
        return try walk.checks.isEmpty ? read(after: position) : sift(after: position)
    }

    // MARK: Few bills, sorted

    /// One way into a set of bills.
    private struct Way {
        let hint: String
        let conditions: SQLCondition
    }

    /// Ways that together lead to every bill that fits and to few others.
    private func few() throws -> [Way]? {
        let own = SQLCondition("account_id IN (\(walk.accounts.list))")
        if filter.invoiceNumber != nil {
            return [Way(hint: "INDEXED BY bill_invoice_number_unique", conditions: own)]
        }
        if filter.paymentCode != nil {
            // A code's bills are in one of two indexes.
            return [
                Way(
                    hint: "INDEXED BY bill_code_held_once",
                    conditions: own.and("state IN ('open', 'held')")),
                Way(
                    hint: "INDEXED BY bill_code_history",
                    conditions: own.and("state NOT IN ('open', 'held')")),
            ]
        }
        guard !walk.checks.isEmpty else { return nil }
        for (way, condition) in probes(own) where try isFew(way, condition) { return [way] }
        return nil
    }

    /// Ways that may lead to few bills, each with what its index is asked for.
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

    /// Where the index answers everything that was asked.
    private func read(after position: BillPosition?) throws -> BillPage {
        var page = empty
        for leg in walk.legs(after: position) where !page.isOver {
            try page.take(leg.bills(in: database))
        }
        return page.page()
    }

    /// Where rows have to be looked at.
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
