// A flipped bit may lie in the head of a row, where SQLite keeps the kinds of its columns: the
// ledger then says that the row is damaged, and the service does not fall over it.

import Foundation
import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct LedgerKindTests {
    struct NotFound: Error {}

    /// Writes three rows, makes the second one's column a text, and walks.
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

    @Test func `a time that is no number is a damaged row and no crash`() async {
        await #expect(processExitsWith: .success) {
            guard try await Self.walk(column: "received_at").contains(2) else { throw NotFound() }
        }
    }

    @Test func `an account that is no number is a damaged row and no crash`() async {
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
