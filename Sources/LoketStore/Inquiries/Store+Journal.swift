// The journal's rows: written in groups, read newest first, and deleted when old. Searches are in
// Store+JournalSearch.

import Foundation
import GRDB
import LoketCore

/// A row of the journal.
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

extension HourSums {
    fileprivate init(of entries: ArraySlice<JournalEntry>) {
        self.init()
        for entry in entries {
            add(
                .asked, entry.answeredBy.rawValue, at: entry.receivedAt,
                accountID: entry.accountID,
                channel: entry.channel.flatMap { Channel(rawValue: $0) },
                amount: entry.amount ?? 0)
        }
    }
}

extension Store {
    /// The number of rows after which the journal's writer may let other threads run.
    private static let rowsBetweenYields = 128

    /// Writes a group and its hourly sums in one commit. The write may use the reserved disk space,
    /// because a later lookup of a payment needs the response to its inquiry.
    ///
    /// - Parameter givesWay: whether other threads may run first, asked every few rows. On a busy
    ///   core the threads that answer then do not wait for a whole group.
    func append(
        _ entries: ArraySlice<JournalEntry>, givesWay: () -> Bool = { false }
    ) throws {
        do {
            try commits.awaiting {
                try pool.writeInRoomOfLog {
                    try pool.write { try append(entries, in: $0, givesWay) }
                }
            }
        } catch {
            throw explained(error)
        }
        journalSignal.ring()
    }

    private func append(
        _ entries: ArraySlice<JournalEntry>, in database: Database, _ givesWay: () -> Bool
    ) throws {
        let statement = try RawStatement(JournalEntry.insertSQL, on: database.sqliteConnection)
        var texts = BoundTexts()
        for (place, entry) in entries.enumerated() {
            if place % Self.rowsBetweenYields == 0, givesWay() { sched_yield() }
            try entry.insert(with: statement, &texts)
        }
        try HourSums(of: entries).write(in: database)
    }

    /// Returns rows newest first.
    ///
    /// - Parameter before: the exclusive upper limit of the ids.
    package func inquiries(before: Int64, limit: Int) async throws -> [JournalRecord] {
        try await pool.read { database in
            try Row.fetchCursor(
                database, sql: "SELECT * FROM inquiry WHERE id < ?1 ORDER BY id DESC",
                arguments: [before]
            ).readable(limit) { try JournalRecord($0) }
        }
    }

    /// Calculates the current time for pruning old rows, and stores it.
    ///
    /// - Parameters:
    ///   - wall: the wall clock.
    ///   - milliseconds: the maximum advance past the stored time.
    /// - Returns: the time; nil if the wall clock or the newest row's time is wrong.
    package func pruningTime(
        wall: Moment, advancing milliseconds: Int64
    ) async throws -> Moment? {
        try await commits.write { database in
            func moment(_ sql: String) throws -> Moment? {
                try Int64.fetchOne(database, sql: sql).map { Moment(milliseconds: $0) }
            }
            let last = try moment("SELECT time FROM journal_pruning")
            // The newest row by commit order, because times may be wrong.
            let newest = try moment("SELECT received_at FROM inquiry ORDER BY id DESC LIMIT 1")
            let time = PruningClock.time(
                wall: wall, last: last, newest: newest, advancing: milliseconds)
            // The first time is stored even if refused. Otherwise a row received while the clock is
            // wrong could provide the first time.
            guard let stored = time ?? (last == nil ? newest : nil) else { return nil }
            try database.run(
                """
                INSERT INTO journal_pruning (id, time) VALUES (1, ?1)
                ON CONFLICT (id) DO UPDATE SET time = excluded.time
                """, [stored.milliseconds])
            return time
        }
    }

    /// Returns the arrival time of the oldest row; nil if there is no row.
    package func oldestInquiry() async throws -> Moment? {
        try await pool.read { database in
            try database.integer("SELECT min(received_at) FROM inquiry")
                .map { Moment(milliseconds: $0) }
        }
    }

    /// Deletes old rows, a bounded number per call.
    ///
    /// - Returns: the number of deleted rows; if it equals the maximum, there may be more.
    package func pruneInquiries(receivedBefore cutoff: Moment) async throws -> Int {
        try await pool.write { database in
            try database.run(
                """
                DELETE FROM inquiry WHERE id IN (
                    SELECT id FROM inquiry WHERE received_at < ?1 LIMIT ?2
                )
                """, [cutoff.milliseconds, Limits.journalPruneRowsMax])
            return database.changesCount
        }
    }
}
