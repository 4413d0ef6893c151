// The shape of the schema: strict tables and a name for every constraint.

import Foundation
import GRDB
import LoketStore
import Testing

struct SchemaTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    /// The SQL of our tables by name, without its comments.
    private func tables() throws -> [String: String] {
        let rows = try RawDatabase.rows(
            open.path,
            """
            SELECT name, sql FROM sqlite_schema
            WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'grdb_migrations'
            """)
        return Dictionary(
            uniqueKeysWithValues: rows.map { row in
                let sql: String = row[1]
                return (row[0], sql.replacing(#/--[^\n]*/#, with: ""))
            })
    }

    @Test func `every table of ours is strict`() throws {
        let rows = try RawDatabase.rows(
            open.path, "SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
        let strict = Dictionary(
            uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as Bool) })
        let tables = try tables()
        #expect(tables.count == 32)
        for name in tables.keys {
            #expect(strict[name] == true, "\(name)")
        }
    }

    @Test func `every constraint has a name that begins with its table's`() throws {
        for (table, sql) in try tables() {
            let all = sql.matches(of: #/\b(CHECK|UNIQUE|FOREIGN KEY|REFERENCES)\b/#).count
            let kinds = all - sql.matches(of: #/FOREIGN KEY \(\w+\) REFERENCES/#).count
            let named = sql.matches(
                of: #/CONSTRAINT (\w+)\s+(CHECK|UNIQUE|FOREIGN KEY|REFERENCES)\b/#)
            #expect(named.count == kinds, "\(table)")
            #expect(named.allSatisfy { $0.1.hasPrefix(table + "_") }, "\(table)")
            #expect(
                sql.matches(of: #/PRIMARY KEY/#).count
                    == sql.matches(of: #/INTEGER PRIMARY KEY|CONSTRAINT \w+ PRIMARY KEY/#).count,
                "\(table)")
        }
    }

    @Test func `every index of ours has a name that begins with its table's`() throws {
        let rows = try RawDatabase.rows(
            open.path,
            "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
        #expect(rows.count == 41)
        for row in rows {
            let (name, table): (String, String) = (row[0], row[1])
            #expect(name.hasPrefix(table + "_"))
        }
    }

    @Test func `a bad row violates every check in the schema`() throws {
        let checks = try tables().values.flatMap { sql in
            sql.matches(of: #/CONSTRAINT (\w+)\s+CHECK\b/#).map { String($0.1) }
        }
        #expect(Set(checks) == Set(BadRow.all.map(\.constraint)))
    }

    @Test func `every table has a valid row in the tests`() throws {
        #expect(try Set(tables().keys) == Set(BadRow.tables))
    }

    @Test func `every reference in the schema has its target`() throws {
        #expect(try RawDatabase.rows(open.path, "PRAGMA foreign_key_check").isEmpty)
        let check = try RawDatabase.rows(open.path, "PRAGMA integrity_check")
        #expect(check.map { $0[0] as String } == ["ok"])
    }
}
