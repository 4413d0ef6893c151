// What SQLite finds wrong in pages, and in the indexes and values on them; of a copy also, what a
// damaged bill alone may be the cause of. SQLite says which column holds a value that it cannot
// hold and not in which row: the row is looked up here.

import GRDB

package struct PageCheck {
    /// A damaged row may have a value that no bill can have. An index may have it under what stood
    /// in the row before, and until the indexes are made again from the rows, nothing can move that
    /// bill.
    let ofBills: [String]
    /// All the rest.
    let beyond: [String]

    private static let linesMax = 100

    init(_ database: Database) throws {
        let lines = try Self.lines(of: nil, in: database)
        let indexes = try String.fetchAll(
            database,
            sql: "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'bill'")
        // SQLite stops after this number of lines: what it did not come to may be anything.
        let isWhole = lines.count < Self.linesMax
        let explained = lines.filter { line in
            line == "CHECK constraint failed in bill"
                || indexes.contains { line.hasSuffix(" index \($0)") }
        }
        ofBills = isWhole ? explained : []
        beyond = isWhole ? lines.filter { !explained.contains($0) } : lines
    }

    /// - Parameter table: checked with its indexes; nil: the whole file.
    private static func lines(of table: String?, in database: Database) throws -> [String] {
        let scope = table.map { "'\($0)'" } ?? "\(linesMax)"
        return try String.fetchAll(database, sql: "PRAGMA integrity_check(\(scope))")
            .filter { $0 != "ok" }
    }

    /// The same, with the rows in which a wrong value is.
    ///
    /// - Parameter table: checked with its indexes; nil: the whole file.
    static func findings(of table: String? = nil, in database: Database) throws -> [String] {
        do {
            return try DamagedRows.named(lines(of: table, in: database), in: database)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            return [error.message ?? "the file is malformed"]
        }
    }

    /// What to do about a finding: an index can be made again from its table, a row cannot.
    package static func remedy(for finding: String) -> String {
        finding.contains(" index ")
            ? "stop the service, run REINDEX with the sqlite3 shell, then `loket check`"
            : "restore the latest backup with `loket restore`"
    }
}

enum DamagedRows {
    private static let rowsMax = 100

    /// Findings of SQLite's check, with one for each row in place of those about a column's values.
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
