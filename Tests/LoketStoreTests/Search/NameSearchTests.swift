// Searches by the beginnings of words of the customer's name: what matches, the order, the limits
// of the work, and the account.

import LoketCore
import Testing

@testable import LoketStore

struct NameSearchTests {
    private let shelf: WordShelf

    init() throws {
        shelf = try WordShelf()
    }

    @Test(arguments: [
        ("anton", [4, 2, 1]), ("ANT", [4, 2, 1]), ("bud ant", [4, 1]), ("ant wij", [2]),
        ("budi", [4, 3, 1]), ("núñ", [5]), ("maju-jaya, pt", [6]), ("persero", [6]),
        ("wijaya x", []), ("tbk pt maju", [6]), ("nton", []), ("...", []), ("b", [4, 3, 1]),
    ])
    func `all words begin words of the name, newest first`(
        text: String, ids: [Int64]
    ) async throws {
        try await shelf.add(
            "Anton Budiman", "Antonia Wijaya", "Budi", "Budi Anton", "Nunez",
            "PT. Maju-Jaya (Persero) Tbk")
        try await shelf.fill()
        let found = try await shelf.found(text)
        #expect(found.records.map(\.bill.id) == ids)
        #expect(!found.isCut && found.isComplete && found.damaged == [])
        #expect(found.words == NameWords.words(of: text))
    }

    @Test func `a search before the background is done says so`() async throws {
        try await shelf.add("Anton")
        let found = try await shelf.found("anton")
        #expect(found.records.isEmpty && !found.isComplete)
        try await shelf.fill()
        #expect(try await shelf.found("anton").isComplete)
    }

    @Test func `bills of another account are not found, and hide none`() async throws {
        let (first, other) = (shelf.till.open.account, try shelf.till.open.secondAccount())
        try await shelf.add("Siti", "Siti", account: other)
        let newer = Limits.namedBillsMax + 5
        for _ in 1...newer { try await shelf.add("Siti", account: first) }
        try await shelf.fill()
        let newest = Int64(newer + 2)
        #expect(try await shelf.ids("siti").first == newest)
        #expect(try await shelf.ids("siti", account: first).first == newest)
        let rare = try await shelf.found(
            "siti", account: other, bounds: bounds { $0.compared = newer })
        #expect(rare.records.map(\.bill.id) == [2, 1] && !rare.isCut)
        // One entry fewer than there are is read: all but the oldest.
        let frequent = try await shelf.found(
            "siti", account: other, bounds: bounds { $0.rows = newer + 1 })
        #expect(frequent.records.map(\.bill.id) == [2] && frequent.isCut)
    }

    @Test func `a damaged bill is named to its account`() async throws {
        let other = try shelf.till.open.secondAccount()
        try await shelf.add("Anton", "Anton")
        try await shelf.fill()
        try RawDatabase.damage(shelf.till.path, "UPDATE bill SET amount = 9 WHERE id = 1")
        let found = try await shelf.found("anton")
        #expect(found.records.map(\.bill.id) == [2] && found.damaged == [1])
        #expect(try await shelf.found("anton", account: other).damaged == [])
    }

    @Test func `an entry that the name does not have finds nothing`() async throws {
        try await shelf.add("Anton")
        try await shelf.fill()
        try RawDatabase.execute(shelf.till.path, "INSERT INTO bill_word VALUES ('budi', 1)")
        #expect(try await shelf.ids("budi") == [])
    }

    @Test func `the name of forgotten customers finds nothing`() async throws {
        try await shelf.add("Fajar", "Fajar", "Anton")
        try await shelf.fill()
        try await shelf.till.cancel(3)
        try await shelf.forget(3)
        let frequent = bounds {
            $0.rows = 1
            $0.distinct = 1
        }
        #expect(try await shelf.found("f", bounds: frequent).records.map(\.bill.id) == [2, 1])
        try RawDatabase.execute(shelf.till.path, "INSERT INTO bill_word VALUES ('forgotten', 3)")
        #expect(try await shelf.ids("f") == [2, 1])
    }

    // MARK: Cut

    /// Bills 1 to 9, of which 1 is rare; `ba`, `bb` and `bc` are the words with `b`.
    private func many() async throws {
        try await shelf.add(
            "Anton Zaki", "Anton Ba", "Anton Bb", "Anton Bc", "Siti Ba", "Anton Bb", "Siti Bb",
            "Anton Ba", "Anton")
        try await shelf.fill()
    }

    private func bounds(_ change: (inout Store.NameBounds) -> Void) -> Store.NameBounds {
        var bounds = Store.NameBounds()
        change(&bounds)
        return bounds
    }

    @Test func `more bills than are listed are cut, newest first`() async throws {
        try await many()
        let found = try await shelf.found("anton", bounds: bounds { $0.found = 3 })
        #expect(found.records.map(\.bill.id) == [9, 8, 6] && found.isCut)
        let all = try await shelf.found("siti", bounds: bounds { $0.found = 2 })
        #expect(all.records.map(\.bill.id) == [7, 5] && !all.isCut)
    }

    @Test func `a rare word leads, and the names of its bills are compared`() async throws {
        try await many()
        let rare = try await shelf.found("anton zak", bounds: bounds { $0.rows = 2 })
        #expect(rare.records.map(\.bill.id) == [1] && !rare.isCut)
        let limited = try await shelf.found("anton", bounds: bounds { $0.compared = 2 })
        #expect(limited.records.map(\.bill.id) == [9, 8] && limited.isCut)
    }

    @Test func `of frequent words the newest bills are found`() async throws {
        try await many()
        let one = try await shelf.found(
            "anton",
            bounds: bounds {
                $0.rows = 3
                $0.found = 2
            })
        #expect(one.records.map(\.bill.id) == [9, 8] && one.isCut)
        // Of each word the newest two bills are read: 9 and 8, and 8 and 5.
        let two = try await shelf.found("anton ba", bounds: bounds { $0.rows = 2 })
        #expect(two.records.map(\.bill.id) == [8] && two.isCut)
    }

    @Test func `of a beginning of many words the newest bills are compared`() async throws {
        try await many()
        let broad = bounds {
            $0.rows = 2
            $0.distinct = 1
            $0.newest = 3
        }
        // Of `ba`, the first word with `b`: 8, 5 and 2; of the newest three bills: 8 and 7.
        let found = try await shelf.found("b", bounds: broad)
        #expect(found.records.map(\.bill.id) == [8, 7, 5, 2] && found.isCut)
        #expect(try await shelf.found("b ant", bounds: broad).records.map(\.bill.id) == [8])
    }
}
