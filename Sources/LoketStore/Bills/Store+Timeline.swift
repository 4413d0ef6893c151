// What happened to one bill, newest first: the changes in its history, the inquiries that it
// answered and the payments for it. Each of the three is read in its own order, newest first, and
// they are merged by time, so that a page loses nothing even where the clock was set back.

import GRDB
import LoketCore

package struct TimelineEntry: Sendable {
    package enum Content: Sendable {
        case change(BillChange)
        case inquiry(JournalRecord)
        case payment(PaymentRecord)
    }

    /// When it happened; of a payment, when it was received.
    package let at: Moment
    package let content: Content
}

/// A position in a bill's timeline: of each kind, the exclusive upper limit of the ids.
package struct TimelinePosition: Sendable, Equatable {
    package fileprivate(set) var change: Int64
    package fileprivate(set) var inquiry: Int64
    package fileprivate(set) var payment: Int64

    package init(change: Int64, inquiry: Int64, payment: Int64) {
        self.change = change
        self.inquiry = inquiry
        self.payment = payment
    }

    package static let newest = TimelinePosition(change: .max, inquiry: .max, payment: .max)
}

package struct TimelinePage: Sendable {
    package let entries: [TimelineEntry]
    /// The details of the payments, by id.
    package let details: [Int64: PaymentDetails]
    /// The start of the next page; nil at the end.
    package let next: TimelinePosition?
}

extension Store {
    /// Returns a page of a bill's timeline.
    ///
    /// - Parameters:
    ///   - scanMax: the maximum number of inquiries with the bill's code that are examined: earlier
    ///     and later bills have the code too.
    ///   - damaged: called with the fault of each damaged row, which is left out.
    /// - Returns: a page, which may be short or empty before the end; nil if the bill does not
    ///   exist.
    /// - Throws: `StoreFault.damagedBill` if the bill's row is damaged.
    package func timeline(
        ofBill id: Int64, after: TimelinePosition = .newest, limit: Int,
        scanMax: Int = Limits.journalScanRowsMax,
        damaged: @escaping @Sendable (StoreFault) -> Void = { _ in }
    ) async throws -> TimelinePage? {
        try await pool.read { database in
            guard let record = try Self.record(id: id, in: database) else { return nil }
            var timeline = try Timeline(
                of: record, after: after, limit: limit + 1, scanMax: scanMax, in: database, damaged)
            var entries: [TimelineEntry] = []
            while entries.count < limit, let entry = timeline.next() { entries.append(entry) }
            let payments = entries.compactMap { entry in
                if case .payment(let payment) = entry.content { payment.id } else { nil as Int64? }
            }
            return TimelinePage(
                entries: entries, details: try PaymentDetails.of(payments, in: database),
                next: timeline.isAtEnd ? nil : timeline.position)
        }
    }
}

/// The three kinds of entries, each newest first, and how far they are consumed.
private struct Timeline {
    private typealias Item = (id: Int64, entry: TimelineEntry)

    private var changes: ArraySlice<Item>
    private var inquiries: ArraySlice<Item>
    private var payments: ArraySlice<Item>
    /// The last inquiry that was examined, if older ones follow.
    private let edge: Int64?
    private(set) var position: TimelinePosition

    /// The id of a bill's creation, which is no row of its history.
    private static let making: Int64 = 0

    /// - Parameter limit: the number of rows read of each kind.
    init(
        of bill: BillRecord, after: TimelinePosition, limit: Int, scanMax: Int,
        in database: Database, _ damaged: (StoreFault) -> Void
    ) throws {
        let id = bill.bill.id
        position = after
        var changes = try Row.fetchCursor(
            database,
            sql: """
                SELECT id, at, change, actor, detail, payment_id FROM bill_change
                WHERE bill_id = ? AND id < ? ORDER BY id DESC
                """, arguments: [id, after.change]
        ).readable(limit, damaged: damaged) { row -> Item in
            let change = try BillChange(row)
            return (
                try TableRow(row, of: "bill_change").value("id"),
                TimelineEntry(at: change.at, content: .change(change))
            )
        }
        if after.change > Self.making, changes.count < limit {
            let making = bill.making
            changes.append((Self.making, TimelineEntry(at: making.at, content: .change(making))))
        }
        self.changes = changes[...]
        (inquiries, edge) = try Self.inquiries(
            of: bill, before: after.inquiry, limit: limit, scanMax, in: database, damaged)
        payments = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(PaymentRecord.columns) FROM payment INDEXED BY payment_by_bill
                WHERE bill_id = ? AND id < ? ORDER BY id DESC
                """, arguments: [id, after.payment]
        ).readable(limit, damaged: damaged) { row -> Item in
            let record = try PaymentRecord(row)
            return (record.id, TimelineEntry(at: record.receivedAt, content: .payment(record)))
        }[...]
    }

    /// Returns the newest inquiries of a bill, and the last inquiry examined if older ones follow.
    private static func inquiries(
        of bill: BillRecord, before: Int64, limit: Int, _ scanMax: Int, in database: Database,
        _ damaged: (StoreFault) -> Void
    ) throws -> (ArraySlice<Item>, edge: Int64?) {
        let ids = try JournalKey.paymentCode(bill.bill.paymentCode.digits).ids(
            in: .min..<before, isNewestFirst: true, limit: scanMax, database)
        let wanted = ids.selected.and("bill_id = ?", [bill.bill.id])
        let items = try Row.fetchCursor(
            database, sql: "SELECT * FROM inquiry\(wanted.clause) ORDER BY id DESC",
            arguments: wanted.values
        ).readable(limit, damaged: damaged) { row -> Item in
            let record = try JournalRecord(row)
            return (
                record.id,
                TimelineEntry(at: record.entry.receivedAt, content: .inquiry(record))
            )
        }
        let isComplete = items.count == limit || ids.count < scanMax
        return (items[...], isComplete ? nil : ids.last)
    }

    var isAtEnd: Bool {
        changes.isEmpty && inquiries.isEmpty && payments.isEmpty && edge == nil
    }

    /// Consumes the newest entry. A change that a payment caused has its time, and comes after it;
    /// the creation comes before everything of its time.
    ///
    /// - Returns: nil at the end, and where an inquiry that is not yet read may be the next entry.
    mutating func next() -> TimelineEntry? {
        if inquiries.isEmpty, let edge {
            position.inquiry = edge
            return nil
        }
        let times = [changes, payments, inquiries].map { $0.first?.entry.at }
        guard let newest = times.compactMap(\.self).max() else { return nil }
        let isCreation = changes.first?.id == Self.making
        let isAlone = !times.dropFirst().contains(newest)
        if times[0] == newest, !isCreation || isAlone, let item = changes.popFirst() {
            position.change = item.id
            return item.entry
        }
        if times[1] == newest, let item = payments.popFirst() {
            position.payment = item.id
            return item.entry
        }
        guard let item = inquiries.popFirst() else { return nil }
        position.inquiry = item.id
        return item.entry
    }
}
