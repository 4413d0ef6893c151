// Which version of loket wrote a database's schema: the number that SQLite keeps in the file's
// header for its user. A program that does not know the schema names by it the version that is
// needed.

import GRDB
import LoketCore

enum SchemaWriter {
    /// `1.2.3` is 1002003.
    private static func number(_ version: String) -> Int64 {
        let parts = version.prefix { $0.isNumber || $0 == "." }.split(separator: ".")
        return parts.reduce(0) { $0 * 1000 + (Int64($1) ?? 0) }
    }

    /// In the transaction that changes the schema.
    static func note(in database: Database) throws {
        try database.execute(sql: "PRAGMA user_version = \(number(loketVersion))")
    }

    /// A database that the version before this number existed brought up to date has none.
    static func noteIfUnknown(in database: Database) throws {
        guard try found(in: database) == 0 else { return }
        try note(in: database)
    }

    /// The version that wrote a schema that this one does not know; nil where the database does not
    /// say.
    static func newerVersion(in database: Database) throws -> String? {
        let found = try found(in: database)
        guard found > number(loketVersion) else { return nil }
        return "\(found / 1_000_000).\(found / 1000 % 1000).\(found % 1000)"
    }

    private static func found(in database: Database) throws -> Int64 {
        try database.integer("PRAGMA user_version") ?? 0
    }
}
