// Events as they are read, in their order, after the last one that the reader has. And events about
// the service: that a finding began, or ended. Those have no account, and no change of a bill or a
// payment goes with them.

import GRDB
import LoketCore

extension Store {
    /// Oldest first.
    ///
    /// - Parameters:
    ///   - after: only events with a greater id.
    ///   - accountID: only events of this account, or of every account together; nil: of each, and
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

/// That a finding began or ended, to be written as an event.
package struct FindingChange: Sendable {
    package let finding: Event.FindingThen
    package let began: Bool
    package let at: Moment

    package init(_ finding: Event.FindingThen, began: Bool, at: Moment) {
        self.finding = finding
        self.began = began
        self.at = at
    }
}

extension Store {
    /// In one commit.
    package func append(_ changes: [FindingChange]) async throws {
        try await commits.write { database in
            for change in changes {
                let kind: Event.Kind = change.began ? .findingBegan : .findingEnded
                try database.run(
                    """
                    INSERT INTO event (at, type, finding, finding_text, finding_since)
                    VALUES (?1, ?2, ?3, ?4, ?5)
                    """,
                    [
                        change.at.milliseconds, kind.rawValue, change.finding.name,
                        change.finding.sentence, change.finding.since.milliseconds,
                    ])
            }
        }
    }

    /// Findings that began and have not ended, by the latest events.
    package func openFindings() async throws -> [Event.FindingThen] {
        try await pool.read { database in
            let rows = try database.rows(
                """
                SELECT * FROM (SELECT * FROM event ORDER BY id DESC LIMIT ?1) AS latest
                WHERE finding IS NOT NULL ORDER BY id
                """, [Limits.findingEventsLooked])
            var open: [String: Event.FindingThen] = [:]
            for row in rows {
                let row = TableRow(row, of: "event")
                guard let finding = try? Event.FindingThen(row),
                    let kind: Event.Kind = try? row.word("type")
                else { continue }
                open[finding.name] = kind == .findingBegan ? finding : nil
            }
            return Array(open.values)
        }
    }
}

extension Event.FindingThen {
    /// Nil: the event is about something else.
    init?(_ row: TableRow) throws(StoreFault) {
        guard let name = try row.value("finding") as String? else { return nil }
        self.init(
            name: name, sentence: try row.value("finding_text"),
            since: try row.value("finding_since"))
    }
}
