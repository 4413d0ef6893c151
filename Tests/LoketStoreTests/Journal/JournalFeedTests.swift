// The journal as a feed: its rows in their order, after the last one that the reader has.

import LoketCore
import LoketStore
import TestSupport
import Testing

struct JournalFeedTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
        try RawDatabase.execute(
            open.path, Flood.inquiries(100, account: open.account, receivedFrom: 0))
    }

    private func page(
        after: Int64, limit: Int = 1_000, scanMax: Int = 1_000,
        _ change: (inout JournalFilter) -> Void = { _ in }
    ) async throws -> JournalPage {
        var filter = JournalFilter()
        change(&filter)
        return try #require(
            try await open.store.inquiries(filter, after: after, limit: limit, scanMax: scanMax))
    }

    @Test func `rows come oldest first, each page after the one before`() async throws {
        var (seen, after): ([Int64], Int64) = ([], 0)
        while true {
            let part = try await page(after: after, limit: 30)
            seen += part.records.map(\.id)
            after = part.end
            guard part.hasMore else { break }
        }
        #expect(seen == Array(1...100))
        #expect(try await page(after: 100).records.isEmpty)
    }

    @Test func `a filter examines a bounded number of rows for a page`() async throws {
        let first = try await page(after: 0, scanMax: 40) { $0.requestID = "at 70" }
        #expect(first.records.isEmpty && first.end == 40 && first.hasMore)
        let second = try await page(after: 40, scanMax: 40) { $0.requestID = "at 70" }
        #expect(second.records.map(\.id) == [71] && second.end == 80 && second.hasMore)
        let none = try await page(after: 0) { $0.guards = [.paused] }
        #expect(none.records.isEmpty && none.end == 100 && !none.hasMore)
    }

    @Test func `a position whose next rows may be missing is reported`() async throws {
        func isGone(_ after: Int64) async throws -> Bool {
            try await open.store.inquiries(JournalFilter(), after: after, limit: 5) == nil
        }
        #expect(try await isGone(101))
        try RawDatabase.execute(open.path, "DELETE FROM inquiry WHERE id <= 60")
        for (after, gone) in [(1, true), (59, true), (60, false), (100, false), (0, false)] {
            #expect(try await isGone(Int64(after)) == gone, "\(after)")
        }
        #expect(try await page(after: 0, limit: 1).records.map(\.id) == [61])
        try RawDatabase.execute(open.path, "DELETE FROM inquiry")
        #expect(try await isGone(60))
        #expect(try await !isGone(0))
    }

    @Test func `a page begins at the first row that is there, or at its time`() async throws {
        try RawDatabase.execute(
            open.path,
            """
            DELETE FROM inquiry WHERE id <= 60;
            UPDATE inquiry SET received_at = 95 WHERE id = 80
            """)
        let paused = try await page(after: 0, scanMax: 20) { $0.guards = [.paused] }
        #expect(paused.records.isEmpty && paused.end == 80 && paused.hasMore)
        // Row 80 arrived before rows with earlier times.
        let late = try await page(after: 0, scanMax: 20) { $0.from = Moment(milliseconds: 95) }
        #expect(late.records.map(\.id) == [80, 96, 97, 98, 99])
        #expect(late.end == 99 && late.hasMore)
        let none = try await page(after: 0, scanMax: 20) { $0.from = Moment(milliseconds: 500) }
        #expect(none.records.isEmpty && none.end == 100 && !none.hasMore)
    }

    @Test(arguments: [false, true])
    func `a page walks along the ids, whatever the filter`(isAnalysed: Bool) async throws {
        if isAnalysed { try RawDatabase.execute(open.path, "ANALYZE") }
        let log = try ReaderLog(of: open.store)
        _ = try await page(after: 5, limit: 5) {
            $0.codeText = "889651"
            $0.requestID = "at 7"
            $0.channel = "alfa"
            $0.accountID = open.account
            $0.from = Moment(milliseconds: 3)
        }
        let sql = try #require(log.selects.last { $0.hasPrefix("SELECT *") })
        let plan = try QueryPlan.lines(sql, in: open.path)
        #expect(
            plan == ["SEARCH inquiry USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"], "\(plan)")
    }
}
