// Pages of events by type and account, each of which examines a bounded number of events, and the
// news of commits.

import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct FeedTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    /// Three bills that are each settled: six events.
    private func fill() async throws {
        for number in 1...3 {
            let code = "8896511000000\(number)"
            try await till.open.create(Sample.draft("INV-1\(number)", code: code))
            _ = try await till.pay(Notice(number: "INV-1\(number)", code: code))
        }
    }

    private func feed(
        after: Int64 = 0, _ kinds: Set<Event.Kind>? = nil, limit: Int = 100, scanMax: Int = 1_000
    ) async throws -> EventPage {
        try await till.store.feed(
            after: after, kinds: kinds, accountID: nil, limit: limit, scanMax: scanMax)
    }

    @Test func `a page has the events of the types, and ends after the last examined`()
        async throws
    {
        try await fill()
        let all = try await feed()
        let settled = try await feed([.paymentSettled])
        #expect(settled.events.map(\.kind) == Array(repeating: .paymentSettled, count: 3))
        #expect(settled.end == all.events.last?.id && !settled.hasMore)
        let one = try await feed([.paymentSettled], limit: 1)
        #expect(one.events.map(\.id) == [settled.events[0].id])
        #expect(one.end == settled.events[0].id && one.hasMore)
        let none = try await feed([.importApplied])
        #expect(none.events.isEmpty && none.end == all.end && !none.hasMore)
        let later = try await feed(after: all.end + 5)
        #expect(later.events.isEmpty && later.end == all.end + 5 && !later.hasMore)
    }

    @Test(arguments: [nil, [Event.Kind.paymentSettled]] as [Set<Event.Kind>?])
    func `a damaged event has its place in a page, whatever its type was`(
        _ kinds: Set<Event.Kind>?
    ) async throws {
        try await fill()
        try RawDatabase.execute(
            till.open.path, "UPDATE event SET type = 'payment.settlee' WHERE id = 4")
        let page = try await feed(kinds)
        let ids = page.entries.map { entry in
            switch entry {
            case .success(let event): event.id
            case .failure(let damaged): -damaged.id
            }
        }
        #expect(ids == (kinds == nil ? [1, 2, 3, -4, 5, 6] : [2, -4, 6]))
        #expect(page.events.map(\.id) == ids.filter { $0 > 0 })
        let short = try await feed(kinds, limit: ids.count - 1)
        #expect(short.entries.count == ids.count - 1)
        #expect(short.end == 5 || short.end == 4)
        #expect(short.hasMore)
    }

    @Test func `pages of a bounded number of events find every event of a rare type`()
        async throws
    {
        try await fill()
        var found: [Event.Kind] = []
        var (after, pages) = (Int64(0), 0)
        while true {
            let page = try await feed(after: after, [.paymentSettled], scanMax: 1)
            #expect(page.events.count <= 1)
            found += page.events.map(\.kind)
            (after, pages) = (page.end, pages + 1)
            guard page.hasMore else { break }
        }
        #expect(found.count == 3)
        #expect(pages == Int(try await till.store.lastEvent()))
    }

    @Test(arguments: [false, true])
    func `a page walks along the ids, whatever the filter`(isAnalysed: Bool) async throws {
        try await fill()
        if isAnalysed { try RawDatabase.execute(till.open.path, "ANALYZE") }
        let log = try ReaderLog(of: till.store)
        _ = try await till.store.feed(
            after: 1, kinds: [.paymentSettled, .billHeld], accountID: till.open.account, limit: 5)
        let sql = try #require(log.selects.last { $0.contains("event.*") })
        let plan = try QueryPlan.lines(sql, in: till.open.path)
        // With statistics of so few events, SQLite may find the upper bound not worth its use.
        let ways = ["(rowid>? AND rowid<?)"] + (isAnalysed ? ["(rowid>?)"] : [])
        #expect(
            ways.contains { plan.first == "SEARCH event USING INTEGER PRIMARY KEY \($0)" },
            "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }

    @Test func `a commit wakes everything that waits, and a cancelled wait ends`() async throws {
        let signal = till.store.eventSignal
        let seen = signal.count
        let waits = (0..<3).map { _ in Task { await signal.wait(past: seen) } }
        try await eventually { signal.waiting == 3 }
        waits[2].cancel()
        #expect(await waits[2].value == seen)
        #expect(signal.waiting == 2)
        try await till.open.create(Sample.draft("INV-1"))
        for wait in waits.prefix(2) { #expect(await wait.value > seen) }
        // A commit of before is not waited for.
        #expect(await signal.wait(past: seen) > seen)
    }
}
