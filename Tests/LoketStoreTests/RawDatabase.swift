// A separate connection with which a test reads or damages the file without the store.

import Foundation
import GRDB

@testable import LoketStore

enum RawDatabase {
    static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration.loket()
        configuration.busyMode = .timeout(30)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Runs SQL without the constraints of our schema.
    static func execute(
        _ path: String, _ sql: String, arguments: StatementArguments = [],
        checked: Bool = true
    ) throws {
        let queue = try open(path)
        defer { try? queue.close() }
        try queue.writeWithoutTransaction { database in
            if !checked {
                try database.execute(
                    sql: "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
            }
            try database.execute(sql: sql, arguments: arguments)
        }
    }

    /// Runs SQL while columns accept values of any type, as on a damaged page, and no trigger runs.
    /// Restores the schema afterwards.
    static func damage(_ path: String, _ sql: String) throws {
        try execute(
            path,
            """
            CREATE TEMP TABLE kept AS SELECT rowid AS number, * FROM main.sqlite_schema;
            PRAGMA writable_schema = ON;
            DELETE FROM sqlite_schema WHERE type = 'trigger';
            UPDATE sqlite_schema SET sql = replace(replace(replace(replace(
                sql, ') STRICT', ')'), 'TEXT NOT NULL', 'TEXT'), 'BLOB NOT NULL', 'BLOB'),
                'INTEGER NOT NULL', 'INTEGER');
            PRAGMA writable_schema = RESET;
            \(sql);
            PRAGMA writable_schema = ON;
            DELETE FROM sqlite_schema;
            INSERT INTO sqlite_schema (rowid, type, name, tbl_name, rootpage, sql)
            SELECT number, type, name, tbl_name, rootpage, sql FROM kept ORDER BY number;
            PRAGMA writable_schema = RESET;
            """, checked: false)
    }

    static func rows(_ path: String, _ sql: String) throws -> [Row] {
        let queue = try open(path)
        defer { try? queue.close() }
        return try queue.read { try Row.fetchAll($0, sql: sql) }
    }

    static func count(_ path: String, _ table: String) throws -> Int {
        try rows(path, "SELECT count(*) FROM \(table)").first?[0] ?? -1
    }
}
