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
        try stage.forget("INV-1", accountID: 1)
        #expect(try stage.refusedRows().map(\.line) == [2, 5, 7])
        #expect(try stage.header() == "[]")
        let values = try stage.notes(nil, after: 0, limit: 99).map(\.note.value)
        #expect(values == [nil, "2", nil, nil, "5", nil, "7", nil, nil])
    }
}
