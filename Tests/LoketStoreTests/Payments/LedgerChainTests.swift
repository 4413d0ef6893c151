// Every damage to a row of the ledger is found, and only the damaged row is named.

import Foundation
import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct LedgerChainTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func fill(_ count: Int = 7) async throws {
        for place in 1...count {
            try await till.take(
                Notice(number: "INV-\(place)"),
                at: Sample.now.adding(milliseconds: Int64(place)))
        }
    }

    /// Changes rows outside the store and without the triggers.
    private func spoil(_ sql: String) throws {
        try RawDatabase.execute(
            till.path,
            """
            DROP TRIGGER IF EXISTS delivery_never_changes;
            DROP TRIGGER IF EXISTS delivery_never_goes; \(sql)
            """, checked: false)
    }

    private func walk(
        _ chain: LedgerChain = LedgerChain(), rows: Int = 500
    ) async throws -> LedgerChain {
        var chain = chain
        while try await till.store.follow(&chain, rows: rows) == rows {}
        return chain
    }

    @Test(arguments: [1, 2, 3, 7, 500])
    func `a sound ledger is verified to its head, in steps of any size`(
        rows: Int
    ) async throws {
        try await fill()
        let chain = try await walk(rows: rows)
        #expect(chain.broken.isEmpty)
        let head = try await till.store.ledgerHead()
        #expect(chain.head == head && head.number == 7)
    }

    @Test func `an empty ledger is sound`() async throws {
        let chain = try await walk()
        #expect(chain.broken.isEmpty && chain.head == .empty)
    }

    @Test func `a walk continues with rows added later`() async throws {
        try await fill(2)
        let first = try await walk()
        try await till.take(Notice(number: "INV-3"))
        let second = try await walk(first)
        #expect(second.head.number == 3 && second.broken.isEmpty)
    }

    private static let spoilt = [
        "account_id = 2", "dialect = 'o2p'", "received_at = received_at + 1",
        "received_at = -received_at", "source = 'check_status'", "target = target || ' '",
        "target = '/doku/notificatioN'", "request_id = 'request'", "sent_timestamp = ''",
        "body = x''", "body = zeroblob(9)", "body_hash = zeroblob(32)",
        "hash = zeroblob(32)",
        // Moves bytes across the border of two fields.
        "target = '/doku/notification' || request_id, request_id = ''",
    ]

    @Test(arguments: spoilt)
    func `a row with a changed column is named, and no other row`(change: String) async throws {
        try await fill()
        _ = try till.open.secondAccount()
        try spoil("UPDATE delivery SET \(change) WHERE id = 4")
        let broken = try await walk(rows: 2).broken
        // The next row is chained to this row's hash. A wrong hash affects the next row; other damage
        // does not.
        #expect(broken.first == 4)
        #expect(broken == [4] || (change.hasPrefix("hash") && broken == [4, 5]), "\(broken)")
    }

    /// Bits of a body and of the hashes.
    @Test(arguments: ["body", "body_hash", "hash"])
    func `one flipped bit is found wherever it is`(column: String) async throws {
        try await fill(2)
        let sql = "SELECT \(column) FROM delivery WHERE id = 2"
        let good = try #require(try RawDatabase.rows(till.path, sql).first?[0] as Data?)
        let places =
            column == "body" ? Array(stride(from: 0, to: good.count, by: 17)) : Array(0..<32)
        try spoil("SELECT 1")
        for place in places {
            for bit in 0..<8 where (place + bit) % 3 == 0 {
                var bad = good
                bad[place] ^= 1 << UInt8(bit)
                try RawDatabase.execute(
                    till.path, "UPDATE delivery SET \(column) = ? WHERE id = 2",
                    arguments: [bad])
                let broken = try await walk().broken
                #expect(broken == [2], "byte \(place), bit \(bit)")
            }
        }
        try RawDatabase.execute(
            till.path, "UPDATE delivery SET \(column) = ? WHERE id = 2", arguments: [good])
        #expect(try await walk().broken.isEmpty)
    }

    @Test func `a row of an unknown account is named`() async throws {
        try await fill(3)
        try spoil("UPDATE delivery SET account_id = 404 WHERE id = 2")
        #expect(try await walk().broken == [2])
    }

    @Test(arguments: [Int64(1), 2, 6])
    func `the row after a missing row is named`(missing: Int64) async throws {
        try await fill()
        try spoil("DELETE FROM delivery WHERE id = \(missing)")
        #expect(try await walk().broken == [missing + 1])
    }

    @Test func `two swapped rows are named`() async throws {
        try await fill(5)
        try spoil(
            """
            UPDATE delivery SET id = 99 WHERE id = 2; UPDATE delivery SET id = 2 WHERE id = 3;
            UPDATE delivery SET id = 3 WHERE id = 99
            """)
        let broken = try await walk().broken
        #expect(broken.starts(with: [2, 3]), "\(broken)")
    }

    @Test func `an inserted row is named`() async throws {
        try await fill(3)
        try spoil(
            """
            INSERT INTO delivery SELECT 4, account_id, dialect, received_at, source, target,
                'new', sent_timestamp, body, body_hash, hash, signed FROM delivery WHERE id = 3
            """)
        #expect(try await walk().broken == [4])
    }

    @Test func `a walk from the middle finds later damage and not earlier damage`()
        async throws
    {
        try await fill()
        let middle = try await till.store.ledgerHead(back: 3)
        #expect(middle.number == 4)
        try spoil("UPDATE delivery SET target = '/x' WHERE id IN (2, 6)")
        #expect(try await walk(LedgerChain(after: middle)).broken == [6])
        #expect(try await walk().broken == [2, 6])
    }

    @Test(arguments: [Int64(7), 8, 100])
    func `a walk over more rows than exist starts at the first`(
        back: Int64
    ) async throws {
        try await fill()
        #expect(try await till.store.ledgerHead(back: back) == .empty)
        #expect(try await till.store.ledgerHead(back: 0).number == 7)
    }

    @Test func `no more than a hundred are named`() async throws {
        try await fill(130)
        try spoil("UPDATE delivery SET target = '/x'")
        let chain = try await walk(rows: 50)
        #expect(chain.broken.count == 100 && chain.head.number == 130)
    }
}
