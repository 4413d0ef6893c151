// No list of bills scans the table: neither by code, nor by number, nor page by page.

import LoketCore
import Testing

@testable import LoketStore

struct ListPlanTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
    }

    /// Returns the steps about bills in the plan of the list that the store executed.
    private func plan(_ filter: BillFilter) async throws -> [String] {
        try RawDatabase.execute(
            open.path, Flood.bills(5_000, account: open.account, codesFrom: 889_651_000_000))
        let log = try ReaderLog(of: open.store)
        _ = try? await open.store.bills(filter, before: 4_000, limit: 10)
        let sql = try #require(log.selects.last)
        let lines = try QueryPlan.lines(sql, in: open.path)
        // The few accounts are scanned, because every index begins with the account.
        return lines.filter { $0.contains("bill") && !$0.contains("account_client_id") }
    }

    @Test func `without a filter the list is read from the last id down`() async throws {
        let plan = try await plan(.init())
        #expect(plan == ["SEARCH bill USING INTEGER PRIMARY KEY (rowid<?)"])
    }

    @Test func `a page of bills reads their payments in one statement`() async throws {
        for place in 1...3 {
            _ = try await open.create(
                Sample.draft("INV-\(place)", code: "889651000000012\(place)"))
        }
        let log = try ReaderLog(of: open.store)
        let page = try await open.store.bills(.init(), limit: 10)
        #expect(page.records.count == 3)
        #expect(log.selects.count { $0.contains("FROM payment") } == 1, "\(log.selects)")
    }

    @Test func `by code the list searches the index of codes`() async throws {
        let plan = try await plan(.init(paymentCode: Sample.code("889651000001")))
        #expect(
            plan == ["SEARCH bill USING INDEX bill_by_code (account_id=? AND payment_code=?)"])
    }

    @Test func `by number the list searches the index of numbers`() async throws {
        let plan = try await plan(.init(invoiceNumber: Sample.number("open-889651000001")))
        #expect(plan.count == 1)
        #expect(
            plan.allSatisfy { $0.hasPrefix("SEARCH bill USING INDEX bill_invoice_number_unique") },
            "\(plan)")
    }
}
