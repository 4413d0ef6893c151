// The index of a list of payments in a range of time: few payments are sorted, many are read in the
// order of their times, and no list scans the table.

import LoketCore
import Testing

@testable import LoketStore

struct PaymentRangePlanTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    struct Case: Sendable {
        let name: String
        var index = Self.byTime
        var apply: @Sendable (inout PaymentFilter) -> Void = { _ in }

        static let byTime = "payment_by_time (<expr>>? AND <expr><?)"
        static let byAccount =
            "payment_by_account (account_id=? AND <expr>>? AND <expr><?)"
    }

    static let cases: [Case] = [
        Case(name: "nothing"),
        Case(name: "many of a standing", apply: { $0.standing = .settled }),
        Case(
            name: "few of a standing", index: "payment_by_standing (standing=?)",
            apply: { $0.standing = .foreign }),
        Case(name: "bill", index: "payment_by_bill (bill_id=?)", apply: { $0.billID = 3 }),
        Case(
            name: "invoice number", index: "payment_by_invoice (account_id=? AND invoice_number=?)",
            apply: { $0.invoiceNumber = "N-5" }),
        Case(
            name: "code", index: "payment_by_code (<expr>=? AND payment_code=?)",
            apply: { $0.paymentCode = "1" }),
        Case(
            name: "decision", index: "payment_attention", apply: { $0.needsAttention = true }),
        Case(name: "customer", apply: { $0.customer = "agus" }),
        Case(name: "channel", apply: { $0.channelID = "A" }),
        Case(name: "account", index: Case.byAccount, apply: { $0.accountID = 1 }),
        Case(
            name: "many of an account's standing", index: Case.byAccount,
            apply: { ($0.accountID, $0.standing) = (1, .settled) }),
    ]

    @Test(arguments: cases.indices, PaymentOrder.allCases)
    func `a range of time is read by one index`(place: Int, order: PaymentOrder) async throws {
        // One more than are sorted.
        try till.fill(to: Limits.searchSortMax + 1)
        let wanted = Self.cases[place]
        var filter = PaymentFilter()
        (filter.from, filter.to) = (Moment(milliseconds: 100), Moment(milliseconds: 900))
        wanted.apply(&filter)
        for after in [nil, PaymentPosition(id: 500, accountedAt: Moment(milliseconds: 500))] {
            let log = try ReaderLog(of: till.store)
            _ = try await till.store.payments(filter, order: order, after: after, limit: 10)
            let sql = try #require(log.selects.last { $0.contains("change_horizon") })
            let plan = try QueryPlan.lines(sql, in: till.path)
            #expect(plan.contains { $0.contains(wanted.index) }, "\(wanted.name): \(plan)")
            let isSorted = plan.contains { $0.contains("TEMP B-TREE") }
            let isInOrder = [Case.byTime, Case.byAccount].contains(wanted.index)
            #expect(isSorted != isInOrder, "\(wanted.name): \(plan)")
            // The blocks of an index are counted, not read.
            let scans = plan.filter {
                $0.hasPrefix("SCAN") && !["SCAN block", "SCAN CONSTANT ROW"].contains($0)
            }
            let isOfSubquery = scans == ["SCAN payment"] && plan.first == "CO-ROUTINE payment"
            // This index has only the payments that wait for a decision.
            let isOfFew = scans == ["SCAN payment USING INDEX payment_attention"]
            #expect(scans.isEmpty || isOfSubquery || isOfFew, "\(wanted.name): \(plan)")
        }
    }

    @Test func `conditions without an index are checked on a bounded number of rows`()
        async throws
    {
        #expect(Limits.paymentScanRowsMax <= 20_000)
        try till.fill()
        for wanted in Self.cases where ["customer", "channel"].contains(wanted.name) {
            for from in [nil, Moment(milliseconds: 100)] {
                var filter = PaymentFilter()
                filter.from = from
                wanted.apply(&filter)
                let log = try ReaderLog(of: till.store)
                let page = try await till.store.payments(filter, limit: 10, scanMax: 7)
                #expect(page.records.isEmpty && page.next?.id == 994)
                let sql = try #require(log.selects.first { $0.contains("change_horizon") })
                #expect(sql.contains("LIMIT 7) AS payment WHERE"), "\(sql)")
            }
        }
    }

    @Test func `a small account's payments are read without those of a large one`() async throws {
        try till.fill()
        let small = try till.open.secondAccount()
        try RawDatabase.execute(
            till.path, "UPDATE payment SET account_id = \(small) WHERE id IN (3, 5)")
        for from in [nil, Moment(milliseconds: 1)] {
            var filter = PaymentFilter()
            (filter.accountID, filter.from) = (small, from)
            let log = try ReaderLog(of: till.store)
            let page = try await till.store.payments(filter, limit: 10, scanMax: 7)
            // The rows have no checksums.
            #expect(page.damaged == [5, 3] && page.next == nil)
            let sql = try #require(log.selects.last { $0.contains("change_horizon") })
            let plan = try QueryPlan.lines(sql, in: till.path)
            #expect(plan.contains { $0.contains("payment_by_account (account_id=?") }, "\(plan)")
        }
    }

    @Test func `sums of a range read only its payments, once`() async throws {
        try till.fill()
        for account in [nil, 1] as [Int64?] {
            let log = try ReaderLog(of: till.store)
            _ = try await till.store.paymentTotals(
                accountID: account, from: Moment(milliseconds: 100), to: Moment(milliseconds: 200))
            let sums = log.selects.filter { $0.contains("FROM payment") }
            #expect(sums.count == 1)
            for sql in sums {
                let plan = try QueryPlan.lines(sql, in: till.path)
                let index = account == nil ? Case.byTime : Case.byAccount
                #expect(plan.contains { $0.contains(index) }, "\(plan)")
            }
        }
    }
}
