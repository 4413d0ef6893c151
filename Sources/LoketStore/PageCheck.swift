// What SQLite finds wrong in the pages of a copy, and in the indexes and values on them; what a
// damaged bill may be the cause of by itself.

import GRDB

struct PageCheck {
    /// A damaged row may have a value that no bill can have. An index may have it under what stood
    /// in the row before, and until the indexes are made anew of the rows nobody can move that bill.
    let ofBills: [String]
    /// All the rest.
    let beyond: [String]

    private static let linesMax = 100

    init(_ database: Database) throws {
        let lines = try String.fetchAll(
            database, sql: "PRAGMA integrity_check(\(Self.linesMax))"
        ).filter { $0 != "ok" }
        let indexes = try String.fetchAll(
            database,
            sql: "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'bill'")
        // SQLite goes no further than so many lines: what it did not come to may be anything.
        let isWhole = lines.count < Self.linesMax
        let explained = lines.filter { line in
            line == "CHECK constraint failed in bill"
                || indexes.contains { line.hasSuffix(" index \($0)") }
        }
        ofBills = isWhole ? explained : []
        beyond = isWhole ? lines.filter { !explained.contains($0) } : lines
    }
}
