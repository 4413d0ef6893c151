// The refused requests that `why` explains: stored complete, within bounds for each account and for
// all unknown senders together, and without using the disk's reserve.

import LoketCore
import LoketStore
import Synchronization
import Testing

struct RefusedRequestTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private func ids(_ requestID: String, _ account: Int64? = nil) async throws -> [Int64?] {
        try await open.store.refusedRequests(requestID: requestID, accountID: account)
            .map(\.request.accountID)
    }

    @Test func `a request is stored complete, and listed without its body`() async throws {
        let kept = Sample.refused("r", account: open.account, kind: .other)
        #expect(try await open.store.keep([kept], HourSums()))
        let row = try #require(
            try await open.store.refusedRequests(requestID: "r", accountID: nil).first)
        #expect(row.request.body.isEmpty)
        let whole = try #require(try await open.store.refusedRequest(id: row.id))
        #expect(whole.body == kept.body && whole.kind == .other && whole.source == kept.source)
        #expect(whole.target == kept.target && whole.cause == kept.cause)
        #expect(whole.receivedAt == kept.receivedAt && whole.accountID == kept.accountID)
        #expect(whole.headers.map(\.name) == ["Client-Id", "Request-Id"])
        #expect(whole.headers.map(\.value) == ["MCH-0001", "r"])
        #expect(try await open.store.refusedRequest(id: row.id + 1) == nil)
    }

    @Test func `rows are bounded, and unknown senders replace none of an account's`() async throws {
        let other = try open.secondAccount()
        let own = [Sample.refused("own", account: open.account)]
        #expect(try await open.store.keep(own, HourSums()))
        let count = Limits.refusedRowsMax + 20
        for from in stride(from: 0, to: count, by: 100) {
            let flood = (from..<min(from + 100, count)).flatMap { number in
                [Sample.refused("\(number)"), Sample.refused("\(number)", account: other)]
            }
            #expect(try await open.store.keep(flood, HourSums()))
        }
        #expect(
            try RawDatabase.count(open.path, "refused_request") == 2 * Limits.refusedRowsMax + 1)
        #expect(try await ids("19").isEmpty)
        #expect(try await ids("20") == [other, nil])
        #expect(try await ids("20", other) == [other])
        #expect(try await ids("own") == [open.account])
        #expect(try await ids("own", other).isEmpty)
    }

    @Test func `bytes are bounded, and the oldest are removed first`() async throws {
        let size = Limits.refusedBytesMax / 10
        for number in 0..<15 {
            let request = Sample.refused("\(number)", bytes: size)
            #expect(try await open.store.keep([request], HourSums()))
        }
        #expect(try RawDatabase.count(open.path, "refused_request") == 9)
        #expect(try await ids("5").isEmpty)
        #expect(try await ids("6") == [nil])
    }

    @Test func `rows before a moment are deleted`() async throws {
        #expect(try await open.store.keep([Sample.refused("r")], HourSums()))
        try await open.store.pruneRefusedRequests(receivedBefore: Sample.now)
        #expect(try await ids("r") == [nil])
        try await open.store.pruneRefusedRequests(
            receivedBefore: Sample.now.adding(milliseconds: 1))
        #expect(try await ids("r").isEmpty)
    }

    @Test func `a large number of requests does not grow the database`() async throws {
        func flood() async throws {
            for _ in 0..<12 {
                let requests = (0..<100).map { Sample.refused("\($0)", bytes: 1_000) }
                #expect(try await open.store.keep(requests, HourSums()))
            }
        }
        func pages() throws -> Int {
            try RawDatabase.rows(open.path, "PRAGMA page_count").first?[0] ?? 0
        }
        try await flood()
        let before = try pages()
        for _ in 0..<3 { try await flood() }
        #expect(try pages() <= before + before / 10)
    }

    @Test func `with the disk's reserve in use only the sums are written`() async throws {
        let free = Mutex(Int64.max / 2)
        let store = try OpenStore(room: DiskRoom(free: { _ in free.withLock { $0 } }))
        free.withLock { $0 = 1_000 }
        var sums = HourSums()
        sums.add(.refused, "signature_wrong", at: Sample.now, accountID: nil)
        #expect(try await !store.store.keep([Sample.refused("r")], sums))
        #expect(try RawDatabase.count(store.path, "refused_request") == 0)
        #expect(try RawDatabase.count(store.path, "hour_sum") == 1)
    }
}
