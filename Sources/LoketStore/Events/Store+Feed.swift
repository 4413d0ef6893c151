// The feed of events, oldest first, in pages. A page with a filter examines a bounded number of
// events and ends after the last of them, so that a rare type is found in several short reads.

import GRDB
import LoketCore

/// An event whose row cannot be read.
package struct DamagedEvent: Error {
    package let id: Int64
    package let fault: StoreFault

    package init(id: Int64, fault: StoreFault) {
        (self.id, self.fault) = (id, fault)
    }
}

package struct EventPage: Sendable {
    /// The events that match, and damaged ones that may match, oldest first.
    package let entries: [Result<Event, DamagedEvent>]
    /// The id after which the next page begins.
    package let end: Int64
    /// Whether there are events after `end`.
    package let hasMore: Bool

    /// The events without the damaged ones.
    package var events: [Event] { entries.compactMap { try? $0.get() } }
}

extension Store {
    /// Returns a page of events.
    ///
    /// - Parameters:
    ///   - after: the id after which the events start.
    ///   - kinds: selects events of these types; nil selects every type.
    ///   - accountID: selects events of this account and events of all accounts together; nil
    ///     selects all events, including those about the service.
    ///   - scanMax: the maximum number of events examined if there is a filter.
    package func feed(
        after: Int64, kinds: Set<Event.Kind>? = nil, accountID: Int64? = nil, limit: Int,
        scanMax: Int = Limits.feedScanRowsMax
    ) async throws -> EventPage {
        var filter = SQLCondition()
        filter.narrow(
            "coalesce(event.account_id = ?, TRUE) AND event.finding IS NULL", accountID)
        let others = Event.Kind.allCases.filter { kinds?.contains($0) == false }
        if !others.isEmpty {
            // A damaged type is none of them.
            let marks = others.map { _ in "?" }.joined(separator: ", ")
            filter.add(
                "event.type NOT IN (\(marks))", StatementArguments(others.map(\.rawValue)))
        }
        return try await pool.read { [filter] database in
            let last = try Self.lastEvent(in: database)
            // A cursor can be greater than the last id only if a caller makes it up.
            guard after < last else { return EventPage(entries: [], end: after, hasMore: false) }
            let isWhole = filter.isEmpty || last - after <= scanMax
            let edge = isWhole ? last : after + Int64(scanMax)
            let wanted = SQLCondition("event.id > ? AND event.id <= ?", [after, edge]).and(filter)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT event.*, delivery.hash FROM event
                    LEFT JOIN delivery ON delivery.id = event.delivery_id
                    \(wanted.clause) ORDER BY event.id
                    """,
                arguments: wanted.values)
            var entries: [Result<Event, DamagedEvent>] = []
            var end = after
            while let row = try rows.next() {
                guard entries.count < limit else {
                    return EventPage(entries: entries, end: end, hasMore: true)
                }
                end = try TableRow(row, of: "event").value("id")
                entries.append(Self.entry(row, id: end))
            }
            return EventPage(entries: entries, end: edge, hasMore: edge < last)
        }
    }

    private static func entry(_ row: Row, id: Int64) -> Result<Event, DamagedEvent> {
        do throws(StoreFault) {
            return .success(try Event(row))
        } catch {
            return .failure(DamagedEvent(id: id, fault: error))
        }
    }

    /// Returns the id of the last event; 0 if there is none.
    package func lastEvent() async throws -> Int64 {
        try await pool.read { try Self.lastEvent(in: $0) }
    }

    static func lastEvent(in database: Database) throws -> Int64 {
        try database.integer("SELECT max(id) FROM event") ?? 0
    }
}
