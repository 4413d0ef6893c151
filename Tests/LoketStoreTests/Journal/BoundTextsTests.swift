// The texts that a statement reads from a buffer of ours.

import GRDB
import GRDBSQLite
import Testing

@testable import LoketStore

struct BoundTextsTests {
    /// Returns the texts that a statement sees, and what it sees afterwards.
    private func seen(_ given: [String?]) throws -> (bound: [String?], after: [String?]) {
        let queue = try DatabaseQueue()
        return try queue.read { database in
            let list = Array(1...given.count).parameters
            let statement = try RawStatement("SELECT \(list)", on: database.sqliteConnection)
            statement.bind("from before", at: 1)
            var texts = BoundTexts()
            texts.add("of an earlier row", at: 1)
            texts.removeAll()
            for (place, text) in given.enumerated() { texts.add(text, at: Int32(place + 1)) }
            let read: () throws(StoreFault) -> [String?] = { () throws(StoreFault) in
                _ = try statement.step()
                defer { statement.reset() }
                return given.indices.map { statement.text($0) }
            }
            return (try texts.bound(to: statement, read), try read())
        }
    }

    @Test func `each parameter has its text, and nil is not the empty text`() throws {
        let given = [nil, "", "8896512345678123", "Ibu Siti – ☕️", nil, "x", ""]
        let seen = try seen(given)
        #expect(seen.bound == given)
        #expect(seen.after.allSatisfy { $0 == nil })
    }

    @Test func `only empty texts are texts too`() throws {
        #expect(try seen(["", nil]).bound == ["", nil])
    }
}
