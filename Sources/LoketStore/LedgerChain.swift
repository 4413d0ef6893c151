// Going through the ledger link by link, a bounded number of rows at a time: a few at every start,
// all of them in the background and in `check`.

import Foundation
import GRDB
import LoketCore
import LoketCrypto

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

    /// Nil where a column does not hold what it should.
    init?(_ row: Row) {
        guard let clientID = row["client_id"] as String?,
            let source = Receipt.Source(rawValue: row["source"] ?? "")
        else { return nil }
        number = row["id"]
        bodyHash = Array(row["body_hash"] as Data)
        hash = Array(row["hash"] as Data)
        delivery = Delivery(
            accountID: row["account_id"], clientID: clientID, dialect: row["dialect"],
            receivedAt: Moment(milliseconds: row["received_at"]), source: source,
            target: row["target"], requestID: row["request_id"],
            timestamp: row["sent_timestamp"], body: Array(row["body"] as Data),
            isSigned: row["signed"])
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

    /// - Returns: false where a link, a body or a number does not fit.
    mutating func follow(_ raw: Row) -> Bool {
        let number: Int64 = raw["id"]
        guard let row = LedgerRow(raw) else {
            return fault(number, hash: (raw["hash"] as Data?).map(Array.init) ?? head.hash)
        }
        let hash = Ledger.link(
            row.delivery, number: number, bodyHash: SHA256Digest(of: row.delivery.body).bytes,
            previous: head.hash)
        guard number == head.number + 1, hash == row.hash,
            row.bodyHash == SHA256Digest(of: row.delivery.body).bytes,
            row.delivery.dialect == "o2o"
        else { return fault(number, hash: row.hash) }
        head = Ledger.Head(number: number, hash: hash)
        return true
    }

    /// Goes on behind it, by the hash that the row says it has: one wrong row is named, not all
    /// that follow.
    private mutating func fault(_ number: Int64, hash: [UInt8]) -> Bool {
        if broken.count < Self.brokenMax { broken.append(number) }
        head = Ledger.Head(number: number, hash: hash)
        return false
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
                _ = chain.follow(row)
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
            guard number > 0,
                let hash = try Data.fetchOne(
                    database, sql: "SELECT hash FROM delivery WHERE id = ?", arguments: [number])
            else { return .empty }
            return Ledger.Head(number: number, hash: Array(hash))
        }
    }
}
