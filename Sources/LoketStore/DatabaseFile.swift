// What a file is, before it is opened for writing: ours, new, something else's, or from a newer
// version. Looking leaves no trace beside the file.

import Foundation
import GRDB

enum DatabaseFile {
    /// - Throws: `notOurs` or `newerVersion`. An empty file, and one in which nothing was made yet
    ///   (a first start that was cut off), count as new.
    static func check(_ path: String) throws(StoreFault) {
        guard isFilled(path) else { return }
        do {
            try openReadOnly(path).close()
        } catch let fault as StoreFault {
            throw fault
        } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
            throw .notOurs(path)
        } catch {
            throw .sqlite("\(error)")
        }
    }

    /// One reading connection to a database that is ours and not from a newer version.
    static func openReadOnly(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: quietName(path), configuration: configuration)
        try queue.read { database in
            guard try isOurs(database) else { throw StoreFault.notOurs(path) }
            if try Migrations.migrator.hasBeenSuperseded(database) {
                throw StoreFault.newerVersion(path)
            }
        }
        return queue
    }

    /// The one connection to a copy that nobody else knows of yet, without a file beside it.
    static func openAlone(_ path: String) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL")
        }
        return queue
    }

    /// A database that lasts as long as its one connection: for trying the migrations.
    static func openInMemory() throws -> DatabaseQueue { try DatabaseQueue() }

    private static func isOurs(_ database: Database) throws -> Bool {
        let owner = try Int64.fetchOne(database, sql: "PRAGMA application_id")
        if owner == Migrations.applicationID { return true }
        // Both are written before the first migration commits.
        let others = try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'")
        guard owner == 0, others == 0 else { return false }
        return try !database.tableExists("grdb_migrations")
            || Int.fetchOne(database, sql: "SELECT count(*) FROM grdb_migrations") == 0
    }

    /// A reader of a WAL database makes files beside it that it may not remove again. Where no
    /// WAL is waiting the file is whole by itself, and is read as one that nobody changes.
    private static func quietName(_ path: String) -> String {
        if isFilled(path + "-wal") { return path }
        return URL(fileURLWithPath: path).absoluteString + "?immutable=1"
    }

    private static func isFilled(_ path: String) -> Bool {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        return (size?.intValue ?? 0) > 0
    }
}
