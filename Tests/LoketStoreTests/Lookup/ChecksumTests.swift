// A cell that changed outside the store is noticed if an answer depends on it.

import GRDB
import LoketCore
import LoketStore
import Testing

struct ChecksumTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    /// Creates a full bill and damages its row.
    private func spoilt(_ change: String) async throws -> Int64 {
        let made = try await open.create(Sample.fullDraft())
        try RawDatabase.execute(open.path, "UPDATE bill SET \(change)", checked: false)
        return made.bill.id
    }

    /// Looks up the code and account that are in the row.
    private func find() throws -> LookupResult {
        let row = try #require(
            try RawDatabase.rows(open.path, "SELECT account_id, payment_code FROM bill").first)
        return try open.store.makeLookup().find(row[0], row[1])
    }

    @Test(arguments: [
        "account_id = 2", "payment_code = '8896510000000124'", "payment_code = '08896510000000123'",
        "invoice_number = 'INV-2'", "invoice_number = 'inv-1'", "amount = 950000",
        "amount = amount + 1", "reusable = 0", "expires_at = expires_at + 1",
        "expires_at = NULL", "amounts = NULL", "amounts = replace(amounts, '=15', '=16')",
        "amounts = substr(amounts, 2)", "valid_from = valid_from + 1", "valid_from = NULL",
        "due_at = due_at - 1", "due_at = NULL", "due_at = valid_from, valid_from = due_at",
        "amount = 150001, amounts = replace(amounts, ';165000', ';150001')", "state = 'held'",
        "state = 'paid'", "state = 'replaced'",
        "state = 'cancelled'", "cancel_reason = 'paid_elsewhere'", "cancel_reason = ''",
        "customer_name = 'Anton Budimam'", "customer_name = customer_name || ' '",
        "customer_email = 'anton@example.org'", "customer_email = NULL", "customer_email = ''",
        "info = 'School fee June'", "info = NULL", "info = ''", "checksum = checksum + 1",
        "checksum = 0", "checksum = -checksum",
        // Two cells whose concatenation is unchanged.
        "customer_name = customer_name || customer_email, customer_email = ''",
        "customer_email = info, info = customer_email",
    ])
    func `a changed value is detected as damage`(change: String) async throws {
        let id = try await spoilt(change)
        #expect(try find().damagedID == id)
        await #expect(throws: StoreFault.damagedBill(id: id)) {
            try await open.store.bill(id: id)
        }
    }

    @Test(arguments: [
        "amount = 0", "amount = -150000", "amount = 1000000000000", "reusable = 2",
        "state = 'expired'", "state = ''", "invoice_number = ''", "amounts = ''",
        "amounts = '165000'", "amounts = amounts || ';165000'", "amounts = ' ' || amounts",
        "amounts = replace(amounts, '=150000', '=0')",
        "amounts = replace(amounts, ';165000', ';175000')",
        "invoice_number = 'INV 1'", "customer_name = ''",
    ])
    func `a value that is invalid in a bill is damage`(change: String) async throws {
        let id = try await spoilt(change)
        // A bill with an unknown state is in the index of closed bills, so it is found.
        #expect(try find().damagedID == id)
    }

    /// No expiry and the earliest possible expiry must have different checksums.
    @Test func `any expiry added to a bill without one is damage`() async throws {
        let made = try await open.create(Sample.draft())
        for expiry in [0, 1, -1, Int64.max, Int64.min] {
            try RawDatabase.execute(
                open.path, "UPDATE bill SET expires_at = ?", arguments: [expiry])
            #expect(try find().damagedID == made.bill.id, "\(expiry)")
        }
    }

    @Test(arguments: [
        "changed_at = changed_at + 1", "created_at = 0", "metadata = NULL",
        #"metadata = '{"class":"8A"}'"#, "amount = amount",
    ])
    func `a value on which no answer depends may change`(change: String) async throws {
        let id = try await spoilt(change)
        #expect(try find().bill?.id == id)
        #expect(try await open.store.bill(id: id)?.bill.id == id)
    }

    @Test func `every bill that the store changed still has a correct checksum`() async throws {
        let cancelled = try await open.createCancelled(Sample.draft("INV-1"))
        let past = try await open.create(
            Sample.draft("INV-2", expiresAt: Sample.now.adding(milliseconds: 1)))
        let later = Sample.now.adding(milliseconds: 1)
        let next = try await open.store.create(
            [(open.account, Sample.draft("INV-3"))], now: later)
        #expect(try await open.store.bill(id: cancelled.bill.id)?.bill.state == .cancelled)
        #expect(try await open.store.bill(id: past.bill.id)?.bill.state == .replaced)
        #expect(try find().bill == next.first?.record.bill)
    }
}
