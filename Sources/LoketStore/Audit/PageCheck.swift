// SQLite's findings about pages, indexes and values; for a copy, also which findings a damaged bill
// may explain. SQLite reports the column of an invalid value but not its row, so the row is
// searched for here.

import GRDB

package struct PageCheck {
    /// The findings that a damaged bill may explain. Its row may have a value that no bill can
    /// have. An index may contain the row's former value; until the indexes are rebuilt from the
    /// rows, the bill cannot be moved.
    let ofBills: [String]
    /// All other findings.
    let beyond: [String]

    private static let linesMax = 100

    init(_ database: Database) throws {
        let lines = try Self.lines(of: nil, in: database)
        let indexes = try String.fetchAll(
            database,
            sql: "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'bill'")
        // SQLite stops after this number of lines, so the findings that follow are unknown.
        let isWhole = lines.count < Self.linesMax
        let explained = lines.filter { line in
            line == "CHECK constraint failed in bill"
                || indexes.contains { line.hasSuffix(" index \($0)") }
        }
        ofBills = isWhole ? explained : []
        beyond = isWhole ? lines.filter { !explained.contains($0) } : lines
    }

    /// - Parameter table: the table to check with its indexes; nil for the whole file.
    private static func lines(of table: String?, in database: Database) throws -> [String] {
        let scope = table.map { "'\($0)'" } ?? "\(linesMax)"
        return try String.fetchAll(database, sql: "PRAGMA integrity_check(\(scope))")
            .filter { $0 != "ok" }
    }

    /// Returns the findings, with the rows that contain invalid values.
    ///
    /// - Parameter table: the table to check with its indexes; nil for the whole file.
    static func findings(of table: String? = nil, in database: Database) throws -> [String] {
        do {
            return try DamagedRows.named(lines(of: table, in: database), in: database)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            return [error.message ?? "the database file is malformed"]
        }
    }

    /// Returns the remedy for a finding: an index can be rebuilt from its table, a row cannot.
    package static func remedy(for finding: String) -> String {
        finding.contains(" index ")
            ? "stop the service, run REINDEX in the sqlite3 shell, then run `loket check`"
            : "restore the latest backup with `loket restore`"
    }
}

enum DamagedRows {
    private static let rowsMax = 100

    /// Returns the findings of SQLite's check. A finding about a column's values is replaced by one
    /// finding for each row.
    static func named(_ findings: [String], in database: Database) throws -> [String] {
        var seen: Set<String> = []
        return try findings.filter { seen.insert($0).inserted }.flatMap { finding in
            guard
                let match = finding.wholeMatch(of: /(NULL|non-(\w+)) value in (\w+)\.(\w+)/)
            else { return [finding] }
            let (_, _, type, table, column) = match.output
            let held = type.map { "NOT IN ('null', '\($0.lowercased())')" } ?? "= 'null'"
            let rows = try database.integers(
                "SELECT rowid FROM \"\(table)\" WHERE typeof(\"\(column)\") \(held) LIMIT ?1",
                [rowsMax])
            return rows.map { "row \($0) of the table \(table): \(finding)" }
        }
    }
}
