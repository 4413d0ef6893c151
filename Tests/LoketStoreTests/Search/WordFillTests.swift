// The table of words follows the names of bills: new bills in the background, changed and deleted
// names in the transaction that changes them.

import LoketCore
import Testing

@testable import LoketStore

struct WordFillTests {
    private let shelf: WordShelf

    init() throws {
        shelf = try WordShelf()
    }

    private func expectSound(_ entries: [String]) throws {
        #expect(try shelf.entries() == entries)
        #expect(try shelf.till.audit().problems == [])
    }

    @Test func `new bills are written in steps, and the search says when all are`() async throws {
        #expect(try await shelf.hasAllWords())
        try await shelf.add("Anton Budiman", "Siti", "Ñúñez")
        #expect(try await !shelf.hasAllWords())
        #expect(try shelf.entries() == [])
        #expect(try await shelf.store.fillWords(bills: 2) { _ in } == .step)
        #expect(try await !shelf.hasAllWords())
        try expectSound(["anton 1", "budiman 1", "siti 2"])
        try await shelf.fill()
        #expect(try await shelf.hasAllWords())
        try expectSound(["anton 1", "budiman 1", "siti 2", "nunez 3"])
    }

    @Test func `a step that a stop ends in the middle is done again`() async throws {
        try await shelf.add("Anton", "Budi")
        for index in 3...(Limits.wordsAtLeast + 3) { try await shelf.add("Zaki \(index)") }
        let step = try await shelf.store.pool.read { try WordStep(bills: 1_000, in: $0) }
        let first = try #require(step)
        // The writer is awaited, so only the first words are written.
        let next = try await shelf.store.commits.write {
            try first.write(from: 0, in: $0) { true }
        }
        #expect(next == Limits.wordsAtLeast)
        #expect(try shelf.entries().count == Limits.wordsAtLeast)
        #expect(try shelf.till.audit().problems == [])
        #expect(try await !shelf.hasAllWords())
        try await shelf.fill()
        #expect(try await shelf.hasAllWords())
        #expect(try shelf.entries().count == 2 + 2 * (Limits.wordsAtLeast + 1))
    }

    @Test func `an edit replaces the words in its transaction`() async throws {
        try await shelf.add("Anton Budiman", "Siti")
        try await shelf.fill(bills: 1)
        try await shelf.rename(1, "Anton Wijaya")
        try expectSound(["anton 1", "wijaya 1", "siti 2"])
        // Only the case changes, and so no word.
        try await shelf.rename(2, "SITI")
        try expectSound(["anton 1", "wijaya 1", "siti 2"])
        // The background has not reached this bill.
        try await shelf.add("Dewi")
        try await shelf.rename(3, "Ayu")
        try expectSound(["anton 1", "wijaya 1", "siti 2"])
        try await shelf.fill()
        try expectSound(["anton 1", "wijaya 1", "siti 2", "ayu 3"])
    }

    @Test func `names changed between reading and writing are written as they are`()
        async throws
    {
        try await shelf.add("Anton", "Budi", "Citra")
        let step = try #require(
            try await shelf.store.pool.read { try WordStep(bills: 10, in: $0) })
        try await shelf.rename(1, "Dewi")
        try await shelf.till.cancel(2)
        try await shelf.forget(2)
        let next = try await shelf.store.commits.write {
            try step.write(from: 0, in: $0) { false }
        }
        #expect(next == nil)
        try expectSound(["dewi 1", "citra 3"])
        // A step that another step or a rebuild has overtaken writes nothing.
        try await shelf.store.rebuildWords()
        _ = try await shelf.store.commits.write { try step.write(from: 0, in: $0) { false } }
        try expectSound(["dewi 1", "citra 3"])
    }

    @Test func `a step gives way to an import that begins between two writes`() async throws {
        try await shelf.add("Anton", "Budi")
        for index in 3...(Limits.wordsAtLeast + 3) { try await shelf.add("Zaki \(index)") }
        let step = try #require(
            try await shelf.store.pool.read { try WordStep(bills: 1_000, in: $0) })
        let next = try #require(
            try await shelf.store.commits.write { try step.write(from: 0, in: $0) { true } })
        let written = try shelf.entries()
        let running = try await shelf.receive([("INV-999", "889659", "Citra")])
        let after = try await shelf.store.commits.write {
            try step.write(from: next, in: $0) { false }
        }
        #expect(after == nil)
        #expect(try shelf.entries() == written)
        #expect(try await shelf.store.fillWords { _ in } == .waits)
        while try await shelf.store.applyBatch(of: running, now: Sample.now).state == .running {}
        try await shelf.fill()
        #expect(try await shelf.hasAllWords())
        #expect(try shelf.entries().count == step.entries.count + 1)
        #expect(try shelf.till.audit().problems == [])
    }

    @Test func `the table is not emptied further beside an import`() async throws {
        for index in 1...(Limits.wordsAtLeast + 1) { try await shelf.add("Zaki \(index)") }
        try await shelf.fill()
        try await shelf.store.rebuildWords()
        let before = try shelf.entries()
        let running = try await shelf.receive([("INV-999", "889659", "Citra")])
        try await shelf.store.clearWords { _ in }
        #expect(try shelf.entries() == before)
        while try await shelf.store.applyBatch(of: running, now: Sample.now).state == .running {}
        try await shelf.fill()
        try expectSound(before + ["citra \(Limits.wordsAtLeast + 2)"])
    }

    @Test func `a step with many changed names is done again`() async throws {
        try await shelf.add("Anton", "Budi")
        let step = try #require(
            try await shelf.store.pool.read { try WordStep(bills: 10, in: $0) })
        try await shelf.rename(1, "Dewi")
        try await shelf.rename(2, "Citra")
        let next = try await shelf.store.commits.write {
            try step.write(from: 0, in: $0, renamedMax: 1) { false }
        }
        #expect(next == nil)
        #expect(try await !shelf.hasAllWords())
        try expectSound([])
        try await shelf.fill()
        try expectSound(["dewi 1", "citra 2"])
    }

    @Test func `an import's bills are written after it, and an undo restores the words`()
        async throws
    {
        try await shelf.add("Anton")
        let running = try await shelf.receive([("INV-9", "889659", "Zaki")])
        #expect(try await shelf.store.fillWords { _ in } == .waits)
        while try await shelf.store.applyBatch(of: running, now: Sample.now).state == .running {}
        try await shelf.fill()
        try expectSound(["anton 1", "zaki 2"])
        let renaming = try await shelf.importFile([("INV-9", "889659", "Yusuf Zaki")])
        try expectSound(["anton 1", "yusuf 2", "zaki 2"])
        try await shelf.undo(renaming)
        try expectSound(["anton 1", "zaki 2"])
    }

    @Test func `forget deletes the words, and no search finds the name`() async throws {
        try await shelf.add("Anton Budiman", "Anton")
        try await shelf.fill()
        try await shelf.till.cancel(1)
        try await shelf.forget(1)
        try expectSound(["anton 2"])
        #expect(try await shelf.ids("anton") == [2])
        #expect(try await shelf.ids("forgotten") == [])
        try await shelf.store.rebuildWords()
        try await shelf.fill()
        try expectSound(["anton 2"])
    }

    @Test func `words that differ in their bytes only are different words`() async throws {
        // A syllable as one scalar, and as a letter with a mark: equal texts for Swift.
        let (whole, parts) = ("\u{304C}", "\u{304B}\u{3099}")
        try await shelf.add(whole)
        try await shelf.fill()
        try await shelf.rename(1, parts)
        #expect(try shelf.entries().map { Array($0.utf8) } == [Array("\(parts) 1".utf8)])
        #expect(try shelf.till.audit().problems == [])
        try await shelf.till.cancel(1)
        try await shelf.forget(1)
        try expectSound([])
    }

    @Test func `deleted words leave no trace in the pages of the database`() async throws {
        try await shelf.add("Quetzalcoatl")
        try await shelf.fill()
        try await shelf.till.cancel(1)
        #expect(try shelf.databaseContains("quetzalcoatl"))
        try await shelf.forget(1)
        #expect(try !shelf.databaseContains("quetzalcoatl"))
    }

    @Test func `a rebuild empties the table and fills it again`() async throws {
        try await shelf.add("Anton", "Siti")
        for index in 3...(Limits.wordsAtLeast + 3) { try await shelf.add("Zaki \(index)") }
        try await shelf.fill()
        let before = try shelf.entries()
        try RawDatabase.execute(
            shelf.till.path,
            "DELETE FROM bill_word WHERE bill_id = 2; INSERT INTO bill_word VALUES ('x', 1)")
        try await shelf.store.rebuildWords()
        #expect(try await !shelf.hasAllWords())
        // A name that changes meanwhile is written by the background.
        try await shelf.rename(1, "Ayu")
        #expect(try shelf.till.audit().problems == [])
        try await shelf.fill()
        try expectSound(before.map { $0 == "anton 1" ? "ayu 1" : $0 })
        #expect(try await shelf.hasAllWords())
    }

    @Test(arguments: [
        ("DELETE FROM bill_word WHERE word = 'siti'", "does not find bill 2"),
        ("INSERT INTO bill_word VALUES ('aaa', 1)", "finds bill 1 by a word"),
        ("INSERT INTO bill_word VALUES ('zzz', 2)", "finds bill 2 by a word"),
        ("INSERT INTO bill_word VALUES ('anton', 404)", "finds bill 404 by a word"),
        ("UPDATE bill_word_fill SET done = 404", "which do not exist"),
    ])
    func `the audit reports a wrong table, and what to do`(
        change: String, problem: String
    ) async throws {
        try await shelf.add("Anton Budiman", "Siti")
        try await shelf.fill()
        #expect(try shelf.till.audit().problems == [])
        try RawDatabase.execute(shelf.till.path, change)
        let problems = try shelf.till.audit().problems
        #expect(problems.count == 2, "\(problems)")
        #expect(problems.first?.contains(problem) == true, "\(problems)")
        #expect(problems.last == WordAudit.advice)
    }

    @Test func `a damaged bill is not reported a second time`() async throws {
        try await shelf.add("Anton", "Siti")
        try await shelf.fill()
        try RawDatabase.damage(shelf.till.path, "UPDATE bill SET customer_name = 'Bnton'")
        #expect(try shelf.till.audit().problems == [])
    }
}
