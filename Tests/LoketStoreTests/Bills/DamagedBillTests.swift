// A bill whose row does not match its checksum can be cancelled, which frees its code. No other
// operation makes a damaged row valid again.

import Foundation
import GRDB
import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct DamagedBillTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func damage(_ id: Int64, _ change: String = "amount = 950000") throws {
        try RawDatabase.execute(
            till.path, "UPDATE bill SET \(change) WHERE id = \(id)", checked: false)
    }

    private func cancel(_ id: Int64) async throws -> CancelOutcome {
        try await till.store.cancel(id: id, reason: "damaged", actor: "ops", now: Sample.now)
    }

    /// Damages and cancels a bill that has its code.
    private func cancelled(_ state: Bill.State) async throws -> BillRecord? {
        try till.store.seed(
            [Sample.draft()], accountID: till.open.account, state: state, now: Sample.now)
        try damage(1)
        guard case .cancelled(let record) = try await cancel(1) else { return nil }
        return record
    }

    @Test(arguments: [Bill.State.open, .held])
    func `a damaged bill that holds its code can be cancelled`(
        state: Bill.State
    ) async throws {
        let record = try #require(try await cancelled(state))
        #expect(record.bill.state == .cancelled && record.bill.cancelReason == "damaged")
        #expect(record.bill.amounts.last.whole == 950_000)
        let last = record.history.suffix(2)
        #expect(last.map(\.change) == ["damaged", "cancelled"])
        #expect(last.map(\.actor) == ["ops", "ops"])
        #expect(last.first?.detail == "the row did not match its checksum")
        #expect(try await till.store.bill(id: 1)?.bill == record.bill)
        let event = try #require(try await till.store.events(after: 0, limit: 9).last)
        #expect(event.kind == .billCancelled && event.bill?.amount == 950_000)
        #expect(try till.audit().problems == [])
        guard case .already = try await cancel(1) else {
            Issue.record("it was not reported as cancelled")
            return
        }
    }

    @Test func `the code of a damaged, cancelled bill is free`() async throws {
        _ = try #require(try await cancelled(.open))
        let next = try await till.open.create(Sample.draft("INV-2"))
        #expect(try till.store.makeLookup().find(till.open.account).bill == next.bill)
    }

    /// The amount at the time of payment is unknown, so the audit cannot derive anything from the
    /// bill.
    @Test func `a payment of a bill damaged later is not reported`() async throws {
        let bill = try await till.bill(reusable: true)
        let held = try await till.bill("INV-2", code: "8896510000000456")
        try await till.take()
        try await till.take(Notice(number: "INV-2", amount: 7, code: "8896510000000456"))
        for id in [bill, held] {
            try damage(id, "amount = 7")
            guard case .cancelled = try await cancel(id) else {
                Issue.record("bill \(id) was not cancelled")
                return
            }
        }
        #expect(try till.audit().problems == [])
    }

    @Test(arguments: [Bill.State.paid, .cancelled, .replaced])
    func `a damaged bill that holds no code stays damaged`(state: Bill.State) async throws {
        try till.store.seed(
            [Sample.draft()], accountID: till.open.account, state: state, now: Sample.now)
        try damage(1)
        try await expectNothingChanges()
    }

    @Test(arguments: [
        "amount = -5", "invoice_number = 'INV 1'", "payment_code = 'x'", "reusable = 2",
        "account_id = 99",
    ])
    func `a row that cannot be read as a bill stays damaged`(change: String) async throws {
        try await till.bill()
        try damage(1, change)
        try await expectNothingChanges()
    }

    @Test func `another account's damaged bill is unchanged`() async throws {
        try await till.bill()
        try damage(1)
        let other = try till.open.secondAccount()
        let before = try RawDatabase.rows(till.path, "SELECT * FROM bill")
        guard
            case .unknown = try await till.store.cancel(
                id: 1, of: other, reason: nil, actor: "ops", now: Sample.now)
        else {
            Issue.record("it was not unknown")
            return
        }
        #expect(try RawDatabase.rows(till.path, "SELECT * FROM bill") == before)
    }

    private func expectNothingChanges() async throws {
        let tables = ["bill", "bill_change", "event"]
        let before = try tables.map { try RawDatabase.rows(till.path, "SELECT * FROM \($0)") }
        await #expect(throws: StoreFault.damagedBill(id: 1)) { try await cancel(1) }
        let after = try tables.map { try RawDatabase.rows(till.path, "SELECT * FROM \($0)") }
        #expect(after == before)
    }

    /// A flipped bit is in the row but not in its index. SQLite then refuses to change the bill; a
    /// restore rebuilds the indexes of bills.
    @Test func `a bill that its index does not match is cancelled after a restore`() async throws {
        let folder = try TemporaryFolder()
        try await till.bill()
        try till.store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: till.path))
        // The code is before the number in the row; each index has one of them.
        let place = try #require(bytes.range(of: Data("\(Sample.codeText)INV-1".utf8)))
        bytes[place.lowerBound] ^= 1
        try bytes.write(to: URL(fileURLWithPath: till.path))

        let copy = folder.path("copy.db")
        try await withStore(at: till.path) { store in
            await #expect(throws: StoreFault.damagedBill(id: 1)) {
                try await store.cancel(id: 1, reason: nil, actor: "ops", now: Sample.now)
            }
            #expect(store.commits.health.failing == nil)
            let backup = try await store.backUp(actor: "ops", now: Sample.now).bytes
            try Data(backup).write(to: URL(fileURLWithPath: copy))
        }
        let finding = try till.restore(copy, to: folder.database)
        #expect(finding.inspection.damagedBills == [1])
        try await withStore(at: folder.database) { store in
            guard
                case .cancelled = try await store.cancel(
                    id: 1, reason: nil, actor: "ops", now: Sample.now)
            else {
                Issue.record("it was not cancelled")
                return
            }
        }
    }
}
