// The files of migrations/, embedded at build time, in order. The rules for their content, and why
// they never change, are in migrations/README.md.

import GRDB
import LoketCore

package enum Migrations {
    /// The name and SQL of every migration.
    package static let all: [(name: String, sql: [UInt8])] = [
        ("m0001_bills", PackageResources.m0001_bills_sql),
        ("m0002_payments", PackageResources.m0002_payments_sql),
        ("m0003_admin", PackageResources.m0003_admin_sql),
        ("m0004_safekeeping", PackageResources.m0004_safekeeping_sql),
        ("m0005_second_look", PackageResources.m0005_second_look_sql),
        ("m0006_nothing_in_silence", PackageResources.m0006_nothing_in_silence_sql),
        ("m0007_dated_amounts", PackageResources.m0007_dated_amounts_sql),
        ("m0008_merchant_systems", PackageResources.m0008_merchant_systems_sql),
        ("m0009_local_journal", PackageResources.m0009_local_journal_sql),
        ("m0010_plain_checks", PackageResources.m0010_plain_checks_sql),
        ("m0011_indexes_by_code", PackageResources.m0011_indexes_by_code_sql),
    ]

    /// 'LOKT', the application id that the first migration writes into the file's header.
    static let applicationID: Int64 = 0x4C4F_4B54

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (name, sql) in all {
            migrator.registerMigration(name) { database in
                try database.execute(sql: String(decoding: sql, as: UTF8.self))
                try SchemaWriter.note(in: database)
            }
        }
        return migrator
    }
}

/// The version of loket that wrote a database's schema, stored in the file header's `user_version`,
/// which SQLite reserves for applications. A program that does not know the schema can name the
/// required version.
enum SchemaWriter {
    /// Encodes a version: `1.2.3` is 1002003.
    private static func number(_ version: String) -> Int64 {
        let parts = version.prefix { $0.isNumber || $0 == "." }.split(separator: ".")
        return parts.reduce(0) { $0 * 1000 + (Int64($1) ?? 0) }
    }

    /// Call in the transaction that changes the schema.
    static func note(in database: Database) throws {
        try database.execute(sql: "PRAGMA user_version = \(number(loketVersion))")
    }

    /// Stores the current version if there is none: versions of loket before this number existed
    /// wrote none.
    static func noteIfUnknown(in database: Database) throws {
        guard try found(in: database) == 0 else { return }
        try note(in: database)
    }

    /// Returns the version that wrote a schema unknown to this version; nil if the database does
    /// not contain it.
    static func newerVersion(in database: Database) throws -> String? {
        let found = try found(in: database)
        guard found > number(loketVersion) else { return nil }
        return "\(found / 1_000_000).\(found / 1000 % 1000).\(found % 1000)"
    }

    private static func found(in database: Database) throws -> Int64 {
        try database.integer("PRAGMA user_version") ?? 0
    }
}
