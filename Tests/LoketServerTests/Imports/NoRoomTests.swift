// An import that is applied while the disk fills: the import waits, reports why, and continues when
// there is room.

import Foundation
import LoketCore
import LoketStore
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
@testable import LoketAdmin
@testable import LoketRuntime

struct NoRoomTests {
    /// An import runner, and a disk whose free space the test sets.
    private func withDesk(
        _ body: (Store, ImportRunner, LogLines, _ setFree: (Int64) -> Void) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let free = Mutex(Int64.max)
            let store = try Store(
                path: folder.file("loket.db"),
                room: DiskRoom(reserve: 1_000, free: { _ in free.withLock { $0 } }))
            let lines = LogLines()
            let desk = ImportRunner(store: store, log: lines.logger)
            // When this is applied, the runner has read everything that an earlier process left.
            let first = try await checked("INV-1", in: store)
            let running = Task { try await desk.run() }
            try await eventually { lines.importsApplied == ["\(first.id)"] }
            try await body(store, desk, lines) { bytes in free.withLock { $0 = bytes } }
            running.cancel()
            _ = await running.result
            try store.close()
        }
    }

    @Test func `an import waits for room, reports the wait, and continues`() async throws {
        try await withDesk { store, desk, lines, setFree in
            let record = try await checked("INV-2", in: store)
            setFree(0)
            desk.take(record)
            let reason = try await eventually { desk.progress(of: record.id).waitsFor }
            #expect(reason.contains("has 0 bytes free"), "\(reason)")
            #expect(try await store.import(id: record.id)?.state == .running)

            setFree(.max)
            try await eventually { lines.importsApplied.contains("\(record.id)") }
            #expect(try await store.import(id: record.id)?.created == 1)
            try await eventually { desk.progress(of: record.id).waitsFor == nil }
            // Logged once, however often the import was retried.
            #expect(lines.all.filter { $0.contains("waits:") }.count == 1)
        }
    }

    @Test func `an import without room for its comparison applies nothing`() async throws {
        try await withDesk { store, desk, _, setFree in
            let record = try await received("INV-2", in: store)
            setFree(0)
            desk.take(record)
            let ended = try await eventually {
                let now = try await store.import(id: record.id)
                return now?.state == .running ? nil : now
            }
            #expect(ended.state == .failed)
            let failure = try #require(ended.failure)
            #expect(failure.contains("has 0 bytes free"), "\(failure)")
            #expect(failure.hasSuffix("free some space there; nothing was applied"), "\(failure)")
        }
    }

    private func received(_ invoice: String, in store: Store) async throws -> ImportRecord {
        let account = try #require(store.registerAccounts(["MCH-1"])["MCH-1"])
        let wish = Store.NewImport(
            accountID: account, actor: "ops", format: .csv, amountFormat: "plain",
            isDryRun: false)
        let begun = try #require(try await store.beginImport(wish, now: .now))
        let code = "8896511000000" + invoice.suffix(1)
        let row = StagedRow(
            line: 2, accountID: account, draft: try .sample(code, invoice), given: [])
        try begun.stage.add([row], notes: [])
        try await store.importReceived(begun.record.id, bytes: 100, rows: 1, refused: 0)
        return try #require(try await store.import(id: begun.record.id))
    }

    private func checked(_ invoice: String, in store: Store) async throws -> ImportRecord {
        let record = try await received(invoice, in: store)
        _ = try await store.checkImport(record, unreadable: 0, now: .now) { _ in }
        return try #require(try await store.import(id: record.id))
    }
}
