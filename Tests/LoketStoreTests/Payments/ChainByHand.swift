// The ledger's chain as described in its migration's comment, computed without the store's code:
// every field is preceded by its length, big-endian in 32 bits.

import Foundation
import GRDB
import TestSupport

enum ChainByHand {
    /// Returns the expected hashes of the rows.
    static func hashes(_ path: String) throws -> [Data] {
        let rows = try RawDatabase.rows(
            path,
            """
            SELECT delivery.*, client_id FROM delivery
            JOIN account ON account.id = account_id ORDER BY delivery.id
            """)
        var previous = Data(repeating: 0, count: 32)
        return try rows.map { row in
            let fields: [Data] = [
                previous, text(row["id"] as Int64), text(row["client_id"] as String),
                text(row["received_at"] as Int64), text(row["source"] as String),
                text(row["target"] as String), text(row["request_id"] as String),
                text(row["sent_timestamp"] as String), try sha256(row["body"]),
            ]
            let bytes = fields.reduce(into: Data()) { bytes, field in
                let count = field.count
                bytes += [
                    UInt8(count >> 24 & 255), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255),
                    UInt8(count & 255),
                ]
                bytes += field
            }
            previous = try sha256(bytes)
            return previous
        }
    }

    private static func text(_ value: some CustomStringConvertible) -> Data {
        Data(value.description.utf8)
    }

    struct NoDigest: Error {}

    /// Uses the system's command instead of our implementation.
    static func sha256(_ bytes: Data) throws -> Data {
        let line = try Program.run("sha256sum", input: bytes)
        let digits = Array(line.prefix { $0.isHexDigit })
        guard digits.count == 64 else { throw NoDigest() }
        return Data(
            stride(from: 0, to: 64, by: 2).compactMap {
                UInt8(String(digits[$0...($0 + 1)]), radix: 16)
            })
    }
}
