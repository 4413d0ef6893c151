// Lists of payments among millions. The index is named to SQLite in each query, because SQLite
// keeps no statistics here. Few payments can be sorted; otherwise payments are read in the list's
// order, and conditions without an index are checked row by row, for a bounded number of rows.

import GRDB
import LoketCore

extension Store {
    /// Returns a page of payments.
    ///
    /// - Parameters:
    ///   - after: the end of the previous page.
    ///   - scanMax: the maximum number of rows examined if there is a condition without an index.
    ///   - damaged: called with the fault of each damaged payment, which is left out.
    package func payments(
        _ filter: PaymentFilter, order: PaymentOrder = .newest, after: PaymentPosition? = nil,
        limit: Int, scanMax: Int = Limits.paymentScanRowsMax,
        damaged: @escaping @Sendable (StoreFault) -> Void = { _ in }
    ) async throws -> PaymentList {
        let search = PaymentSearch(filter: filter, order: order, after: after, scanMax: scanMax)
        return try await pool.read { try search.page(limit, in: $0, damaged) }
    }
}

private struct PaymentSearch: Sendable {
    let filter: PaymentFilter
    let order: PaymentOrder
    let after: PaymentPosition?
    let scanMax: Int

    /// Rows in the order of the list, by one index.
    private struct Way {
        let hint: String
        /// Conditions on the index.
        let path: SQLCondition
        /// Conditions checked row by row.
        var checks = SQLCondition()
    }

    private var isByTime: Bool { filter.isOrderedByTime }
    private var orderSQL: String { order.sql(byTime: isByTime) }

    func page(
        _ limit: Int, in database: Database, _ report: (StoreFault) -> Void
    ) throws -> PaymentList {
        let way = try way(in: database)
        let rows = try rows(way, in: database)
        var (records, isOver) = ([PaymentRecord](), false)
        // Damaged payments before the last record; those after it belong to the next page, if any.
        var (damaged, later) = ([StoreFault](), [StoreFault]())
        while !isOver, let row = try rows.next() {
            do {
                let record = try PaymentRecord(row)
                isOver = records.count == limit
                guard !isOver else { break }
                records.append(record)
                damaged += later
                later = []
            } catch let fault {
                later.append(fault)
            }
        }
        if !isOver { damaged += later }
        damaged.forEach(report)
        return PaymentList(
            records: records, details: try PaymentDetails.of(records.map(\.id), in: database),
            damaged: damaged.compactMap(\.paymentID),
            next: isOver ? records.last.map(position) : try edge(of: way, in: database))
    }

    private func position(_ record: PaymentRecord) -> PaymentPosition {
        PaymentPosition(id: record.id, accountedAt: isByTime ? record.accountedAt : nil)
    }

    // MARK: The way

    private func way(in database: Database) throws -> Way {
        let conditions = filter.conditions
        let all = conditions.reduce(SQLCondition()) { $0.and($1.sql) }
        guard let first = conditions.first, let hint = first.hint else {
            return Way(hint: byTheList, path: start(true), checks: all)
        }
        let rest = conditions.dropFirst().reduce(SQLCondition()) { $0.and($1.sql) }
        // The payments of an account are in the order of their times, all others in that of ids.
        if isByTime == (hint == Self.byAccount) {
            return Way(hint: hint, path: first.sql.and(start(true)), checks: rest)
        }
        // As many as one page may read, from an index that has all that is counted.
        let fewMax = hint == Self.byAccount ? scanMax : Limits.searchSortMax
        if try isFew(fewMax, hint, first.sql, in: database) {
            return Way(hint: hint, path: all.and(start(false)))
        }
        if isByTime, let accountID = filter.accountID {
            return Way(
                hint: Self.byAccount,
                path: SQLCondition("account_id = ?", [accountID]).and(start(true)), checks: all)
        }
        return Way(hint: byTheList, path: start(true), checks: all)
    }

    private static let byAccount = PaymentFilter.Condition.byAccount

    /// The order of the list without a condition.
    private var byTheList: String { isByTime ? "INDEXED BY payment_by_time" : "NOT INDEXED" }

    /// The conditions on the order of the list: the range of time, and the position.
    ///
    /// - Parameter isOnIndex: whether the index has this order. Of two bounds on one side, SQLite
    ///   would use one for the index and check the other, so only the position is given then.
    private func start(_ isOnIndex: Bool) -> SQLCondition {
        var condition = SQLCondition()
        let isReplaced = after != nil && isOnIndex
        let time = PaymentRecord.accountedAt
        if !(isReplaced && order == .oldest) { condition.narrow("\(time) >= ?", filter.from) }
        if !(isReplaced && order == .newest) { condition.narrow("\(time) < ?", filter.to) }
        // A list by id has a position from its start, because SQLite then reads it by id.
        let first = PaymentPosition(id: order == .newest ? .max : 0, accountedAt: nil)
        guard let position = after ?? (isByTime ? nil : first) else { return condition }
        return condition.and(order.after(position))
    }

    private func isFew(
        _ fewMax: Int, _ hint: String, _ condition: SQLCondition, in database: Database
    ) throws -> Bool {
        let count = try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM (
                    SELECT 1 FROM payment \(hint)\(condition.clause) LIMIT ?
                ) AS some
                """, arguments: condition.values + [fewMax + 1])
        return (count ?? 0) <= fewMax
    }

    // MARK: The rows

    private func rows(_ way: Way, in database: Database) throws -> RowCursor {
        let columns = PaymentRecord.columns
        let inner = """
            SELECT \(columns) FROM payment \(way.hint)\(way.path.clause) ORDER BY \(orderSQL)
            """
        guard !way.checks.isEmpty else {
            return try Row.fetchCursor(database, sql: inner, arguments: way.path.values)
        }
        // SQLite reads a subquery with a limit row by row in its order, and stops when no more rows
        // are requested.
        return try Row.fetchCursor(
            database,
            sql: "SELECT \(columns) FROM (\(inner) LIMIT ?) AS payment\(way.checks.clause)",
            arguments: way.path.values + [scanMax] + way.checks.values)
    }

    /// Returns the last row that was read, if the bound ended the page; nil at the end of the list.
    private func edge(of way: Way, in database: Database) throws -> PaymentPosition? {
        guard !way.checks.isEmpty else { return nil }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT id, \(PaymentRecord.accountedAt) AS accounted_at
                FROM payment \(way.hint)\(way.path.clause)
                ORDER BY \(orderSQL) LIMIT 1 OFFSET ?
                """, arguments: way.path.values + [scanMax - 1])
        guard let row = row.map({ TableRow($0, of: "payment") }) else { return nil }
        return PaymentPosition(
            id: try row.value("id"), accountedAt: isByTime ? try row.value("accounted_at") : nil)
    }
}

extension StoreFault {
    /// The payment whose row is damaged.
    fileprivate var paymentID: Int64? {
        guard case .damagedPayment(let id) = self else { return nil }
        return id
    }
}
