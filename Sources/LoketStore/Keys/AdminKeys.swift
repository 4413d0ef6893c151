// Admin keys at rest: a name, scopes and the hash of the key; never the key itself. How one is
// found by its text, and how they are listed; making and revoking them stands beside this.

import Foundation
import GRDB
import LoketCore
import LoketSystem
import Synchronization

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

    /// - Throws: `StoreFault.damagedRow`.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "admin_key")
        id = try row.value("id")
        name = try row.value("name")
        scopes = Self.scopes(try row.value("scopes"))
        accountID = try row.value("account_id")
        createdAt = try row.value("created_at")
        createdBy = try row.value("created_by")
        lastUsedAt = try row.value("last_used_at")
        revokedAt = try row.value("revoked_at")
        revokedBy = try row.value("revoked_by")
    }

    /// An unknown scope grants nothing.
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

extension Store {
    /// Whether there was ever a key, revoked ones too.
    package func hasEverHadKey() throws -> Bool {
        try pool.read { database in
            try database.isTrue("SELECT EXISTS (SELECT 1 FROM admin_key)")
        }
    }

    /// The active key with this text. Found by the hash of 128 random bits or more, which no
    /// timing of an index can be used to guess; what was found is compared once more, in constant
    /// time, so that nothing rests on how the index compares.
    package func key(_ text: String) async throws -> AdminKey? {
        let hash = AdminKey.hash(of: text).bytes
        return try await pool.read { database in
            guard
                let row = try database.row(
                    "SELECT * FROM admin_key WHERE hash = ?1 AND revoked_at IS NULL", [Data(hash)])
            else {
                return nil
            }
            let stored: Data = try TableRow(row, of: "admin_key").value("hash")
            return equalInConstantTime(Array(stored), hash) ? try AdminKey(row) : nil
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
        var wanted = SQLCondition("id < ?", [before])
        if let isActive = filter.isActive {
            wanted.add("revoked_at IS \(isActive ? "" : "NOT ")NULL")
        }
        wanted.narrow("account_id = ?", filter.accountID)
        return try await pool.read { [wanted] database in
            try Row.fetchCursor(
                database, sql: "SELECT * FROM admin_key\(wanted.clause) ORDER BY id DESC",
                arguments: wanted.values
            ).readable(limit) { try AdminKey($0) }
        }
    }
}

extension AdminKey {
    static func fetch(_ id: Int64, in database: Database) throws -> AdminKey? {
        try database.row("SELECT * FROM admin_key WHERE id = ?1", [id]).map { try AdminKey($0) }
    }
}

/// When each admin key was last used, to the minute. A use is not worth a commit of its own: the
/// first of a minute is written, and no caller waits for it.
package final class KeyUses: Sendable {
    private static let minute: Int64 = 60_000

    private let commits: GroupCommit
    /// The start of the last minute in which each key was used, since this service began.
    private let minutes = Mutex<[Int64: Int64]>([:])

    package init(on store: Store) {
        commits = store.commits
    }

    package func note(_ keyID: Int64, at now: Moment) {
        let minute = now.milliseconds - now.milliseconds % Self.minute
        let isFirst = minutes.withLock { minutes in
            guard minute > minutes[keyID] ?? 0 else { return false }
            minutes[keyID] = minute
            return true
        }
        guard isFirst else { return }
        // One that fails is shown all the same while this process lives; the next minute's is
        // written instead.
        commits.submit(
            { database in
                try database.run(
                    """
                    UPDATE admin_key SET last_used_at = ?1
                    WHERE id = ?2 AND coalesce(last_used_at, 0) < ?1
                    """, [minute, keyID])
            }, then: { _ in })
    }

    /// What is written of it, or what is newer.
    package func last(of key: AdminKey) -> Moment? {
        let noted = minutes.withLock { $0[key.id] }.map { Moment(milliseconds: $0) }
        return [noted, key.lastUsedAt].compactMap(\.self).max()
    }
}
