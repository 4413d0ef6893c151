// The index that each search of the journal uses, with and without statistics. No search may scan
// ten million rows.

import LoketCore
import LoketStore
import Testing

struct JournalPlanTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let plan: String
        /// The plan by which the ids of the rows are found; nil if the rows are found directly.
        var idPlan: String?
        let change: @Sendable (inout JournalFilter) -> Void

        var testDescription: String { name }
    }

    private static let byID = "SEARCH inquiry USING INTEGER PRIMARY KEY (rowid=?)"

    private static func inBlock(_ index: String, _ column: String) -> String {
        "SEARCH inquiry USING COVERING INDEX \(index) "
            + "(<expr>=? AND \(column)=? AND rowid>? AND rowid<?)"
    }

    static let cases = [
        Case(name: "nothing", plan: "SCAN inquiry") { _ in },
        Case(
            name: "request_id",
            plan: byID,
            idPlan: inBlock("inquiry_by_request", "request_id")
        ) { $0.requestID = "at 7" },
        Case(
            name: "code",
            plan: byID,
            idPlan: inBlock("inquiry_by_code", "payment_code")
        ) { $0.codeText = "889651" },
        Case(
            name: "from and to",
            plan: "SEARCH inquiry USING INDEX inquiry_by_time (received_at>? AND received_at<?)"
        ) {
            $0.from = Moment(milliseconds: 7)
            $0.to = Moment(milliseconds: 9)
        },
        Case(name: "guard", plan: "SCAN inquiry") { $0.guards = [.paused, .stale] },
    ]

    @Test(arguments: cases, [false, true])
    func `a search uses the index of the known value`(
        _ expected: Case, isAnalysed: Bool
    ) async throws {
        let open = try OpenStore()
        try RawDatabase.execute(
            open.path, Flood.inquiries(20_000, account: open.account, receivedFrom: 0))
        if isAnalysed { try RawDatabase.execute(open.path, "ANALYZE") }
        for account in [nil, open.account] as [Int64?] {
            var filter = JournalFilter()
            filter.accountID = account
            expected.change(&filter)
            let log = try ReaderLog(of: open.store)
            _ = try await open.store.inquiries(filter, after: nil, limit: 10)
            // If statistics predict one row, SQLite sorts the rows instead of walking backwards.
            let sort = "USE TEMP B-TREE FOR ORDER BY"
            if let idPlan = expected.idPlan {
                let sql = try #require(log.selects.last { $0.contains("INDEXED BY") })
                let plan = try QueryPlan.lines(sql, in: open.path)
                #expect(plan == [idPlan] || isAnalysed && plan == [idPlan, sort], "\(plan)")
            }
            let sql = try #require(log.selects.last { $0.hasPrefix("SELECT *") })
            let plan = try QueryPlan.lines(sql, in: open.path).filter {
                !$0.hasPrefix("LIST SUBQUERY") && !$0.hasPrefix("SCAN json_each")
            }
            let isBounded = plan.first == "CO-ROUTINE inquiry"
            let isChecked = filter.accountID != nil || filter.guards != nil
            #expect(isBounded == isChecked, "\(plan)")
            let steps = isBounded ? plan.dropFirst().dropLast() : plan[...]
            #expect(!isBounded || plan.last == "SCAN inquiry", "\(plan)")
            #expect(
                steps == [expected.plan] || isAnalysed && steps == [expected.plan, sort], "\(plan)")
        }
    }

    @Test func `the end of a short page is found with an index, of a full one not`() async throws {
        let open = try OpenStore()
        let neighbour = try open.secondAccount()
        try RawDatabase.execute(
            open.path, Flood.inquiries(5_000, account: open.account, receivedFrom: 0))
        let full = try ReaderLog(of: open.store)
        var filter = JournalFilter()
        filter.accountID = open.account
        filter.from = Moment(milliseconds: 0)
        _ = try await open.store.inquiries(filter, after: nil, limit: 10)
        #expect(full.selects.contains { $0.hasPrefix("SELECT *") })
        #expect(!full.selects.contains { $0.contains("OFFSET") })
        for expected in Self.cases where expected.plan.contains("inquiry_by_time") {
            var filter = JournalFilter()
            filter.accountID = neighbour
            expected.change(&filter)
            let log = try ReaderLog(of: open.store)
            _ = try await open.store.inquiries(filter, after: nil, limit: 10)
            let sql = try #require(log.selects.last { $0.contains("OFFSET") })
            let plan = try QueryPlan.lines(sql, in: open.path)
            #expect(plan.count == 1 && plan[0].contains("COVERING INDEX"), "\(plan)")
        }
    }

    @Test func `a page after a cursor searches by id`() async throws {
        let open = try OpenStore()
        try RawDatabase.execute(
            open.path, Flood.inquiries(5_000, account: open.account, receivedFrom: 0))
        let log = try ReaderLog(of: open.store)
        var filter = JournalFilter()
        filter.guards = [.paused]
        _ = try await open.store.inquiries(
            filter, after: JournalPosition(id: 4_000, receivedAt: nil), limit: 10, scanMax: 100)
        for part in ["SELECT *", "SELECT id"] {
            let sql = try #require(log.selects.last { $0.hasPrefix(part) })
            let plan = try QueryPlan.lines(sql, in: open.path)
            #expect(
                plan.contains("SEARCH inquiry USING INTEGER PRIMARY KEY (rowid<?)"), "\(plan)")
        }
    }
}
