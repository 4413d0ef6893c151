// Backups of an open store: complete, consistent, readable by the owner only, and always removed
// from the disk.

import Foundation
import GRDB
import LoketCore
import LoketSystem
import TestSupport
import Testing

@testable import LoketStore

struct BackupTests {
    private let till: Till
    private let folder: TemporaryFolder

    init() throws {
        till = try Till()
        folder = try TemporaryFolder()
    }

    private var copy: String { folder.path("copy.db") }

    /// Returns the first column of the copy's result.
    private func text(_ sql: String) throws -> [String] {
        try RawDatabase.rows(copy, sql).map { $0[0] as String }
    }

    @Test func `a copy is one sound file with every commit`() async throws {
        try await till.bill()
        try await till.take()
        let made = try await till.backUp(to: copy)
        #expect(made.byteCount == Int64(try made.bytes.count))
        #expect(made.digest == SHA256Digest(of: try made.bytes))
        #expect(made.takenAt == Sample.now)
        #expect(try text("PRAGMA integrity_check") == ["ok"])
        #expect(try text("PRAGMA journal_mode") == ["delete"])
        #expect(try folder.names() == ["copy.db"])
        let tables = try RawDatabase.rows(
            till.path, "SELECT name FROM sqlite_schema WHERE type = 'table'")
        #expect(tables.count > 15)
        for table in tables.map({ $0[0] as String }) {
            let sql = "SELECT * FROM \(table)"
            let (original, copied) = (
                try RawDatabase.rows(till.path, sql), try RawDatabase.rows(copy, sql)
            )
            #expect(original == copied, "\(table)")
        }
    }

    @Test func `a copy has its time, its creator and the end of its ledger`() async throws {
        try await till.take()
        try await till.take(Notice(number: "X"))
        let head = try await till.store.ledgerHead()
        try await till.backUp(to: copy, now: Moment(milliseconds: 77), actor: "night")
        let row = try #require(try RawDatabase.rows(copy, "SELECT * FROM backup").first)
        #expect(row["taken_at"] as Int64? == 77)
        #expect(row["actor"] as String? == "night")
        #expect(head.number == 2)
        #expect(row["ledger_number"] as Int64? == head.number)
        #expect(row["ledger_hash"] as Data? == Data(head.hash))
    }

    @Test func `the copy of an empty store has an empty ledger`() async throws {
        try await till.backUp(to: copy)
        let row = try #require(try RawDatabase.rows(copy, "SELECT * FROM backup").first)
        #expect(row["ledger_number"] as Int64? == 0)
        #expect(row["ledger_hash"] as Data? == Data(Ledger.Head.empty.hash))
    }

    @Test func `a copy has no file name, and its space is freed`() async throws {
        let held = try await till.store.backUp(actor: "ops", now: Sample.now)
        let names = try till.open.folder.names().filter { !$0.contains(".mark") }
        #expect(names == ["loket.db", "loket.db-shm", "loket.db-wal"])
        #expect(held.byteCount > 0)
    }

    /// The names and addresses of customers are never readable by others, not even during the copy.
    @Test func `the copy is written into a file that only its owner can read`() async throws {
        let place = Store.unfinishedCopy(beside: till.path)
        let mask = umask(0)
        defer { umask(mask) }
        close(try PlacedFile.create(place))
        let mode = try FileManager.default.attributesOfItem(atPath: place)[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
        // An existing file is not overwritten.
        await #expect(throws: PlacedFile.Fault.self) {
            try await till.store.backUp(actor: "ops", now: Sample.now)
        }
        unlink(place)
        try await till.backUp(to: copy)
    }

    @Test func `the next start removes only the files of a crashed backup`() async throws {
        let unfinished = [
            Store.unfinishedCopy(beside: folder.database),
            Store.unfinishedRestore(beside: folder.database),
            Store.unfinishedRestore(beside: folder.database) + "-journal",
        ]
        let others = [folder.database + ".backup", folder.path("loket.db.part")]
        for path in unfinished + others {
            #expect(FileManager.default.createFile(atPath: path, contents: Data([1])))
        }
        try await withStore(at: folder.database) { _ in }
        let left = ["loket.db", "loket.db.backup", "loket.db.mark", "loket.db.part"]
        #expect(try folder.names() == left)
    }

    @Test func `writers continue during a copy, and the copy is of one moment`() async throws {
        let store = till.store
        let account = till.open.account
        try RawDatabase.execute(
            till.path, Flood.bills(20_000, account: account, codesFrom: 1_000_000))
        let first = try await till.bill("FIRST", code: "9000000001")
        async let taken = till.backUp(to: copy)
        for place in 0..<200 {
            _ = try await store.create(
                [(account, Sample.draft("N-\(place)", code: "\(9_100_000_000 + place)"))],
                now: Sample.now)
        }
        _ = try await taken
        #expect(try text("PRAGMA integrity_check") == ["ok"])
        #expect(try RawDatabase.count(copy, "bill WHERE id = \(first)") == 1)
        let bills = try RawDatabase.count(copy, "bill WHERE invoice_number LIKE 'N-%'")
        let events = try RawDatabase.count(copy, "event WHERE bill_invoice_number LIKE 'N-%'")
        #expect(bills == events)
        #expect(try RawDatabase.count(till.path, "bill") == 20_201)
    }
}
