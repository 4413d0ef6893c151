// What the file of an import keeps is read and changed page by page, in short transactions.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct ImportPageTests {
    private static let count: Int64 = 300
    private static let page = 7

    /// An import of refused rows, of which those with an odd line have no invoice number. Each has
    /// three reasons, the last one 25, and there is a note on a skipped row after each.
    private func stage(in open: OpenStore) async throws -> (record: ImportRecord, ImportStage) {
        let wish = Store.NewImport(
            accountID: nil, actor: "ops", format: .csv, amountFormat: "plain", isDryRun: false)
        let (record, stage) = try #require(
            try await open.store.beginImport(wish, now: Sample.now))
        var kept = [LoketStore.BadRow(line: 0, accountID: nil, invoiceNumber: nil, cells: "[]")]
        var notes: [ImportNote] = []
        for line in 1...Self.count {
            kept.append(
                LoketStore.BadRow(
                    line: line, accountID: open.account,
                    invoiceNumber: line % 2 == 1 ? nil : "INV-\(line)", cells: "[\(line)]"))
            for place in 1...(line == Self.count ? 25 : 3) {
                notes.append(
                    ImportNote(
                        line: line, value: "v", outcome: .refused, reason: "\(line).\(place)"))
            }
            notes.append(ImportNote(line: 1_000 + line, outcome: .skipped, reason: "is paid"))
        }
        try stage.add([], notes: notes, badRows: kept)
        return (record, stage)
    }

    @Test func `refused rows and notes are read page by page, and none is left out`() async throws {
        let open = try OpenStore()
        let (_, stage) = try await stage(in: open)
        let rows = try stage.refusedRows(rowsPage: Self.page, notesPage: Self.page)
        #expect(rows.map(\.line) == Array(1...Self.count))
        for row in rows.dropLast() {
            #expect(row.reasons.map(\.reason) == (1...3).map { "\(row.line).\($0)" })
            #expect(row.moreReasons == 0)
        }
        let last = try #require(rows.last)
        #expect(last.reasons.map(\.reason) == (1...20).map { "\(Self.count).\($0)" })
        #expect(last.moreReasons == 5)
        var lines: [Int64?] = []
        var after: Int64 = 0
        while let end = try stage.notes(.skipped, after: after, limit: 11, page: Self.page).last {
            lines += try stage.notes(.skipped, after: after, limit: 11, page: Self.page)
                .map(\.note.line)
            after = end.id
        }
        #expect(lines == (1...Self.count).map { 1_000 + $0 })
        let all = try stage.notes(nil, after: 0, limit: .max, page: Self.page)
        #expect(all.count == Int(4 * Self.count) + 22)
    }

    @Test func `a forgotten customer is deleted page by page, and nothing else`() async throws {
        let open = try OpenStore()
        let (_, stage) = try await stage(in: open)
        let changes = Changes()
        stage.queue.add(transactionObserver: changes)
        let bill = ForgottenBill(number: "INV-2", accountID: open.account)
        try stage.forget([bill], rowsPage: Self.page, notesPage: Self.page)
        #expect(changes.largest <= Self.page, "\(changes.largest) rows in one transaction")
        let left = try stage.refusedRows().map(\.line)
        #expect(left == (1...Self.count).filter { $0 % 2 == 0 && $0 != 2 })
        #expect(try stage.header() == "[]")
        let notes = try stage.notes(.refused, after: 0, limit: .max).map(\.note)
        #expect(notes.count == Int(3 * Self.count) + 22)
        for note in notes {
            let isKept = note.line.map { $0 % 2 == 0 && $0 != 2 } ?? false
            #expect((note.value == "v") == isKept, "\(note)")
        }
    }

    @Test func `customers who were forgotten during an import are read page by page`()
        async throws
    {
        let open = try OpenStore()
        let numbers = (1...5).map { "INV-\(2 * $0)" }
        for (place, number) in numbers.enumerated() {
            try await open.createCancelled(
                try Sample.draft(number, code: "889651000000000\(place)"))
        }
        let (record, _) = try await stage(in: open)
        for id in 1...5 as ClosedRange<Int64> {
            // Three at one time, and two at another.
            let now = Sample.now.adding(milliseconds: id < 4 ? 1_000 : 2_000)
            guard case .forgotten = try await open.store.forget(id: id, actor: "ops", now: now)
            else {
                Issue.record("bill \(id) was not forgotten")
                return
            }
        }
        try await open.store.endImport(record.id, as: .failed, failure: "test", now: Sample.now)
        let ended = try #require(try await open.store.import(id: record.id))
        try await open.store.forgetAgain(in: ended, page: 2)
        let stage = try #require(try open.store.comparedStage(of: ended))
        let left = try stage.refusedRows().map(\.line)
        #expect(left == (1...Self.count).filter { $0 % 2 == 0 && $0 > 10 })
    }
}

/// The number of rows that each transaction changes.
private final class Changes: TransactionObserver {
    private(set) var largest = 0
    private var count = 0

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }

    func databaseDidChange(with event: DatabaseEvent) { count += 1 }

    func databaseDidCommit(_ database: Database) {
        largest = max(largest, count)
        count = 0
    }

    func databaseDidRollback(_ database: Database) { count = 0 }
}
