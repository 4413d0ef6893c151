// Requests that did not verify under a Client-Id of ours, kept whole: perhaps money behind a
// mistake of ours. A ring with two bounds, apart from the ledger.

import Foundation
import GRDB
import LoketCore
import LoketCrypto

package struct Quarantined: Sendable {
    package let accountID: Int64
    package let receivedAt: Moment
    /// Why it did not verify.
    package let cause: String
    /// Header lines as they came.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(
        accountID: Int64, receivedAt: Moment, cause: String,
        headers: [(name: String, value: String)], body: [UInt8]
    ) {
        self.accountID = accountID
        self.receivedAt = receivedAt
        self.cause = cause
        self.headers = headers
        self.body = body
    }

    fileprivate init(_ row: TableRow) throws(StoreFault) {
        self.init(
            accountID: try row.value("account_id"), receivedAt: try row.value("received_at"),
            cause: try row.value("cause"), headers: namedValues(try row.value("headers")),
            body: Array(try row.value("body") as Data))
    }

    fileprivate func headerText() throws -> String {
        let lines = try JSONEncoder().encode(headers.map { [$0.name, $0.value] })
        return String(decoding: lines, as: UTF8.self)
    }
}

/// A row of the quarantine.
package struct QuarantineRecord: Sendable {
    package let id: Int64
    package let request: Quarantined
    /// Bytes of its body.
    package let size: Int64
    /// How often it came.
    package let times: Int64

    fileprivate init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "quarantine")
        id = try row.value("id")
        request = try Quarantined(row)
        size = try row.value("size")
        times = try row.value("times")
    }
}

extension BillStore {
    /// Keeps a request, counts one that is there, and lets go of the oldest past the bounds.
    package func quarantine(
        _ request: Quarantined, then: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        commits.submit(
            bytes: request.body.count,
            { database in
                let headers = try request.headerText()
                let hash = Data(SHA256Digest(of: Array(headers.utf8) + request.body).bytes)
                try database.execute(
                    sql: """
                        INSERT INTO quarantine (
                            account_id, received_at, cause, headers, body, hash
                        ) VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT (account_id, hash) DO UPDATE SET times = times + 1
                        """,
                    arguments: [
                        request.accountID, request.receivedAt.milliseconds, request.cause,
                        headers, Data(request.body), hash,
                    ])
                try Self.trimQuarantine(of: request.accountID, in: database)
            }, then: then)
    }

    private static func trimQuarantine(of accountID: Int64, in database: Database) throws {
        while true {
            let sum = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*) AS count, ifnull(sum(length(body)), 0) AS bytes
                    FROM quarantine WHERE account_id = ?
                    """,
                arguments: [accountID]
            ).map { TableRow($0, of: "quarantine") }
            let rows: Int = try sum?.value("count") ?? 0
            let bytes: Int = try sum?.value("bytes") ?? 0
            guard rows > Limits.quarantineRowsMax || bytes > Limits.quarantineBytesMax else {
                return
            }
            try database.execute(
                sql: """
                    DELETE FROM quarantine
                    WHERE id = (SELECT min(id) FROM quarantine WHERE account_id = ?)
                    """,
                arguments: [accountID])
        }
    }

    /// Newest first, without their bodies.
    ///
    /// - Parameters:
    ///   - accountID: only this account's; nil: every account's.
    ///   - before: only those with a smaller id.
    package func quarantined(
        accountID: Int64? = nil, before: Int64, limit: Int
    ) async throws -> [QuarantineRecord] {
        try await pool.read { database in
            try Row.fetchCursor(
                database,
                sql: """
                    SELECT id, account_id, received_at, cause, headers, x'' AS body, times,
                        length(body) AS size
                    FROM quarantine WHERE id < ?1 AND (?2 IS NULL OR account_id = ?2)
                    ORDER BY id DESC
                    """,
                arguments: [before, accountID]
            ).readable(limit) { try QuarantineRecord($0) }
        }
    }

    /// Oldest first.
    ///
    /// - Parameter accountID: only this account's; nil: every account's.
    package func quarantineIDs(accountID: Int64? = nil) async throws -> [Int64] {
        try await pool.read { database in
            try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM quarantine WHERE ?1 IS NULL OR account_id = ?1 ORDER BY id
                    """,
                arguments: [accountID])
        }
    }

    package func quarantined(id: Int64) async throws -> QuarantineRecord? {
        try await pool.read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT *, length(body) AS size FROM quarantine WHERE id = ?",
                arguments: [id]
            ).map { try QuarantineRecord($0) }
        }
    }

    /// What has moved into the ledger.
    package func leaveQuarantine(id: Int64) async throws {
        try await commits.write { database in
            try database.execute(sql: "DELETE FROM quarantine WHERE id = ?", arguments: [id])
        }
    }
}
