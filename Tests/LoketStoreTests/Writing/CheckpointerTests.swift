// The write-ahead log is moved into the database while others write and read.

import Foundation
import GRDB
import TestSupport
import Testing

@testable import LoketStore

struct CheckpointerTests {
    private static let pages = 64

    private let folder: TemporaryFolder
    private let pool: DatabasePool
    private let checkpointer: Checkpointer

    init() throws {
        folder = try TemporaryFolder()
        let path = folder.database
        pool = try DatabasePool(path: path)
        checkpointer = try Checkpointer(path: path, pages: Self.pages)
        try pool.write { try $0.execute(sql: "CREATE TABLE page (bytes BLOB)") }
        pool.writeWithoutTransaction { checkpointer.watch($0) }
    }

    /// The number that SQLite changes when the log starts again from its first page.
    private var salt: Data? {
        let log = try? FileHandle(forReadingFrom: URL(fileURLWithPath: folder.database + "-wal"))
        defer { try? log?.close() }
        return try? log?.read(upToCount: 24)?.suffix(8)
    }

    /// Writes a page or two.
    private func write() throws {
        try pool.write { try $0.execute(sql: "INSERT INTO page VALUES (randomblob(3000))") }
    }

    private func writeUntilLogStartsAgain() async throws -> Int {
        let before = salt
        var count = 0
        try await eventually("the log starts again") {
            try write()
            count += 1
            return salt != before
        }
        return count
    }

    @Test func `the log starts again, again and again, under writes without a pause`()
        async throws
    {
        var count = 0
        for _ in 0..<5 { count += try await writeUntilLogStartsAgain() }
        #expect(count > 5 * Self.pages / 4)
        try checkpointer.close()
        let (rows, finding) = try await pool.read { database in
            (
                try Int.fetchOne(database, sql: "SELECT count(*) FROM page"),
                try String.fetchOne(database, sql: "PRAGMA integrity_check")
            )
        }
        #expect(rows == count && finding == "ok")
    }

    @Test func `a reader of an old snapshot keeps the log, until it ends`() async throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let reader = try DatabaseQueue(path: folder.database, configuration: configuration)
        try reader.inDatabase { database in
            try database.beginTransaction(.deferred)
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM page") == 0)
        }
        let before = salt
        for _ in 0..<4 * Self.pages { try write() }
        #expect(salt == before)
        try reader.inDatabase { database in
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM page") == 0)
            try database.commit()
        }
        _ = try await writeUntilLogStartsAgain()
    }

    @Test func `a short log is left to the end`() async throws {
        let before = fileBytes(folder.database)
        for _ in 0..<4 { try write() }
        try checkpointer.close()
        #expect(fileBytes(folder.database) == before)
    }

    @Test func `writes after the end begin no move`() async throws {
        try checkpointer.close()
        let before = fileBytes(folder.database)
        for _ in 0..<Self.pages { try write() }
        checkpointer.start()
        #expect(fileBytes(folder.database) == before)
    }

    @Test func `the pages are moved and checked on a thread of low priority`() async throws {
        let connection = try DatabaseFile.openChecker(folder.database)
        let niceness = try await connection.read { _ in
            getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        }
        #expect(niceness >= 10)
    }
}
