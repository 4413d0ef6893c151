// Compares the table of words with the names of bills: all of up to 20,000 bills, and a sample of
// more. The entry after each compared word must belong to its bill's name too, so that wrong
// entries of a compared table are found.

import GRDB
import LoketCore

struct WordAudit {
    private(set) var problems: [String] = []
    private let database: Database
    private static let problemsMax = 20

    init(_ database: Database) throws {
        self.database = database
        try check()
        if !problems.isEmpty {
            problems = problems.prefix(Self.problemsMax) + [Self.advice]
        }
    }

    static let advice =
        "the search by name may miss bills or show wrong ones: run `loket find --rebuild`"

    private mutating func check() throws {
        let fill = try WordFill(in: database)
        let newest = try Store.newestBill(in: database)
        if fill.done > newest {
            problems.append("words are recorded for bills up to \(fill.done), which do not exist")
        }
        try checkEntry(after: "", 0)
        let last = min(fill.done, newest)
        let step = max(1, last / Limits.auditedWordBills)
        for id in stride(from: 1, through: last, by: Int(step))
        where problems.count < Self.problemsMax {
            let row = try database.row("SELECT customer_name FROM bill WHERE id = ?1", [id])
            guard let row,
                let name: String = try? TableRow(row, of: "bill").value("customer_name")
            else { continue }
            try checkBill(id, name)
        }
    }

    private mutating func checkBill(_ id: Int64, _ name: String) throws {
        for word in BillWords.words(of: name) {
            let isThere = try database.isTrue(
                "SELECT EXISTS (SELECT 1 FROM bill_word WHERE word = ?1 AND bill_id = ?2)",
                [word, id])
            guard isThere else {
                // A damaged name is reported elsewhere.
                if (try? Store.record(id: id, in: database)) != nil {
                    problems.append("the search by name does not find bill \(id)")
                }
                return
            }
            try checkEntry(after: word, id)
        }
    }

    private mutating func checkEntry(after word: String, _ id: Int64) throws {
        let next = try database.row(
            """
            SELECT word, bill_id FROM bill_word WHERE (word, bill_id) > (?1, ?2)
            ORDER BY word, bill_id LIMIT 1
            """, [word, id])
        guard let next else { return }
        let entry = TableRow(next, of: "bill_word")
        let (other, otherID): (String, Int64) = (
            try entry.value("word"), try entry.value("bill_id")
        )
        let record: BillRecord?
        do {
            record = try Store.record(id: otherID, in: database)
        } catch StoreFault.damagedBill {
            return
        }
        let words = record.map { BillWords.words(of: $0.bill.customerName) } ?? []
        guard !words.contains(where: { $0.utf8.elementsEqual(other.utf8) }) else { return }
        problems.append(
            "the search by name finds bill \(otherID) by a word that is not in its name")
    }
}
