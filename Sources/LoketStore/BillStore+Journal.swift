// The journal's rows: written in groups, read newest first, deleted when they are old. How they are
// searched stands in BillStore+JournalSearch.

import GRDB
import LoketCore

/// A row of the journal, read back.
package struct JournalRecord: Sendable {
    package let id: Int64
    package let entry: JournalEntry

    init?(_ row: Row) {
        guard let answeredBy = Guard(rawValue: row["guard"]) else { return nil }
        id = row["id"]
        entry = JournalEntry(
            receivedAt: Moment(milliseconds: row["received_at"]), dialect: row["dialect"],
            accountID: row["account_id"], requestID: row["request_id"],
            codeText: row["payment_code"], channel: row["channel"], acquirer: row["acquirer"],
            answeredBy: answeredBy, billID: row["bill_id"], amount: row["amount"],
            invoiceNumber: row["invoice_number"], durationMicroseconds: row["duration_us"],
            skewMilliseconds: row["skew_ms"])
    }
}

extension BillStore {
    /// One commit for the whole group.
    func append(_ entries: ArraySlice<JournalEntry>) throws {
        try pool.write { database in
            let statement = try Statement(
                JournalEntry.insertSQL, on: database.sqliteConnection)
            for entry in entries {
                entry.bind(to: statement)
                _ = try statement.step()
                statement.reset()
            }
        }
    }

    /// Newest first.
    ///
    /// - Parameter before: only rows with a smaller id.
    package func inquiries(before: Int64, limit: Int) async throws -> [JournalRecord] {
        try await pool.read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM inquiry WHERE id < ? ORDER BY id DESC LIMIT ?",
                arguments: [before, limit])
            return rows.compactMap(JournalRecord.init)
        }
    }

    /// Deletes the oldest rows, a bounded number of them.
    ///
    /// - Returns: how many went; as many as asked for means that there may be more.
    package func pruneInquiries(receivedBefore cutoff: Moment) async throws -> Int {
        try await pool.write { database in
            try database.execute(
                sql: """
                    DELETE FROM inquiry WHERE id IN (
                        SELECT id FROM inquiry WHERE received_at < ? LIMIT ?
                    )
                    """,
                arguments: [cutoff.milliseconds, Limits.journalPruneRowsMax])
            return database.changesCount
        }
    }
}
