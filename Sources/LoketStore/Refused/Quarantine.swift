// The quarantine: requests for a Client-Id of ours whose signature could not be verified, stored
// whole and outside the ledger, because they may be payments that we refused by mistake. Requests
// explained by a known mistake, which only a sender with a configured secret can make, have
// separate limits from other requests.

import Foundation
import GRDB
import LoketCore
import LoketSystem

package struct QuarantinedRequest: Sendable {
    package let accountID: Int64
    package let receivedAt: Moment
    /// The reason for the failure.
    package let cause: String
    /// The known mistake by which a configured secret yields this signature; nil if none was found.
    package var mistake: String?
    /// The header lines as received.
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
    /// The size of the body in bytes.
    package let size: Int64
    /// How many times it was received.
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
    /// Stores a request, or counts a repeat of a stored request. If the limits of its kind are
    /// reached, the new request is not stored; older requests stay. A request that no known mistake
    /// explains may come from a stranger, so it may not use the reserved disk space.
    ///
    /// - Parameter then: called with the request's id in the quarantine; nil if not stored.
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

    /// Never removes requests explained by a mistake.
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

    /// Returns requests without their bodies, newest first.
    ///
    /// - Parameters:
    ///   - accountID: the account; nil for every account.
    ///   - before: the exclusive upper limit of the ids.
    package func quarantined(
        accountID: Int64? = nil, before: Int64, limit: Int
    ) async throws -> [QuarantineRecord] {
        var wanted = SQLCondition("id < ?", [before])
        // Without the plus SQLite would use the index of repeats, and sort the rows found.
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

    /// Returns the ids, oldest first.
    ///
    /// - Parameter accountID: the account; nil for every account.
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

    /// Returns whether the ledger has the same notification, because it was sent again and
    /// verified.
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

    /// Deletes a request that was moved into the ledger.
    package func leaveQuarantine(id: Int64) async throws {
        try await commits.write { database in
            try database.run("DELETE FROM quarantine WHERE id = ?1", [id])
        }
    }
}
