// A store with bills whose names are searched, and the entries of its table of words. Not a test.

import Foundation
import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct WordShelf {
    let till: Till

    init() throws {
        till = try Till()
    }

    var store: Store { till.store }

    /// Creates bills with these names, numbered from 1 if there are none before.
    func add(_ names: String..., account: Int64? = nil) async throws {
        for name in names {
            let place = try RawDatabase.count(till.path, "bill") + 1
            var draft = try Sample.draft("INV-\(place)", code: "88965\(1_000_000 + place)")
            draft.customerName = name
            _ = try await till.open.create(draft, account: account)
        }
    }

    func rename(_ id: Int64, _ name: String) async throws {
        guard case .edited = try await till.edit(id, { $0.customerName = name }) else {
            Issue.record("bill \(id) was not edited")
            return
        }
    }

    /// Fills until nothing is left.
    func fill(bills: Int = Limits.wordBillsAtOnce) async throws {
        while try await store.fillWords(bills: bills, pause: { _ in }) == .step {}
    }

    /// Whether the words of all bills are in the table.
    func hasAllWords() async throws -> Bool { try await found("x").isComplete }

    /// The entries of the table, such as `anton 1`.
    func entries() throws -> [String] {
        try RawDatabase.rows(
            till.path, "SELECT word || ' ' || bill_id FROM bill_word ORDER BY bill_id, word"
        ).map { $0[0] }
    }

    func found(
        _ text: String, account: Int64? = nil, bounds: Store.NameBounds = Store.NameBounds()
    ) async throws -> BillsByName {
        try await store.bills(byName: text, accountID: account, bounds: bounds)
    }

    func ids(_ text: String, account: Int64? = nil) async throws -> [Int64] {
        try await found(text, account: account).records.map(\.bill.id)
    }

    // MARK: Imports

    /// Imports bills with these names and invoice numbers, and returns the import.
    func importFile(_ rows: [(number: String, code: String, name: String)]) async throws -> Int64 {
        let id = try await receive(rows)
        while try await store.applyBatch(of: id, now: Sample.now).state == .running {}
        return id
    }

    /// Receives and compares an import, which is then running.
    func receive(_ rows: [(number: String, code: String, name: String)]) async throws -> Int64 {
        let wish = Store.NewImport(
            accountID: till.open.account, actor: "ops", format: .csv, amountFormat: "plain",
            isDryRun: false)
        let (record, stage) = try #require(try await store.beginImport(wish, now: Sample.now))
        let staged = try rows.enumerated().map { place, row in
            var draft = try Sample.draft(row.number, code: row.code)
            draft.customerName = row.name
            return StagedRow(
                line: Int64(place + 2), accountID: till.open.account, draft: draft, given: [])
        }
        try stage.add(staged, notes: [])
        try await store.importReceived(record.id, bytes: 1, rows: Int64(rows.count), refused: 0)
        _ = try await store.checkImport(record, unreadable: 0, now: Sample.now) { _ in }
        return record.id
    }

    func undo(_ id: Int64) async throws {
        guard
            case .begun(var record) = try await store.beginUndo(
                of: id, accountID: nil, actor: "ops")
        else {
            Issue.record("the import was not undone")
            return
        }
        while record.state == .running {
            record = try await store.undoBatch(of: id, now: Sample.now)
        }
    }
}

extension WordShelf {
    func forget(_ id: Int64) async throws {
        guard
            case .forgotten = try await store.forget(id: id, actor: "ops", now: Sample.now)
        else {
            Issue.record("bill \(id) was not forgotten")
            return
        }
    }

    /// Whether the bytes of the database file contain a text, after the log is moved into it.
    func databaseContains(_ text: String) throws -> Bool {
        _ = try store.pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: till.path))
        return bytes.range(of: Data(text.utf8)) != nil
    }
}
