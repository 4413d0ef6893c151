// Record first, classify second: a delivery is recorded even if the books are damaged, and its
// classification is completed later.

import GRDB
import LoketCore
import Testing

@testable import LoketStore

struct RecordFirstTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    /// Damages the row of a known payment of the number, so that deliveries cannot be compared.
    private func damage(_ id: Int64) throws {
        try RawDatabase.execute(
            till.path, "UPDATE payment SET amount = amount + 1 WHERE id = \(id)")
    }

    private func mend(_ id: Int64) throws {
        try RawDatabase.execute(
            till.path, "UPDATE payment SET amount = amount - 1 WHERE id = \(id)")
    }

    private static let second = Notice(date: Notice.date(9000))

    @Test func `a delivery that cannot be classified is recorded nevertheless`() async throws {
        try await till.bill()
        let first = try await till.pay()
        try damage(first)
        let taken = try await till.take(Self.second, request: "R")
        #expect(taken.deliveryID == 2 && taken.entry == nil && !taken.isRepeat)
        #expect(taken.fault == "\(StoreFault.damagedPayment(id: first))")
        let kept = try #require(try await till.store.notification(id: 2))
        #expect(kept.row.delivery.body == Self.second.body && kept.standing == nil)
        #expect(kept.paymentID == nil)
        // The repeated delivery is recognized and is not another row.
        #expect(try await till.take(Self.second, request: "R").isRepeat)
        #expect(try RawDatabase.count(till.path, "delivery") == 2)
        #expect(try till.audit().problems.contains("notification 2 is not classified"))
    }

    @Test func `a failed classification leaves nothing in the books`() async throws {
        let bill = try await till.bill()
        // The last write of a classification is its event.
        try RawDatabase.execute(
            till.path,
            """
            CREATE TRIGGER no_event BEFORE INSERT ON event WHEN new.type = 'payment.settled'
            BEGIN SELECT raise(ABORT, 'no event'); END
            """)
        let taken = try await till.take()
        #expect(taken.entry == nil && taken.fault?.contains("no event") == true)
        #expect(try RawDatabase.count(till.path, "delivery") == 1)
        #expect(try RawDatabase.count(till.path, "payment") == 0)
        #expect(try RawDatabase.count(till.path, "notification") == 0)
        #expect(try RawDatabase.count(till.path, "bill_change") == 0)
        #expect(try await till.state(bill) == .open)

        try RawDatabase.execute(till.path, "DROP TRIGGER no_event")
        let pending = try await till.classifyPending()
        #expect(pending.done == 1 && pending.faults.isEmpty)
        #expect(try await till.state(bill) == .paid)
        #expect(try till.audit().problems == [])
    }

    @Test func `a pending delivery is classified once, when possible`() async throws {
        let bill = try await till.bill()
        let first = try await till.pay()
        try damage(first)
        try await till.take(Self.second)
        var pending = try await till.classifyPending()
        #expect(pending.done == 0 && pending.faults.count == 1)
        #expect(pending.faults.first?.hasPrefix("notification 2: ") == true)

        try mend(first)
        pending = try await till.classifyPending()
        #expect(pending.done == 1 && pending.faults.isEmpty)
        #expect(try await till.payments.map(\.standing) == [.settled, .duplicate])
        #expect(try await till.payments.last?.receivedAt == Sample.now)
        pending = try await till.classifyPending()
        #expect(pending.done == 0 && pending.faults.isEmpty)
        #expect(try await till.state(bill) == .paid)
        #expect(try till.audit().problems == [])
    }

    @Test func `a delivery that stays pending does not block others`() async throws {
        let first = try await till.pay()
        let other = try await till.pay(Notice(number: "INV-2"))
        try damage(first)
        try damage(other)
        try await till.take(Self.second)
        try await till.take(Self.second.with { $0.number = "INV-2" })
        try mend(other)
        let pending = try await till.classifyPending()
        #expect(pending.done == 1 && pending.faults.count == 1)
        #expect(try await till.store.notification(id: 4)?.standing == .unmatched)
    }

    @Test func `a pending delivery counts as recorded`() async throws {
        let first = try await till.pay()
        try damage(first)
        try await till.take(Self.second)
        try mend(first)
        #expect(try await till.store.paymentTotals().notifications?.recorded == 2)
    }

    /// The bill's state changes while a delivery is pending; the books still agree.
    @Test func `changes while a delivery was pending are no contradiction`() async throws {
        let bill = try await till.bill()
        let stray = try await till.pay(Notice(amount: 7))
        try await till.resolve(stray, .refunded)
        try damage(stray)
        try await till.take()
        try await till.cancel(bill)
        try mend(stray)
        _ = try await till.classifyPending()
        #expect(try await till.payments.last?.standing == .afterCancel)
        #expect(try till.audit().problems == [])
    }

    @Test func `a repeat received while the first was pending is the same payment`() async throws {
        try await till.bill()
        try RawDatabase.execute(
            till.path,
            """
            CREATE TRIGGER no_event BEFORE INSERT ON event WHEN new.type = 'payment.settled'
            BEGIN SELECT raise(ABORT, 'no event'); END
            """)
        try await till.take()
        try RawDatabase.execute(till.path, "DROP TRIGGER no_event")
        #expect(try await till.take(Notice(ids: ["A=1"])).entry?.standing == .settled)
        _ = try await till.classifyPending()
        #expect(try await till.payments.map(\.standing) == [.settled])
        #expect(try till.audit().problems == [])
    }

    @Test func `on a full disk nothing is recorded and the caller gets an error`()
        async throws
    {
        let pages = try await till.store.commits.write { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages)")
            return pages
        }
        #expect(pages > 0)
        // A body that needs more pages than are free.
        let big = Notice(number: String(repeating: "9", count: 100_000))
        await #expect { try await till.take(big) } throws: { isForWantOfRoom($0) }
        #expect(try RawDatabase.count(till.path, "delivery") == 0)
        #expect(till.store.writing.failing != nil)
        try await till.store.commits.write { database in
            try database.execute(sql: "PRAGMA max_page_count = 1000000")
        }
        #expect(try await till.take(big).deliveryID == 1)
        #expect(till.store.writing.failing == nil)
    }
}
