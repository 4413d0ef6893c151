// The quarantine: a ring with bounds of its own, one for each account, apart from the ledger.

import LoketCore
import Testing

@testable import LoketStore

struct QuarantineTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func request(
        _ name: String, account: Int64? = nil, bytes: Int = 10, at milliseconds: Int64 = 0
    ) -> Quarantined {
        Quarantined(
            accountID: account ?? till.open.account,
            receivedAt: Sample.now.adding(milliseconds: milliseconds), cause: "signature",
            headers: [("Client-Id", "MCH-0001"), ("request-id", name)],
            body: Array(name.utf8) + [UInt8](repeating: 0xFF, count: bytes))
    }

    private func keep(_ request: Quarantined) async throws {
        try await withCheckedThrowingContinuation { continuation in
            till.store.quarantine(request) { continuation.resume(with: $0) }
        }
    }

    private func all() async throws -> [QuarantineRecord] {
        try await till.store.quarantined(before: .max, limit: 10_000)
    }

    @Test func `a request is kept whole`() async throws {
        let kept = request("r")
        try await keep(kept)
        let id = try #require(try await till.store.quarantineIDs().first)
        let record = try #require(try await till.store.quarantined(id: id))
        #expect(record.request.body == kept.body && record.request.cause == "signature")
        #expect(record.request.headers.map(\.name) == ["Client-Id", "request-id"])
        #expect(record.request.headers.map(\.value) == ["MCH-0001", "r"])
        #expect(record.request.receivedAt == Sample.now && record.times == 1)
        #expect(record.size == Int64(kept.body.count))
        // The list tells its size and leaves the body out.
        #expect(try await all().map(\.size) == [record.size])
        #expect(try RawDatabase.count(till.path, "delivery") == 0)
    }

    @Test func `the same request is counted, one that differs is kept`() async throws {
        let other = try till.open.secondAccount()
        for place in 0..<4 { try await keep(request("r", at: Int64(place))) }
        try await keep(request("r", bytes: 11))
        try await keep(request("r", account: other))
        #expect(try await all().map(\.times) == [1, 1, 4])
        #expect(try await all().last?.request.receivedAt == Sample.now)
    }

    @Test func `past its rows the oldest of the account goes, and of no other`() async throws {
        let other = try till.open.secondAccount()
        try RawDatabase.execute(
            till.path,
            """
            WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place
                WHERE n < \(Limits.quarantineRowsMax))
            INSERT INTO quarantine (account_id, received_at, cause, headers, body, hash)
            SELECT account, n, 'c', '[]', x'00', randomblob(32) FROM place,
                (SELECT \(other) AS account UNION ALL SELECT \(till.open.account)) ORDER BY n
            """)
        let before = try await till.store.quarantineIDs()
        for place in 0..<3 { try await keep(request("r\(place)")) }
        let after = try await till.store.quarantineIDs()
        #expect(before.count == after.count)
        #expect(Set(before).subtracting(after).count == 3)
        let counts = try RawDatabase.rows(
            till.path, "SELECT count(*) FROM quarantine GROUP BY account_id")
        #expect(
            counts.map { $0[0] as Int } == [Limits.quarantineRowsMax, Limits.quarantineRowsMax])
        let oldest = try RawDatabase.rows(
            till.path,
            "SELECT min(received_at) FROM quarantine WHERE account_id = \(till.open.account)")
        #expect(oldest.first?[0] == 4)
    }

    @Test func `past its bytes the oldest go until they fit`() async throws {
        let size = Limits.quarantineBytesMax / 4
        for place in 0..<4 { try await keep(request("r\(place)", bytes: size - 100)) }
        #expect(try await all().count == 4)
        try await keep(request("r4", bytes: size))
        let names = try await all().compactMap { $0.request.headers.last?.value }
        #expect(names == ["r4", "r3", "r2", "r1"])
    }

    @Test func `what has moved into the ledger leaves`() async throws {
        for place in 0..<3 { try await keep(request("r\(place)")) }
        let ids = try await till.store.quarantineIDs()
        try await till.store.leaveQuarantine(id: ids[1])
        #expect(try await till.store.quarantineIDs() == [ids[0], ids[2]])
        #expect(try await till.store.quarantined(id: ids[1])?.id == nil)
        #expect(try await till.store.quarantined(before: ids[2], limit: 9).map(\.id) == [ids[0]])
    }
}
