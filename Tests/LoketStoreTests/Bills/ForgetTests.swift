// Removing the customer from a closed bill, and from the stored rows of an import.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct ForgetTests {
    private let open: OpenStore
    private let later = Sample.now.adding(milliseconds: 120_000)

    init() throws {
        open = try OpenStore()
    }

    private func seeded(_ state: Bill.State) async throws -> BillRecord {
        try open.store.seed(
            [Sample.fullDraft()], accountID: open.account, state: state, now: Sample.now)
        return try #require(try await open.store.bill(id: 1))
    }

    private func forget(_ id: Int64 = 1) async throws -> ForgetOutcome {
        try await open.store.forget(id: id, actor: "ops", now: later)
    }

    @Test(arguments: [Bill.State.paid, .cancelled, .replaced])
    func `a closed bill loses its customer and nothing else`(state: Bill.State) async throws {
        let before = try await seeded(state)
        guard case .forgotten(let record) = try await forget() else {
            Issue.record("it was not forgotten")
            return
        }
        let bill = record.bill
        #expect(bill.customerName == "forgotten")
        #expect(bill.customerEmail == nil && bill.info == nil && record.metadata == nil)
        #expect(bill.state == state && bill.cancelReason == before.bill.cancelReason)
        #expect(bill.paymentCode == before.bill.paymentCode && bill.amounts == before.bill.amounts)
        #expect(bill.invoiceNumber == before.bill.invoiceNumber)
        #expect(bill.reusable == before.bill.reusable)
        #expect(bill.validFrom == before.bill.validFrom && bill.dueAt == before.bill.dueAt)
        #expect(bill.expiresAt == before.bill.expiresAt)
        #expect(record.changedAt == later && record.version != before.version)
        let change = try #require(record.history.last)
        #expect(change.change == "forgotten" && change.actor == "ops" && change.at == later)
        #expect(try await open.store.bill(id: 1)?.bill == bill)
        let events = try await open.store.events(after: 0, limit: 10)
        #expect(events.map(\.kind) == [.billChanged])
    }

    @Test(arguments: [Bill.State.open, .held])
    func `a bill that holds its code keeps its customer`(state: Bill.State) async throws {
        let before = try await seeded(state)
        guard case .refused(let record) = try await forget() else {
            Issue.record("it was not refused")
            return
        }
        #expect(record.bill == before.bill)
        #expect(try await open.store.bill(id: 1)?.bill == before.bill)
    }

    @Test func `a second removal changes nothing`() async throws {
        _ = try await seeded(.paid)
        _ = try await forget()
        guard case .already(let record) = try await forget() else {
            Issue.record("it was not reported as forgotten")
            return
        }
        #expect(record.history.count { $0.change == "forgotten" } == 1)
        #expect(try await open.store.events(after: 0, limit: 10).count == 1)
    }

    @Test(arguments: [0, 2, Int64.max])
    func `an id without a bill is unknown`(id: Int64) async throws {
        _ = try await seeded(.paid)
        guard case .unknown = try await forget(id) else {
            Issue.record("\(id) was not unknown")
            return
        }
    }

    @Test func `the customer in the rows of an import is removed too`() async throws {
        _ = try await seeded(.cancelled)
        try RawDatabase.execute(
            open.path,
            """
            INSERT INTO import (id, actor, started_at, format, amount_format, dry_run, state)
            VALUES (7, 'ops', 0, 'csv', 'plain', 0, 'applied');
            INSERT INTO import_change (
                import_id, bill_id, change_id, state, amount, customer_name, customer_email,
                info, metadata
            ) VALUES (7, 1, 1, 'open', 5, 'Anton', 'a@example.com', 'x', '{}');
            """)
        _ = try await forget()
        let rows = try RawDatabase.rows(
            open.path,
            "SELECT customer_name, customer_email, info, metadata, amount FROM import_change")
        let row = try #require(rows.first)
        #expect(row[0] == "forgotten" && row[4] == 5)
        #expect((1...3).allSatisfy { (row[$0] as String?) == nil })
    }

    @Test func `no data of the customer remains in the bill's row`() async throws {
        _ = try await seeded(.paid)
        _ = try await forget()
        for word in ["Anton", "anton@example.com", "School fee", "7B"] {
            let rows = try RawDatabase.rows(open.path, "SELECT * FROM bill")
            #expect(!"\(rows)".contains(word))
        }
    }

    @Test func `the customer of a damaged bill is not removed`() async throws {
        _ = try await seeded(.paid)
        try RawDatabase.execute(open.path, "UPDATE bill SET amount = 9")
        await #expect(throws: StoreFault.damagedBill(id: 1)) { try await forget() }
    }
}

/// The books do not contain the customer, so they are the same after the removal.
struct ForgottenBooksTests {
    @Test func `the books of forgotten bills are right`() async throws {
        let till = try Till()
        let paid = try await till.bill()
        _ = try await till.take()
        let cancelled = try await till.bill("INV-2", code: "889651002")
        _ = try await till.store.cancel(
            id: cancelled, reason: nil, actor: "ops", now: Sample.now)
        for id in [paid, cancelled] {
            guard
                case .forgotten = try await till.store.forget(
                    id: id, actor: "ops", now: Sample.now)
            else {
                Issue.record("bill \(id) was not forgotten")
                return
            }
        }
        #expect(try till.audit().problems == [])
        // A repeated or late payment is classified by the bill's other data.
        _ = try await till.take(Notice(date: Notice.date(9_000)))
        #expect(try till.audit().problems == [])
        #expect(try await till.store.bill(id: paid)?.bill.state == .paid)
    }
}
