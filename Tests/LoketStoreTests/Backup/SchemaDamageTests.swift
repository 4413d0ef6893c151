// A schema that differs from the migrations: a flipped bit in its text, a missing part, an added
// part. Such a copy is never restored, and none of its rows are read.

import Foundation
import GRDB
import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct SchemaDamageTests {
    private let till: Till
    private let folder: TemporaryFolder

    init() throws {
        till = try Till()
        folder = try TemporaryFolder()
    }

    private var copy: String { folder.path("copy.db") }

    enum Damage: Sendable {
        /// In the bytes of the file.
        case flip(String, to: String)
        case run(String)
    }

    private static let changed = "is not defined as in loket's schema"

    static let damage: [(Damage, String)] = [
        (.flip("detail TEXT", to: "detahl TEXT"), "table bill_change \(changed)"),
        (.flip("sent_timestamp TEXT", to: "sent_timestamq TEXT"), "table delivery \(changed)"),
        (.run("DROP INDEX payment_pays_once"), "index payment_pays_once is missing"),
        (.run("DROP INDEX bill_by_code"), "index bill_by_code is missing"),
        (.run("DROP TRIGGER delivery_never_changes"), "trigger delivery_never_changes is missing"),
        (.run("DROP TABLE quarantine"), "table quarantine is missing"),
        (
            .run("CREATE TRIGGER x AFTER INSERT ON payment BEGIN SELECT 1; END"),
            "trigger x does not belong to loket's schema"
        ),
        (.run("CREATE TABLE x (y)"), "table x does not belong to loket's schema"),
        (
            .run(
                """
                PRAGMA writable_schema = ON;
                UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'payment'
                """), "table payment \(changed)"
        ),
        (.run("DELETE FROM grdb_migrations"), "the database has none of loket's migrations"),
        (
            .run("DELETE FROM grdb_migrations WHERE identifier > 'm0002_payments'"),
            "index admin_key_name_once does not belong to loket's schema"
        ),
    ]

    /// Creates a copy with a payment, and damages it.
    private func prepare(_ damage: Damage) async throws {
        try await till.bill()
        try await till.take()
        try await till.backUp(to: copy)
        switch damage {
        case .run(let sql): try RawDatabase.execute(copy, sql, checked: false)
        case .flip(let text, let other):
            var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
            let place = try #require(bytes.range(of: Data(text.utf8)))
            bytes.replaceSubrange(place, with: Data(other.utf8))
            try bytes.write(to: URL(fileURLWithPath: copy))
        }
    }

    @Test(arguments: damage)
    func `a copy with another schema is refused and leaves nothing`(
        damage: Damage, what: String
    ) async throws {
        try await prepare(damage)
        let before = try folder.names()
        let error = #expect(throws: RestoreFault.self) {
            try till.restore(copy, to: folder.database)
        }
        #expect(error?.description.contains("the schema differs: \(what)") == true)
        #expect(try folder.names() == before)
    }

    @Test(arguments: damage)
    func `of a database with another schema only the schema is inspected`(
        damage: Damage, what: String
    ) async throws {
        try await prepare(damage)
        let inspection = try Inspection(path: copy, bins: [:], read: till.read)
        #expect(inspection.schema.contains("the schema differs: \(what)"))
        #expect(inspection.bills.isEmpty && inspection.audit.deliveries == 0)
    }

    @Test func `a copy of an older version is compared with its own migrations`() async throws {
        let queue = try DatabaseFile.openAlone(copy)
        try Migrations.migrator.migrate(queue, upTo: "m0002_payments")
        try queue.close()
        #expect(try Inspection(path: copy, bins: [:], read: till.read).schema == [])
        let finding = try till.restore(copy, to: folder.database)
        #expect(finding.inspection.schema == [])
        try RawDatabase.execute(copy, "DROP INDEX payment_pays_once")
        #expect(
            try Inspection(path: copy, bins: [:], read: till.read).schema == [
                "the schema differs: index payment_pays_once is missing"
            ])
    }

    @Test func `a bill of an older version's copy is read without the later columns`() async throws
    {
        var draft = try Sample.draft("INV-9", code: "889651", amount: 1)
        draft.customerName = "A"
        let checksum = BillRow.checksum(of: Bill(draft), accountID: 1)
        let queue = try DatabaseFile.openAlone(copy)
        try Migrations.migrator.migrate(queue, upTo: "m0006_nothing_in_silence")
        try queue.close()
        let row = BadRow.insert(into: "bill", with: ["checksum": "\(checksum)"])
        try RawDatabase.execute(copy, BadRow.insert(into: "account") + ";" + row)
        let inspection = try Inspection(path: copy, bins: [:], read: till.read)
        #expect(inspection.schema == [] && inspection.isOfEarlierVersion)
        #expect(inspection.bills == [.open: 1] && inspection.damagedBills == [])
        let finding = try till.restore(copy, to: folder.database)
        #expect(finding.inspection.bills == [.open: 1])
        let found = try await withStore(at: folder.database) { try await $0.bill(id: 1) }
        #expect(found?.bill == Bill(draft, id: 1))
    }

    /// SQLite owns the tables of statistics, and the schema does not depend on them.
    @Test func `SQLite's statistics do not count as a difference`() async throws {
        try await prepare(.run("ANALYZE"))
        #expect(try Inspection(path: copy, bins: [:], read: till.read).schema == [])
        try till.restore(copy, to: folder.database)
    }
}
