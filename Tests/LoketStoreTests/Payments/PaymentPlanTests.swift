// No look-up of payments scans a table, regardless of the number of payments.

import GRDB
import LoketCore
import Synchronization
import Testing

@testable import LoketStore

struct PaymentPlanTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private final class Statements: Sendable {
        private let texts = Mutex<[String]>([])

        func note(_ text: String) {
            if text.hasPrefix("SELECT") { texts.withLock { $0.append(text) } }
        }

        var selects: [String] { texts.withLock { $0 } }
    }

    /// Returns the plan steps that scan one of the tables. A read of only the last row of a table
    /// does not count.
    private func scans(_ statements: [String]) throws -> [String] {
        try statements.filter { !$0.hasSuffix("ORDER BY id DESC LIMIT 1") }.flatMap { sql in
            try QueryPlan.lines(sql, in: till.path).filter { line in
                ["payment", "notification", "delivery", "bill", "told", "attention"].contains {
                    table in
                    line.hasPrefix("SCAN \(table)")
                }
            }.map { "\($0) in \(sql)" }
        }
    }

    struct Narrowing: Sendable {
        let index: String
        let apply: @Sendable (inout PaymentFilter) -> Void
    }

    static let lists: [Narrowing] = [
        Narrowing(index: "INTEGER PRIMARY KEY", apply: { _ in }),
        Narrowing(index: "payment_by_standing", apply: { $0.standing = .unmatched }),
        Narrowing(index: "payment_by_bill", apply: { $0.billID = 3 }),
        Narrowing(index: "payment_by_invoice", apply: { $0.invoiceNumber = "N-5" }),
        Narrowing(index: "payment_attention", apply: { $0.needsAttention = true }),
    ]

    @Test(arguments: lists.indices)
    func `each list uses the index of its filter`(place: Int) async throws {
        try till.fill()
        let log = try ReaderLog(of: till.store)
        var filter = PaymentFilter()
        Self.lists[place].apply(&filter)
        _ = try? await till.store.payments(
            filter, after: PaymentPosition(id: 900, accountedAt: nil), limit: 10)
        let sql = try #require(log.selects.last)
        let plan = try QueryPlan.lines(sql, in: till.path)
        #expect(try scans(log.selects) == [])
        #expect(plan.contains { $0.contains(Self.lists[place].index) }, "\(plan)")
    }

    @Test func `a bill's settled payments are found by the bill`() async throws {
        try till.fill()
        let bill = try await till.bill()
        let log = try ReaderLog(of: till.store)
        _ = try await till.store.bill(id: bill)
        let sum = try #require(log.selects.first { $0.contains("sum(amount)") })
        let plan = try QueryPlan.lines(sum, in: till.path)
        #expect(plan.contains { $0.contains("payment_by_bill") }, "\(plan)")
        #expect(try scans(log.selects) == [])
    }

    @Test func `one payment and one delivery are found without a scan`() async throws {
        try till.fill()
        let log = try ReaderLog(of: till.store)
        _ = try? await till.store.payment(id: 5)
        _ = try? await till.store.notification(id: 5)
        _ = try? await till.store.ledgerHead(back: 5)
        #expect(log.selects.count >= 4)
        #expect(try scans(log.selects) == [])
    }

    @Test func `quotes are found by their time, payments by their number`() async throws {
        try till.fill()
        let log = try ReaderLog(of: till.store)
        _ = try await till.store.quotedUnpaid(
            since: Sample.now, until: Sample.now.adding(milliseconds: 1))
        let sql = try #require(log.selects.first { $0.contains("payment") })
        let plan = try QueryPlan.lines(sql, in: till.path)
        #expect(plan.contains { $0.contains("inquiry_by_time") }, "\(plan)")
        #expect(plan.contains { $0.contains("payment_by_invoice") }, "\(plan)")
        #expect(try scans(log.selects) == [])
    }

    private func writerLog() async throws -> Statements {
        let texts = Statements()
        try await till.store.pool.writeWithoutTransaction { database in
            database.trace(options: .statement) { event in
                guard case .statement(let statement) = event else { return }
                texts.note(statement.expandedSQL)
            }
        }
        return texts
    }

    @Test func `later payments with a code are found by the index of codes`() async throws {
        try till.fill()
        try await till.bill()
        let payment = try await till.pay(Notice(amount: 7))
        try await till.resolve(payment, .refunded, note: "at the counter")
        let texts = try await writerLog()
        _ = try await till.store.reopen(
            paymentID: payment, note: nil, actor: "boss", now: Sample.now)
        let later = try #require(texts.selects.first { $0.contains("payment NOT INDEXED") })
        let plan = try QueryPlan.lines(later, in: till.path)
        #expect(plan.contains { $0.contains("payment_by_code") }, "\(plan)")
        #expect(try scans(texts.selects) == [])
    }

    /// Every SELECT that the writer runs for a delivery.
    @Test func `recording a delivery scans no table`() async throws {
        try till.fill()
        try await till.bill()
        let texts = try await writerLog()
        try await till.take(request: "R")
        try await till.take(request: "R")
        try await till.take(Notice(ids: ["A=1"]))
        try await till.take(Notice(number: "X-0123456789"))
        try await till.take(Notice(status: "FAILED"))
        try await till.take(Notice(source: .checkStatus, status: "PAID"))
        let selects = texts.selects
        #expect(selects.contains { $0.contains("FROM attention") })
        #expect(selects.contains { $0.contains("body_hash = ") })
        #expect(try scans(selects) == [])
        let repeats = try #require(selects.first { $0.contains("body_hash = ") })
        let plan = try QueryPlan.lines(repeats, in: till.path)
        #expect(plan.count == 1 && plan.allSatisfy { $0.contains("delivery_once") }, "\(plan)")
        let answers = try #require(selects.first { $0.contains("AND target = ") })
        let steps = try QueryPlan.lines(answers, in: till.path)
        #expect(steps.count == 1 && steps.allSatisfy { $0.contains("delivery_answer") }, "\(steps)")
    }

    /// Each delivery takes a bounded number of look-ups, so a year is checked in minutes.
    @Test func `the audit scans no table for each of its rows`() async throws {
        for place in 0..<3 { try await till.take(Notice(number: "INV-\(place)")) }
        let texts = Statements()
        let read = till.read
        let queue = try RawDatabase.open(till.path)
        defer { try? queue.close() }
        try await queue.read { database in
            database.trace(options: .statement) { event in
                guard case .statement(let statement) = event else { return }
                texts.note(statement.expandedSQL)
            }
            _ = try LedgerAudit(database, read: read)
        }
        let scans = try scans(texts.selects)
        // The audit's own scans: deliveries, payments, bills with their changes, the checksums of
        // bills, their history and their versions, and the one row on the words of names.
        #expect(scans.count <= 8, "\(scans)")
    }
}
