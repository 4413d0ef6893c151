// The files of migrations/, as they were embedded when this was built, in their order.
// What such a file may hold, and why it never changes, is in migrations/README.md.

import GRDB

package enum Migrations {
    /// Name and SQL of every migration.
    package static let all: [(name: String, sql: [UInt8])] = [
        ("m0001_bills", PackageResources.m0001_bills_sql),
        ("m0002_payments", PackageResources.m0002_payments_sql),
        ("m0003_admin", PackageResources.m0003_admin_sql),
        ("m0004_safekeeping", PackageResources.m0004_safekeeping_sql),
        ("m0005_second_look", PackageResources.m0005_second_look_sql),
        ("m0006_nothing_in_silence", PackageResources.m0006_nothing_in_silence_sql),
    ]

    /// 'LOKT', which the first migration writes into the file's header.
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
