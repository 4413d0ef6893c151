// Files that are not opened: each obstacle has its own fault, and a refusal changes nothing.

import Foundation
import GRDB
import LoketStore
import TestSupport
import Testing

struct RefusalTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: Obstacle.allCases)
    func `each obstacle has its own fault`(obstacle: Obstacle) async throws {
        try await obstacle.lay(at: folder.database)
        #expect(throws: obstacle.fault(path: folder.database)) {
            try Store(path: folder.database)
        }
    }

    @Test(arguments: Obstacle.allCases)
    func `a refused file keeps its bytes and its mode`(obstacle: Obstacle) async throws {
        try await obstacle.lay(at: folder.database)
        let bytes = try folder.databaseBytes()
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.database)
        #expect(throws: StoreFault.self) { try Store(path: folder.database) }
        let after = try? FileManager.default.attributesOfItem(atPath: folder.database)
        #expect(try folder.databaseBytes() == bytes)
        #expect(after?[.posixPermissions] as? Int == attributes?[.posixPermissions] as? Int)
    }

    @Test(arguments: Obstacle.allCases)
    func `a refusal leaves no new file next to the database`(obstacle: Obstacle) async throws {
        try await obstacle.lay(at: folder.database)
        let names = try folder.names()
        #expect(throws: StoreFault.self) { try Store(path: folder.database) }
        #expect(try folder.names() == names)
    }

    @Test(arguments: Obstacle.allCases)
    func `a refusal releases the lock`(obstacle: Obstacle) async throws {
        try await obstacle.lay(at: folder.database)
        #expect(throws: StoreFault.self) { try Store(path: folder.database) }
        #expect(throws: Never.self) { try LockFile(besideDatabase: folder.database) }
    }

    @Test(arguments: ["gone/loket.db", "gone/deeper/loket.db"])
    func `a missing folder is named and not created`(name: String) throws {
        let path = folder.path(name)
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        #expect(throws: StoreFault.missingFolder(parent)) { try Store(path: path) }
        #expect(try folder.names().isEmpty)
    }

    @Test func `a file in place of the folder counts as a missing folder`() throws {
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path("file")))
        #expect(throws: StoreFault.missingFolder(folder.path("file"))) {
            try Store(path: folder.path("file/loket.db"))
        }
    }

    /// SQLite's own message names neither the file nor a remedy.
    @Test(
        arguments: [
            (.SQLITE_FULL, "free some space"), (.SQLITE_BUSY, "fuser -v"),
            (.SQLITE_LOCKED, "fuser -v"), (.SQLITE_PROTOCOL, "on a local disk"),
            (.SQLITE_IOERR_SHMMAP, "on a local disk"), (.SQLITE_IOERR_LOCK, "on a local disk"),
            (.SQLITE_IOERR_READ, "dmesg"), (.SQLITE_CORRUPT, "loket restore FILE"),
            (.SQLITE_NOTADB, "loket restore FILE"), (.SQLITE_ERROR, "loket restore FILE"),
            (.SQLITE_CANTOPEN, "remove the cause"), (.SQLITE_NOMEM, "remove the cause"),
        ] as [(ResultCode, String)])
    func `an error of SQLite has its file and a remedy`(code: ResultCode, way: String) throws {
        let error = DatabaseError(resultCode: code, message: "its own words", sql: "SELECT 1")
        let fault = try #require(StoreFault(error, at: folder.database))
        #expect(fault.description.contains(folder.database), "\(fault)")
        #expect(fault.description.contains(way), "\(fault)")
        #expect(!fault.description.contains("SELECT"), "\(fault)")
    }

    /// One of many causes of SQLite's "unable to open database file".
    @Test func `the cause of a file that SQLite cannot open is named`() throws {
        let index = folder.database + "-shm"
        try FileManager.default.createDirectory(atPath: index, withIntermediateDirectories: false)
        let error = DatabaseError(resultCode: .SQLITE_CANTOPEN)
        #expect(StoreFault(error, at: folder.database) == .notAFile(index))
    }
}
