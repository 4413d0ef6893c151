// The text of a database's schema, held against what the migrations make. SQLite takes whatever it
// can parse: a bit that flips there renames a column, and a row that is read lacks what the code
// relies on; an index that is gone lets a bill be paid twice. No check of SQLite's sees either.

import Foundation
import GRDB

enum Schema {
    /// What differs from what the database's own migrations make, in words; empty where nothing
    /// does. No row is read but the names of the migrations.
    static func differences(in database: Database) throws -> [String] {
        // An older version has run fewer of them, and is whole by those.
        guard let last = try Migrations.migrator.completedMigrations(database).last else {
            return ["the schema differs: it has none of the migrations"]
        }
        let sample = try DatabaseFile.openInMemory()
        try Migrations.migrator.migrate(sample, upTo: last)
        let (made, found) = (try sample.read(parts), try parts(of: database))
        return Set(made.keys).union(found.keys).sorted().compactMap { name in
            switch (made[name], found[name]) {
            case (_, nil): "the schema differs: \(name) is missing"
            case (nil, _): "the schema differs: \(name) is none of ours"
            case (let one, let other) where one != other:
                "the schema differs: \(name) is not as the migrations make it"
            default: nil
            }
        }
    }

    /// Tables, indexes and triggers by their names, each as the bytes that SQLite keeps: to Swift
    /// two texts may be equal that are not the same. SQLite has written what an ALTER TABLE makes
    /// of a text in the same way since 3.26, whichever version ran the migrations.
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
