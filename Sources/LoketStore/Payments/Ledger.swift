// The ledger: deliveries in the order of their commits, each linked to the previous delivery by a
// hash. The fields in a row's hash, and their encoding, are described next to the table in
// migrations/m0002_payments.sql. The chain is verified a bounded number of rows at a time: a few
// rows at every start, all rows in the background and in `check`.

import Foundation
import GRDB
import LoketCore
import LoketSystem

package enum Ledger {
    /// The last row's number, and its hash, which covers all rows.
    package struct Head: Sendable, Equatable {
        package let number: Int64
        package let hash: [UInt8]

        package static let empty = Head(
            number: 0, hash: [UInt8](repeating: 0, count: SHA256Digest.byteCount))
    }

    /// Returns the number of an equal delivery. Each request to Check Status has a new Request-Id,
    /// so two of its responses are equal if they answer the same request path with the same body.
    static func number(
        of delivery: Delivery, bodyHash: [UInt8], in database: Database
    ) throws -> Int64? {
        let isAnswer = delivery.source == .checkStatus
        let statement = try CachedStatement(isAnswer ? equalAnswer : equal, in: database)
        statement.bind(delivery.accountID, at: 1)
        statement.bind(isAnswer ? delivery.target : delivery.requestID, at: 2)
        statement.bind(bodyHash, at: 3)
        return try statement.integer()
    }

    private static let equalAnswer = """
        SELECT min(id) FROM delivery
        WHERE source = 'check_status' AND account_id = ?1 AND target = ?2 AND body_hash = ?3
        """
    private static let equal = """
        SELECT id FROM delivery WHERE account_id = ?1 AND request_id = ?2 AND body_hash = ?3
        """

    /// - Parameter bodyHash: the SHA-256 of the body.
    /// - Returns: the number of the new row; nil if a delivery with the Request-Id and the body is
    ///   in the ledger.
    static func append(
        _ delivery: Delivery, bodyHash: [UInt8], in database: Database
    ) throws -> Int64? {
        let head = try head(in: database)
        let number = head.number + 1
        let hash = link(delivery, number: number, bodyHash: bodyHash, previous: head.hash)
        let statement = try CachedStatement(insertion, in: database)
        statement.bind(number, at: 1)
        statement.bind(delivery.accountID, at: 2)
        statement.bind(delivery.dialect, at: 3)
        statement.bind(delivery.receivedAt.milliseconds, at: 4)
        statement.bind(delivery.source.rawValue, at: 5)
        statement.bind(delivery.target, at: 6)
        statement.bind(delivery.requestID, at: 7)
        statement.bind(delivery.timestamp, at: 8)
        statement.bind(delivery.body, at: 9)
        statement.bind(bodyHash, at: 10)
        statement.bind(hash, at: 11)
        statement.bind(delivery.isSigned.map { $0 ? 1 : 0 }, at: 12)
        try statement.run()
        return database.changesCount == 1 ? number : nil
    }

    private static let insertion = """
        INSERT INTO delivery (
            id, account_id, dialect, received_at, source, target, request_id,
            sent_timestamp, body, body_hash, hash, signed
        ) VALUES (\(Array(1...12).parameters))
        ON CONFLICT (account_id, request_id, body_hash) DO NOTHING
        """

    /// Returns the last row's number and hash. If that hash cannot be read, the last readable hash
    /// is used, so that a damaged row does not prevent the recording of payments.
    static func head(in database: Database) throws -> Head {
        let statement = try CachedStatement(
            "SELECT id, hash FROM delivery ORDER BY id DESC LIMIT 1", in: database)
        defer { statement.reset() }
        guard try statement.step() else { return .empty }
        if let number = statement.integer(0), let hash = statement.bytes(1) {
            return Head(number: number, hash: hash)
        }
        return try head(upTo: .max, in: database)
    }

    /// Returns the head at the time when the row with this number was the last row.
    static func head(upTo number: Int64, in database: Database) throws -> Head {
        let statement = try database.cachedStatement(
            sql: "SELECT id, hash FROM delivery WHERE id <= ?1 ORDER BY id DESC")
        let rows = try Row.fetchCursor(statement, arguments: [number])
        var last: Int64?
        while let row = try rows.next() {
            let row = TableRow(row, of: "delivery")
            let number: Int64 = try last ?? row.value("id")
            if let hash: Data = try? row.value("hash") {
                return Head(number: number, hash: Array(hash))
            }
            last = number
        }
        return Head(number: last ?? 0, hash: Head.empty.hash)
    }

    /// Returns the hash in hexadecimal; nil if no such row exists.
    static func hash(of number: Int64, in database: Database) throws -> String? {
        try Data.fetchOne(
            database, sql: "SELECT hash FROM delivery WHERE id = ?1", arguments: [number]
        ).map { hexadecimal(Array($0)) }
    }

    // MARK: The chain

    static func link(
        _ delivery: Delivery, number: Int64, bodyHash: [UInt8], previous: [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        func add(_ field: some Collection<UInt8>) {
            withUnsafeBytes(of: UInt32(field.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: field)
        }
        add(previous)
        add(String(number).utf8)
        add(delivery.clientID.utf8)
        add(String(delivery.receivedAt.milliseconds).utf8)
        add(delivery.source.rawValue.utf8)
        add(delivery.target.utf8)
        add(delivery.requestID.utf8)
        add(delivery.timestamp.utf8)
        add(bodyHash)
        return SHA256Digest(of: bytes).bytes
    }
}

/// A row of the ledger with its number and hashes.
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

/// A verification of the chain.
package struct LedgerChain: Sendable {
    /// The last row verified or reported as broken.
    package private(set) var head: Ledger.Head
    /// The numbers of the first hundred rows that failed verification.
    package private(set) var broken: [Int64] = []
    private static let brokenMax = 100

    /// Begins at the first row.
    package init() {
        head = .empty
    }

    /// Begins after a row whose hash is assumed to be correct.
    package init(after head: Ledger.Head) {
        self.head = head
    }

    /// Verifies the next row of the ledger and advances `head` to the row.
    ///
    /// - Returns: the row; nil if its number, its body, or its hash of the previous row is wrong.
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

    /// Records a fault and continues with the hash stored in the row, so that one wrong row is
    /// reported and not all rows that follow.
    private mutating func fault(_ number: Int64, hash: [UInt8]) -> LedgerRow? {
        if broken.count < Self.brokenMax { broken.append(number) }
        head = Ledger.Head(number: number, hash: hash)
        return nil
    }
}

extension Store {
    /// Verifies the given number of rows of the chain.
    ///
    /// - Returns: the number of rows read; fewer than requested at the end of the ledger.
    package func follow(_ chain: inout LedgerChain, rows: Int) async throws -> Int {
        let start = chain
        let (walked, count) = try await pool.read { database in
            var chain = start
            var count = 0
            let rows = try Row.fetchCursor(
                database, sql: "\(LedgerRow.select) WHERE delivery.id > ?1 ORDER BY id LIMIT ?2",
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

    /// Returns the head the given number of rows before the last, to begin a short verification.
    package func ledgerHead(back: Int64) async throws -> Ledger.Head {
        try await pool.read { database in
            let number = try Ledger.head(in: database).number - back
            return number > 0 ? try Ledger.head(upTo: number, in: database) : .empty
        }
    }
}
