// The journal's rows: read newest first in pages, and deleted when old, a bounded number at a
// time.

import GRDB
import LoketCore
import LoketStore
import Testing

struct JournalRowsTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func flood(_ count: Int, from first: Int64) throws {
        try RawDatabase.execute(
            open.path, Flood.inquiries(count, account: open.account, receivedFrom: first))
    }

    private func received() throws -> [Int64] {
        try RawDatabase.rows(open.path, "SELECT received_at FROM inquiry ORDER BY id")
            .map { $0[0] }
    }

    @Test(arguments: [1, 3, 10, 100])
    func `pages are newest first and together the whole journal`(limit: Int) async throws {
        try flood(25, from: 1000)
        var seen: [Int64] = []
        var before = Int64.max
        while true {
            let page = try await open.store.inquiries(before: before, limit: limit)
            #expect(page.count <= limit)
            guard let last = page.last else { break }
            seen += page.map(\.entry.receivedAt.milliseconds)
            before = last.id
        }
        #expect(seen == (1000..<1025).reversed())
    }

    @Test func `an empty journal has an empty page`() async throws {
        #expect(try await open.store.inquiries(before: .max, limit: 10).isEmpty)
        #expect(try await open.store.pruneInquiries(receivedBefore: Sample.now) == 0)
    }

    @Test func `pruning deletes only the old rows, to the millisecond`() async throws {
        try flood(20, from: 1000)
        let gone = try await open.store.pruneInquiries(
            receivedBefore: Moment(milliseconds: 1007))
        #expect(gone == 7)
        #expect(try received() == Array(1007..<1020))
        #expect(
            try await open.store.pruneInquiries(receivedBefore: Moment(milliseconds: 1007)) == 0)
    }

    @Test func `one pruning is bounded, and repeated prunings delete all old rows`() async throws {
        let most = Limits.journalPruneRowsMax
        try flood(most * 2 + most / 2, from: 1000)
        try flood(10, from: 1_000_000)
        let cutoff = Moment(milliseconds: 1_000_000)
        var gone: [Int] = []
        repeat {
            gone.append(try await open.store.pruneInquiries(receivedBefore: cutoff))
        } while gone.last == most
        #expect(gone == [most, most, most / 2])
        #expect(try received() == Array(1_000_000..<1_000_010))
    }

    @Test func `the oldest rows are deleted first`() async throws {
        let most = Limits.journalPruneRowsMax
        try flood(most + 5, from: 0)
        _ = try await open.store.pruneInquiries(receivedBefore: .init(milliseconds: .max))
        #expect(try received() == (Int64(most)..<Int64(most + 5)).map { $0 })
    }

    /// The clock was wrong for a while, or entries of two threads swapped their order.
    @Test func `new rows before old ones do not prevent their deletion`() async throws {
        try flood(Limits.journalPruneRowsMax, from: 1_000_000)
        try flood(50, from: 1000)
        let gone = try await open.store.pruneInquiries(
            receivedBefore: Moment(milliseconds: 500_000))
        #expect(gone == 50)
    }

    @Test func `pruning does not change bills and their history`() async throws {
        let cancelled = try await open.createCancelled(Sample.draft())
        try flood(3, from: 0)
        _ = try await open.store.pruneInquiries(receivedBefore: .init(milliseconds: .max))
        #expect(try received().isEmpty)
        #expect(try await open.store.bill(id: cancelled.bill.id)?.history.count == 1)
    }
}
