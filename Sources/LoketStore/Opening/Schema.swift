// Compares the text of a database's schema with the schema that the migrations create. SQLite
// accepts whatever it can parse: a flipped bit may rename a column, so that a row lacks a value the
// code needs; a missing index allows a bill to be paid twice. None of SQLite's checks detects
// either.

import Foundation
import GRDB

enum Schema {
    /// Returns descriptions of the differences from the schema that the database's own migrations
    /// create; empty if there are none. Reads no rows except the names of the migrations.
    static func differences(in database: Database) throws -> [String] {
        // An older version has run fewer migrations; its schema is compared after those.
        guard let last = try Migrations.migrator.completedMigrations(database).last else {
            return ["the schema differs: the database has none of loket's migrations"]
        }
        let sample = try DatabaseFile.openInMemory()
        try Migrations.migrator.migrate(sample, upTo: last)
        let (made, found) = (try sample.read(parts), try parts(of: database))
        return Set(made.keys).union(found.keys).sorted().compactMap { name in
            switch (made[name], found[name]) {
            case (_, nil): "the schema differs: \(name) is missing"
            case (nil, _): "the schema differs: \(name) does not belong to loket's schema"
            case (let one, let other) where one != other:
                "the schema differs: \(name) is not defined as in loket's schema"
            default: nil
            }
        }
    }

    /// Returns tables, indexes and triggers by name, each as the bytes that SQLite stores, because
    /// Swift considers some different texts equal. Since 3.26, SQLite rewrites a text after ALTER
    /// TABLE in the same way, whichever version ran the migrations.
    private static func parts(of database: Database) throws -> [String: Data] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT coalesce(type, '') || ' ' || coalesce(name, '') AS part, CAST(
                        quote(type) || quote(name) || quote(tbl_name) || quote(sql) AS BLOB
                    ) AS text
                FROM sqlite_schema
                -- What an ANALYZE has counted.
                WHERE tbl_name NOT GLOB 'sqlite_stat[1-4]'
                """)
        let parts: [(String, Data)] = try rows.map { row in
            let row = TableRow(row, of: "sqlite_schema")
            return (try row.value("part"), try row.value("text"))
        }
        return Dictionary(parts, uniquingKeysWith: { $1 + $0 })
    }
}
