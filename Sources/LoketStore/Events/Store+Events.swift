// The epoch of event ids, and events about the service: a finding began or ended. These have no
// account and report no change of a bill or a payment.

import GRDB
import LoketCore

extension Store {
    /// Returns the epoch to which event ids belong.
    package func epoch() throws -> String {
        try pool.read { try Self.epoch(in: $0) }
    }

    static func epoch(in database: Database) throws -> String {
        guard let name = try database.text("SELECT name FROM epoch ORDER BY id DESC LIMIT 1")
        else { throw StoreFault.damagedRow(table: "epoch", row: nil) }
        return name
    }
}

/// The beginning or end of a finding, to be written as an event.
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
    /// Adds events in one commit.
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

    /// Returns the findings that began and have not ended, according to the latest events.
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
    /// Returns nil if the event is not about a finding.
    init?(_ row: TableRow) throws(StoreFault) {
        guard let name = try row.value("finding") as String? else { return nil }
        self.init(
            name: name, sentence: try row.value("finding_text"),
            since: try row.value("finding_since"))
    }
}
