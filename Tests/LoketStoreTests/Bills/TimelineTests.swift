// The timeline of a bill: its history, its inquiries and its payments, newest first, page by page.

import GRDB
import LoketCore
import Synchronization
import Testing

@testable import LoketStore

struct TimelineTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func ask(
        bill: Int64?, at milliseconds: Int64, code: String = Sample.codeText
    ) throws {
        var entry = Sample.entry(
            "r", account: till.open.account,
            receivedAt: Sample.now.adding(milliseconds: milliseconds))
        (entry.billID, entry.codeText) = (bill, code)
        try till.store.append([entry][...])
    }

    private static func name(_ entry: TimelineEntry) -> String {
        switch entry.content {
        case .change(let change): change.change
        case .inquiry(let inquiry): "inquiry \(inquiry.id)"
        case .payment(let payment): "payment \(payment.id)"
        }
    }

    private func names(of bill: Int64, limit: Int) async throws -> [String] {
        var names: [String] = []
        var position = TimelinePosition.newest
        while true {
            let page = try #require(
                try await till.store.timeline(ofBill: bill, after: position, limit: limit))
            #expect(page.entries.count == limit || page.next == nil)
            names += page.entries.map(Self.name)
            guard let next = page.next, names.count < 100 else { return names }
            position = next
        }
    }

    @Test(arguments: [1, 2, 3, 100])
    func `what happened to a bill is listed newest first`(limit: Int) async throws {
        let bill = try await till.bill()
        let other = try await till.bill("INV-2", code: "8896510000000124")
        try ask(bill: bill, at: 1000)
        try ask(bill: other, at: 1100, code: "8896510000000124")
        try ask(bill: nil, at: 1200)
        try await till.take(
            Notice(amount: 7), at: Sample.now.adding(milliseconds: 2000))
        try ask(bill: bill, at: 3000)
        try await till.take(Notice(number: "INV-2"), at: Sample.now.adding(milliseconds: 3500))
        _ = try await till.store.resolve(
            paymentID: 1, .refunded, billID: nil, note: nil, actor: "ops",
            now: Sample.now.adding(milliseconds: 4000))
        try await till.take(Notice(), at: Sample.now.adding(milliseconds: 5000))
        #expect(
            try await names(of: bill, limit: limit) == [
                "paid", "payment 3", "reopened", "inquiry 4", "held", "payment 1", "inquiry 1",
                "created",
            ])
    }

    @Test func `a clock that was set back loses no entry`() async throws {
        let bill = try await till.bill()
        for time: Int64 in [5000, 1000, 4000, 2000] { try ask(bill: bill, at: time) }
        for limit in 1...6 {
            #expect(
                try await names(of: bill, limit: limit) == [
                    "inquiry 4", "inquiry 3", "inquiry 2", "inquiry 1", "created",
                ])
        }
    }

    @Test func `a payment has its details, and a damaged one is left out`() async throws {
        var draft = try Sample.draft()
        draft.reusable = true
        let bill = try await till.open.create(draft).bill.id
        for place in 1...2 { try await till.take(Notice(ids: ["AGENT_TRX_ID=\(place)"])) }
        let page = try #require(try await till.store.timeline(ofBill: bill, limit: 9))
        #expect(page.details[1]?.customer == "Anton Budiman")
        try RawDatabase.damage(till.path, "UPDATE payment SET amount = 9 WHERE id = 2")
        let names = try await names(of: bill, limit: 9)
        #expect(names == ["payment 1", "created"], "\(names)")
        #expect(try await till.store.timeline(ofBill: 99, limit: 9) == nil)
    }

    @Test(arguments: [1, 2, 100])
    func `inquiries of other bills with the code are examined in part`(limit: Int) async throws {
        let bill = try await till.bill()
        try ask(bill: bill, at: 1000)
        for time in 0..<9 { try ask(bill: 99, at: 2000 + Int64(time)) }
        try ask(bill: bill, at: 3000)
        try await till.cancel(bill)
        var (names, sizes): ([String], [Int]) = ([], [])
        var position: TimelinePosition? = .newest
        while let after = position, sizes.count < 100 {
            let page = try #require(
                try await till.store.timeline(
                    ofBill: bill, after: after, limit: limit, scanMax: 4))
            names += page.entries.map(Self.name)
            sizes.append(page.entries.count)
            position = page.next
        }
        // The bill was cancelled and created at the same moment, before the inquiries.
        #expect(names == ["inquiry 11", "inquiry 1", "cancelled", "created"])
        #expect(sizes.contains(0) && position == nil)
    }

    @Test func `a damaged line of the history is left out and reported`() async throws {
        let bill = try await till.bill()
        try await till.cancel(bill)
        try RawDatabase.damage(till.path, "UPDATE bill_change SET change = NULL")
        let faults = Mutex<[StoreFault]>([])
        let page = try #require(
            try await till.store.timeline(ofBill: bill, limit: 1) { fault in
                faults.withLock { $0.append(fault) }
            })
        #expect(page.entries.map(Self.name) == ["created"])
        #expect(faults.withLock { $0 } == [.damagedRow(table: "bill_change", row: 1)])
    }

    @Test func `each part of a timeline is read by its index`() async throws {
        let bill = try await till.bill()
        let log = try ReaderLog(of: till.store)
        _ = try await till.store.timeline(ofBill: bill, limit: 9)
        let plans = try log.selects.flatMap { try QueryPlan.lines($0, in: till.path) }
        for path in [
            "bill_change_by_bill (", "inquiry USING INTEGER PRIMARY KEY (", "payment_by_bill (",
        ] {
            #expect(plans.contains { $0.contains(path) }, "\(plans)")
        }
        let scans = plans.filter { $0.hasPrefix("SCAN") && !$0.hasPrefix("SCAN json_each") }
        #expect(scans.isEmpty, "\(plans)")
        #expect(!plans.contains { $0.contains("TEMP B-TREE") }, "\(plans)")
    }
}
