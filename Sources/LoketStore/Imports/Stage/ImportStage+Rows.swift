// Writes many rows at a time into a staging file, through SQLite's C interface, and stores the
// result of the comparison. `StagedRowCursor` reads the rows.

import GRDB
import LoketCore

extension ImportStage {
    /// Adds rows and notes in one transaction.
    package func add(
        _ rows: [StagedRow], notes: [ImportNote], badRows: [BadRow] = []
    ) throws {
        guard !rows.isEmpty || !notes.isEmpty || !badRows.isEmpty else { return }
        try queue.write { database in
            let statement = try RawStatement(
                """
                INSERT INTO row (\(BillRow.boundColumns), line, given, outcome)
                VALUES (\(Array(1...BillRow.boundCount + 2).parameters), 0)
                """,
                on: database.sqliteConnection)
            for row in rows {
                BillRow.bind(row.draft, accountID: row.accountID, to: statement)
                statement.bind(row.line, at: Int32(BillRow.boundCount + 1))
                statement.bind(row.given.rawValue, at: Int32(BillRow.boundCount + 2))
                _ = try statement.step()
                statement.reset()
                guard let own = row.draft.invoiceNumber.withoutSuffix else { continue }
                try database.run(
                    "INSERT INTO suffixed (line, account_id, own) VALUES (?1, ?2, ?3)",
                    [row.line, row.accountID, own.text])
            }
            try Self.add(notes, in: database)
            try Self.add(badRows, in: database)
        }
    }

    /// Iterates over the next rows in the order of the file.
    ///
    /// - Parameters:
    ///   - line: the line after which the rows start.
    ///   - outcomes: the outcomes of the comparison to include.
    func walk<Value>(
        after line: Int64, outcomes: [StagedRow.Outcome], limit: Int = Limits.importBatchRows,
        _ body: (StagedRowCursor) throws -> Value
    ) throws -> Value {
        try queue.read { database in
            try body(
                StagedRowCursor(after: line, outcomes: outcomes, limit: limit, in: database))
        }
    }

    /// Stores the outcomes of the comparison. Rows without an entry stay `new`.
    func set(_ outcomes: [(line: Int64, outcome: StagedRow.Outcome)], notes: [ImportNote]) throws {
        guard !outcomes.isEmpty || !notes.isEmpty else { return }
        try queue.write { database in
            let statement = try RawStatement(
                "UPDATE row SET outcome = ?1 WHERE line = ?2", on: database.sqliteConnection)
            for (line, outcome) in outcomes {
                statement.bind(outcome.rawValue, at: 1)
                statement.bind(line, at: 2)
                _ = try statement.step()
                statement.reset()
            }
            try Self.add(notes, in: database)
        }
    }

    func difference() throws -> ImportRecord.Difference {
        let rows = try queue.read { database in
            try database.rows("SELECT outcome, count(*) AS count FROM row GROUP BY outcome").map {
                TableRow($0, of: "row")
            }
        }
        var difference = ImportRecord.Difference()
        for row in rows {
            let count: Int64 = try row.value("count")
            switch StagedRow.Outcome(rawValue: try row.value("outcome")) {
            case .new: difference.new = count
            case .changed: difference.changed = count
            case .unchanged: difference.unchanged = count
            case .skipped: difference.skipped = count
            case .refused: difference.refused = count
            case nil: throw StoreFault.sqlite("a stored row of the import is damaged")
            }
        }
        return difference
    }
}
