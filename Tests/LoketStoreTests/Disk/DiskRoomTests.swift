// The reserve on the disk: which space counts, which operations spare it, and which may use it.

import Foundation
import GRDB
import LoketCore
import Synchronization
import Testing

@testable import LoketStore

struct DiskRoomTests {
    private let gauge = Gauge()
    private let open: OpenStore

    init() throws {
        open = try OpenStore(room: gauge.room())
    }

    private var store: Store { open.store }

    /// Leaves this much space in addition to the current reserve.
    private func leave(_ bytes: Int64) async throws {
        let owed = try await store.pool.read { try DatabaseSize($0).owed(by: open.path) }
        gauge.free = 1_000 + owed + bytes
    }

    private func expectShortage(_ body: () async throws -> Void) async {
        await #expect(throws: DiskRoom.Shortage.self) { try await body() }
    }

    // MARK: The rule

    @Test(
        arguments: [
            (1_000, 0, 0, true), (999, 0, 0, false), (0, 0, 0, false), (1_500, 500, 0, true),
            (1_499, 500, 0, false), (1_500, 0, 500, true), (1_499, 0, 500, false),
            (1_999, 500, 500, false), (2_000, 500, 500, true), (Int64.max, 1 << 60, 1 << 60, true),
        ] as [(Int64, Int64, Int64, Bool)])
    func `the expected growth and the outstanding growth spare the reserve`(
        _ free: Int64, needed: Int64, owed: Int64, isEnough: Bool
    ) {
        let room = DiskRoom(reserve: 1_000, free: { _ in free })
        let shortage = room.shortage(in: "/data", for: needed, owed: owed)
        #expect((shortage == nil) == isEnough)
        guard let shortage else { return }
        #expect(shortage.kept == 1_000 + owed && shortage.needed == needed)
    }

    @Test func `room is reported in MiB, and so is the reserve of the setting`() {
        let room = DiskRoom(reserve: 64 << 20, free: { _ in 900_000 })
        #expect(
            room.shortage(in: "/data", owed: 62 << 20)?.description
                == "/data has 900000 bytes free, but 126 MiB must stay free for notifications "
                + "(64 MiB by `limits.disk_reserve_mib`, 62 MiB that the database has still to "
                + "write): free some space there")
    }

    @Test func `if the free space is unknown nothing is refused`() {
        let room = DiskRoom(reserve: 1_000, free: { _ in nil })
        #expect(room.shortage(in: "/data", for: .max - 1_000) == nil)
        #expect(DiskRoom.freeBytes(in: "/no/such/folder") == nil)
    }

    @Test func `the log's pages count as growth of the database`() async throws {
        func owed() async throws -> (pages: Int64, log: Int64) {
            let size = try await store.pool.read { try DatabaseSize($0) }
            let log = max(
                0, Int64(Limits.checkpointPages) * size.pageBytes - fileBytes(open.path + "-wal"))
            return (size.owed(by: open.path) - log, log)
        }
        try await store.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        let before = try await owed()
        #expect(before.pages == 0 && before.log == 16_000 * 4_096)
        try await store.commits.write { database in
            try database.execute(
                sql: "CREATE TABLE ballast AS SELECT zeroblob(1 << 20) AS bytes")
        }
        let after = try await owed()
        #expect(after.pages >= 1 << 20 && after.log < before.log - 1 << 20)
        try await store.pool.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
        #expect(try await owed().pages == 0)
    }

    // MARK: Who leaves it

    @Test func `new bills spare the reserve, existing bills are returned`() async throws {
        let draft = try Sample.draft()
        try await leave(-1)
        await expectShortage { try await open.create(draft) }
        #expect(try RawDatabase.count(open.path, "bill") == 0)
        try await leave(1 << 20)
        try await open.create(draft)
        gauge.free = 0
        try await open.create(draft)
        await expectShortage {
            try await open.create(try Sample.draft("INV-2", code: "8896510000000124"))
        }
        #expect(try RawDatabase.count(open.path, "bill") == 1)
        #expect(store.writing.failing == nil)
    }

    @Test func `a backup spares the reserve, and a refused one is not recorded`() async throws {
        let bytes = try await store.pool.read { try DatabaseSize($0).bytes }
        try await leave(bytes - 1)
        await expectShortage { _ = try await store.backUp(actor: "ops", now: Sample.now) }
        #expect(try RawDatabase.count(open.path, "backup") == 0)
        #expect(try open.folder.names().filter { $0.contains("unfinished") } == [])
        try await leave(bytes)
        _ = try await store.backUp(actor: "ops", now: Sample.now)
    }

    @Test func `a request spares the reserve unless it has a known mistake`() async throws {
        func keep(_ name: String, mistake: String?) async throws -> Bool {
            try await withCheckedThrowingContinuation { continuation in
                store.quarantine(
                    QuarantinedRequest(
                        accountID: open.account, receivedAt: Sample.now, cause: "signature",
                        mistake: mistake, headers: [], body: Array(name.utf8))
                ) { result in continuation.resume(with: result.map { $0 != nil }) }
            }
        }
        #expect(try await keep("a", mistake: nil))
        gauge.free = 0
        #expect(try await !keep("b", mistake: nil))
        // The existing request is counted.
        #expect(try await keep("a", mistake: nil))
        #expect(try await keep("c", mistake: "path"))
    }

    // MARK: Imports

    private func drafts(_ count: Int) throws -> [BillDraft] {
        try (1...count).map {
            try Sample.draft("INV-\($0)", code: "\(8_896_510_000_000_000 + $0)")
        }
    }

    private func check(_ record: ImportRecord) async throws -> ImportRecord.State {
        try await store.checkImport(record, unreadable: 0, now: Sample.now) { _ in }
    }

    @Test func `an import without room for its bills does not start`() async throws {
        let record = try await staged(try drafts(1_000), account: open.account, in: store)
        // There is enough room to sort its rows.
        let growth = record.growth(ofRows: 1_000)
        #expect(growth == 400_000)
        // Free pages of the file are used first.
        let unused = try await store.pool.read { try DatabaseSize($0).unused }
        try await leave(growth - unused - 1)
        await expectShortage { _ = try await check(record) }
        #expect(try RawDatabase.count(open.path, "bill") == 0)
        try await leave(growth - unused)
        #expect(try await check(record) == .running)
    }

    @Test func `a disk that fills stops the comparison and each batch`() async throws {
        let record = try await staged(try drafts(10), account: open.account, in: store)
        gauge.free = 0
        await expectShortage { _ = try await check(record) }
        gauge.free = .max
        #expect(try await check(record) == .running)

        gauge.free = 0
        do {
            _ = try await store.applyBatch(of: record.id, now: Sample.now)
            Issue.record("there was room")
        } catch {
            #expect(error is DiskRoom.Shortage && Store.isRetryable(error))
        }
        #expect(try RawDatabase.count(open.path, "bill") == 0)
        #expect(try await store.import(id: record.id)?.state == .running)
        gauge.free = .max
        var after = record
        repeat {
            after = try await store.applyBatch(of: record.id, now: Sample.now)
        } while after.state == .running
        #expect(after.state == .applied && after.created == 10)

        gauge.free = 0
        await expectShortage {
            _ = try await store.beginUndo(of: record.id, accountID: nil, actor: "ops")
        }
        #expect(try await store.import(id: record.id)?.state == .applied)
        gauge.free = .max
        _ = try await store.beginUndo(of: record.id, accountID: nil, actor: "ops")
        gauge.free = 0
        await expectShortage { _ = try await store.undoBatch(of: record.id, now: Sample.now) }
        #expect(try await store.import(id: record.id)?.phase == .undoing)
        gauge.free = .max
        repeat {
            after = try await store.undoBatch(of: record.id, now: Sample.now)
        } while after.state == .running
        #expect(after.state == .undone && after.undone.cancelled == 10)
    }

    // MARK: Who may use it

    @Test func `payments, decisions, the journal and the kill switch may use it`() async throws {
        try await open.create(try Sample.draft())
        gauge.free = 0
        let notice = Notice()
        let taken = try await store.take(
            notice.delivery("r1", account: open.account, at: Sample.now), notice.contents)
        #expect(taken.entry?.standing == .settled)
        let other = Notice(number: "INV-9")
        let unmatched = try await store.take(
            other.delivery("r2", account: open.account, at: Sample.now), other.contents)
        _ = try await store.resolve(
            paymentID: try #require(unmatched.entry?.paymentID), .dismiss, billID: nil, note: nil,
            actor: "ops", now: Sample.now)
        try store.append([Sample.entry("r", account: open.account)])
        _ = try await store.pause(
            accountID: nil, reason: "a", actor: "ops", now: Sample.now, then: { _ in })
        #expect(store.writing.failing == nil)
    }
}

/// A disk whose free space a test sets.
final class Gauge: Sendable {
    private let bytes = Mutex(Int64.max)

    var free: Int64 {
        get { bytes.withLock { $0 } }
        set { bytes.withLock { $0 = newValue } }
    }

    /// - Parameter reserve: The space to keep free.
    func room(reserve: Int64 = 1_000) -> DiskRoom {
        DiskRoom(reserve: reserve, free: { [self] _ in free })
    }
}
