// Requests that did not verify under a Client-Id of ours, kept whole and apart from the ledger:
// perhaps money and a mistake of ours. Those that a known mistake explains, which only a sender
// with a configured secret can make, have bounds of their own, and so have all others.

import Foundation
import GRDB
import LoketCore
import LoketSystem

package struct QuarantinedRequest: Sendable {
    package let accountID: Int64
    package let receivedAt: Moment
    /// Why it did not verify.
    package let cause: String
    /// The known mistake with which a configured secret gives its signature; nil: none was found.
    package var mistake: String?
    /// Header lines as they came.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(
        accountID: Int64, receivedAt: Moment, cause: String, mistake: String? = nil,
        headers: [(name: String, value: String)], body: [UInt8]
    ) {
        self.accountID = accountID
        self.receivedAt = receivedAt
        self.cause = cause
        self.mistake = mistake
        self.headers = headers
        self.body = body
    }

    fileprivate init(_ row: TableRow) throws(StoreFault) {
        self.init(
            accountID: try row.value("account_id"), receivedAt: try row.value("received_at"),
            cause: try row.value("cause"), mistake: try row.value("mistake"),
            headers: namedValues(try row.value("headers")),
            body: Array(try row.value("body") as Data))
    }
}

/// A row of the quarantine.
package struct QuarantineRecord: Sendable {
    package let id: Int64
    package let request: QuarantinedRequest
    /// Bytes of its body.
    package let size: Int64
    /// How often it came.
    package let times: Int64

    fileprivate init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "quarantine")
        id = try row.value("id")
        request = try QuarantinedRequest(row)
        size = try row.value("size")
        times = try row.value("times")
    }
}

extension Store {
    /// Keeps a request, or counts one that is there. Past the bounds of its kind it is not kept:
    /// what is there stays, whatever comes after it. What no mistake explains leaves the reserve of
    /// the disk: a stranger can send it.
    ///
    /// - Parameter then: receives its id in the quarantine; nil: it was not kept.
    package func quarantine(
        _ request: QuarantinedRequest, then: @escaping @Sendable (Result<Int64?, any Error>) -> Void
    ) {
        commits.submit(
            bytes: request.body.count,
            { [self] database -> Int64? in
                let headers = try text(of: request.headers)
                let hash = Data(SHA256Digest(of: Array(headers.utf8) + request.body).bytes)
                let known = try database.integer(
                    """
                    UPDATE quarantine SET times = times + 1, mistake = coalesce(mistake, ?1)
                    WHERE account_id = ?2 AND hash = ?3 RETURNING id
                    """, [request.mistake, request.accountID, hash])
                if let known { return known }
                if request.mistake == nil {
                    do { try checkRoom(in: database) } catch is DiskRoom.Shortage { return nil }
                }
                guard try Self.makesRoom(for: request, in: database) else { return nil }
                try database.run(
                    """
                    INSERT INTO quarantine (
                        account_id, received_at, cause, mistake, headers, body, hash
                    ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                    """,
                    [
                        request.accountID, request.receivedAt.milliseconds, request.cause,
                        request.mistake, headers, Data(request.body), hash,
                    ])
                return database.lastInsertedRowID
            }, then: then)
    }

    /// Nothing that a mistake explains is ever removed here.
    private static func makesRoom(
        for request: QuarantinedRequest, in database: Database
    ) throws -> Bool {
        if try hasRoom(for: request, in: database) { return true }
        guard request.mistake == nil else { return false }
        let age = Limits.quarantineDays * 86_400_000
        try database.run(
            """
            DELETE FROM quarantine
            WHERE account_id = ?1 AND mistake IS NULL AND received_at < ?2
            """, [request.accountID, request.receivedAt.milliseconds - age])
        return try database.changesCount > 0 && hasRoom(for: request, in: database)
    }

    private static func hasRoom(
        for request: QuarantinedRequest, in database: Database
    ) throws -> Bool {
        let kept = try database.row(
            """
            SELECT count(*) AS count, CAST(coalesce(sum(length(body)), 0) AS bigint) AS bytes
            FROM quarantine
            WHERE account_id = ?1 AND (mistake IS NULL) = ?2
            """, [request.accountID, request.mistake == nil]
        ).map { TableRow($0, of: "quarantine") }
        let rows: Int = try kept?.value("count") ?? 0
        let bytes: Int = try kept?.value("bytes") ?? 0
        return rows < Limits.quarantineRowsMax
            && bytes + request.body.count <= Limits.quarantineBytesMax
    }

    /// Newest first, without their bodies.
    ///
    /// - Parameters:
    ///   - accountID: only this account's; nil: every account's.
    ///   - before: only those with a smaller id.
    package func quarantined(
        accountID: Int64? = nil, before: Int64, limit: Int
    ) async throws -> [QuarantineRecord] {
        var wanted = SQLCondition("id < ?", [before])
        // Without the plus SQLite would take the index of repeats, and sort what it finds.
        wanted.narrow("+account_id = ?", accountID)
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database,
                sql: """
                    SELECT id, account_id, received_at, cause, mistake, headers, x'' AS body,
                        times, length(body) AS size
                    FROM quarantine\(wanted.clause) ORDER BY id DESC
                    """,
                arguments: wanted.values
            ).readable(limit) { try QuarantineRecord($0) }
        }
    }

    /// Oldest first.
    ///
    /// - Parameter accountID: only this account's; nil: every account's.
    package func quarantineIDs(accountID: Int64? = nil) async throws -> [Int64] {
        var wanted = SQLCondition()
        wanted.narrow("+account_id = ?", accountID)
        return try await pool.read { [wanted] database in
            try Int64.fetchAll(
                database, sql: "SELECT id FROM quarantine\(wanted.clause) ORDER BY id",
                arguments: wanted.values)
        }
    }

    package func quarantined(id: Int64) async throws -> QuarantineRecord? {
        try await pool.read { database in
            try database.row("SELECT *, length(body) AS size FROM quarantine WHERE id = ?1", [id])
                .map { try QuarantineRecord($0) }
        }
    }

    /// Whether the same notification is in the ledger: it came again, and verified then.
    package func isRecorded(_ request: QuarantinedRequest) async throws -> Bool {
        let header = request.headers.first { $0.name.lowercased() == "request-id" }
        guard let header else { return false }
        return try await pool.read { database in
            try database.integer(
                """
                SELECT id FROM delivery
                WHERE account_id = ?1 AND request_id = ?2 AND body_hash = ?3
                """,
                [
                    request.accountID, header.value,
                    Data(SHA256Digest(of: request.body).bytes),
                ]) != nil
        }
    }

    /// Deletes what has moved into the ledger.
    package func leaveQuarantine(id: Int64) async throws {
        try await commits.write { database in
            try database.run("DELETE FROM quarantine WHERE id = ?1", [id])
        }
    }
}
