// What a file is, before it is opened for writing: ours, new, something else's, or from a newer
// version. Looking leaves no trace beside the file.
//
// SQLite removes a write-ahead log whose database is empty, and takes another database's log for
// its own; so what lies beside the file is looked at before SQLite sees either.

import Foundation
import GRDB
import LoketSystem

enum DatabaseFile {
    /// - Throws: `notOurs`, `newerVersion`, `strayLog` or `lostDatabase`. An empty file, and one in
    ///   which nothing was made yet (a first start that was cut off), count as new.
    static func check(_ path: String) throws(StoreFault) {
        if isFilled(path + "-wal"), !hasOurID(path), !isBegun(path) {
            throw .strayLog(database: path)
        }
        guard isFilled(path) else {
            guard !hasMark(path) else { throw .lostDatabase(path) }
            return
        }
        do {
            try openReadOnly(path).close()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
            throw notOurs(path)
        } catch StoreFault.notOurs {
            throw notOurs(path)
        } catch {
            throw StoreFault(error, at: path) ?? .unusable(path: path, said: "\(error)")
        }
    }

    /// Where a mark is beside it, it was ours, and an empty database at another path is no way out.
    private static func notOurs(_ path: String) -> StoreFault {
        hasMark(path) ? .lostDatabase(path) : .notOurs(path)
    }

    private static func hasMark(_ path: String) -> Bool {
        PlacedFile.isTaken(DatabaseMark.path(besideDatabase: path))
    }

    /// One reading connection to a database that is ours and not from a newer version.
    static func openReadOnly(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration.loket()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: quietName(path), configuration: configuration)
        try queue.read { database in
            guard try isOurs(database) else { throw StoreFault.notOurs(path) }
            if try Migrations.migrator.hasBeenSuperseded(database) {
                throw StoreFault.newerVersion(
                    path, by: try SchemaWriter.newerVersion(in: database))
            }
        }
        return queue
    }

    /// A reading connection beside the service's own, to the database that it has open.
    static func openReader(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration.loket(label: "loket-reader")
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// The same, for SQLite's integrity check: on a connection that is opened read-only it leaves
    /// the CHECK constraints out.
    static func openChecker(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration.loket(label: "loket-checker")
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = ON") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// The one connection to a copy that is still private, without a file next to it.
    static func openAlone(_ path: String) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: .loket())
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL")
        }
        return queue
    }

    /// A database that lasts as long as its one connection: for trying the migrations.
    static func openInMemory() throws -> DatabaseQueue { try DatabaseQueue() }

    private static func isOurs(_ database: Database) throws -> Bool {
        let owner = try database.integer("PRAGMA application_id")
        if owner == Migrations.applicationID { return true }
        // Both are written before the first migration commits.
        return try owner == 0 && isEmpty(database)
    }

    /// Nothing was made in it yet.
    static func isEmpty(_ database: Database) throws -> Bool {
        let others = try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'")
        guard others == 0 else { return false }
        return try !database.tableExists("grdb_migrations")
            || Int.fetchOne(database, sql: "SELECT count(*) FROM grdb_migrations") == 0
    }

    /// A reader of a WAL database makes files beside it that it may not remove again. Where no
    /// WAL is waiting the file alone is complete, and is read as one that does not change.
    private static func quietName(_ path: String) -> String {
        if isFilled(path + "-wal") { return path }
        return URL(fileURLWithPath: path).absoluteString + "?immutable=1"
    }

    static func isFilled(_ path: String) -> Bool {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        return (size?.intValue ?? 0) > 0
    }

    // MARK: The bytes themselves

    /// In the file itself, whatever is in its write-ahead log. For a database that this process
    /// does not have open: closing a file ends every lock that its process holds on it, and the
    /// next program that looks into the database would then remove the log under us.
    static func hasOurID(_ path: String) -> Bool {
        bytes(68..<72, of: path).map { $0.reduce(0) { $0 << 8 | Int64($1) } }
            == Migrations.applicationID
    }

    /// A database without a table, and in WAL mode: a first start that was cut off leaves it beside
    /// the log that has the rest.
    private static func isBegun(_ path: String) -> Bool {
        bytes(0..<16, of: path) == Array("SQLite format 3\0".utf8)
            && bytes(18..<20, of: path) == [2, 2] && bytes(100..<105, of: path) == [13, 0, 0, 0, 0]
    }

    /// What a database's write-ahead log is known by, as hexadecimal; nil where none is waiting.
    static func logSalts(of path: String) -> String? {
        bytes(16..<24, of: path + "-wal").map(hexadecimal)
    }

    /// Nil where the file is missing or shorter.
    private static func bytes(_ range: Range<Int>, of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = pread(descriptor, &bytes, bytes.count, off_t(range.lowerBound))
        return count == bytes.count ? bytes : nil
    }
}
