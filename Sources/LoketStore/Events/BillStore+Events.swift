// Events as they are read: in their order, after the last one that the reader has.

import GRDB
import LoketCore

extension BillStore {
    /// Oldest first.
    ///
    /// - Parameters:
    ///   - after: only events with a greater id.
    ///   - accountID: only events of this account, or of every account at once; nil: of each, and
    ///     of the service itself.
    package func events(
        after: Int64, accountID: Int64? = nil, limit: Int
    ) async throws -> [Event] {
        var wanted = SQLCondition("event.id > ?", [after])
        wanted.narrow(
            "coalesce(event.account_id = ?, TRUE) AND event.finding IS NULL", accountID)
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database,
                sql: """
                    SELECT event.*, delivery.hash FROM event
                    LEFT JOIN delivery ON delivery.id = event.delivery_id
                    \(wanted.clause) ORDER BY event.id
                    """,
                arguments: wanted.values
            ).readable(limit) { try Event($0) }
        }
    }

    /// The history that event ids belong to.
    package func epoch() throws -> String {
        try pool.read { database in
            let sql = "SELECT name FROM epoch ORDER BY id DESC LIMIT 1"
            guard let name = try String.fetchOne(database, sql: sql) else {
                throw StoreFault.damagedRow(table: "epoch", row: nil)
            }
            return name
        }
    }
}
