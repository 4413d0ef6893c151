// Copies that are not restored, and places that are not restored to. Each is refused with its
// reason, and nothing changes.

import Foundation
import LoketCore
import LoketSystem
import TestSupport
import Testing

@testable import LoketStore

struct RestoreRefusalTests {
    private let till: Till
    private let folder: TemporaryFolder

    init() throws {
        till = try Till()
        folder = try TemporaryFolder()
    }

    private var copy: String { folder.path("copy.db") }

    /// - Returns: The reason.
    private func refusal(digest: SHA256Digest? = nil) throws -> String {
        let before = try folder.names()
        let error = #expect(throws: (any Error).self) {
            try till.restore(copy, to: folder.database, digest: digest)
        }
        #expect(try folder.names() == before)
        return error.map { "\($0)" } ?? ""
    }

    private func spoil(_ sql: String) throws {
        try RawDatabase.execute(copy, sql, checked: false)
    }

    @Test(arguments: ["", "-wal", "-journal"])
    func `nothing is restored where a database or a part of one is`(suffix: String) async throws {
        try await till.backUp(to: copy)
        let path = folder.database + suffix
        try Data([7]).write(to: URL(fileURLWithPath: path))
        #expect(try refusal().contains("\(path) exists"))
        #expect(FileManager.default.contents(atPath: path) == Data([7]))
    }

    /// Moving a stopped service's database away leaves these files.
    @Test func `an empty journal without a database does not prevent a restore`() async throws {
        try await till.backUp(to: copy)
        for suffix in ["-wal", "-shm"] {
            #expect(FileManager.default.createFile(atPath: folder.database + suffix, contents: nil))
        }
        try till.restore(copy, to: folder.database)
        #expect(try folder.names() == ["copy.db", "loket.db", "loket.db.mark"])
    }

    @Test func `nothing is restored while another process has the lock`() async throws {
        try await till.backUp(to: copy)
        let holder = try LockHolder(lockPath: LockFile.path(besideDatabase: folder.database))
        #expect(try refusal().contains("process \(holder.processID)"))
        holder.kill()
        try till.restore(copy, to: folder.database)
    }

    @Test func `a file that is missing, empty or of another kind is not a backup`() async throws {
        #expect(try refusal().contains("does not exist"))
        for text in ["", "Belanja: beras, telur\n", String(repeating: "x", count: 9000)] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: copy))
            #expect(try refusal().contains("not a backup of a loket database"), "\(text.count)")
        }
        try FileManager.default.removeItem(atPath: copy)
        try RawDatabase.execute(copy, "CREATE TABLE shopping (item TEXT)")
        #expect(try refusal().contains("not a backup of a loket database"))
    }

    @Test func `a copy from a newer version is not restored`() async throws {
        try await till.backUp(to: copy)
        try spoil("INSERT INTO grdb_migrations VALUES ('m9999_later')")
        #expect(try refusal().contains("newer loket"))
        try spoil("PRAGMA user_version = 12034056")
        #expect(try refusal().contains("loket 12.34.56"))
    }

    @Test func `a file with another SHA-256 is refused, with its own restored`()
        async throws
    {
        try await till.backUp(to: copy)
        let digest = SHA256Digest(of: Array(try Data(contentsOf: URL(fileURLWithPath: copy))))
        try await till.bill()
        try FileManager.default.removeItem(atPath: copy)
        try await till.backUp(to: copy)
        let other = SHA256Digest(of: Array(try Data(contentsOf: URL(fileURLWithPath: copy))))
        let reason = try refusal(digest: digest)
        #expect(reason.contains("its SHA-256 is \(hexadecimal(other.bytes))"), "\(reason)")
        #expect(reason.contains("instead of \(hexadecimal(digest.bytes))"), "\(reason)")
        try till.restore(copy, to: folder.database, digest: other)
        #expect(try RawDatabase.count(folder.database, "bill") == 1)
    }

    @Test func `a folder in place of the copy is named`() throws {
        try FileManager.default.createDirectory(
            atPath: copy, withIntermediateDirectories: false)
        #expect(try refusal().contains("\(copy) is not a regular file"))
    }

    @Test func `a copy without its journal is not restored`() async throws {
        try await till.backUp(to: copy)
        try Data([1]).write(to: URL(fileURLWithPath: copy + "-wal"))
        #expect(try refusal().contains("copy.db-wal is next to it"))
    }

    private static let damage: [(String, String)] = [
        ("UPDATE payment SET amount = 950000 WHERE id = 1", "payment 1 does not match"),
        (
            """
            DROP TRIGGER delivery_never_changes;
            UPDATE delivery SET target = '/x' WHERE id = 1;
            CREATE TRIGGER delivery_never_changes BEFORE UPDATE ON delivery
            BEGIN
                SELECT raise(ABORT, 'the ledger is append-only');
            END;
            """,
            "notification 1 does not match the hash chain"
        ),
        ("DELETE FROM notification WHERE delivery_id = 1", "notification 1 is not classified"),
        ("UPDATE backup SET ledger_number = 5", "notification 5 is missing from the ledger"),
        (
            "UPDATE backup SET ledger_hash = zeroblob(32)",
            "notification 1 is missing from the ledger or was changed"
        ),
    ]

    @Test(arguments: damage)
    func `a copy with damaged contents is refused with the damage`(
        sql: String, reason: String
    ) async throws {
        try await till.bill()
        try await till.take()
        try await till.backUp(to: copy)
        try spoil(sql)
        #expect(try refusal().contains(reason))
    }

    @Test func `a missing page is found, wherever it was`() async throws {
        try await till.bill()
        for place in 0..<200 { try await till.take(Notice(number: "N-\(place)", code: "1")) }
        try await till.backUp(to: copy)
        let whole = try Data(contentsOf: URL(fileURLWithPath: copy))
        let pages = whole.count / 4096
        #expect(pages > 30)
        for page in stride(from: 1, to: pages, by: 7) {
            var bytes = whole
            bytes.replaceSubrange(
                page * 4096..<(page + 1) * 4096, with: Data(repeating: 0xA5, count: 4096))
            try bytes.write(to: URL(fileURLWithPath: copy))
            #expect(try refusal().contains("is damaged"), "page \(page)")
        }
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: copy))
        #expect(try refusal().contains("is damaged"))
    }

    /// An index error is accepted only if it is the effect of a damaged bill.
    @Test func `an index that does not match sound bills is refused`() async throws {
        try await till.bill()
        try await till.backUp(to: copy)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
        // In the index the code follows the head of its entry: account 1, a text of sixteen bytes,
        // 0 for the holder of the code, row 1.
        let entry = Data([5, 9, 45, 8, 9]) + Data(Sample.codeText.utf8)
        let place = try #require(bytes.range(of: entry))
        bytes[place.upperBound - 1] ^= 1
        try bytes.write(to: URL(fileURLWithPath: copy))
        #expect(try refusal().contains("index bill_by_code"))
    }

    @Test func `an unfinished restore does not prevent a later one`() async throws {
        try await till.backUp(to: copy)
        let left = Store.unfinishedRestore(beside: folder.database)
        for suffix in ["", "-journal"] {
            try Data([1, 2, 3]).write(to: URL(fileURLWithPath: left + suffix))
        }
        try till.restore(copy, to: folder.database)
        #expect(try folder.names() == ["copy.db", "loket.db", "loket.db.mark"])
    }

    /// Until the last step, no file has the database's name.
    @Test func `a restore that stops leaves nothing`() async throws {
        try await till.backUp(to: copy)
        do {
            let restore = try Restore(copy, to: folder.database)
            _ = try restore.check(bins: [:], read: till.read)
            #expect(!FileManager.default.fileExists(atPath: folder.database))
        }
        #expect(try folder.names() == ["copy.db"])
    }
}
