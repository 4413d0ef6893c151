// Account ids: small numbers that rows use for Client-Ids.

import GRDB
import LoketCore

extension Store {
    /// Returns the account id of each Client-Id, and creates missing accounts. Rows are never
    /// removed, because bills refer to them.
    package func registerAccounts(_ clientIDs: [String]) throws -> [String: Int64] {
        try pool.write { database in
            for clientID in clientIDs {
                try database.run(
                    "INSERT INTO account (client_id) VALUES (?1) ON CONFLICT DO NOTHING", [clientID]
                )
            }
            return Dictionary(
                uniqueKeysWithValues: try Self.accounts(in: database).map { ($0, $1) })
        }
    }

    /// - Throws: `StoreFault.damagedRow`; without its Client-Id an account's bills have no owner.
    static func accounts(in database: Database) throws -> [(clientID: String, id: Int64)] {
        try database.rows("SELECT id, client_id FROM account ORDER BY id").map {
            let row = TableRow($0, of: "account")
            return (try row.value("client_id"), try row.value("id"))
        }
    }
}
