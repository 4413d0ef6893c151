// What wakes the background that writes the words of names: new bills, imports that ended and a
// rebuild, and no other commit.

import LoketCore
import Testing

@testable import LoketStore

struct WordSignalTests {
    private let shelf: WordShelf

    init() throws {
        shelf = try WordShelf()
    }

    /// Runs the body, and expects that it wakes the background or does not.
    private func expect(wakes: Bool, _ body: () async throws -> Void) async throws {
        let before = shelf.store.wordSignal.count
        try await body()
        #expect((shelf.store.wordSignal.count > before) == wakes)
    }

    /// Begins an import that is then running.
    private func begin(_ number: String, _ code: String) async throws -> Int64 {
        var id: Int64 = 0
        try await expect(wakes: false) { id = try await shelf.receive([(number, code, "Citra")]) }
        return id
    }

    @Test func `only new bills, ended imports and a rebuild wake the background`() async throws {
        let (store, till) = (shelf.store, shelf.till)
        try await expect(wakes: true) { try await till.bill("INV-1") }
        try await expect(wakes: false) { try await till.bill("INV-1") }
        try await expect(wakes: false) { try await shelf.rename(1, "Ayu") }
        try await expect(wakes: false) { try await till.take() }
        try await till.bill("INV-2", code: "88965999")
        try await expect(wakes: false) { try await till.cancel(2) }
        let applied = try await begin("INV-7", "889659")
        try await expect(wakes: true) {
            while try await store.applyBatch(of: applied, now: Sample.now).state == .running {}
        }
        try await expect(wakes: true) { try await shelf.undo(applied) }
        let cancelled = try await begin("INV-8", "889658")
        try await expect(wakes: true) {
            _ = try await store.cancelImport(
                cancelled, accountID: nil, actor: "ops", now: Sample.now)
        }
        let failed = try await begin("INV-9", "889657")
        try await expect(wakes: true) {
            try await store.endImport(failed, as: .failed, failure: "x", now: Sample.now)
        }
        // The comparison refuses a number that two rows have.
        try await expect(wakes: true) {
            _ = try await shelf.receive([("INV-6", "889656", "Budi"), ("INV-6", "889655", "Budi")])
        }
        try await expect(wakes: true) { try await store.rebuildWords() }
    }
}
