// The last use of a key: exact to the minute, written once a minute, and no caller waits for it.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct KeyUsesTests {
    private let open: OpenStore
    private let uses: KeyUses

    init() throws {
        open = try OpenStore()
        uses = KeyUses(on: open.store)
        for name in ["first", "second"] {
            try open.store.addKey(
                "text-of-\(name)", name: name, scopes: [.read], now: Sample.now)
        }
    }

    private static let minute: Int64 = 60_000
    /// The start of a minute.
    private static let start = Moment(milliseconds: 26_618_925 * minute)

    private func key(_ id: Int64) async throws -> AdminKey {
        try #require(try await open.store.key(id: id))
    }

    /// Waits until all writes queued before are done.
    private func settle() async throws {
        try await open.store.commits.write { _ in }
    }

    @Test func `a use is reported immediately and written soon, to the minute`() async throws {
        #expect(uses.last(of: try await key(1)) == nil)
        uses.note(1, at: Self.start.adding(milliseconds: 59_999))
        #expect(uses.last(of: try await key(1)) == Self.start)
        try await settle()
        #expect(try await key(1).lastUsedAt == Self.start)
        #expect(try await key(2).lastUsedAt == nil)
    }

    @Test func `a thousand uses in a minute are one write`() async throws {
        let before = open.store.writing.writes
        for place in 0..<1000 {
            uses.note(1, at: Self.start.adding(milliseconds: Int64(place) * 60))
        }
        uses.note(2, at: Self.start)
        uses.note(1, at: Self.start.adding(milliseconds: Self.minute))
        try await settle()
        #expect(open.store.writing.writes - before == 4)
        #expect(try await key(1).lastUsedAt == Self.start.adding(milliseconds: Self.minute))
    }

    @Test func `a clock that goes back removes no use`() async throws {
        uses.note(1, at: Self.start)
        try await settle()
        let after = KeyUses(on: open.store)
        let earlier = Self.start.adding(milliseconds: -10 * Self.minute)
        for uses in [uses, after] { uses.note(1, at: earlier) }
        try await settle()
        #expect(try await key(1).lastUsedAt == Self.start)
        #expect(after.last(of: try await key(1)) == Self.start)
    }

    @Test func `if nothing can be written the use is reported nevertheless`() async throws {
        try RawDatabase.execute(
            open.path,
            """
            CREATE TRIGGER no_use BEFORE UPDATE ON admin_key
            BEGIN SELECT RAISE(ABORT, 'no'); END
            """)
        uses.note(1, at: Self.start)
        try await settle()
        #expect(try await key(1).lastUsedAt == nil)
        #expect(uses.last(of: try await key(1)) == Self.start)
    }
}
