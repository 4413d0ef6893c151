// Checks a file before it is opened for writing: ours, new, another program's, or from a newer
// version. The check creates no file next to the database.
//
// SQLite removes a write-ahead log whose database is empty, and accepts another database's log as
// its own. So the neighbouring files are checked before SQLite opens the database.

import Foundation
import GRDB
import LoketSystem

enum DatabaseFile {
    /// - Throws: `notOurs`, `newerVersion`, `strayLog` or `lostDatabase`. An empty file counts as
    ///   new, and so does a database without tables, left by an interrupted first start.
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

    /// Returns `lostDatabase` if a mark exists: the database was ours, and choosing another path
    /// would not help.
    private static func notOurs(_ path: String) -> StoreFault {
        hasMark(path) ? .lostDatabase(path) : .notOurs(path)
    }

    private static func hasMark(_ path: String) -> Bool {
        PlacedFile.isTaken(DatabaseMark.path(besideDatabase: path))
    }

    /// Opens one read-only connection to a database that is ours and not from a newer version.
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

    /// Opens a read-only connection, in addition to the service's own, to the service's open
    /// database.
    static func openReader(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration.loket(label: "loket-reader")
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Opens a connection for checkpoints and SQLite's integrity check, whose asynchronous calls run
    /// with low priority. On a read-only connection the check would omit CHECK constraints.
    static func openChecker(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration.loket(label: "loket-checker")
        configuration.qos = BulkExecutor.priority
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = ON") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Opens the only connection to a copy that is still private, without additional files next to
    /// it.
    static func openAlone(_ path: String) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: .loket())
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL")
        }
        return queue
    }

    /// Opens a database that exists as long as its only connection: for test runs of the
    /// migrations.
    static func openInMemory() throws -> DatabaseQueue { try DatabaseQueue() }

    private static func isOurs(_ database: Database) throws -> Bool {
        let owner = try database.integer("PRAGMA application_id")
        if owner == Migrations.applicationID { return true }
        // Id 0 and no tables: the state before the first migration commits.
        return try owner == 0 && isEmpty(database)
    }

    /// Whether the database has no tables yet.
    static func isEmpty(_ database: Database) throws -> Bool {
        let others = try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'")
        guard others == 0 else { return false }
        return try !database.tableExists("grdb_migrations")
            || Int.fetchOne(database, sql: "SELECT count(*) FROM grdb_migrations") == 0
    }

    /// Returns the name for opening the file. A reader of a WAL database creates files that it may
    /// not be able to remove. If no WAL exists, the file is complete and is read as immutable.
    private static func quietName(_ path: String) -> String {
        if isFilled(path + "-wal") { return path }
        return URL(fileURLWithPath: path).absoluteString + "?immutable=1"
    }

    static func isFilled(_ path: String) -> Bool {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        return (size?.intValue ?? 0) > 0
    }

    // MARK: The bytes themselves

    /// Whether the file itself, regardless of its write-ahead log, has our application id. Only for
    /// a database that this process does not have open: closing a file ends all locks that the
    /// process holds on it, and the next program that opens the database would then remove the log
    /// while we use it.
    static func hasOurID(_ path: String) -> Bool {
        bytes(68..<72, of: path).map { $0.reduce(0) { $0 << 8 | Int64($1) } }
            == Migrations.applicationID
    }

    /// Whether the file is a database in WAL mode without a table: an interrupted first start
    /// leaves such a file, with the other pages in the log.
    private static func isBegun(_ path: String) -> Bool {
        bytes(0..<16, of: path) == Array("SQLite format 3\0".utf8)
            && bytes(18..<20, of: path) == [2, 2] && bytes(100..<105, of: path) == [13, 0, 0, 0, 0]
    }

    /// Returns the salts that identify a database's write-ahead log, in hexadecimal; nil if there
    /// is no log.
    static func logSalts(of path: String) -> String? {
        bytes(16..<24, of: path + "-wal").map(hexadecimal)
    }

    /// Returns nil if the file is missing or too short.
    private static func bytes(_ range: Range<Int>, of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = pread(descriptor, &bytes, bytes.count, off_t(range.lowerBound))
        return count == bytes.count ? bytes : nil
    }
}
