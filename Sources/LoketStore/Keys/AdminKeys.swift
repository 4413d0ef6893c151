// Stored admin keys: a name, scopes and the hash of the key, never the key itself. This file finds
// a key by its text and lists keys; AdminKeys+Change creates and revokes keys.

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
    /// The only account the key is valid for; nil for every account.
    package let accountID: Int64?
    package let createdAt: Moment
    /// The name of the key that created it; nil if created by the service or the command line.
    package let createdBy: String?
    /// The last stored use, to the minute.
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

/// The filter for a list of keys.
package struct KeyFilter: Sendable {
    /// Only active keys, or only revoked keys.
    package var isActive: Bool?
    /// Only keys for this account.
    package var accountID: Int64?

    package init(isActive: Bool? = nil, accountID: Int64? = nil) {
        self.isActive = isActive
        self.accountID = accountID
    }
}

extension Store {
    /// Returns whether any key ever existed, including revoked keys.
    package func hasEverHadKey() throws -> Bool {
        try pool.read { database in
            try database.isTrue("SELECT EXISTS (SELECT 1 FROM admin_key)")
        }
    }

    /// Returns the active key with this text. The lookup is by the hash of at least 128 random
    /// bits, which index timing cannot help to guess. The result is compared once more, in constant
    /// time, so that security does not depend on how the index compares.
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

    /// Returns a key, even if revoked.
    package func key(id: Int64) async throws -> AdminKey? {
        try await pool.read { try AdminKey.fetch(id, in: $0) }
    }

    /// Returns keys newest first, even revoked keys.
    ///
    /// - Parameter before: the exclusive upper limit of the ids.
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

/// The last use of each admin key, to the minute. A use does not justify a separate commit: only
/// the first use in a minute is written, and no caller waits for the write.
package final class KeyUses: Sendable {
    private static let minute: Int64 = 60_000

    private let commits: GroupCommit
    /// For each key, the start of the last minute of use since this service began.
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
        // If the write fails, the use is still shown while this process runs, and the first use in
        // the next minute is written instead.
        commits.submit(
            { database in
                try database.run(
                    """
                    UPDATE admin_key SET last_used_at = ?1
                    WHERE id = ?2 AND coalesce(last_used_at, 0) < ?1
                    """, [minute, keyID])
            }, then: { _ in })
    }

    /// Returns the later of the stored and the noted use.
    package func last(of key: AdminKey) -> Moment? {
        let noted = minutes.withLock { $0[key.id] }.map { Moment(milliseconds: $0) }
        return [noted, key.lastUsedAt].compactMap(\.self).max()
    }
}
