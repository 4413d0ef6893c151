// Every filter of the journal, compared page by page with the same filter in Swift. A search
// without an index reads a bounded number of rows at a time.

import GRDB
import LoketCore
import LoketStore
import Testing

struct JournalSearchTests {
    private let open: OpenStore
    private let neighbour: Int64

    init() throws {
        open = try OpenStore()
        neighbour = try open.secondAccount()
    }

    private static let guards: [Guard] = [.payable, .billUnknown, .stale, .paused]

    /// Adds 240 rows with few values in each column. The times go back twice.
    private func fill() throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        for place in 0..<240 {
            var entry = Sample.entry(
                "id/\(place % 7)", account: place % 3 == 0 ? neighbour : open.account,
                receivedAt: Moment(milliseconds: Int64(1_000 + place / 4 - (place % 80) / 20)))
            entry.codeText = place % 5 == 4 ? nil : "88965\(place % 5)"
            entry.answeredBy = Self.guards[place % Self.guards.count]
            entries.append(entry)
        }
        let journal = Journal(on: open.store)
        for entry in entries { #expect(journal.offer(entry)) }
        journal.close()
        return entries
    }

    private func pages(
        _ filter: JournalFilter, limit: Int, scanMax: Int = 1_000_000
    ) async throws -> (ids: [Int64], pages: Int) {
        var ids: [Int64] = []
        var after: JournalPosition?
        var count = 0
        repeat {
            let page = try await open.store.inquiries(
                filter, after: after, limit: limit, scanMax: scanMax)
            #expect(page.records.count <= limit)
            ids += page.records.map(\.id)
            after = page.next
            count += 1
        } while after != nil && count < 1_000
        return (ids, count)
    }

    private func expected(_ filter: JournalFilter, _ entries: [JournalEntry]) -> [Int64] {
        let rows = entries.enumerated().filter { _, entry in
            (filter.accountID == nil || entry.accountID == filter.accountID)
                && (filter.codeText == nil || entry.codeText == filter.codeText)
                && (filter.guards?.contains(entry.answeredBy) ?? true)
                && (filter.requestID == nil || entry.requestID == filter.requestID)
                && (filter.from.map { entry.receivedAt >= $0 } ?? true)
                && (filter.to.map { entry.receivedAt < $0 } ?? true)
        }
        let newest = rows.sorted { left, right in
            filter.isOrderedByTime && left.element.receivedAt != right.element.receivedAt
                ? left.element.receivedAt > right.element.receivedAt : left.offset > right.offset
        }
        return newest.map { Int64($0.offset + 1) }
    }

    private func filters() -> [JournalFilter] {
        var filters: [JournalFilter] = []
        for bits in 0..<64 {
            var filter = JournalFilter()
            if bits & 1 != 0 { filter.accountID = open.account }
            if bits & 2 != 0 { filter.codeText = "889652" }
            if bits & 4 != 0 { filter.guards = [.payable, .stale] }
            if bits & 8 != 0 { filter.requestID = "id/3" }
            if bits & 16 != 0 { filter.from = Moment(milliseconds: 1_010) }
            if bits & 32 != 0 { filter.to = Moment(milliseconds: 1_047) }
            filters.append(filter)
        }
        return filters
    }

    @Test(arguments: [(7, 1_000_000), (1000, 1_000_000), (5, 11), (100, 11)])
    func `every combination of filters returns its rows, newest first, once`(
        limit: Int, scanMax: Int
    ) async throws {
        let entries = try fill()
        for filter in filters() {
            let found = try await pages(filter, limit: limit, scanMax: scanMax)
            #expect(found.ids == expected(filter, entries), "\(filter)")
        }
    }

    @Test func `a search without an index reads some rows at a time`() async throws {
        _ = try fill()
        var filter = JournalFilter()
        filter.guards = [.billHeld]
        let page = try await open.store.inquiries(filter, after: nil, limit: 10, scanMax: 100)
        #expect(page.records.isEmpty)
        #expect(page.next == JournalPosition(id: 141, receivedAt: nil))
        #expect(try await pages(filter, limit: 10, scanMax: 100).pages == 3)
    }

    @Test func `an empty journal has one empty page`() async throws {
        for filter in filters() {
            let found = try await pages(filter, limit: 3)
            #expect(found.ids.isEmpty && found.pages == 1)
        }
    }

    @Test func `a Request-Id returns the newest, the others and their count`() async throws {
        let entries = try fill()
        let found = try await open.store.inquiries(requestID: "id/3", accountID: nil)
        var filter = JournalFilter()
        filter.requestID = "id/3"
        let ids = expected(filter, entries)
        #expect(found.count == ids.count)
        #expect(found.newest?.id == ids.first)
        #expect(found.others == Array(ids.dropFirst()))
        filter.accountID = neighbour
        let narrowed = try await open.store.inquiries(requestID: "id/3", accountID: neighbour)
        #expect(narrowed.newest?.id == expected(filter, entries).first)
        #expect(narrowed.count == expected(filter, entries).count)
        let none = try await open.store.inquiries(requestID: "id/9", accountID: nil)
        #expect(none.count == 0 && none.newest == nil && none.others.isEmpty)
    }

    @Test func `at most a hundred of the others are returned`() async throws {
        let journal = Journal(on: open.store)
        for _ in 0..<130 { _ = journal.offer(Sample.entry("same", account: open.account)) }
        journal.close()
        let found = try await open.store.inquiries(requestID: "same", accountID: nil)
        #expect(found.count == 130)
        #expect(found.newest?.id == 130)
        #expect(found.others == (30..<130).reversed().map { Int64($0) })
    }
}
