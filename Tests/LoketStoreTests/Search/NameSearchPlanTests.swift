// Every statement about words uses an index, and none reads more rows than its limit. Checked with
// the plan of every statement that was executed.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct NameSearchPlanTests {
    private let shelf: WordShelf

    init() throws {
        shelf = try WordShelf()
    }

    private static let key = "SEARCH bill_word USING PRIMARY KEY ("

    private func plans(_ log: ReaderLog) throws -> [(sql: String, plan: [String])] {
        try log.selects.filter { $0.contains("FROM bill") }.map {
            ($0, try QueryPlan.lines($0, in: shelf.till.path))
        }
    }

    @Test(arguments: [false, true])
    func `a search by name searches the primary keys`(isFrequent: Bool) async throws {
        try await shelf.add("Anton Budi", "Anton Bima", "Anton Budi", "Siti")
        try await shelf.fill()
        var bounds = Store.NameBounds()
        if isFrequent { (bounds.rows, bounds.distinct) = (1, 1) }
        let log = try ReaderLog(of: shelf.store)
        for text in ["anton", "anton b", "s"] { _ = try await shelf.found(text, bounds: bounds) }
        let plans = try plans(log)
        #expect(plans.contains { $0.sql.contains("ORDER BY id DESC") } == isFrequent)
        #expect(plans.contains { $0.plan.contains { $0.hasPrefix(Self.key) } })
        for (sql, plan) in plans {
            let isBounded = plan == ["SCAN bill"] && sql.contains("ORDER BY id DESC LIMIT")
            // This table has one row.
            let isOfFill = plan == ["SCAN bill_word_fill"]
            let isSearch = plan.allSatisfy { $0.hasPrefix("SEARCH bill") }
            #expect(isBounded || isOfFill || isSearch, "\(sql): \(plan)")
        }
    }

    @Test(arguments: [
        (WordStep.renamedSQL, ["SEARCH bill_change USING INTEGER PRIMARY KEY (rowid>?)"]),
        (
            BillWords.clearSQL,
            [
                "SEARCH bill_word USING PRIMARY KEY (word=? AND bill_id=?)", "LIST SUBQUERY 1",
                "SCAN bill_word",
            ]
        ),
    ])
    func `the writes of the background search too`(sql: String, plan: [String]) throws {
        let sql = sql.replacing(/\?[0-9]/, with: "1")
        #expect(try QueryPlan.lines(sql, in: shelf.till.path) == plan)
    }

    @Test func `a step reads the names of its bills in their order`() async throws {
        try await shelf.add("Anton", "Budi")
        let log = try ReaderLog(of: shelf.store)
        try await shelf.fill()
        let names = try plans(log).filter { $0.sql.contains("customer_name FROM bill") }
        #expect(!names.isEmpty)
        for (_, plan) in names {
            #expect(plan == ["SEARCH bill USING INTEGER PRIMARY KEY (rowid>?)"])
        }
        let imports = try log.selects.filter { $0.contains("FROM import") }.map {
            try QueryPlan.lines($0, in: shelf.till.path)
        }
        #expect(!imports.isEmpty)
        for plan in imports { #expect(plan.allSatisfy { $0.contains("import_running") }) }
    }
}
