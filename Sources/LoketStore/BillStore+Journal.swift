// The journal's rows: written in groups, read newest first, deleted when they are old. How they are
// searched stands in BillStore+JournalSearch.

import GRDB
import LoketCore

/// A row of the journal, read back.
package struct JournalRecord: Sendable {
    package let id: Int64
    package let entry: JournalEntry

    /// - Throws: `StoreFault.damagedRow`.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "inquiry")
        id = try row.value("id")
        entry = JournalEntry(
            receivedAt: try row.value("received_at"), dialect: try row.value("dialect"),
            accountID: try row.value("account_id"), requestID: try row.value("request_id"),
            codeText: try row.value("payment_code"), channel: try row.value("channel"),
            acquirer: try row.value("acquirer"), answeredBy: try row.word("guard"),
            billID: try row.value("bill_id"), amount: try row.value("amount"),
            invoiceNumber: try row.value("invoice_number"),
            durationMicroseconds: try row.value("duration_us"),
            skewMilliseconds: try row.value("skew_ms"))
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
            try Row.fetchCursor(
                database, sql: "SELECT * FROM inquiry WHERE id < ? ORDER BY id DESC",
                arguments: [before]
            ).readable(limit) { try JournalRecord($0) }
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
