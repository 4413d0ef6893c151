// A place in the feed of events, and the cursor with which deliveries begin there.

import GRDB
import LoketCore

/// A place in the feed from which events are sent.
package enum FeedPlace: Sendable, Equatable {
    /// The events from now on.
    case end
    /// The first event at or after this time.
    case since(Moment)
    /// This event.
    case event(Int64)
}

extension Store {
    /// Returns the id after which a place begins.
    func cursor(at place: FeedPlace) async throws -> Int64 {
        try await pool.read { database in
            let last = try Self.lastEvent(in: database)
            switch place {
            case .end: return last
            case .event(let id): return id - 1
            case .since(let moment):
                // Reads up to the first such event; there is no index by time.
                let first = try database.integer(
                    "SELECT id FROM event WHERE at >= ?1 ORDER BY id LIMIT 1",
                    [moment.milliseconds])
                return first.map { $0 - 1 } ?? last
            }
        }
    }
}
