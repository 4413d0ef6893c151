// SQLite's check says which column holds a value that it cannot hold, and not in which row: that is
// looked up here.

import GRDB

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
            let rows = try Int64.fetchAll(
                database,
                sql: "SELECT rowid FROM \"\(table)\" WHERE typeof(\"\(column)\") \(held) LIMIT ?",
                arguments: [rowsMax])
            return rows.map { "row \($0) of the table \(table): \(finding)" }
        }
    }
}
