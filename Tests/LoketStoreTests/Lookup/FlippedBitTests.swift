// A flipped bit in the file: SQLite's integrity check does not notice it, the checksum does.

import Foundation
import GRDB
import LoketCore
import LoketStore
import TestSupport
import Testing

struct FlippedBitTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private struct NotFound: Error {}

    /// 150,000 as stored by SQLite: three bytes, the most significant first.
    private static let amount: [UInt8] = [0x02, 0x49, 0xF0]

    /// Creates a database with one bill and closes it. Returns the bill's account and id.
    private func written(_ draft: BillDraft? = nil) async throws -> (account: Int64, id: Int64) {
        try await withStore(at: folder.database) { store in
            let account = try #require(store.registerAccounts(["MCH-1"])["MCH-1"])
            let draft = try draft ?? Sample.draft()
            let made = try await store.create([(account, draft)], now: Sample.now)
            return (account, try #require(made.first).record.bill.id)
        }
    }

    /// Flips a bit of the byte that is `offset` bytes after the row's code and number.
    private func flip(bit: UInt8, after mark: String, offset: Int) throws {
        let url = URL(fileURLWithPath: folder.database)
        var bytes = try Data(contentsOf: url)
        guard let place = bytes.range(of: Data(mark.utf8)) else { throw NotFound() }
        bytes[place.upperBound + offset] ^= 1 << bit
        try bytes.write(to: url)
    }

    private func found(_ account: Int64) async throws -> LookupResult {
        try await withStore(at: folder.database) { try $0.makeLookup().find(account) }
    }

    @Test func `the undamaged file is valid and has the expected amount`() async throws {
        let (account, _) = try await written()
        let bytes = try folder.databaseBytes()
        let row = Data("\(Sample.codeText)INV-1".utf8) + Data(Self.amount)
        #expect(bytes.range(of: row) != nil)
        #expect(try await found(account).bill?.amounts == DatedAmounts(whole: 150_000))
    }

    @Test(arguments: 0..<3, 0..<8)
    func `one flipped bit of the amount is damage`(byte: Int, bit: Int) async throws {
        let (account, id) = try await written()
        try flip(bit: UInt8(bit), after: "\(Sample.codeText)INV-1", offset: byte)
        #expect(try await found(account).damagedID == id)
    }

    @Test(arguments: 0..<8)
    func `one flipped bit of the name is damage`(bit: Int) async throws {
        let (account, id) = try await written()
        try flip(bit: UInt8(bit), after: "Anton Budima", offset: 0)
        #expect(try await found(account).damagedID == id)
    }

    @Test(arguments: ["15972360", "1597236001000", "=15", "=150000", "=150000;"], 0..<8)
    func `one flipped bit of the dated amounts is damage`(before: String, bit: Int) async throws {
        var draft = try Sample.draft()
        draft.amounts = try Sample.dated([(150_000, 100_458_877)], last: 165_000)
        #expect(draft.amounts.stored == "1597236001000=150000;165000")
        let (account, id) = try await written(draft)
        try flip(bit: UInt8(bit), after: before, offset: 0)
        #expect(try await found(account).damagedID == id)
    }

    @Test func `SQLite's own check does not notice such a bit`() async throws {
        _ = try await written()
        try flip(bit: 3, after: "\(Sample.codeText)INV-1", offset: 0)
        let check = try RawDatabase.rows(folder.database, "PRAGMA integrity_check")
        #expect(check.map { $0[0] as String } == ["ok"])
    }
}
