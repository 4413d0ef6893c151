// The audit compares the books with the ledger: a long valid history has no problem, and a changed
// row is named even if its checksum was corrected.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct AuditTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    @Test func `nothing is wrong with an empty database`() throws {
        let audit = try till.audit()
        #expect(audit.problems == [] && audit.deliveries == 0 && audit.payments == 0)
        #expect(audit.head == .empty)
    }

    @Test func `nothing is wrong with a busy history`() async throws {
        try await BusyHistory(till).run()
        let audit = try till.audit()
        #expect(audit.problems == [])
        #expect(audit.deliveries == (try RawDatabase.count(till.path, "delivery")))
        #expect(audit.payments == (try RawDatabase.count(till.path, "payment")))
        #expect(audit.head == (try await till.store.ledgerHead()))
        // Otherwise the history would prove little: every standing must be in it.
        let standings = Set(try await till.payments.map(\.classifiedAs))
        #expect(standings == Set(Standing.allCases).subtracting([.notSuccess]))
    }

    @Test(arguments: 1...6)
    func `nothing is wrong with any random history`(seed: Int) async throws {
        try await RandomHistory(till, seed: UInt64(seed)).run(steps: 150)
        let totals = try await till.store.paymentTotals()
        #expect(try till.audit().problems == [], "seed \(seed)")
        let sum = totals.standings.filter(\.key.isOurs).values.reduce(into: Store.Sum()) {
            $0.count += $1.count
            $0.amount += $1.amount
        }
        #expect(totals.received == sum, "seed \(seed)")
    }

    @Test func `a closed database is audited in the same way`() async throws {
        try await BusyHistory(till).run()
        let read = till.read
        try till.store.close()
        let inspection = try Inspection(path: till.path, bins: [:], read: read)
        #expect(inspection.audit.problems == [] && inspection.damagedBills == [])
        #expect(inspection.schema == [])
        #expect(inspection.audit.payments > 5 && inspection.structure == [])
    }

    // MARK: Tampering

    /// Bill 1 is paid by payment 1, reported twice; payment 2 is its duplicate; bill 2 is held by
    /// payment 3; bill 3 is open; bill 4 is reusable and paid by payment 4; bill 5 is cancelled.
    private func prepare() async throws {
        try await till.bill("INV-1", code: "8896510000000001")
        try await till.bill("INV-2", code: "8896510000000002")
        try await till.bill("INV-3", code: "8896510000000003")
        try await till.bill("INV-4", code: "8896510000000004", reusable: true)
        let cancelled = try await till.bill("INV-5", code: "8896510000000005")
        let first = Notice(code: "8896510000000001", ids: ["AGENT_TRX_ID=1"])
        try await till.take(first)
        try await till.take(first.with { $0.ids.append("AGENT_ID=A") })
        try await till.take(first.with { $0.ids = ["AGENT_TRX_ID=2"] })
        try await till.take(Notice(number: "INV-2", amount: 7, code: "8896510000000002"))
        try await till.take(Notice(number: "INV-4", code: "8896510000000004"))
        try await till.take(Notice(status: "PENDING"))
        try await till.cancel(cancelled)
        #expect(try till.audit().problems == [])
    }

    @Test(arguments: [
        (1, "standing = 'duplicate', classified_as = 'duplicate'"), (1, "standing = 'foreign'"),
        (1, "classified_as = 'after_cancel'"), (1, "flags = 'late'"),
        (1, "flags = 'late', needs_attention = 1"), (1, "needs_attention = 1"),
        (1, "bill_id = 3"), (1, "bill_id = NULL"), (1, "paid_bill_id = NULL"),
        (1, "paid_bill_id = 3"), (1, "amount = 950000"), (1, "amount = NULL"),
        (1, "invoice_number = 'INV-9'"), (1, "payment_code = '1'"), (1, "account_id = 2"),
        (1, "paid_at = paid_at + 1000"), (1, "held_bill_id = 3"), (1, "identifiers = '[]'"),
        (1, "source = 'check_status'"), (1, "delivery_id = 2"), (1, "received_at = 5"),
        (2, "needs_attention = 0"), (2, "standing = 'settled', classified_as = 'settled'"),
        (2, "standing = 'settled', needs_attention = 0"),
        (
            2,
            """
            standing = 'settled', needs_attention = 0, resolution = 'accept',
            resolved_by = 'x', resolved_at = 0, resolution_bill_id = 3, bill_id = 3
            """
        ),
        (3, "held_bill_id = NULL"), (3, "held_bill_id = 3"), (3, "needs_attention = 0"),
        (4, "bill_id = 1"), (4, "bill_id = NULL"), (4, "amount = 1"),
        (4, "paid_bill_id = 4"),
    ])
    func `a changed payment with a corrected checksum is named`(
        id: Int64, change: String
    ) async throws {
        try await prepare()
        _ = try till.open.secondAccount()
        try till.tamper(payment: id, change)
        #expect(try !till.audit().problems.isEmpty, "\(change)")
    }

    @Test(arguments: 1...4)
    func `a changed payment with its old checksum is damaged`(id: Int64) async throws {
        try await prepare()
        try RawDatabase.execute(
            till.path, "UPDATE payment SET received_at = received_at + 1 WHERE id = \(id)")
        #expect(try till.audit().problems == ["payment \(id) does not match its checksum"])
        await #expect(throws: StoreFault.damagedPayment(id: id)) {
            try await till.store.payment(id: id)
        }
    }

    @Test(arguments: [
        "status = 'FAILED'", "status = NULL", "invoice_number = 'INV-9'",
        "invoice_number = NULL", "payment_code = '1'", "amount = 1", "amount = NULL",
        "date_text = NULL", "identifiers = '[]'", "is_our_service = 0", "payment_id = NULL",
        "payment_id = 2", "payment_id = 4", "reader = 99",
    ])
    func `a changed notification row is named`(change: String) async throws {
        try await prepare()
        for delivery in [1, 2] {
            let sql = "SELECT * FROM notification WHERE delivery_id = \(delivery)"
            let before = try RawDatabase.rows(till.path, sql)
            try RawDatabase.execute(
                till.path, "UPDATE notification SET \(change) WHERE delivery_id = \(delivery)")
            #expect(try RawDatabase.rows(till.path, sql) != before)
            let problems = try till.audit().problems
            #expect(problems.contains { $0.contains("notification \(delivery) ") }, "\(problems)")
        }
    }

    @Test func `a payment of a delivery that reports none is named`() async throws {
        try await prepare()
        try RawDatabase.execute(
            till.path, "UPDATE notification SET payment_id = 1 WHERE delivery_id = 6")
        #expect(
            try till.audit().problems == [
                "notification 6 reports no payment but is linked to one"
            ])
    }

    @Test(arguments: [
        (Int64(1), "open"), (1, "held"), (1, "replaced"), (1, "cancelled"), (2, "open"),
        (2, "paid"), (2, "cancelled"), (3, "paid"), (3, "held"), (3, "cancelled"),
        (3, "replaced"), (4, "paid"), (5, "open"), (5, "paid"), (5, "replaced"),
    ])
    func `a bill in another state with a corrected checksum is named`(
        id: Int64, state: String
    ) async throws {
        try await prepare()
        try till.tamper(bill: id, "state = '\(state)'")
        let problems = try till.audit().problems
        #expect(problems.contains { $0.hasPrefix("bill \(id) ") }, "\(problems)")
    }

    @Test(arguments: [
        "DELETE FROM bill_change WHERE bill_id = 1", "DELETE FROM bill_change WHERE bill_id = 2",
        "DELETE FROM bill_change WHERE bill_id = 5",
        "INSERT INTO bill_change (bill_id, at, change) VALUES (3, 0, 'paid')",
        "DELETE FROM notification WHERE delivery_id = 2", "DELETE FROM notification",
        "DELETE FROM payment WHERE id = 1", "DELETE FROM payment WHERE id = 4",
        "INSERT INTO bill_terms (bill_id, amount, until) VALUES (2, 7, 9000000000000)",
    ])
    func `a missing or additional row is named`(sql: String) async throws {
        try await prepare()
        try RawDatabase.execute(till.path, sql, checked: false)
        #expect(try !till.audit().problems.isEmpty)
    }

    @Test(arguments: [
        "UPDATE bill SET created_at = created_at + 1",
        "UPDATE bill SET changed_at = changed_at + 1", "UPDATE bill SET created_by = 'x'",
        "UPDATE bill SET import_id = 7", "UPDATE bill SET metadata = '{}'",
        "UPDATE bill SET record_checksum = record_checksum + 1",
        "UPDATE bill_change SET at = at + 1", "UPDATE bill_change SET actor = 'x'",
        "UPDATE bill_change SET detail = 'x'", "UPDATE bill_change SET payment_id = 3",
        "UPDATE bill_change SET checksum = checksum + 1",
        "INSERT INTO bill_terms (bill_id, amount, until, checksum) VALUES (3, 7, 0, 1)",
    ])
    func `a changed record or history entry is named`(sql: String) async throws {
        try await prepare()
        #expect(try till.audit().problems.isEmpty)
        try RawDatabase.execute(till.path, sql, checked: false)
        let named = try till.audit().problems.count { $0.hasPrefix("bill ") }
        #expect(named >= 1)
    }

    @Test func `a changed ledger is named`() async throws {
        try await prepare()
        try RawDatabase.execute(
            till.path,
            """
            DROP TRIGGER delivery_never_changes;
            UPDATE delivery SET target = '/x' WHERE id = 3
            """)
        let problem = "notification 3 does not match the hash chain of the ledger"
        #expect(try till.audit().problems == [problem])
    }
}
