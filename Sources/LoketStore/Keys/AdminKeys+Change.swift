// Creation and revocation of admin keys. The permission is checked again in the same transaction,
// so that a key revoked while its request was in progress cannot create another key.

import Foundation
import GRDB
import LoketCore

package enum KeyCreation: Sendable {
    case made(AdminKey)
    /// An active key already has the name.
    case nameTaken
    /// The requesting key was revoked.
    case askerRevoked
}

package enum KeyRevocation: Sendable {
    case revoked(AdminKey)
    /// Revoked before.
    case already(AdminKey)
    /// No remaining key could create a key like this one.
    case lastOne
    /// The key does not exist, or the requesting key may not see it.
    case unknown
    /// The requesting key was revoked.
    case askerRevoked
}

extension AdminKey {
    /// A key to be created.
    package struct Draft: Sendable {
        package var name: String
        package var scopes: Set<Scope>
        /// The only account the key is valid for; nil for every account.
        package var accountID: Int64?

        package init(name: String, scopes: Set<Scope>, accountID: Int64? = nil) {
            self.name = name
            self.scopes = scopes
            self.accountID = accountID
        }
    }
}

extension Store {
    /// Stores the hash of a key's text. The caller must hand over the text and not store it.
    ///
    /// - Parameter asker: the key that creates the new key.
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

    /// Revokes a key, effective immediately. A key is never deleted, because histories name it.
    ///
    /// - Parameter asker: the revoking key; may be the revoked key.
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

    /// Adds a key on behalf of the service, while no other work runs: the first key.
    package func addKey(
        _ text: String, name: String, scopes: Set<AdminKey.Scope>, accountID: Int64? = nil,
        now: Moment
    ) throws {
        let draft = AdminKey.Draft(name: name, scopes: scopes, accountID: accountID)
        try pool.write { database in
            _ = try Self.insertKey(text, draft, createdBy: nil, now: now, in: database)
        }
    }

    /// Revokes every key and adds a new key, in one transaction, while no other work runs.
    ///
    /// - Returns: the number of revoked keys.
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

    /// Returns whether another key can create every key that this key can: a key can only grant
    /// scopes that it has.
    private static func isReplaceable(_ key: AdminKey, in database: Database) throws -> Bool {
        try database.rows("SELECT * FROM admin_key WHERE revoked_at IS NULL AND id <> ?1", [key.id])
            .contains {
                guard let other = try? AdminKey($0) else { return false }
                return other.makesKeys && other.scopes.isSuperset(of: key.scopes)
            }
    }
}

extension AdminKey {
    /// Whether it can create keys for all accounts.
    fileprivate var makesKeys: Bool { accountID == nil && scopes.contains(.keys) }
}
