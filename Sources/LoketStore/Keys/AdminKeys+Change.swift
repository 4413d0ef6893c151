// Making and revoking admin keys. Who may do it is looked at again in the same transaction: a key
// that was revoked while its request was on its way makes no other.

import Foundation
import GRDB
import LoketCore

package enum KeyCreation: Sendable {
    case made(AdminKey)
    /// An active key has the name.
    case nameTaken
    /// The key that asked is no longer in force.
    case askerRevoked
}

package enum KeyRevocation: Sendable {
    case revoked(AdminKey)
    /// Before.
    case already(AdminKey)
    /// Without it such a key could not be made any more.
    case lastOne
    /// There is none, or none that the asking key may see.
    case unknown
    /// The key that asked is no longer in force.
    case askerRevoked
}

extension AdminKey {
    /// A key that is to be made.
    package struct Draft: Sendable {
        package var name: String
        package var scopes: Set<Scope>
        /// The one account that it is for; nil: every account.
        package var accountID: Int64?

        package init(name: String, scopes: Set<Scope>, accountID: Int64? = nil) {
            self.name = name
            self.scopes = scopes
            self.accountID = accountID
        }
    }
}

extension Store {
    /// Takes a key's hash; the key's text is the caller's to hand over and to forget.
    ///
    /// - Parameter asker: the key that makes it.
    package func makeKey(
        _ text: String, _ draft: AdminKey.Draft, by asker: AdminKey, now: Moment
    ) async throws -> KeyCreation {
        try await commits.write { database in
            guard try Self.isActive(asker, in: database) else { return .askerRevoked }
            let isTaken = try database.isTrue(
                """
                SELECT EXISTS (SELECT 1 FROM admin_key WHERE name = ?1 AND revoked_at IS NULL)
                """, [draft.name])
            guard !isTaken else { return .nameTaken }
            let id = try Self.insertKey(
                text, draft, createdBy: asker.name, now: now, in: database)
            guard let key = try AdminKey.fetch(id, in: database) else {
                throw StoreFault.damagedRow(table: "admin_key", row: id)
            }
            return .made(key)
        }
    }

    /// From now on it opens nothing. A key is never deleted: histories name it.
    ///
    /// - Parameter asker: the key that revokes it; it may be the same.
    package func revokeKey(
        id: Int64, by asker: AdminKey, now: Moment
    ) async throws -> KeyRevocation {
        try await commits.write { database in
            guard try Self.isActive(asker, in: database) else { return .askerRevoked }
            guard let key = try AdminKey.fetch(id, in: database),
                asker.accountID == nil || asker.accountID == key.accountID
            else { return .unknown }
            guard key.revokedAt == nil else { return .already(key) }
            guard try !key.makesKeys || Self.isReplaceable(key, in: database) else {
                return .lastOne
            }
            try database.run(
                "UPDATE admin_key SET revoked_at = ?1, revoked_by = ?2 WHERE id = ?3",
                [now.milliseconds, asker.name, id])
            return try AdminKey.fetch(id, in: database).map { .revoked($0) } ?? .unknown
        }
    }

    /// A key of the service's own, while nothing else runs: the first one.
    package func addKey(
        _ text: String, name: String, scopes: Set<AdminKey.Scope>, accountID: Int64? = nil,
        now: Moment
    ) throws {
        let draft = AdminKey.Draft(name: name, scopes: scopes, accountID: accountID)
        try pool.write { database in
            _ = try Self.insertKey(text, draft, createdBy: nil, now: now, in: database)
        }
    }

    /// Revokes every key and takes another in their place, both or neither, while nothing else
    /// runs.
    ///
    /// - Returns: how many were revoked.
    package func replaceKeys(
        with text: String, name: String, scopes: Set<AdminKey.Scope>, now: Moment
    ) throws -> Int {
        try pool.write { database in
            try database.run(
                "UPDATE admin_key SET revoked_at = ?1 WHERE revoked_at IS NULL", [now.milliseconds])
            let count = database.changesCount
            let draft = AdminKey.Draft(name: name, scopes: scopes)
            _ = try Self.insertKey(text, draft, createdBy: nil, now: now, in: database)
            return count
        }
    }

    private static func insertKey(
        _ text: String, _ draft: AdminKey.Draft, createdBy: String?, now: Moment,
        in database: Database
    ) throws -> Int64 {
        try database.run(
            """
            INSERT INTO admin_key (name, hash, scopes, account_id, created_at, created_by)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            [
                draft.name, Data(AdminKey.hash(of: text).bytes),
                AdminKey.text(of: draft.scopes), draft.accountID, now.milliseconds, createdBy,
            ])
        return database.lastInsertedRowID
    }

    private static func isActive(_ key: AdminKey, in database: Database) throws -> Bool {
        try AdminKey.fetch(key.id, in: database).map { $0.revokedAt == nil } ?? false
    }

    /// Whether another key can make whatever this one can: no key gives what it lacks itself.
    private static func isReplaceable(_ key: AdminKey, in database: Database) throws -> Bool {
        try database.rows("SELECT * FROM admin_key WHERE revoked_at IS NULL AND id <> ?1", [key.id])
            .contains {
                guard let other = try? AdminKey($0) else { return false }
                return other.makesKeys && other.scopes.isSuperset(of: key.scopes)
            }
    }
}

extension AdminKey {
    /// It can make keys for every account.
    fileprivate var makesKeys: Bool { accountID == nil && scopes.contains(.keys) }
}
