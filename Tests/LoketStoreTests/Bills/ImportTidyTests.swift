// The end of an import: its rows are deleted while a reader reads its notes.

import Foundation
import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct ImportTidyTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func applied() async throws -> ImportRecord {
        let wish = Store.NewImport(
            accountID: open.account, actor: "ops", format: .csv, amountFormat: "plain",
            isDryRun: false)
        let (record, stage) = try #require(
            try await open.store.beginImport(wish, now: Sample.now))
        let row = StagedRow(
            line: 2, accountID: open.account, draft: try Sample.draft(), given: [])
        let note = ImportNote(line: 3, outcome: .skipped, reason: "is paid")
        try stage.add([row], notes: [note])
        try await open.store.importReceived(record.id, bytes: 1, rows: 1, refused: 0)
        _ = try await open.store.checkImport(record, unreadable: 0, now: Sample.now) { _ in }
        var after = record
        repeat {
            after = try await open.store.applyBatch(of: record.id, now: Sample.now)
        } while after.state == .running
        return after
    }

    @Test func `an import's rows are deleted while another reads its file`() async throws {
        let record = try await applied()
        let path = open.store.stagePath(record.id)
        // While this transaction is open, no row could be deleted from the file.
        let reader = try RawDatabase.open(path)
        try reader.unsafeReentrantRead { database in
            try database.execute(sql: "BEGIN; SELECT 1 FROM note;")
            try open.store.tidyImport(record)
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM row") == 1)
            try database.execute(sql: "COMMIT")
        }
        try reader.close()
        for table in ["row", "suffixed", "bad_row"] {
            #expect(try RawDatabase.rows(path, "SELECT * FROM \(table)").isEmpty, "\(table)")
        }
        let notes = try await open.store.importNotes(of: record, nil, after: 0, limit: 9)
        #expect(notes.map(\.note.reason) == ["is paid"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
        let files = try FileManager.default.contentsOfDirectory(atPath: open.path + ".imports")
        #expect(files == ["\(record.id).db"])
        // A second call, as after a crash, does nothing.
        try open.store.tidyImport(record)
        #expect(try await open.store.importNotes(of: record, nil, after: 0, limit: 9).count == 1)
    }
}
