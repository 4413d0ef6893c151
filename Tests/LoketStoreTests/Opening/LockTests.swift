// One process writes a database: a second is refused, and a process that ended has no lock.

import Foundation
import LoketStore
import TestSupport
import Testing

struct LockTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a second opening is refused and names the process`() async throws {
        let own = "process \(ProcessInfo.processInfo.processIdentifier)"
        try await withStore(at: folder.database) { _ in
            let fault = StoreFault.lockedByAnother(path: folder.database, process: own)
            #expect(throws: fault) { try Store(path: folder.database) }
            #expect(fault.description.contains(own))
        }
    }

    @Test func `after the first is closed the database opens`() async throws {
        for _ in 0..<3 {
            try await withStore(at: folder.database) { _ in }
        }
    }

    @Test func `the lock is held until the store is closed`() async throws {
        let store = try Store(path: folder.database)
        #expect(throws: StoreFault.self) { try LockFile(besideDatabase: folder.database) }
        try store.close()
        let lock = try LockFile(besideDatabase: folder.database)
        withExtendedLifetime((store, lock)) {}
    }

    @Test func `the lock of another process refuses us until the process ends`() async throws {
        try await withStore(at: folder.database) { _ in }
        let before = try folder.databaseBytes()
        let holder = try LockHolder(lockPath: LockFile.path(besideDatabase: folder.database))
        let fault = StoreFault.lockedByAnother(
            path: folder.database, process: "process \(holder.processID)")
        #expect(throws: fault) { try Store(path: folder.database) }
        #expect(try folder.databaseBytes() == before)
        #expect(try folder.names() == ["loket.db", "loket.db.mark"])

        holder.kill()
        try await withStore(at: folder.database) { _ in }
    }

    @Test func `a lock file of a process that ended is not a lock`() async throws {
        let left = LockFile.path(besideDatabase: folder.database)
        try Data("process 1\n".utf8).write(to: URL(fileURLWithPath: left))
        try await withStore(at: folder.database) { _ in
            let text = try String(contentsOfFile: left, encoding: .utf8)
            #expect(text == "process \(ProcessInfo.processInfo.processIdentifier)\n")
        }
    }

    @Test func `an empty lock file still refuses`() async throws {
        let lock = try LockFile(besideDatabase: folder.database)
        let left = LockFile.path(besideDatabase: folder.database)
        #expect(Foundation.truncate(left, 0) == 0)
        #expect(
            throws: StoreFault.lockedByAnother(path: folder.database, process: "process unknown")
        ) { try Store(path: folder.database) }
        withExtendedLifetime(lock) {}
    }

    /// SQLite follows the link to the file; two locks would allow two processes to write to it.
    @Test func `a symbolic link to an open database is refused too`() async throws {
        try await withStore(at: folder.database) { _ in
            let link = folder.path("link.db")
            try FileManager.default.createSymbolicLink(
                atPath: link, withDestinationPath: folder.database)
            #expect(throws: StoreFault.self) { try Store(path: link) }
        }
    }

    @Test func `a lock file that is a link is refused, and its target is unchanged`() throws {
        let target = folder.path("letter.txt")
        try Data("dear aunt".utf8).write(to: URL(fileURLWithPath: target))
        let lock = LockFile.path(besideDatabase: folder.database)
        try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: target)
        #expect(throws: StoreFault.linkedLock(lock)) { try Store(path: folder.database) }
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "dear aunt")
        #expect(try folder.names() == ["letter.txt"])
    }
}
