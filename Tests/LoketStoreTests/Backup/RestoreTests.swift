// A restored copy is the same database with a new epoch. It is paused until DOKU has been asked.

import Foundation
import GRDB
import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct RestoreTests {
    private let till: Till
    private let folder: TemporaryFolder
    private static let later = Sample.now.adding(milliseconds: 5_000)

    init() throws {
        till = try Till()
        folder = try TemporaryFolder()
    }

    private var copy: String { folder.path("copy.db") }

    @Test func `a restored copy is the same database, and its mark is next to it`() async throws {
        let bill = try await till.bill()
        try await till.bill("INV-2", code: "8896510000000456")
        try await till.take()
        let head = try await till.store.ledgerHead()
        try await till.backUp(to: copy)
        let finding = try till.restore(copy, to: folder.database, now: Self.later)
        #expect(finding.backedUpAt == Sample.now)
        #expect(finding.takenBy == "ops")
        #expect(finding.inspection.bills == [.paid: 1, .open: 1])
        #expect(finding.inspection.audit.head == head)
        #expect(finding.inspection.audit.payments == 1)
        #expect(try folder.names() == ["copy.db", "loket.db", "loket.db.mark"])
        let mode = try FileManager.default.attributesOfItem(atPath: folder.database)
        #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        for table in ["bill", "delivery", "payment", "notification", "event", "account"] {
            let sql = "SELECT * FROM \(table)"
            #expect(
                try RawDatabase.rows(folder.database, sql) == RawDatabase.rows(till.path, sql),
                "\(table)")
        }
        try await withStore(at: folder.database) { store in
            #expect(try await store.bill(id: bill)?.bill.state == .paid)
            let epoch = try till.store.epoch()
            #expect(try store.epoch() != epoch)
        }
    }

    @Test func `a restored copy starts paused for all, and states the reason`() async throws {
        _ = try await till.store.pause(
            accountID: nil, reason: "stock-taking", actor: "ops", now: Sample.now)
        try await till.backUp(to: copy)
        try till.restore(copy, to: folder.database, now: Self.later)
        try await withStore(at: folder.database) { store in
            let pauses = try store.pauses()
            #expect(pauses.map(\.accountID) == [nil])
            #expect(pauses.first?.actor == "restore")
            #expect(pauses.first?.pausedAt == Self.later)
            #expect((pauses.first?.reason.count ?? 999) <= Limits.reasonMax)
            let history = try await store.pauseHistory(accountID: nil)
            #expect(history.map(\.actor) == ["restore", "ops"])
            let pending = try #require(try await store.pendingRestoration())
            #expect(pending.backedUpAt == Sample.now && pending.restoredAt == Self.later)
        }
    }

    @Test func `the mark of the lost database is replaced`() async throws {
        try await till.backUp(to: copy)
        try await till.bill()
        try await till.open.awaitMark()
        try FileManager.default.copyItem(
            atPath: till.path + ".mark", toPath: folder.path("loket.db.mark"))
        try till.restore(copy, to: folder.database)
        try await withStore(at: folder.database) { store in
            let pending = try #require(try await store.pendingRestoration())
            #expect(pending.missing == nil)
            let pauses = try store.pauses()
            #expect(pauses.map(\.actor) == ["restore"])
        }
    }

    @Test func `only a reconciliation or an accepted risk permits a resume`() async throws {
        try await till.backUp(to: copy)
        for isReconciled in [true, false] {
            let path = folder.path("\(isReconciled).db")
            try till.restore(copy, to: path)
            try await withStore(at: path) { store in
                func resume(_ accepts: Bool) async throws -> Bool {
                    let outcome = try await store.resume(
                        accountID: nil, acceptsRisk: accepts, actor: "boss", now: Self.later)
                    if case .resumed(_, let left) = outcome { return left.isEmpty }
                    return false
                }
                let tooEarly = try await resume(false)
                #expect(!tooEarly)
                #expect(try store.pauses().count == 1)
                if isReconciled {
                    let pending = try #require(try await store.pendingRestoration())
                    try await store.noteReconciled(pending, now: Self.later)
                }
                #expect(try await resume(!isReconciled))
                #expect(try await store.pendingRestoration() == nil)
            }
            let row = try #require(try RawDatabase.rows(path, "SELECT * FROM restoration").first)
            #expect(row["accepted_by"] as String? == (isReconciled ? nil : "boss"))
            let at = isReconciled ? Self.later.milliseconds : nil
            #expect(row["reconciled_at"] as Int64? == at)
        }
    }

    @Test func `the pause of one account ends without these conditions`() async throws {
        _ = try await till.store.pause(
            accountID: till.open.account, reason: "x", actor: "ops", now: Sample.now)
        try await till.backUp(to: copy)
        try till.restore(copy, to: folder.database)
        let account = till.open.account
        try await withStore(at: folder.database) { store in
            _ = try await store.resume(accountID: account, actor: "ops", now: Self.later)
            #expect(try store.pauses().map(\.accountID) == [nil])
        }
    }

    @Test func `an import that was running has failed, others are unchanged`() async throws {
        try RawDatabase.execute(
            till.path,
            """
            INSERT INTO import (actor, started_at, format, amount_format, dry_run, state, phase)
            VALUES ('a', 0, 'csv', 'plain', 0, 'running', 'applying'),
                ('a', 0, 'csv', 'plain', 0, 'applied', NULL)
            """)
        try await till.backUp(to: copy)
        try till.restore(copy, to: folder.database, now: Self.later)
        let rows = try RawDatabase.rows(folder.database, "SELECT * FROM import ORDER BY id")
        #expect(rows.map { $0["state"] as String } == ["failed", "applied"])
        #expect((rows.first?["failure"] as String?)?.contains("send the file again") == true)
        #expect(rows.first?["finished_at"] as Int64? == Self.later.milliseconds)
        #expect(rows.first?["phase"] as String? == nil)
    }

    @Test func `a copy without a time has the newest time in it`() async throws {
        try await till.bill()
        try await till.take(at: Self.later)
        try await till.backUp(to: copy)
        try RawDatabase.execute(
            copy, "DELETE FROM backup; UPDATE epoch SET began_at = 0")
        let finding = try till.restore(copy, to: folder.database)
        #expect(finding.backedUpAt == Self.later)
        #expect(finding.takenBy == nil)
    }

    /// Payments before the first restore are still unknown in a copy of the restored database.
    @Test func `a copy of an unreconciled restore reaches back to the first copy`() async throws {
        try await till.backUp(to: copy)
        try till.restore(copy, to: folder.database)
        let second = folder.path("second.db")
        let copied = try await withStore(at: folder.database) { store in
            try await store.backUp(actor: "ops", now: Self.later).bytes
        }
        try Data(copied).write(to: URL(fileURLWithPath: second))
        let again = folder.path("again.db")
        try till.restore(second, to: again, now: Self.later)
        try await withStore(at: again) { store in
            let pending = try await store.pendingRestoration()
            #expect(pending?.backedUpAt == Sample.now)
        }
    }

    /// In the second case, SQLite itself reports the value, which violates a constraint.
    @Test(arguments: ["amount = 950000", "amount = -5"])
    func `a copy with a damaged bill is restored, and the bill is named`(
        change: String
    ) async throws {
        let ids = [try await till.bill(), try await till.bill("INV-2", code: "8896510000000456")]
        try await till.take(Notice(number: "INV-2", code: "8896510000000456"))
        try await till.backUp(to: copy)
        try RawDatabase.execute(
            copy, "UPDATE bill SET \(change) WHERE id = \(ids[0])", checked: false)
        let finding = try till.restore(copy, to: folder.database)
        #expect(finding.inspection.damagedBills == [ids[0]])
        #expect(finding.inspection.bills == [.paid: 1])
        try await withStore(at: folder.database) { store in
            let found = try store.makeLookup().find(till.open.account)
            #expect(found.damagedID == ids[0])
        }
    }

    @Test func `the file of a stopped service is a valid copy`() async throws {
        try await withStore(at: copy) { store in
            _ = try store.registerAccounts([OpenStore.clientID])
        }
        let mode = try RawDatabase.rows(copy, "PRAGMA journal_mode").first
        #expect(mode?[0] as String? == "wal")
        try till.restore(copy, to: folder.database)
        try await withStore(at: folder.database) { store in
            let pauses = try store.pauses()
            #expect(pauses.count == 1)
        }
        #expect(try folder.names().filter { $0.hasPrefix("copy") } == ["copy.db", "copy.db.mark"])
    }
}
