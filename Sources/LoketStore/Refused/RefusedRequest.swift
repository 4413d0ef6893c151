// Requests that were refused before their content was read, stored for `why`: the latest of each
// account, and separately the latest without an account of ours, so that strangers never displace
// an account's requests. Notifications for a Client-Id of ours may be payments and are in the
// quarantine instead.

import Foundation
import GRDB
import LoketCore

package struct RefusedRequest: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case inquiry
        case notification
        /// The path is not a gateway path.
        case other
    }

    /// Nil if the request names no account of ours.
    package let accountID: Int64?
    package let receivedAt: Moment
    package let kind: Kind
    package let cause: String
    /// The path as sent.
    package let target: String
    package let requestID: String
    /// The sender's address, if known.
    package let source: String?
    /// The header lines used in creating and verifying a signature.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(
        accountID: Int64?, receivedAt: Moment, kind: Kind, cause: String, target: String,
        requestID: String, source: String?, headers: [(name: String, value: String)],
        body: [UInt8]
    ) {
        self.accountID = accountID
        self.receivedAt = receivedAt
        self.kind = kind
        self.cause = cause
        self.target = target
        self.requestID = requestID
        self.source = source
        self.headers = headers
        self.body = body
    }

    /// The approximate size.
    package var bytes: Int {
        headers.reduce(body.count + target.utf8.count) {
            $0 + $1.name.utf8.count + $1.value.utf8.count
        }
    }

    fileprivate init(_ row: TableRow) throws(StoreFault) {
        self.init(
            accountID: try row.value("account_id"), receivedAt: try row.value("received_at"),
            kind: try row.word("kind"), cause: try row.value("cause"),
            target: try row.value("target"), requestID: try row.value("request_id"),
            source: try row.value("source"), headers: namedValues(try row.value("headers")),
            body: Array(try row.value("body") as Data))
    }
}

/// A row of the table.
package struct RefusedRecord: Sendable {
    package let id: Int64
    package let request: RefusedRequest

    fileprivate init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "refused_request")
        id = try row.value("id")
        request = try RefusedRequest(row)
    }
}

extension Store {
    /// Stores requests, removes the oldest requests beyond the limits, and adds sums to the stored
    /// sums. Strangers can send requests, so they may not use the reserved disk space.
    ///
    /// - Returns: false if there is no space for the requests; the sums are stored anyway.
    package func keep(_ refused: [RefusedRequest], _ sums: HourSums) async throws -> Bool {
        try await commits.write { [self] database in
            try sums.write(in: database)
            guard !refused.isEmpty else { return true }
            do { try checkRoom(in: database) } catch is DiskRoom.Shortage { return false }
            for request in refused { try Self.insert(request, in: database) }
            for account in Set(refused.map(\.accountID)) {
                try Self.removeOldest(of: account, in: database)
            }
            return true
        }
    }

    private static func insert(_ request: RefusedRequest, in database: Database) throws {
        try database.run(
            """
            INSERT INTO refused_request (
                account_id, received_at, kind, cause, target, request_id, source, bytes,
                headers, body
            ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """,
            [
                request.accountID, request.receivedAt.milliseconds, request.kind.rawValue,
                request.cause, request.target, request.requestID, request.source, request.bytes,
                try text(of: request.headers), Data(request.body),
            ])
    }

    private static func removeOldest(of account: Int64?, in database: Database) throws {
        try database.run(
            """
            DELETE FROM refused_request WHERE id IN (
                SELECT id FROM (
                    SELECT
                        id, row_number() OVER newest AS place, sum(bytes) OVER newest AS held
                    FROM refused_request WHERE account_id IS NOT DISTINCT FROM ?1
                    WINDOW newest AS (ORDER BY id DESC)
                ) AS kept
                WHERE place > ?2 OR held > ?3
            )
            """, [account, Limits.refusedRowsMax, Limits.refusedBytesMax])
    }

    /// Deletes old requests. There are never more than a few thousand.
    package func pruneRefusedRequests(receivedBefore cutoff: Moment) async throws {
        try await commits.write { database in
            try database.run(
                "DELETE FROM refused_request WHERE received_at < ?1", [cutoff.milliseconds])
        }
    }

    /// Returns the requests with a Request-Id, newest first, without bodies.
    ///
    /// - Parameter accountID: the account; nil for all requests.
    package func refusedRequests(
        requestID: String, accountID: Int64?
    ) async throws -> [RefusedRecord] {
        var wanted = SQLCondition("request_id = ?", [requestID])
        wanted.narrow("account_id = ?", accountID)
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database,
                sql: """
                    SELECT
                        id, account_id, received_at, kind, cause, target, request_id, source,
                        headers, x'' AS body
                    FROM refused_request INDEXED BY refused_request_by_request
                    \(wanted.clause) ORDER BY id DESC
                    """,
                arguments: wanted.values
            ).readable(.max) { try RefusedRecord($0) }
        }
    }

    package func refusedRequest(id: Int64) async throws -> RefusedRequest? {
        try await pool.read { database in
            try database.row("SELECT * FROM refused_request WHERE id = ?1", [id]).map {
                try RefusedRecord($0).request
            }
        }
    }
}

/// Encodes header lines as one column: a JSON array of [name, value].
func text(of headers: [(name: String, value: String)]) throws -> String {
    String(decoding: try JSONEncoder().encode(headers.map { [$0.name, $0.value] }), as: UTF8.self)
}
