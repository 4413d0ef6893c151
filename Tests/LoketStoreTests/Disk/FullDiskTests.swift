// A disk without free space: writes that fit into the log succeed, a repeated write takes effect
// once, and a write that fails reports the lack of space and its place.

import Foundation
import GRDB
import LoketCore
import Synchronization
import TestSupport
import Testing

@testable import LoketStore

struct FullDiskTests {
    /// The reported results of the writes, in order.
    private final class Results: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }

        func add(_ name: String, _ result: Result<some Sendable, any Error>) {
            lines.withLock { lines in
                switch result {
                case .success: lines.append(name)
                case .failure(let error): lines.append("\(name): \(error)")
                }
            }
        }
    }

    private static func rename(_ name: String, _ database: Database) throws {
        try database.execute(sql: "UPDATE account SET client_id = ?", arguments: [name])
    }

    /// Makes the log longer.
    private func renameOften(_ name: String, _ count: Int, in store: Store) async throws {
        for place in 0..<count {
            try await store.commits.write { try Self.rename("\(name)\(place)", $0) }
        }
    }

    private static func insert(_ name: String, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO account (client_id) VALUES (?)", arguments: [name])
    }

    // MARK: A disk that is really full

    @Test(.enabled(if: SmallDisk.isPermitted, "a tmpfs of its own needs root"))
    func `writes that fit into the log succeed on a full disk`() async throws {
        let disk = try SmallDisk(kibibytes: 8 * 1024)
        try await withStore(at: disk.path + "/loket.db", room: DiskRoom(reserve: 0)) { store in
            _ = try store.registerAccounts(["first"])
            try await renameOften("a", 100, in: store)
            try disk.fill()
            try await renameOften("b", 300, in: store)
            #expect(store.writing.failing == nil)
            #expect(try RawDatabase.rows(store.path, "SELECT client_id FROM account").count == 1)
        }
        disk.empty()
        let names = try RawDatabase.rows(disk.path + "/loket.db", "SELECT client_id FROM account")
        #expect(names.map { $0[0] as String } == ["b299"])
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "a tmpfs of its own needs root"))
    func `the journal's writes reuse the log too`() async throws {
        let disk = try SmallDisk(kibibytes: 8 * 1024)
        try await withStore(at: disk.path + "/loket.db", room: DiskRoom(reserve: 0)) { store in
            let account = try #require(store.registerAccounts(["first"])["first"])
            try await renameOften("a", 100, in: store)
            try disk.fill()
            try store.append([Sample.entry("r", account: account)])
            #expect(try await store.inquiries(before: .max, limit: 9).count == 1)
        }
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "a tmpfs of its own needs root"))
    func `a batch that runs twice reports its notes once`() async throws {
        let disk = try SmallDisk(kibibytes: 8 * 1024)
        let elsewhere = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: disk.path + "/loket.db.imports", withDestinationPath: elsewhere.url.path)
        // The rule of the reserve would prevent this test.
        let room = DiskRoom(reserve: 0, free: { _ in .max })
        try await withStore(at: disk.path + "/loket.db", room: room) { store in
            let account = try #require(store.registerAccounts(["first"])["first"])
            let made = try await store.create([(account, try Sample.draft())], now: Sample.now)
            let record = try await staged(
                [try Sample.draft(amount: 7)], account: account, in: store)
            _ = try await store.checkImport(record, unreadable: 0, now: Sample.now) { _ in }
            let id = try #require(made.first).record.bill.id
            _ = try await store.cancel(id: id, reason: nil, actor: "ops", now: Sample.now)
            try await renameOften("a", 100, in: store)
            try disk.fill()

            var after = record
            repeat {
                after = try await store.applyBatch(of: record.id, now: Sample.now)
            } while after.state == .running
            #expect(after.overtaken == 1)
            let notes = try await store.importNotes(of: after, .overtaken, after: 0, limit: 9)
            #expect(notes.map(\.note.reason) == ["the bill is cancelled"])
        }
    }

    /// If others have filled the disk, the remaining space is left for the writes.
    @Test func `with less than the reserve left the log does not grow`() async throws {
        let gauge = Gauge()
        let room = DiskRoom(reserve: 1_000, free: { _ in gauge.free })
        let open = try OpenStore(room: room)
        func renameOften() async throws -> Int64 {
            try await self.renameOften("a", 200, in: open.store)
            return fileBytes(open.path + "-wal")
        }
        let before = fileBytes(open.path + "-wal")
        gauge.free = 999
        #expect(try await renameOften() == before)
        gauge.free = 1_000
        #expect(try await renameOften() > before + 200_000)
    }

    // MARK: The writer

    /// Prevents the database from growing by any page.
    private func limit(_ open: OpenStore) async throws {
        try await open.store.commits.write { database in
            try database.execute(
                sql: "CREATE TABLE ballast (bytes BLOB); PRAGMA max_page_count = 1")
        }
    }

    private static func insertTooMuch(_ database: Database) throws {
        try database.execute(sql: "INSERT INTO ballast VALUES (zeroblob(1 << 20))")
    }

    @Test func `a write without room runs once more`() async throws {
        let open = try OpenStore()
        try await limit(open)
        let runs = Mutex(0)
        let value = try await open.store.commits.write { database in
            let run = runs.withLock { runs in
                runs += 1
                return runs
            }
            try Self.insert("run \(run)", database)
            if run == 1 { try Self.insertTooMuch(database) }
            return run
        }
        #expect(value == 2)
        #expect(open.store.writing.failing == nil)
        let names = try RawDatabase.rows(open.path, "SELECT client_id FROM account ORDER BY id")
        #expect(names.map { $0[0] as String } == [OpenStore.clientID, "run 2"])
    }

    @Test func `writes that shared its commit are answered once and applied once`() async throws {
        let open = try OpenStore()
        try await limit(open)
        let results = Results()
        let (entered, opened) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let commits = open.store.commits
        commits.submit(
            { _ in
                entered.signal()
                opened.wait()
            }, then: { _ in })
        entered.wait()
        let runs = Mutex(0)
        commits.submit({ try Self.insert("a", $0) }, then: { results.add("a", $0) })
        commits.submit(
            { database in
                let isFirst = runs.withLock { runs in
                    runs += 1
                    return runs == 1
                }
                try Self.insert("b", database)
                if isFirst { try Self.insertTooMuch(database) }
            }, then: { results.add("b", $0) })
        commits.submit({ try Self.insert("c", $0) }, then: { results.add("c", $0) })
        opened.signal()
        try await eventually("all are answered") { results.all.count == 3 }
        #expect(results.all == ["a", "b", "c"])
        let names = try RawDatabase.rows(open.path, "SELECT client_id FROM account ORDER BY id")
        #expect(names.map { $0[0] as String } == [OpenStore.clientID, "a", "b", "c"])
    }

    @Test func `a write that twice finds no room fails and names the place`() async throws {
        let open = try OpenStore()
        try await limit(open)
        let runs = Mutex(0)
        do {
            try await open.store.commits.write { database in
                runs.withLock { $0 += 1 }
                try Self.insertTooMuch(database)
            }
            Issue.record("the write found room")
        } catch {
            #expect(Store.isRetryable(error) && isForWantOfRoom(error))
            let text = "\(error)"
            let place = "database or disk is full: \(open.folder.url.path) has "
            #expect(text.contains(place), "\(text)")
            #expect(text.contains("free some space there. Until then, "), "\(text)")
            // The message does not contain the rejected data.
            #expect(text.utf8.count < 500)
        }
        #expect(runs.withLock { $0 } == 2)
        #expect(open.store.writing.failing?.contains("free some space there") == true)
    }
}

/// Stages an import.
func staged(
    _ drafts: [BillDraft], account: Int64, in store: Store
) async throws -> ImportRecord {
    let wish = Store.NewImport(
        accountID: account, actor: "ops", format: .csv, amountFormat: "plain", isDryRun: false)
    let (record, stage) = try #require(try await store.beginImport(wish, now: Sample.now))
    let rows = drafts.enumerated().map { place, draft in
        StagedRow(line: Int64(place + 2), accountID: account, draft: draft, given: [])
    }
    try stage.add(rows, notes: [])
    try await store.importReceived(
        record.id, bytes: Int64(rows.count) * 100, rows: Int64(rows.count), refused: 0)
    return try #require(try await store.import(id: record.id))
}
