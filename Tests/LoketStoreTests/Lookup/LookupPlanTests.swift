// The look-up for an inquiry consists of two searches in the index of codes, without a scan.

import Testing

@testable import LoketStore

struct LookupPlanTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func plan() throws -> [String] {
        let sql = BillLookup.sql.replacing("?1", with: "1").replacing("?2", with: "'1'")
        return try QueryPlan.lines(sql, in: open.path)
    }

    private func checkPlan() throws {
        let plan = try plan()
        let searches = plan.filter { $0.hasPrefix("SEARCH") }
        #expect(
            searches == [
                "SEARCH bill USING INDEX bill_by_code (account_id=? AND payment_code=? AND <expr>=?)",
                "SEARCH bill USING INTEGER PRIMARY KEY (rowid=?)",
                "SEARCH bill USING INDEX bill_by_code (account_id=? AND payment_code=? AND <expr>>?)",
            ])
        #expect(!plan.contains { $0.contains("SCAN") }, "\(plan)")
        // The history is read from its newest end, without sorting.
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }

    @Test func `the look-up searches the index by account and code`() throws {
        try checkPlan()
    }

    @Test func `the plan is the same in a large database with statistics`() throws {
        try RawDatabase.execute(
            open.path, Flood.bills(50_000, account: open.account, codesFrom: 889_651_000_000))
        try RawDatabase.execute(open.path, "ANALYZE")
        try checkPlan()
    }
}
