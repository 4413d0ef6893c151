// Which kept rows of an import belong to a forgotten customer.

import LoketCore
import Testing

@testable import LoketStore

struct ImportForgetTests {
    @Test func `only rows that are or may be of the bill are deleted, with their values`()
        async throws
    {
        let open = try OpenStore()
        let wish = Store.NewImport(
            accountID: nil, actor: "ops", format: .csv, amountFormat: "plain", isDryRun: false)
        let (_, stage) = try #require(try await open.store.beginImport(wish, now: Sample.now))
        let rows: [(account: Int64?, number: String?)] = [
            (1, "INV-1"), (2, "INV-1"), (nil, "INV-1"), (1, nil), (2, nil), (nil, nil),
            (1, "INV-2"),
        ]
        var kept = [LoketStore.BadRow(line: 0, accountID: nil, invoiceNumber: nil, cells: "[]")]
        var notes: [ImportNote] = []
        for (place, row) in rows.enumerated() {
            let line = Int64(place + 1)
            kept.append(
                LoketStore.BadRow(
                    line: line, accountID: row.account, invoiceNumber: row.number, cells: "[]"))
            notes.append(
                ImportNote(line: line, value: "\(line)", outcome: .refused, reason: "is wrong"))
        }
        // A row that is not kept, and a fault of the whole file.
        for line in [99, nil] as [Int64?] {
            notes.append(ImportNote(line: line, value: "x", outcome: .refused, reason: "is wrong"))
        }
        try stage.add([], notes: notes, badRows: kept)
        try stage.forget([ForgottenBill(number: "INV-1", accountID: 1)])
        #expect(try stage.refusedRows().map(\.line) == [2, 5, 7])
        #expect(try stage.header() == "[]")
        let values = try stage.notes(nil, after: 0, limit: 99).map(\.note.value)
        #expect(values == [nil, "2", nil, nil, "5", nil, "7", nil, nil])
    }

    private static func at(_ second: Int64) -> Moment {
        Sample.now.adding(milliseconds: second * 1_000)
    }

    /// An import of one refused row of bill 1, which waits for the runner.
    private func waiting(in open: OpenStore) async throws -> ImportRecord {
        let wish = Store.NewImport(
            accountID: nil, actor: "ops", format: .csv, amountFormat: "plain", isDryRun: false)
        let (record, stage) = try #require(
            try await open.store.beginImport(wish, now: Self.at(10)))
        let number = try Sample.fullDraft().invoiceNumber.text
        let row = LoketStore.BadRow(
            line: 2, accountID: open.account, invoiceNumber: number, cells: "[]")
        try stage.add([], notes: [], badRows: [row])
        try await open.store.importReceived(record.id, bytes: 1, rows: 1, refused: 1)
        return record
    }

    private func rows(of record: ImportRecord, in open: OpenStore) async throws -> Int {
        let ended = try #require(try await open.store.import(id: record.id))
        // The row is counted only if the import has refused rows.
        try #require(ended.state == .failed && ended.difference.refused == 1)
        return try await open.store.importRefusedRows(of: ended).rows.count
    }

    private func paidBill(in open: OpenStore) throws {
        try open.store.seed(
            [try Sample.fullDraft()], accountID: open.account, state: .paid, now: Sample.now)
    }

    @Test func `the start deletes the rows of an import that ended before the runner took it`()
        async throws
    {
        let open = try OpenStore()
        try paidBill(in: open)
        let record = try await waiting(in: open)
        _ = try await open.store.forget(id: 1, actor: "ops", now: Self.at(20))
        _ = try await open.store.cancelImport(
            record.id, accountID: nil, actor: "ops", now: Self.at(30))
        #expect(try await rows(of: record, in: open) == 1)
        try await open.store.trimImportFiles()
        #expect(try await rows(of: record, in: open) == 0)
    }

    @Test func `a removal that is repeated while an import runs counts for its rows`()
        async throws
    {
        let open = try OpenStore()
        try paidBill(in: open)
        _ = try await open.store.forget(id: 1, actor: "ops", now: Self.at(1))
        let record = try await waiting(in: open)
        for second in [20, 30] as [Int64] {
            let outcome = try await open.store.forget(id: 1, actor: "ops", now: Self.at(second))
            guard case .already(let bill) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            let times = bill.history.filter { $0.change == "forgotten" }.map(\.at)
            #expect(times == [Self.at(1), Self.at(20)])
        }
        try await open.store.endImport(
            record.id, as: .failed, failure: "test", now: Self.at(40))
        #expect(try await rows(of: record, in: open) == 1)
        try await open.store.forgetAgain(in: record)
        #expect(try await rows(of: record, in: open) == 0)
    }
}
