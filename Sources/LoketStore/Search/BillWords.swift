// The table of the words of customers' names. A transaction that changes a name keeps the table
// right: it deletes the words that the name no longer has. The words of new bills are written in
// the background (Store+WordFill.swift), so that no import and no payment waits for them.

import GRDB
import LoketCore

enum BillWords {
    /// Returns the words by which a search finds a name; none for the name of a forgotten customer.
    static func words(of name: String) -> [String] {
        name == Store.forgottenName ? [] : NameWords.words(of: name)
    }

    /// Returns whether each beginning is the beginning of a word by which a search finds the name.
    static func match(_ beginnings: [String], name: String) -> Bool {
        name != Store.forgottenName && NameWords.match(beginnings, name: name)
    }

    /// Replaces the words of a bill's name. Call in the transaction that changes the name. Writes
    /// nothing if the names have the same words.
    static func rename(
        _ billID: Int64, from old: String, to new: String, in database: Database
    ) throws {
        guard !old.utf8.elementsEqual(new.utf8) else { return }
        let (before, after) = (words(of: old), words(of: new))
        for word in before where !isAmong(after, word) {
            try database.run(
                "DELETE FROM bill_word WHERE word = ?1 AND bill_id = ?2", [word, billID])
        }
        let added = after.filter { !isAmong(before, $0) }
        // Of a bill that the background has not yet reached, it reads the new name.
        guard !added.isEmpty, billID <= (try WordFill(in: database).done) else { return }
        try add(added, of: billID, in: database)
    }

    /// Equal bytes, as in the table: Swift considers some different texts equal.
    private static func isAmong(_ words: [String], _ word: String) -> Bool {
        words.contains { $0.utf8.elementsEqual(word.utf8) }
    }

    static func add(_ words: [String], of billID: Int64, in database: Database) throws {
        for word in words {
            try database.run(
                "INSERT INTO bill_word (word, bill_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                [word, billID])
        }
    }

    /// Deletes the next entries of the table, in its order.
    ///
    /// - Returns: true if none is left.
    static func clear(_ limit: Int, in database: Database) throws -> Bool {
        try database.run(clearSQL, [limit])
        return database.changesCount < limit
    }

    static let clearSQL = """
        DELETE FROM bill_word WHERE (word, bill_id) IN (
            SELECT word, bill_id FROM bill_word ORDER BY word, bill_id LIMIT ?1
        )
        """
}

/// How far the background is.
struct WordFill: Equatable {
    /// The words of all bills up to this one are in the table.
    let done: Int64
    /// Whether the table is being emptied.
    let clears: Bool

    init(in database: Database) throws {
        let stored = try database.row("SELECT done, clears FROM bill_word_fill")
            .map { TableRow($0, of: "bill_word_fill") }
        done = try stored?.value("done") ?? 0
        clears = try stored?.value("clears") ?? false
    }

    /// Whether a search finds every bill.
    func isComplete(in database: Database) throws -> Bool {
        try !clears && done >= Store.newestBill(in: database)
    }

    static func save(done: Int64, clears: Bool = false, in database: Database) throws {
        try database.run(
            """
            INSERT INTO bill_word_fill (id, done, clears) VALUES (1, ?1, ?2)
            ON CONFLICT (id) DO UPDATE SET done = ?1, clears = ?2
            """, [done, clears])
    }
}
