// A disk that is full while an import applies: the batch leaves nothing, can be repeated, and
// continues where it stopped.

import LoketCore
import Testing

@testable import LoketStore

struct ImportFullTests {
    private static let rows = 2_000

    private func limit(_ pages: Int64, in store: Store) async throws {
        try await store.commits.write { database in
            try database.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
    }

    @Test func `a full disk stops a batch, and the next attempt continues`() async throws {
        let open = try OpenStore()
        let store = open.store
        let wish = Store.NewImport(
            accountID: nil, actor: "ops", format: .csv, amountFormat: "plain", isDryRun: false)
        let (record, stage) = try #require(try await store.beginImport(wish, now: Sample.now))
        let rows = try (1...Self.rows).map { number in
            StagedRow(
                line: Int64(number), accountID: open.account,
                draft: try Sample.draft("INV-\(number)", code: "\(8_896_510_000_000_000 + number)"),
                given: [])
        }
        try stage.add(rows, notes: [])
        try await store.importReceived(record.id, bytes: 1, rows: Int64(rows.count), refused: 0)
        let state = try await store.checkImport(record, unreadable: 0, now: Sample.now) { _ in }
        #expect(state == .running)

        try await limit(1, in: store)
        do {
            _ = try await store.applyBatch(of: record.id, now: Sample.now)
            Issue.record("the write found room")
        } catch {
            #expect(Store.isRetryable(error), "\(error)")
        }
        #expect(store.writing.failing != nil)
        #expect(try RawDatabase.count(open.path, "bill") == 0)

        try await limit(1 << 30, in: store)
        var after = try await store.applyBatch(of: record.id, now: Sample.now)
        while after.state == .running {
            after = try await store.applyBatch(of: record.id, now: Sample.now)
        }
        #expect(after.state == .applied)
        #expect(try RawDatabase.count(open.path, "bill") == Self.rows)
    }
}
