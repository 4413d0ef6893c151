// Creating, revoking and replacing admin keys: the rules that the store enforces.

import Foundation
import LoketCore
import Testing

@testable import LoketStore

struct KeyChangeTests {
    private let open: OpenStore
    private let master: AdminKey
    private static let masterText = "the-master-key-of-these-tests-00"

    init() async throws {
        open = try OpenStore()
        try open.store.addKey(
            Self.masterText, name: "first", scopes: Set(AdminKey.Scope.allCases),
            now: Sample.now)
        master = try #require(try await open.store.key(Self.masterText))
    }

    private func text(_ name: String) -> String { "key-of-\(name)-0123456789abcdefghij" }

    @discardableResult
    private func make(
        _ name: String, _ scopes: Set<AdminKey.Scope> = [.read], account: Int64? = nil,
        by asker: AdminKey? = nil
    ) async throws -> AdminKey? {
        let draft = AdminKey.Draft(name: name, scopes: scopes, accountID: account)
        let made = try await open.store.makeKey(
            text(name), draft, by: asker ?? master, now: Sample.now)
        guard case .made(let key) = made else { return nil }
        return key
    }

    private func revoke(_ id: Int64, by asker: AdminKey? = nil) async throws -> String {
        let outcome = try await open.store.revokeKey(
            id: id, by: asker ?? master, now: Sample.now.adding(milliseconds: 5))
        switch outcome {
        case .revoked(let key): return "revoked \(key.revokedBy ?? "-")"
        case .already(let key): return "already \(key.revokedBy ?? "-")"
        case .lastOne: return "last"
        case .unknown: return "unknown"
        case .askerRevoked: return "asker revoked"
        }
    }

    @Test func `a key is created with everything that is reported of it`() async throws {
        let made = try #require(try await make("till", [.read, .keys], account: open.account))
        let found = try #require(try await open.store.key(text("till")))
        for key in [made, found] {
            #expect(key.id == 2)
            #expect(key.name == "till")
            #expect(key.scopes == [.read, .keys])
            #expect(key.accountID == open.account)
            #expect(key.createdAt == Sample.now)
            #expect(key.createdBy == "first")
            #expect(key.lastUsedAt == nil && key.revokedAt == nil && key.revokedBy == nil)
        }
    }

    @Test func `a name is free again once its key is revoked`() async throws {
        let first = try #require(try await make("till"))
        #expect(try await make("till") == nil)
        #expect(try await make("TILL") != nil)
        #expect(try await revoke(first.id) == "revoked first")
        let draft = AdminKey.Draft(name: "till", scopes: [.read])
        let again = try await open.store.makeKey(
            "another-text-0123456789abcdefghi", draft, by: master, now: Sample.now)
        guard case .made(let key) = again else {
            Issue.record("\(again)")
            return
        }
        #expect(key.id > first.id)
    }

    @Test func `a revoked key grants nothing, and a repeat reports the same`() async throws {
        let key = try #require(try await make("till"))
        #expect(try await revoke(key.id) == "revoked first")
        #expect(try await open.store.key(text("till")) == nil)
        let other = try #require(try await make("other", [.keys]))
        #expect(try await revoke(key.id, by: other) == "already first")
        let found = try #require(try await open.store.key(id: key.id))
        #expect(found.revokedAt == Sample.now.adding(milliseconds: 5))
        #expect(try await revoke(404) == "unknown")
    }

    @Test func `the last key that creates keys for all accounts remains`() async throws {
        let bound = try #require(try await make("bound", [.keys], account: open.account))
        let reader = try #require(try await make("reader"))
        #expect(try await revoke(master.id) == "last")
        #expect(try await revoke(reader.id) == "revoked first")
        // A key with only the scope `keys` cannot grant scopes that it does not have.
        let maker = try #require(try await make("maker", [.keys]))
        #expect(try await revoke(master.id, by: maker) == "last")
        let second = try #require(try await make("second", Set(AdminKey.Scope.allCases)))
        #expect(try await revoke(master.id, by: second) == "revoked second")
        #expect(try await revoke(second.id, by: second) == "last")
        #expect(try await revoke(bound.id, by: second) == "revoked second")
        #expect(try await revoke(maker.id, by: second) == "revoked second")
    }

    @Test func `of two keys that revoke each other at once one remains`() async throws {
        let second = try #require(try await make("second", Set(AdminKey.Scope.allCases)))
        async let one = revoke(second.id, by: master)
        async let other = revoke(master.id, by: second)
        let outcomes = try await [one, other]
        #expect(outcomes.count { $0.hasPrefix("revoked ") } == 1, "\(outcomes)")
        #expect(outcomes.contains("asker revoked"), "\(outcomes)")
        let active = try await open.store.keys(
            KeyFilter(isActive: true), before: .max, limit: 9)
        #expect(active.count == 1)
    }

    @Test func `a key of one account revokes only keys of that account`() async throws {
        let bound = try #require(try await make("bound", [.keys], account: open.account))
        let peer = try #require(try await make("peer", account: open.account))
        let stranger = try #require(
            try await make("stranger", account: try open.secondAccount()))
        #expect(try await revoke(stranger.id, by: bound) == "unknown")
        #expect(try await revoke(master.id, by: bound) == "unknown")
        #expect(try await revoke(peer.id, by: bound) == "revoked bound")
        #expect(try await revoke(bound.id, by: bound) == "revoked bound")
    }

    @Test func `a key revoked in the meantime creates and revokes nothing`() async throws {
        let second = try #require(try await make("second", [.keys]))
        #expect(try await revoke(second.id) == "revoked first")
        #expect(try await make("third", by: second) == nil)
        #expect(try await revoke(master.id, by: second) == "asker revoked")
        #expect(try RawDatabase.count(open.path, "admin_key") == 2)
    }

    @Test func `keys are listed newest first, and filtered`() async throws {
        let other = try open.secondAccount()
        try await make("a", account: open.account)
        try await make("b", account: other)
        let last = try #require(try await make("c"))
        _ = try await revoke(last.id)
        func names(_ filter: KeyFilter, before: Int64 = .max, limit: Int = 9) async throws
            -> [String]
        {
            try await open.store.keys(filter, before: before, limit: limit).map(\.name)
        }
        #expect(try await names(KeyFilter()) == ["c", "b", "a", "first"])
        #expect(try await names(KeyFilter(), before: last.id, limit: 2) == ["b", "a"])
        #expect(try await names(KeyFilter(isActive: true)) == ["b", "a", "first"])
        #expect(try await names(KeyFilter(isActive: false)) == ["c"])
        #expect(try await names(KeyFilter(accountID: other)) == ["b"])
        #expect(try await names(KeyFilter(isActive: false, accountID: other)) == [])
    }

    @Test func `a replacement revokes all other keys`() async throws {
        try await make("till")
        let count = try open.store.replaceKeys(
            with: text("new"), name: "first", scopes: [.keys], now: Sample.now)
        #expect(count == 2)
        #expect(try await open.store.key(Self.masterText) == nil)
        #expect(try await open.store.key(text("till")) == nil)
        #expect(try await open.store.key(text("new"))?.name == "first")
        let active = try await open.store.keys(
            KeyFilter(isActive: true), before: .max, limit: 9)
        #expect(active.map(\.createdBy) == [nil])
    }

    @Test func `a key is found by one step in the index of hashes`() async throws {
        let log = try ReaderLog(of: open.store)
        _ = try await open.store.key(text("nobody"))
        let sql = try #require(log.selects.last)
        let plan = try QueryPlan.lines(sql, in: open.path)
        #expect(log.selects.count == 1)
        #expect(plan.count == 1)
        #expect(plan.first?.contains("SEARCH admin_key USING INDEX") == true, "\(plan)")
        #expect(plan.first?.contains("(hash=?)") == true, "\(plan)")
    }
}
