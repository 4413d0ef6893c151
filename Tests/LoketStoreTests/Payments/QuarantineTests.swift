// The quarantine, separate from the ledger, has bounds for each account, one for requests with a
// known mistake and one for all others. A request beyond a bound removes no other.

import LoketCore
import Testing

@testable import LoketStore

struct QuarantineTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func request(
        _ name: String, account: Int64? = nil, mistake: String? = nil, bytes: Int = 10,
        at milliseconds: Int64 = 0
    ) -> QuarantinedRequest {
        QuarantinedRequest(
            accountID: account ?? till.open.account,
            receivedAt: Sample.now.adding(milliseconds: milliseconds), cause: "signature",
            mistake: mistake, headers: [("Client-Id", "MCH-0001"), ("request-id", name)],
            body: Array(name.utf8) + [UInt8](repeating: 0xFF, count: bytes))
    }

    @discardableResult
    private func keep(_ request: QuarantinedRequest) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            till.store.quarantine(request) { result in
                continuation.resume(with: result.map { $0 != nil })
            }
        }
    }

    private func all() async throws -> [QuarantineRecord] {
        try await till.store.quarantined(before: .max, limit: 30_000)
    }

    @Test func `a request is stored complete`() async throws {
        let kept = request("r")
        try await keep(kept)
        let id = try #require(try await till.store.quarantineIDs().first)
        let record = try #require(try await till.store.quarantined(id: id))
        #expect(record.request.body == kept.body && record.request.cause == "signature")
        #expect(record.request.headers.map(\.name) == ["Client-Id", "request-id"])
        #expect(record.request.headers.map(\.value) == ["MCH-0001", "r"])
        #expect(record.request.receivedAt == Sample.now && record.times == 1)
        #expect(record.size == Int64(kept.body.count))
        // The list has the size without the body.
        #expect(try await all().map(\.size) == [record.size])
        #expect(try RawDatabase.count(till.path, "delivery") == 0)
    }

    @Test func `an equal request is counted, a different one is stored`() async throws {
        let other = try till.open.secondAccount()
        for place in 0..<4 { try await keep(request("r", at: Int64(place))) }
        try await keep(request("r", bytes: 11))
        try await keep(request("r", account: other))
        #expect(try await all().map(\.times) == [1, 1, 4])
        #expect(try await all().last?.request.receivedAt == Sample.now)
    }

    /// Fills both kinds of both accounts.
    private func fill(receivedAt: Moment) throws -> Int64 {
        let other = try till.open.secondAccount()
        try RawDatabase.execute(
            till.path,
            """
            WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place
                WHERE n < \(Limits.quarantineRowsMax))
            INSERT INTO quarantine (account_id, received_at, cause, mistake, headers, body, hash)
            SELECT account, \(receivedAt.milliseconds), 'c', mistake, '[]', x'00', randomblob(32)
            FROM place, (SELECT \(other) AS account UNION ALL SELECT \(till.open.account)),
                (SELECT NULL AS mistake UNION ALL SELECT 'wire_path')
            """)
        return other
    }

    @Test(arguments: [nil, "trailing_slash"])
    func `a request beyond the bound is not stored, and none is removed`(
        _ mistake: String?
    ) async throws {
        let other = try fill(receivedAt: Sample.now)
        let before = try await all()
        for account in [till.open.account, other] {
            #expect(try await !keep(request("new", account: account, mistake: mistake)))
        }
        #expect(try await all().map(\.id) == before.map(\.id))
        // A free row is only for the same account and kind.
        let gone = try #require(
            before.first {
                $0.request.accountID == other && ($0.request.mistake == nil) == (mistake == nil)
            })
        try await till.store.leaveQuarantine(id: gone.id)
        let unlike = mistake == nil ? "trailing_slash" : nil
        #expect(try await !keep(request("new", mistake: mistake)))
        #expect(try await !keep(request("new", account: other, mistake: unlike)))
        #expect(try await keep(request("new", account: other, mistake: mistake)))
        #expect(try await !keep(request("newer", account: other, mistake: mistake)))
        // An equal request is counted nevertheless.
        #expect(try await keep(request("new", account: other, mistake: mistake)))
        #expect(try await all().first?.times == 2)
    }

    @Test func `forged requests of every size remove no earlier request`() async throws {
        try await keep(request("genuine", mistake: "wire_path"))
        let size = Limits.quarantineBytesMax / 4
        for place in 0..<4 {
            #expect(try await keep(request("r\(place)", bytes: size - 100)))
        }
        #expect(try await !keep(request("r4", bytes: size)))
        #expect(try await keep(request("genuine too", mistake: "wire_path", bytes: size)))
        let records = try await all()
        let names = records.compactMap { $0.request.headers.last?.value }
        #expect(names == ["genuine too", "r3", "r2", "r1", "r0", "genuine"])
        #expect(records.first?.request.mistake == "wire_path")
        #expect(records[1].request.mistake == nil)
    }

    @Test func `old requests without a known mistake are replaced`() async throws {
        let days = Limits.quarantineDays * 86_400_000
        _ = try fill(receivedAt: Sample.now.adding(milliseconds: -days))
        #expect(try await !keep(request("in time")))
        #expect(try await !keep(request("explained", mistake: "wire_path", at: 1)))
        #expect(try await keep(request("later", at: 1)))
        let left = try await all().filter { $0.request.accountID == till.open.account }
        #expect(left.count == Limits.quarantineRowsMax + 1)
        #expect(left.filter { $0.request.mistake == nil }.map(\.times) == [1])
    }

    @Test func `a mistake found later moves the request to the other kind`() async throws {
        try await keep(request("r"))
        try await keep(request("r", mistake: "wire_path"))
        try await keep(request("r"))
        #expect(try await all().map(\.request.mistake) == ["wire_path"])
        #expect(try await all().map(\.times) == [3])
    }

    @Test func `requests that moved into the ledger are removed`() async throws {
        for place in 0..<3 { try await keep(request("r\(place)")) }
        let ids = try await till.store.quarantineIDs()
        try await till.store.leaveQuarantine(id: ids[1])
        #expect(try await till.store.quarantineIDs() == [ids[0], ids[2]])
        #expect(try await till.store.quarantined(id: ids[1])?.id == nil)
        #expect(try await till.store.quarantined(before: ids[2], limit: 9).map(\.id) == [ids[0]])
    }
}
