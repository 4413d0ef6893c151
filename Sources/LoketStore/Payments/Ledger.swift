// The ledger: deliveries in the order of their commits, each chained to the one before. What goes
// into a row's hash, and how, is written beside its table in migrations/m0002_payments.sql.

import Foundation
import GRDB
import LoketCore
import LoketSystem

package enum Ledger {
    /// The last row, and the hash that stands for all of them.
    package struct Head: Sendable, Equatable {
        package let number: Int64
        package let hash: [UInt8]

        package static let empty = Head(
            number: 0, hash: [UInt8](repeating: 0, count: SHA256Digest.byteCount))
    }

    /// The number of an equal delivery. Each question to Check Status has a Request-Id of its own,
    /// so its answers are equal where they answer the same.
    static func number(of delivery: Delivery, in database: Database) throws -> Int64? {
        if delivery.source == .checkStatus {
            return try database.cachedStatement(
                sql: """
                    SELECT min(id) FROM delivery
                    WHERE source = 'check_status' AND account_id = ? AND target = ?
                        AND body_hash = ?
                    """
            ).fetchOneInteger([
                delivery.accountID, delivery.target,
                Data(SHA256Digest(of: delivery.body).bytes),
            ])
        }
        return try database.cachedStatement(
            sql: """
                SELECT id FROM delivery
                WHERE account_id = ? AND request_id = ? AND body_hash = ?
                """
        ).fetchOneInteger([
            delivery.accountID, delivery.requestID,
            Data(SHA256Digest(of: delivery.body).bytes),
        ])
    }

    /// - Returns: the new row's number.
    static func append(_ delivery: Delivery, in database: Database) throws -> Int64 {
        let head = try head(in: database)
        let bodyHash = SHA256Digest(of: delivery.body).bytes
        let number = head.number + 1
        let hash = link(delivery, number: number, bodyHash: bodyHash, previous: head.hash)
        try database.cachedStatement(
            sql: """
                INSERT INTO delivery (
                    id, account_id, dialect, received_at, source, target, request_id,
                    sent_timestamp, body, body_hash, hash, signed
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            number, delivery.accountID, delivery.dialect, delivery.receivedAt.milliseconds,
            delivery.source.rawValue, delivery.target, delivery.requestID, delivery.timestamp,
            Data(delivery.body), Data(bodyHash), Data(hash), delivery.isSigned,
        ])
        return number
    }

    /// Where the last row's hash cannot be read, the chain goes on from the last that can be:
    /// a damaged row keeps no payment from being recorded.
    static func head(in database: Database) throws -> Head {
        try head(upTo: .max, in: database)
    }

    /// The head as it was when the row with this number was the last one.
    static func head(upTo number: Int64, in database: Database) throws -> Head {
        let statement = try database.cachedStatement(
            sql: "SELECT id, hash FROM delivery WHERE id <= ? ORDER BY id DESC")
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

    /// Hexadecimal; nil where the row does not exist.
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
        let fields: [[UInt8]] = [
            previous, Array(String(number).utf8), Array(delivery.clientID.utf8),
            Array(String(delivery.receivedAt.milliseconds).utf8),
            Array(delivery.source.rawValue.utf8), Array(delivery.target.utf8),
            Array(delivery.requestID.utf8), Array(delivery.timestamp.utf8), bodyHash,
        ]
        for field in fields {
            withUnsafeBytes(of: UInt32(field.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: field)
        }
        return SHA256Digest(of: bytes).bytes
    }
}
