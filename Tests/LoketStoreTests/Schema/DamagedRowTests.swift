// Values of another type, and missing values, in every table that is read: they never terminate the
// process, appear in a message, or end a list.

import Foundation
import GRDB
import LoketCore
import Testing
@testable import LoketStore

struct DamagedRowTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private var store: Store { till.store }

    /// Adds two or more rows to every table that has a list.
    private func fill() async throws {
        try await BusyHistory(till).run()
        for name in ["Anton", "Siti"] {
            try store.addKey(name, name: name, scopes: [.read], now: Sample.now)
            _ = try await store.pause(accountID: nil, reason: name, actor: "ops", now: Sample.now)
            let request = QuarantinedRequest(
                accountID: till.open.account, receivedAt: Sample.now, cause: "signature",
                headers: [("Request-Id", name)], body: Array(name.utf8))
            _ = try await withCheckedThrowingContinuation { continuation in
                store.quarantine(request) { continuation.resume(with: $0) }
            }
            _ = try await store.keep([Sample.refused("Anton")], HourSums())
            let wish = Store.NewImport(
                accountID: nil, actor: name, format: .csv, amountFormat: "plain", isDryRun: false)
            _ = try await store.beginImport(wish, now: Sample.now)
        }
        let account = till.open.account
        try store.append([Sample.entry("1", account: account), Sample.entry("2", account: account)])
    }

    private struct List: Sendable, CustomTestStringConvertible {
        let table: String
        let column: String
        let count: @Sendable (Store) async throws -> Int
        var testDescription: String { table }
    }

    private static let lists = [
        List(table: "admin_key", column: "name") {
            try await $0.keys(before: .max, limit: 1000).count
        },
        List(table: "import", column: "started_at") {
            try await $0.imports(accountID: nil, before: .max, limit: 1000).count
        },
        List(table: "quarantine", column: "headers") {
            try await $0.quarantined(before: .max, limit: 1000).count
        },
        List(table: "refused_request", column: "headers") {
            try await $0.refusedRequests(requestID: "Anton", accountID: nil).count
        },
        List(table: "hour_sum", column: "count") {
            try await $0.hourSums(
                from: Moment(milliseconds: 0), to: Moment(milliseconds: .max)
            ).count
        },
        List(table: "event", column: "at") { try await $0.events(after: 0, limit: 1000).count },
        List(table: "inquiry", column: "skew_ms") {
            try await $0.inquiries(before: .max, limit: 1000).count
        },
        List(table: "payment", column: "received_at") {
            try await $0.payments(PaymentFilter(), limit: 1000).records.count
        },
        List(table: "pause_change", column: "at") {
            try await $0.pauseHistory(accountID: nil).count
        },
        List(table: "delivery", column: "target") {
            try await $0.notifications(standing: nil, before: .max, limit: 1000).count
        },
        List(table: "bill", column: "created_at") {
            try await $0.bills(BillFilter(), before: .max, limit: 1000).count
        },
    ]

    @Test(arguments: lists, ["NULL", "x'416e746f6e20427564696d616ec3'"])
    private func `a list leaves out a damaged row, and check names it`(
        _ list: List, value: String
    ) async throws {
        try await fill()
        let before = try await list.count(store)
        #expect(before > 1)
        try RawDatabase.damage(
            till.path,
            "UPDATE \(list.table) SET \(list.column) = \(value) "
                + "WHERE id = (SELECT min(id) FROM \(list.table))")
        #expect(try await list.count(store) == before - 1)
        let read = till.read
        try store.close()
        let found = try Inspection(path: till.path, bins: [:], read: read)
        #expect(found.schema == [])
        let named = found.structure.filter { $0.contains("row 1 of the table \(list.table)") }
        #expect(!named.isEmpty, "\(found.structure)")
        #expect(!"\(found.structure)".contains("Anton"))
    }

    @Test func `a page of a list is full although one of its rows is damaged`() async throws {
        try await fill()
        let whole = try await store.payments(PaymentFilter(), limit: 4).records
        try RawDatabase.damage(
            till.path, "UPDATE payment SET amount = 'Anton' WHERE id = \(whole[1].id)")
        let page = try await store.payments(PaymentFilter(), limit: 3).records
        #expect(page.map(\.id) == [whole[0].id, whole[2].id, whole[3].id])
    }

    @Test func `the fault of a row names the table and row, without content`() async throws {
        try await fill()
        try RawDatabase.damage(till.path, "UPDATE admin_key SET scopes = NULL")
        let fault = StoreFault.damagedRow(table: "admin_key", row: 1)
        await #expect(throws: fault) { try await store.key(id: 1) }
        await #expect(throws: fault) { try await store.key("Anton") }
        #expect("\(fault)".contains("row 1 of the table admin_key"))
    }

    @Test(arguments: ["NULL", "'Anton'", "7"])
    func `a payment is recorded although the last hash is damaged`(_ hash: String) async throws {
        for number in 1...3 { try await till.take(Notice(number: "INV-\(number)")) }
        try RawDatabase.damage(till.path, "UPDATE delivery SET hash = \(hash) WHERE id = 3")
        #expect(try await till.take(Notice(number: "INV-4")).deliveryID == 4)
        #expect(try await till.take(Notice(number: "INV-5")).deliveryID == 5)
        var chain = LedgerChain()
        while try await store.follow(&chain, rows: 100) == 100 {}
        #expect(chain.broken == [3])
        #expect(chain.head == (try await store.ledgerHead()))
        // The short walk of a start, from the row after the damaged row and from the damaged row.
        for back in 1...2 as ClosedRange<Int64> {
            var tail = LedgerChain(after: try await store.ledgerHead(back: back))
            _ = try await store.follow(&tail, rows: 100)
            #expect(tail.broken == [])
        }
    }
}
