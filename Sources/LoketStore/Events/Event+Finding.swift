// Events about the service itself: that a finding began, or ended. They have no account, and no
// change of a bill or a payment goes with them.

import GRDB
import LoketCore

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

extension BillStore {
    /// In one commit.
    package func append(_ changes: [FindingChange]) async throws {
        try await commits.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO event (at, type, finding, finding_text, finding_since)
                    VALUES (?, ?, ?, ?, ?)
                    """)
            for change in changes {
                let kind: Event.Kind = change.began ? .findingBegan : .findingEnded
                try statement.execute(arguments: [
                    change.at.milliseconds, kind.rawValue, change.finding.name,
                    change.finding.sentence, change.finding.since.milliseconds,
                ])
            }
        }
    }

    /// Findings that began and have not ended, by the latest events.
    package func openFindings() async throws -> [Event.FindingThen] {
        try await pool.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM (SELECT * FROM event ORDER BY id DESC LIMIT ?1) AS latest
                    WHERE finding IS NOT NULL ORDER BY id
                    """,
                arguments: [Limits.findingEventsLooked])
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
