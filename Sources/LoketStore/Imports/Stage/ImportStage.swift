// The SQLite file that stores an import's rows.

import Foundation
import GRDB
import LoketCore

/// The rows of one import, in a separate SQLite file next to the database, so that a million rows
/// are read and compared without the database's single writer. A crash before the end of the
/// comparison may lose the file. The file is synced to disk before the first bill is created from
/// it.
package final class ImportStage: Sendable {
    let queue: DatabaseQueue
    private let path: String

    /// The suffix of the file that replaces the staging file.
    private static let restSuffix = "-rest"

    /// Returns the folder of the staging files, next to the database.
    static func folder(besideDatabase path: String) -> String { path + ".imports" }

    static func path(of id: Int64, besideDatabase path: String) -> String {
        folder(besideDatabase: path) + "/\(id).db"
    }

    /// Creates an empty staging file that only its owner can read.
    init(creating path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        Self.remove(path)
        let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreFault.sqlite("cannot create \(path): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        self.path = path
        queue = try Self.open(path)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            try database.execute(sql: Self.noteSchema + Self.rowSchema)
            try database.execute(
                sql: Self.causeSchema(in: "main") + Self.badRowSchema(in: "main"))
        }
    }

    /// Opens an existing staging file; nil if there is none.
    ///
    /// - Parameter milliseconds: how long to wait for a lock of another connection.
    init?(opening path: String, waiting milliseconds: Int = 5_000) throws {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        self.path = path
        queue = try Self.open(path, waiting: milliseconds)
    }

    private static func open(
        _ path: String, waiting milliseconds: Int = 5_000
    ) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "loket-import"
        configuration.busyMode = .timeout(Double(milliseconds) / 1000)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static let rowSchema = """
        CREATE TABLE row (
            line INTEGER PRIMARY KEY, \(BillRow.boundColumns), given INTEGER NOT NULL,
            outcome INTEGER NOT NULL
        );
        CREATE TABLE suffixed (
            line INTEGER PRIMARY KEY,
            account_id INTEGER NOT NULL,
            own TEXT NOT NULL
        ) STRICT;
        """

    private static let noteSchema = """
        CREATE TABLE note (
            id INTEGER PRIMARY KEY,
            line INTEGER,
            column_name TEXT,
            value TEXT,
            outcome TEXT NOT NULL,
            invoice_number TEXT,
            reason TEXT NOT NULL
        ) STRICT;
        """

    var byteCount: Int64 { fileBytes(path) }

    // MARK: Finishing

    /// Syncs the file to disk and journals later changes, so that a crash loses nothing.
    func keep() throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;")
        }
        try Self.sync(path)
        try Self.sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    private static func sync(_ path: String) throws {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw StoreFault.sqlite("cannot sync \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Replaces the file with one that contains the notes and the refused rows only, so that the
    /// other rows and their personal data are deleted with the old file. Deleting ten million rows
    /// in place would lock the file for many seconds.
    ///
    /// - Returns: false if there were no other rows.
    @discardableResult
    func dropRows() throws -> Bool {
        guard try queue.read({ try Self.hasOtherRows(in: $0) }) else { return false }
        let place = path + Self.restSuffix
        let rest = try ImportStage(creating: place)
        try rest.queue.writeWithoutTransaction { database in
            try database.execute(sql: "ATTACH ?1 AS old", arguments: [path])
            // An import that an earlier version of loket began has no such tables.
            try database.execute(
                sql: Self.causeSchema(in: "old") + Self.badRowSchema(in: "old"))
            try database.execute(
                sql: """
                    INSERT INTO note SELECT * FROM old.note ORDER BY id;
                    INSERT INTO cause SELECT * FROM old.cause;
                    """)
            try Self.copyRefused(in: database)
            try database.execute(sql: "DETACH old")
        }
        try rest.keep()
        try rest.queue.close()
        try queue.close()
        guard rename(place, path) == 0 else {
            throw StoreFault.sqlite("cannot replace \(path): \(String(cString: strerror(errno)))")
        }
        try Self.sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        return true
    }

    func closeAndRemove() {
        try? queue.close()
        Self.remove(path)
    }

    static func remove(_ path: String) {
        for suffix in ["", "-journal", "-wal", "-shm", restSuffix] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
    }
}
