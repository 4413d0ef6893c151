// The small numbers that stand for Client-Ids.

import GRDB
import LoketCore

extension BillStore {
    /// The row of each Client-Id, made where it is new. Rows are never removed: bills point at
    /// them.
    package func registerAccounts(_ clientIDs: [String]) throws -> [String: Int64] {
        try pool.write { database in
            for clientID in clientIDs {
                try database.execute(
                    sql: "INSERT INTO account (client_id) VALUES (?) ON CONFLICT DO NOTHING",
                    arguments: [clientID])
            }
            let rows = try Row.fetchAll(database, sql: "SELECT id, client_id FROM account")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[1], $0[0]) })
        }
    }
}
