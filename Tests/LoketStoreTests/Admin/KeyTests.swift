// Admin keys are found by their text, which is not stored.

import Foundation
import GRDB
import LoketCore
import LoketStore
import TestSupport
import Testing

struct KeyTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    private static let text = "a-key-of-a-test-0123456789abcdef"

    private func add(_ text: String = text, scopes: Set<AdminKey.Scope> = [.read]) throws {
        try open.store.addKey(text, name: "till", scopes: scopes, now: Sample.now)
    }

    @Test func `a key is found by its text, with name and scopes`() async throws {
        try add(scopes: [.read, .write])
        let key = try #require(try await open.store.key(Self.text))
        #expect(key.name == "till")
        #expect(key.scopes == [.read, .write])
    }

    static let scopeSets: [Set<AdminKey.Scope>] = (0..<16).map { bits in
        let chosen = AdminKey.Scope.allCases.enumerated().filter { bits >> $0.offset & 1 == 1 }
        return Set(chosen.map(\.element))
    }

    @Test(arguments: scopeSets)
    func `every set of scopes is kept, the empty one too`(
        scopes: Set<AdminKey.Scope>
    ) async throws {
        try add(scopes: scopes)
        #expect(try await open.store.key(Self.text)?.scopes == scopes)
    }

    @Test(arguments: ["", "a", text + "0", String(text.dropLast()), text.uppercased(), text + "\n"])
    func `another text finds no key`(other: String) async throws {
        try add()
        #expect(try await open.store.key(other) == nil)
    }

    @Test func `an unknown scope grants nothing`() async throws {
        try add()
        try RawDatabase.execute(open.path, "UPDATE admin_key SET scopes = 'read root Write'")
        #expect(try await open.store.key(Self.text)?.scopes == [.read])
    }

    @Test func `a revoked key is not found, but is reported as revoked`() async throws {
        #expect(try !open.store.hasEverHadKey())
        try add()
        #expect(try open.store.hasEverHadKey())
        try RawDatabase.execute(open.path, "UPDATE admin_key SET revoked_at = 1")
        #expect(try await open.store.key(Self.text) == nil)
        #expect(try open.store.hasEverHadKey())
    }

    @Test func `no two active keys share a name, and no two keys a text`() async throws {
        try add()
        #expect(throws: DatabaseError.self) { try add("another-key-of-a-test") }
        try RawDatabase.execute(open.path, "UPDATE admin_key SET revoked_at = 1")
        try add("another-key-of-a-test")
        #expect(throws: DatabaseError.self) {
            try open.store.addKey(Self.text, name: "other", scopes: [], now: Sample.now)
        }
        #expect(try await open.store.key("another-key-of-a-test")?.name == "till")
        #expect(try RawDatabase.count(open.path, "admin_key") == 2)
    }

    @Test func `the text of a key is nowhere in the file, nor in its log`() async throws {
        let folder = try TemporaryFolder()
        try await withStore(at: folder.database) { store in
            try store.addKey(Self.text, name: "till", scopes: [.read], now: Sample.now)
            let isFound = try await store.key(Self.text) != nil
            #expect(isFound)
            checkAbsence(in: try folder.databaseBytes())
        }
        checkAbsence(in: try folder.databaseBytes())
    }

    private func checkAbsence(in bytes: Data) {
        #expect(bytes.range(of: Data("till".utf8)) != nil)
        #expect(bytes.range(of: Data(Self.text.utf8)) == nil)
        #expect(bytes.range(of: Data(Self.text.utf8.prefix(12))) == nil)
    }

    @Test func `a key outlives the process`() async throws {
        let folder = try TemporaryFolder()
        try await withStore(at: folder.database) {
            try $0.addKey(Self.text, name: "till", scopes: [.keys], now: Sample.now)
        }
        let key = try await withStore(at: folder.database) { try await $0.key(Self.text) }
        #expect(key?.scopes == [.keys])
    }
}
