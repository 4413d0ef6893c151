// The feed of events, oldest first, in pages. A page with a filter examines a bounded number of
// events and ends after the last of them, so that a rare type is found in several short reads.

import GRDB
import LoketCore

package struct EventPage: Sendable {
    /// The events that match, oldest first.
    package let events: [Event]
    /// The id after which the next page begins.
    package let end: Int64
    /// Whether there are events after `end`.
    package let hasMore: Bool
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
        if let kinds {
            let marks = kinds.map { _ in "?" }.joined(separator: ", ")
            filter.add(
                "event.type IN (\(marks))", StatementArguments(kinds.map(\.rawValue).sorted()))
        }
        return try await pool.read { [filter] database in
            let last = try Self.lastEvent(in: database)
            // A cursor can be greater than the last id only if a caller makes it up.
            guard after < last else { return EventPage(events: [], end: after, hasMore: false) }
            let isWhole = filter.isEmpty || last - after <= scanMax
            let edge = isWhole ? last : after + Int64(scanMax)
            let wanted = SQLCondition("event.id > ? AND event.id <= ?", [after, edge]).and(filter)
            let events = try Row.fetchCursor(
                database,
                sql: """
                    SELECT event.*, delivery.hash FROM event
                    LEFT JOIN delivery ON delivery.id = event.delivery_id
                    \(wanted.clause) ORDER BY event.id
                    """,
                arguments: wanted.values
            ).readable(limit + 1) { try Event($0) }
            if events.count > limit, let shown = events.dropLast().last {
                return EventPage(
                    events: Array(events.dropLast()), end: shown.id, hasMore: true)
            }
            return EventPage(events: events, end: edge, hasMore: edge < last)
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
