// Admin keys at rest: a name, scopes and the hash of the key; never the key itself.

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

    init(_ row: Row) {
        let names: String = row["scopes"]
        id = row["id"]
        name = row["name"]
        accountID = row["account_id"]
        scopes = Set(names.split(separator: " ").compactMap { Scope(rawValue: String($0)) })
    }
}

extension BillStore {
    /// Whether there was ever a key, revoked ones too.
    package func hasEverHadKey() throws -> Bool {
        try pool.read { database in
            try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM admin_key)") ?? false
        }
    }

    /// Takes a key's hash; the key's text is the caller's to hand over and to forget.
    package func addKey(
        _ text: String, name: String, scopes: Set<AdminKey.Scope>, now: Moment
    ) throws {
        let words = AdminKey.Scope.allCases.filter(scopes.contains).map(\.rawValue)
        try pool.write { database in
            try database.execute(
                sql: "INSERT INTO admin_key (name, hash, scopes, created_at) VALUES (?, ?, ?, ?)",
                arguments: [
                    name, Self.hash(of: text), words.joined(separator: " "), now.milliseconds,
                ])
        }
    }

    /// The active key with this text. Found by the hash of 128 random bits or more, which no
    /// timing of an index can be used to guess.
    package func key(_ text: String) async throws -> AdminKey? {
        try await pool.read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM admin_key WHERE hash = ? AND revoked_at IS NULL",
                arguments: [Self.hash(of: text)]
            ).map(AdminKey.init)
        }
    }

    private static func hash(of text: String) -> Data {
        Data(SHA256Digest(of: Array(text.utf8)).bytes)
    }
}
