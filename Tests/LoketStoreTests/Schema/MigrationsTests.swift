// The migrations in the binary equal the files on disk: all of them, byte for byte and in order.

import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

struct MigrationsTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("migrations")

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { $0.hasSuffix(".sql") }.sorted()
    }

    @Test func `every file is embedded and every embedded one is a file`() throws {
        #expect(try files() == Migrations.all.map { $0.name + ".sql" })
        #expect(!Migrations.all.isEmpty)
    }

    @Test func `the embedded bytes are the bytes of the files`() throws {
        for (name, sql) in Migrations.all {
            let file = Self.folder.appendingPathComponent(name + ".sql")
            #expect(try Array(Data(contentsOf: file)) == sql, "\(name)")
        }
    }

    @Test func `the names are numbered from one without a gap`() throws {
        for (place, migration) in Migrations.all.enumerated() {
            let number = String(place + 1)
            let padded = String(repeating: "0", count: 4 - number.count) + number
            #expect(migration.name.hasPrefix("m\(padded)_"), "\(migration.name)")
            #expect(
                migration.name.utf8.allSatisfy {
                    $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0)
                        || (0x61...0x7A).contains($0)
                }, "\(migration.name)")
        }
    }

    /// Also a database that was upgraded before databases stored the version.
    @Test func `a database and its copies name the version that wrote their schema`()
        async throws
    {
        let parts = loketVersion.split(separator: "-")[0].split(separator: ".")
        let number = parts.reduce(0) { $0 * 1000 + (Int64($1) ?? 0) }
        let folder = try TemporaryFolder()
        func found(_ name: String) throws -> [Int64] {
            try RawDatabase.rows(folder.path(name), "PRAGMA user_version").map { $0[0] }
        }
        try await withStore(at: folder.database) { _ in }
        #expect(try found("loket.db") == [number] && number > 0)
        try RawDatabase.execute(folder.database, "PRAGMA user_version = 0")
        try await withStore(at: folder.database) { _ in }
        try RawDatabase.execute(
            folder.database, "VACUUM INTO '\(folder.path("copy.db"))'; PRAGMA user_version = 7")
        #expect(try found("copy.db") == [number])
        try await withStore(at: folder.database) { _ in }
        // The schema is still that of the version that wrote it.
        #expect(try found("loket.db") == [7])
    }

    @Test func `a database remembers every migration by name`() throws {
        let open = try OpenStore()
        let rows = try RawDatabase.rows(
            open.path, "SELECT identifier FROM grdb_migrations ORDER BY identifier")
        #expect(rows.map { $0[0] as String } == Migrations.all.map(\.name))
    }
}
