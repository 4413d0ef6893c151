// Going through the ledger link by link, a bounded number of rows at a time: a few at every start,
// all of them in the background and in `check`.

import Foundation
import GRDB
import LoketCore
import LoketSystem

/// A row of the ledger with its number.
package struct LedgerRow: Sendable {
    package let number: Int64
    package let delivery: Delivery
    let bodyHash: [UInt8]
    let hash: [UInt8]

    static let select = """
        SELECT delivery.*, account.client_id FROM delivery
        LEFT JOIN account ON account.id = delivery.account_id
        """

    /// - Throws: `StoreFault.damagedRow`.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "delivery")
        number = try row.value("id")
        bodyHash = Array(try row.value("body_hash") as Data)
        hash = Array(try row.value("hash") as Data)
        delivery = Delivery(
            accountID: try row.value("account_id"), clientID: try row.value("client_id"),
            dialect: try row.value("dialect"), receivedAt: try row.value("received_at"),
            source: try row.word("source"), target: try row.value("target"),
            requestID: try row.value("request_id"), timestamp: try row.value("sent_timestamp"),
            body: Array(try row.value("body") as Data), isSigned: try row.value("signed"))
    }
}

/// A walk along the chain.
package struct LedgerChain: Sendable {
    /// The row up to which everything fits.
    package private(set) var head: Ledger.Head
    /// Numbers of the rows that do not fit, the first hundred.
    package private(set) var broken: [Int64] = []
    private static let brokenMax = 100

    /// From the beginning.
    package init() {
        head = .empty
    }

    /// From a row whose own hash is taken for right.
    package init(behind head: Ledger.Head) {
        self.head = head
    }

    /// - Returns: the row; nil where a link, a body or a number does not fit.
    mutating func follow(_ raw: Row) throws -> LedgerRow? {
        let stored = TableRow(raw, of: "delivery")
        let number: Int64 = try stored.value("id")
        guard let row = try? LedgerRow(raw) else {
            let hash: Data? = try? stored.value("hash")
            return fault(number, hash: hash.map(Array.init) ?? head.hash)
        }
        let hash = Ledger.link(
            row.delivery, number: number, bodyHash: SHA256Digest(of: row.delivery.body).bytes,
            previous: head.hash)
        guard number == head.number + 1, hash == row.hash,
            row.bodyHash == SHA256Digest(of: row.delivery.body).bytes,
            row.delivery.dialect == "o2o"
        else { return fault(number, hash: row.hash) }
        head = Ledger.Head(number: number, hash: hash)
        return row
    }

    /// Goes on behind it, by the hash that the row says it has: one wrong row is named, not all
    /// that follow.
    private mutating func fault(_ number: Int64, hash: [UInt8]) -> LedgerRow? {
        if broken.count < Self.brokenMax { broken.append(number) }
        head = Ledger.Head(number: number, hash: hash)
        return nil
    }
}

extension BillStore {
    /// Follows the chain for so many rows.
    ///
    /// - Returns: how many there were; fewer than asked for means the end.
    package func follow(_ chain: inout LedgerChain, rows: Int) async throws -> Int {
        let start = chain
        let (walked, count) = try await pool.read { database in
            var chain = start
            var count = 0
            let rows = try Row.fetchCursor(
                database, sql: "\(LedgerRow.select) WHERE delivery.id > ? ORDER BY id LIMIT ?",
                arguments: [chain.head.number, rows])
            while let row = try rows.next() {
                _ = try chain.follow(row)
                count += 1
            }
            return (chain, count)
        }
        chain = walked
        return count
    }

    package func ledgerHead() async throws -> Ledger.Head {
        try await pool.read { try Ledger.head(in: $0) }
    }

    /// The row so many before the last, to begin a short walk behind.
    package func ledgerHead(back: Int64) async throws -> Ledger.Head {
        try await pool.read { database in
            let number = try Ledger.head(in: database).number - back
            return number > 0 ? try Ledger.head(upTo: number, in: database) : .empty
        }
    }
}
