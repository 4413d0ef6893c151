// The SQL function `row_checksum` hashes values as the rows' checksums in Swift do.

import Foundation
import GRDB
import Testing

@testable import LoketStore

struct RowChecksumTests {
    private static func checksum(_ values: String) throws -> (sql: Int64, swift: Int64) {
        let queue = try DatabaseQueue(configuration: .loket())
        return try queue.read { database in
            let row = try #require(
                try Row.fetchOne(database, sql: "SELECT row_checksum(\(values)), \(values)"))
            var bytes = ChecksumBytes(capacity: 64)
            for value in row.databaseValues.dropFirst() { bytes.add(value) }
            return (row[0], bytes.checksum)
        }
    }

    @Test(arguments: [
        "NULL", "0", "-1", "9223372036854775807", "-9223372036854775808", "0.1", "1e300", "''",
        "'a'", "'é'", "' '", "x''", "x'00ff'", "1, 2", "'1', 2", "NULL, '', x''",
    ])
    func `each type of value has the same checksum in SQL and in Swift`(_ values: String) throws {
        let (sql, swift) = try Self.checksum(values)
        #expect(sql == swift)
    }

    @Test func `values of another type or order have another checksum`() throws {
        let lists = ["'1'", "1", "x'31'", "1.0", "NULL", "''", "1, 2", "2, 1", "12", "'1', 2"]
        let checksums = try lists.map { try Self.checksum($0).sql }
        #expect(Set(checksums).count == lists.count)
    }

    /// Checksums that earlier versions stored would not match otherwise.
    @Test func `a text ends before its first U+0000`() throws {
        let (sql, swift) = try Self.checksum("'a' || char(0) || 'b'")
        let plain = try Self.checksum("'a'").sql
        #expect(sql == plain)
        #expect(swift == plain)
    }

    @Test func `a checksum that an earlier version stored is computed again`() throws {
        let (sql, _) = try Self.checksum("7, 1767225600000, 'paid', NULL, NULL, 1")
        #expect(sql == 2_857_120_403_498_301_054)
    }
}
