// Admin keys at rest: a name, scopes and the hash of the key; never the key itself. How one is
// found by its text, and how they are listed; making and revoking them stands beside this.

import Foundation
import GRDB
import LoketCore
import LoketCrypto

package struct AdminKey: Sendable {
    package enum Scope: String, CaseIterable, Sendable { case read, write, keys, backup }

    package let id: Int64
    package let name: String
    package let scopes: Set<Scope>
    /// The one account that it is for; nil: every account.
    package let accountID: Int64?
    package let createdAt: Moment
    /// Name of the key that made it; nil where the service or the command line did.
    package let createdBy: String?
    /// To the minute; the last use that was written.
    package let lastUsedAt: Moment?
    package let revokedAt: Moment?
    package let revokedBy: String?

    init(_ row: Row) {
        func moment(_ column: String) -> Moment? {
            (row[column] as Int64?).map { Moment(milliseconds: $0) }
        }
        id = row["id"]
        name = row["name"]
        scopes = Self.scopes(row["scopes"])
        accountID = row["account_id"]
        createdAt = Moment(milliseconds: row["created_at"])
        createdBy = row["created_by"]
        lastUsedAt = moment("last_used_at")
        revokedAt = moment("revoked_at")
        revokedBy = row["revoked_by"]
    }

    /// A scope that nobody knows grants nothing.
    private static func scopes(_ text: String) -> Set<Scope> {
        Set(text.split(separator: " ").compactMap { Scope(rawValue: String($0)) })
    }

    static func text(of scopes: Set<Scope>) -> String {
        Scope.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: " ")
    }

    static func hash(of text: String) -> SHA256Digest {
        SHA256Digest(of: Array(text.utf8))
    }
}

/// What a list of keys is narrowed to.
package struct KeyFilter: Sendable {
    /// Only those that are in force, or only revoked ones.
    package var isActive: Bool?
    /// Only keys for this one account.
    package var accountID: Int64?

    package init(isActive: Bool? = nil, accountID: Int64? = nil) {
        self.isActive = isActive
        self.accountID = accountID
    }
}

extension BillStore {
    /// Whether there was ever a key, revoked ones too.
    package func hasEverHadKey() throws -> Bool {
        try pool.read { database in
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM admin_key)") ?? false
        }
    }

    /// Whether anybody could come in.
    package func hasActiveKey() throws -> Bool {
        try pool.read { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM admin_key WHERE revoked_at IS NULL)") ?? false
        }
    }

    /// The active key with this text. Found by the hash of 128 random bits or more, which no
    /// timing of an index can be used to guess; what was found is compared once more, in constant
    /// time, so that nothing rests on how the index compares.
    package func key(_ text: String) async throws -> AdminKey? {
        let hash = AdminKey.hash(of: text).bytes
        return try await pool.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT * FROM admin_key WHERE hash = ? AND revoked_at IS NULL")
            guard let row = try Row.fetchOne(statement, arguments: [Data(hash)]),
                equalInConstantTime(Array(row["hash"] as Data), hash)
            else { return nil }
            return AdminKey(row)
        }
    }

    /// One key, a revoked one too.
    package func key(id: Int64) async throws -> AdminKey? {
        try await pool.read { try AdminKey.fetch(id, in: $0) }
    }

    /// Newest first, revoked ones too.
    ///
    /// - Parameter before: only keys with a smaller id.
    package func keys(
        _ filter: KeyFilter = KeyFilter(), before: Int64, limit: Int
    ) async throws -> [AdminKey] {
        var conditions = ["id < ?"]
        var values: StatementArguments = [before]
        if let isActive = filter.isActive {
            conditions.append("revoked_at IS \(isActive ? "" : "NOT ")NULL")
        }
        if let accountID = filter.accountID {
            conditions.append("account_id = ?")
            values += [accountID]
        }
        let sql = """
            SELECT * FROM admin_key
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?
            """
        let arguments = values + [limit]
        return try await pool.read { database in
            try Row.fetchAll(database, sql: sql, arguments: arguments).map(AdminKey.init)
        }
    }
}

extension AdminKey {
    static func fetch(_ id: Int64, in database: Database) throws -> AdminKey? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM admin_key WHERE id = ?", arguments: [id]
        ).map(AdminKey.init)
    }
}
