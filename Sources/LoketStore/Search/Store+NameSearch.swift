// Finds bills by the beginnings of the words of the customer's name, newest first, with bounded
// work. The rarest word leads: if it has few entries in the table of words, every bill is found.
// Otherwise all words are frequent, and only the newest bills are compared, which is reported.

import GRDB
import LoketCore

/// The bills found by words of the customer's name.
package struct BillsByName: Sendable {
    /// The words that were looked for; empty if the text has none.
    package var words: [String] = []
    package var records: [BillRecord] = []
    /// Bills whose rows do not match their checksums: their data may be wrong.
    package var damaged: [Int64] = []
    /// Whether there may be more bills than these.
    package var isCut = false
    /// Whether the words of all bills are in the table: false after an upgrade, an import or a
    /// rebuild, until the background has written them.
    package var isComplete = true
}

extension Store {
    /// The limits of the work for one search by name.
    package struct NameBounds: Sendable {
        package var found = Limits.namedBillsMax
        package var rows = Limits.searchWordRowsMax
        package var distinct = Limits.searchDistinctWordsMax
        package var newest = Limits.searchNewestMax
        package var compared = Limits.searchComparedMax

        package init() {}
    }

    /// Returns the newest bills for which each word of the text begins a word of the name.
    ///
    /// - Parameter accountID: the account; nil for every account.
    package func bills(
        byName text: String, accountID: Int64?, bounds: NameBounds = NameBounds()
    ) async throws -> BillsByName {
        try await pool.read { database in
            let search = NameSearch(
                words: NameWords.words(of: text), accountID: accountID, bounds: bounds,
                database: database)
            return try search.found()
        }
    }
}

private struct NameSearch {
    let words: [String]
    let accountID: Int64?
    let bounds: Store.NameBounds
    let database: Database

    func found() throws -> BillsByName {
        var found = BillsByName(words: words)
        found.isComplete = try WordFill(in: database).isComplete(in: database)
        guard !words.isEmpty else { return found }
        let all = try everyCandidate()
        let candidates = try all ?? newestCandidates()
        found.isCut = all == nil
        var compared = 0
        for id in candidates.sorted(by: >) {
            guard found.records.count < bounds.found, compared < bounds.compared else {
                found.isCut = true
                break
            }
            guard try isOfAccount(id) else { continue }
            compared += 1
            try take(id, into: &found)
        }
        return found
    }

    private func take(_ id: Int64, into found: inout BillsByName) throws {
        do {
            guard let record = try Store.record(id: id, in: database),
                BillWords.match(words, name: record.bill.customerName)
            else { return }
            found.records.append(record)
        } catch StoreFault.damagedBill {
            if found.damaged.count < bounds.found { found.damaged.append(id) }
        }
    }

    /// Bills of other accounts do not count as compared: the account may have few of the bills.
    private func isOfAccount(_ id: Int64) throws -> Bool {
        guard let accountID else { return true }
        return try database.isTrue(
            "SELECT account_id = ?2 FROM bill WHERE id = ?1", [id, accountID])
    }

    // MARK: A rare word

    /// Returns every bill that has the words with few entries; nil if each word has many.
    private func everyCandidate() throws -> Set<Int64>? {
        var common: Set<Int64>?
        for word in words.prefix(Limits.searchWordsMax) {
            let ids = try database.integers(
                """
                SELECT bill_id FROM bill_word WHERE word >= ?1 AND word < ?2
                ORDER BY word, bill_id LIMIT ?3
                """, [word, end(of: word), bounds.rows + 1])
            guard ids.count <= bounds.rows else { continue }
            common = common.map { $0.intersection(ids) } ?? Set(ids)
        }
        return common
    }

    /// The text after every text with this beginning: words consist of letters and digits.
    private func end(of word: String) -> String { word + "\u{10FFFF}" }

    // MARK: Frequent words

    /// Returns the bills that are among the newest of each word, and those with all words among the
    /// newest of all bills.
    private func newestCandidates() throws -> Set<Int64> {
        var common: Set<Int64>?
        var isBroad = false
        for beginning in words.prefix(Limits.searchWordsMax) {
            let distinct = try distinctWords(from: beginning)
            isBroad = isBroad || distinct.count == bounds.distinct
            let ids = try newest(of: distinct, whole: beginning)
            common = common?.intersection(ids) ?? ids
        }
        // More different words have the beginning than were read.
        return try (common ?? []).union(isBroad ? newestOfAll() : [])
    }

    /// - Parameter whole: the word that is probably meant; the others share as many rows.
    private func newest(of distinct: [String], whole: String) throws -> Set<Int64> {
        let share = bounds.rows / max(1, distinct.count)
        // Of an account, the newest of all bills may be none.
        let isEnough = words.count == 1 && accountID == nil
        return try distinct.reduce(into: []) { ids, word in
            let each = word == whole ? bounds.rows : share
            ids.formUnion(
                try database.integers(
                    "SELECT bill_id FROM bill_word WHERE word = ?1 ORDER BY bill_id DESC LIMIT ?2",
                    [word, isEnough ? bounds.found + 1 : each]))
        }
    }

    private func newestOfAll() throws -> Set<Int64> {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT id, account_id, customer_name FROM bill ORDER BY id DESC LIMIT ?1",
            arguments: [bounds.newest])
        var ids: Set<Int64> = []
        while let row = try rows.next() {
            let stored = TableRow(row, of: "bill")
            guard let name: String = try? stored.value("customer_name"),
                let account: Int64 = try? stored.value("account_id"),
                [account, nil].contains(accountID), BillWords.match(words, name: name)
            else { continue }
            ids.insert(try stored.value("id"))
        }
        return ids
    }

    /// Returns the first different words of the table with a beginning, with one search for each.
    private func distinctWords(from beginning: String) throws -> [String] {
        var words: [String] = []
        var next = try nextWord(">=", beginning)
        while let word = next, word.utf8.starts(with: beginning.utf8),
            words.count < bounds.distinct
        {
            words.append(word)
            next = try nextWord(">", word)
        }
        return words
    }

    private func nextWord(_ comparison: String, _ word: String) throws -> String? {
        try database.text(
            "SELECT word FROM bill_word WHERE word \(comparison) ?1 ORDER BY word LIMIT 1", [word])
    }
}
