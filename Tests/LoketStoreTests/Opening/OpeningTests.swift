// Opening a database: the created files, the settings, and what a second opening finds.

import Foundation
import GRDB
import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct OpeningTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `opening creates the file, and closing leaves it and its mark only`()
        async throws
    {
        try await withStore(at: folder.database) { store in
            let names = try folder.names()
            #expect(names.contains("loket.db"))
            #expect(store.path == folder.database)
        }
        #expect(try folder.names() == ["loket.db", "loket.db.mark"])
    }

    @Test func `no other user can read the file or the files next to it`() async throws {
        try await withStore(at: folder.database) { store in
            _ = try store.registerAccounts(["MCH-1"])
            let names = try folder.names()
            #expect(names == ["loket.db", "loket.db-shm", "loket.db-wal", "loket.db.mark"])
            for name in names {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: folder.path(name))
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            }
        }
    }

    @Test func `all data is in the one file while a look-up is still open`() async throws {
        let lookup = try await withStore(at: folder.database) { store in
            let account = try #require(store.registerAccounts(["MCH-1"])["MCH-1"])
            _ = try await store.create([(account, Sample.draft())], now: Sample.now)
            return try store.makeLookup()
        }
        let copy = folder.path("copy.db")
        try FileManager.default.copyItem(atPath: folder.database, toPath: copy)
        #expect(try RawDatabase.count(copy, "bill") == 1)
        withExtendedLifetime(lookup) {}
    }

    /// In a separate process, because a failure would crash the process.
    @Test func `closing twice is harmless`() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let store = try Store(path: folder.database)
            try store.close()
            try? store.close()
        }
    }

    @Test func `an empty file is accepted as a new database`() async throws {
        #expect(FileManager.default.createFile(atPath: folder.database, contents: nil))
        let ids = try await withStore(at: folder.database) { try $0.registerAccounts(["MCH-1"]) }
        #expect(ids.count == 1)
    }

    /// The file of a first start that ended (no space, no power) before its migration did.
    @Test(arguments: [
        "PRAGMA journal_mode = WAL",
        "PRAGMA journal_mode = WAL; "
            + "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)",
    ])
    func `a database without tables is accepted as new`(sql: String) async throws {
        try RawDatabase.execute(folder.database, sql)
        let ids = try await withStore(at: folder.database) { try $0.registerAccounts(["MCH-1"]) }
        #expect(ids.count == 1)
    }

    @Test func `the writer keeps a write-ahead log and syncs every commit`() async throws {
        try await withStore(at: folder.database) { store in
            let (mode, synchronous, keys) = try await store.pool.write { database in
                (
                    try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                    try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                    try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
                )
            }
            #expect(mode == "wal")
            #expect(synchronous == 2)
            #expect(keys == 1)
        }
    }

    @Test func `the file is marked as ours`() async throws {
        try await withStore(at: folder.database) { _ in }
        let row = try #require(
            try RawDatabase.rows(folder.database, "PRAGMA application_id").first)
        #expect(row[0] == 0x4C4F_4B54)
        let header = try Data(contentsOf: URL(fileURLWithPath: folder.database)).prefix(72)
        #expect(Array(header.suffix(4)) == Array("LOKT".utf8))
    }

    @Test func `a foreign key is enforced`() async throws {
        try await withStore(at: folder.database) { store in
            await #expect(throws: StoreFault.sqlite("FOREIGN KEY constraint failed")) {
                try await store.create([(404, Sample.draft())], now: Sample.now)
            }
        }
    }

    @Test func `written data is there after the next opening`() async throws {
        let made = try await withStore(at: folder.database) { store in
            let ids = try store.registerAccounts(["MCH-1", "MCH-2"])
            let account = try #require(ids["MCH-2"])
            return try await store.create([(account, Sample.fullDraft())], now: Sample.now)
        }
        let id = try #require(made.first).record.bill.id
        let found = try await withStore(at: folder.database) { try await $0.bill(id: id) }
        #expect(found?.bill == made.first?.record.bill)
    }

    @Test func `an account keeps its row, however often it is registered`() async throws {
        try await withStore(at: folder.database) { store in
            let first = try store.registerAccounts(["MCH-1", "MCH-2"])
            let second = try store.registerAccounts(["MCH-2", "MCH-3"])
            #expect(second.count == 3)
            #expect(first.allSatisfy { second[$0.key] == $0.value })
        }
    }

    @Test func `an idle log is copied into the database`() async throws {
        let open = try OpenStore()
        let checkpointer = try Checkpointer(path: open.path)
        let commits = GroupCommit(
            on: open.store.pool, idle: .milliseconds(10), whenIdle: checkpointer.start)
        defer { commits.close() }
        try await open.create(Sample.draft())
        let copy = folder.path("copy.db")
        try await eventually("the bill is in the file itself") {
            try? FileManager.default.removeItem(atPath: copy)
            try FileManager.default.copyItem(atPath: open.path, toPath: copy)
            return try RawDatabase.count(copy, "bill") == 1
        }
    }

    /// The store's lock prevents SQLite's shell from deleting the log when the shell closes.
    @Test func `another program that reads the database leaves the log unchanged`() async throws {
        let open = try OpenStore()
        for count in 1...3 {
            try await open.create(
                Sample.draft("INV-\(count)", code: "889651000000000\(count)"))
            let text = try Program.run("sqlite3", open.path, "SELECT count(*) FROM bill")
            #expect(text == "\(count)\n")
        }
    }

    @Test func `a commit that was only in the log survives the end of its process`() async throws {
        let open = try OpenStore()
        let made = try await open.create(Sample.draft())
        // The files as a killed process leaves them.
        for ending in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: open.path + ending, toPath: folder.database + ending)
        }
        let found = try await withStore(at: folder.database) { store in
            try await store.bill(id: made.bill.id)
        }
        #expect(found?.bill == made.bill)
    }
}
