// Lists and sums of one account, and that this filter needs no scan.

import LoketCore
import Testing

@testable import LoketStore

struct OneAccountTests {
    private let till: Till
    private let other: Int64

    init() throws {
        till = try Till()
        other = try till.open.secondAccount()
    }

    /// Deliveries and payments 1, 3, 5 of the first account; 2, 4 of the other.
    private func fill() throws {
        try RawDatabase.execute(
            till.path,
            """
            WITH RECURSIVE place (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < 5)
            INSERT INTO delivery SELECT n, iif(n % 2, \(till.open.account), \(other)), 'o2o', n,
                'notification', '/', 'r' || n, 't', x'', zeroblob(32), zeroblob(32), 1 FROM place;
            INSERT INTO payment (account_id, delivery_id, bill_id, invoice_number, amount,
                identifiers, source, received_at, classified_as, standing, flags, bill_horizon,
                change_horizon, terms_horizon, code_is_ours, needs_attention, checksum)
            SELECT account_id, id, NULL, 'N-1', 10 * id, '[]', source, 0, 'unmatched', 'unmatched',
                '', 0, 0, 0, 1, 1, 0 FROM delivery;
            INSERT INTO notification (
                delivery_id, payment_id, amount, identifiers, is_our_service, repeats
            )
            SELECT id, id, 10 * id, '[]', 1, id FROM delivery;
            INSERT INTO quarantine (account_id, received_at, cause, headers, body, hash)
            SELECT account_id, id, 'c', '[]', x'00', randomblob(32) FROM delivery ORDER BY id
            """)
        try sealPayments()
    }

    private func sealPayments() throws {
        try till.store.pool.write { database in
            for id in Int64(1)...5 { try PaymentRow.seal(id, in: database) }
        }
    }

    private func payments(_ narrow: (inout PaymentFilter) -> Void) async throws -> [Int64] {
        var filter = PaymentFilter()
        filter.accountID = other
        narrow(&filter)
        return try await till.store.payments(filter, limit: 9).records.map(\.id)
    }

    @Test func `each list returns one account's rows and no other's`() async throws {
        try fill()
        #expect(try await payments { _ in } == [4, 2])
        #expect(try await payments { $0.invoiceNumber = "N-1" } == [4, 2])
        #expect(try await payments { $0.standing = .unmatched } == [4, 2])
        #expect(try await payments { $0.needsAttention = true } == [4, 2])
        #expect(try await payments { $0.accountID = till.open.account } == [5, 3, 1])
        #expect(try await payments { $0.accountID = 404 } == [])
        let notices = try await till.store.notifications(
            standing: nil, accountID: other, before: 4, limit: 9)
        #expect(notices.map(\.row.number) == [2])
        let unmatched = try await till.store.notifications(
            standing: .unmatched, accountID: other, before: .max, limit: 1)
        #expect(unmatched.map(\.row.number) == [4])
        let kept = try await till.store.quarantined(accountID: other, before: .max, limit: 9)
        #expect(kept.map(\.id) == [4, 2])
        #expect(try await till.store.quarantineIDs(accountID: other) == [2, 4])
        #expect(try await till.store.quarantineIDs().count == 5)
    }

    @Test func `sums are of one account, and together those of all accounts`() async throws {
        try fill()
        let all = try await till.store.paymentTotals()
        let mine = try await till.store.paymentTotals(accountID: till.open.account)
        let others = try await till.store.paymentTotals(accountID: other)
        #expect(all.received == .init(count: 5, amount: 150))
        #expect(mine.received == .init(count: 3, amount: 90))
        #expect(others.received == .init(count: 2, amount: 60))
        #expect(others.standings == [.unmatched: .init(count: 2, amount: 60)])
        #expect(others.needsAttention == [.unmatched: 2])
        let counts = try #require(others.notifications)
        #expect(counts.recorded == 2 && counts.repeats == 6 && counts.notSuccess == 0)
        #expect(mine.notifications?.recorded == 3 && mine.notifications?.repeats == 9)
        #expect(all.notifications?.recorded == 5 && all.notifications?.repeats == 15)
    }

    @Test func `no filtered list sorts many rows, nor scans a table`() async throws {
        try fill()
        let log = try ReaderLog(of: till.store)
        _ = try await payments { _ in }
        _ = try await payments { $0.standing = .unmatched }
        _ = try await payments { $0.needsAttention = true }
        for standing in [nil, Standing.notSuccess] {
            _ = try await till.store.notifications(
                standing: standing, accountID: other, before: 900, limit: 10)
        }
        _ = try await till.store.quarantined(accountID: other, before: 900, limit: 10)
        #expect(log.selects.count >= 6)
        for sql in log.selects {
            let plan = try QueryPlan.lines(sql, in: till.path)
            // The payments of an account are counted up to a limit, and sorted if they are few.
            let isOfAccount = plan.contains { $0.contains("payment_by_account (account_id=?)") }
            let isSorted = plan.contains { $0.contains("TEMP B-TREE") }
            #expect(!isSorted || isOfAccount, "\(plan) of \(sql)")
            // A list that checks its rows reads those of a subquery with a limit.
            let scans = plan.filter { $0.hasPrefix("SCAN") }
            let isOfSubquery =
                scans == ["SCAN payment"] && plan.first == "CO-ROUTINE payment"
                || scans == ["SCAN some"] && isOfAccount
            #expect(scans.isEmpty || isOfSubquery, "\(plan) of \(sql)")
        }
    }
}
