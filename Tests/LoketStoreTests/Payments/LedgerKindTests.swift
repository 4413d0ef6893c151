// A flipped bit in the head of a row, where SQLite stores the types of its columns: the ledger
// reports the row as damaged, and the service does not crash.

import Foundation
import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct LedgerKindTests {
    struct NotFound: Error {}

    /// Writes three rows, changes a column of the second to text, and walks the ledger.
    private static func walk(column: String) async throws -> [Int64] {
        let till = try Till()
        for place in 1...3 { try await till.take(Notice(number: "INV-\(place)")) }
        try till.store.close()
        try RawDatabase.execute(
            till.path,
            """
            DROP TRIGGER delivery_never_changes; PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'delivery'
            """)
        try RawDatabase.execute(
            till.path, "UPDATE delivery SET \(column) = 'x' WHERE id = 2", checked: false)
        return try await withStore(at: till.path) { store in
            var chain = LedgerChain()
            _ = try await store.follow(&chain, rows: 10)
            return chain.broken
        }
    }

    @Test func `a time that is not a number is a damaged row and no crash`() async {
        await #expect(processExitsWith: .success) {
            guard try await Self.walk(column: "received_at").contains(2) else { throw NotFound() }
        }
    }

    @Test func `an account that is not a number is a damaged row and no crash`() async {
        await #expect(processExitsWith: .success) {
            guard try await Self.walk(column: "account_id").contains(2) else { throw NotFound() }
        }
    }

    @Test func `a hash that is a text is a damaged row and no crash`() async {
        await #expect(processExitsWith: .success) {
            guard try await Self.walk(column: "hash").contains(2) else { throw NotFound() }
        }
    }
}
