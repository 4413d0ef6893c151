// Deliveries that an earlier reader could not read but today's reader can: each is listed once, and
// its booking is unchanged.

import GRDB
import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct RereadTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    /// Records a notice as the first version did, which could not read it.
    ///
    /// - Returns: The payment.
    @discardableResult
    private func takeUnread(_ notice: Notice = Notice()) async throws -> Int64 {
        let delivery = till.delivery(
            notice.with {
                $0.isUnreadableToFirst = true
                $0.isSigned = nil
            })
        let taken = try await till.store.take(
            delivery, DeliveryContents(status: nil, reading: .unreadable(nil), codeIsOurs: true))
        try RawDatabase.execute(
            till.path,
            """
            UPDATE notification SET reader = 1 WHERE delivery_id = \(taken.deliveryID);
            INSERT INTO reread VALUES (\(taken.deliveryID));
            """)
        return try #require(taken.entry?.paymentID)
    }

    private func readAgain(_ isStopping: () -> Bool = { false }) async throws -> Int {
        try await till.store.readAgain(till.read, now: Sample.now, isStopping: isStopping)
    }

    private var list: [AttentionRecord] {
        get async throws {
            try await till.store.attention(AttentionFilter(), before: .max, limit: 1000).reversed()
        }
    }

    @Test func `a payment that is readable now is listed once, and changes nothing`() async throws {
        let bill = try await till.bill()
        let payment = try await takeUnread()
        #expect(try await readAgain() == 1)
        #expect(try await readAgain() == 0)
        let entry = try #require(try await list.first)
        #expect(try await list.count == 1)
        #expect(entry.kind == .readableNow && entry.deliveryID == 1 && entry.since == Sample.now)
        #expect(entry.paymentID == payment && entry.accountID == till.open.account)
        #expect(try await till.state(bill) == .open)
        #expect(try await till.payment(payment).standing == .unreadable)
        let events = try await till.store.events(after: 0, limit: 1000)
        #expect(events.map(\.kind) == [.billCreated, .paymentFlagged, .attentionRaised])
        #expect(events.last?.payment?.id == payment)
        #expect(try RawDatabase.count(till.path, "reread") == 0)
        #expect(try till.audit().problems == [])

        try await till.resolve(payment, .accept, bill: bill)
        _ = try await till.store.resolveAttention(
            id: entry.id, note: "booked", actor: "ops", now: Sample.now)
        #expect(try await till.state(bill) == .paid)
        #expect(try till.audit().problems == [])
    }

    @Test func `unreadable, foreign and finally dismissed deliveries are not listed`()
        async throws
    {
        try await takeUnread(Notice(isUnreadable: true))
        try await takeUnread(Notice(isOurService: false))
        let dismissed = try await takeUnread(Notice(status: "FAILED"))
        try await till.resolve(dismissed, .dismiss)
        #expect(try await readAgain() == 0)
        #expect(try await list.isEmpty)
        #expect(try RawDatabase.count(till.path, "reread") == 0)
        // An operator who could not read it either has dismissed a real payment.
        let money = try await takeUnread()
        try await till.resolve(money, .dismiss)
        try await takeUnread(Notice(number: "INV-2", status: "FAILED"))
        #expect(try await readAgain() == 2)
        #expect(try await list.map(\.deliveryID) == [4, 5])
        #expect(try till.audit().problems == [])
    }

    @Test func `the reading is done in steps, and continues where it stopped`() async throws {
        let count = Limits.rereadAtOnce * 2 + 1
        for place in 0..<count { try await takeUnread(Notice(number: "INV-\(place)")) }
        var steps = 0
        let first = try await readAgain {
            steps += 1
            return steps > 1
        }
        #expect(first == Limits.rereadAtOnce)
        #expect(try await readAgain() == count - first)
        #expect(try await list.map(\.deliveryID) == (1...Int64(count)).map(\.self))
    }

    @Test func `a damaged notification hides no other`() async throws {
        for number in ["INV-1", "INV-2", "INV-3"] { try await takeUnread(Notice(number: number)) }
        try RawDatabase.damage(till.path, "UPDATE delivery SET source = 'post' WHERE id = 2")
        #expect(try await readAgain() == 2)
        #expect(try await list.map(\.deliveryID) == [1, 3])
    }

    @Test(arguments: [
        "UPDATE notification SET reader = 2 WHERE delivery_id = 1",
        "UPDATE attention SET delivery_id = 2", "UPDATE attention SET payment_id = 2",
        "UPDATE attention SET kind = 'unknown_status'",
    ])
    func `an entry that does not follow from its notification is named`(sql: String) async throws {
        try await takeUnread()
        try await takeUnread(Notice(number: "INV-2", isUnreadable: true))
        #expect(try await readAgain() == 1)
        #expect(try till.audit().problems == [])
        try RawDatabase.execute(till.path, sql, checked: false)
        #expect(try !till.audit().problems.isEmpty)
    }

    // MARK: The migration

    private struct Kept {
        let standing: String?
        var resolution: String?
        var reader = 1
        var status: String?
        var amount: Int?
    }

    /// Inserts deliveries in the earlier schema, with ids from 1.
    private func insert(_ kept: [Kept], into path: String) throws {
        func insert(_ table: String, _ columns: [String: String]) throws {
            try RawDatabase.execute(path, BadRow.insert(into: table, with: columns))
        }
        try insert("account", [:])
        for (place, row) in zip(1..., kept) {
            try insert("delivery", ["request_id": "'\(place)'"])
            if let standing = row.standing {
                var columns = [
                    "id": "\(place)", "delivery_id": "\(place)", "standing": "'\(standing)'",
                    "classified_as": "'unreadable'",
                ]
                if let resolution = row.resolution {
                    columns.merge(BadRow.resolved) { $1 }
                    columns["resolution"] = "'\(resolution)'"
                }
                try insert("payment", columns)
            }
            try insert(
                "notification",
                [
                    "delivery_id": "\(place)", "reader": "\(row.reader)",
                    "payment_id": row.standing == nil ? "NULL" : "\(place)",
                    "status": row.status.map { "'\($0)'" } ?? "NULL", "invoice_number": "'INV-1'",
                    "amount": row.amount.map { "\($0)" } ?? "NULL",
                ])
            if row.standing == nil {
                try insert("attention", ["delivery_id": "\(place)"])
            }
        }
    }

    @Test func `unreadable deliveries are queued, and SUCCESS may have white space`()
        async throws
    {
        let folder = try TemporaryFolder()
        let queue = try RawDatabase.open(folder.database)
        try Migrations.migrator.migrate(queue, upTo: "m0004_safekeeping")
        try queue.close()
        try insert(
            [
                Kept(standing: "unreadable"), Kept(standing: "unreadable", resolution: "dismiss"),
                Kept(standing: "unreadable", resolution: "refunded"),
                Kept(standing: "settled", resolution: "accept"),
                Kept(standing: "unreadable", reader: 2),
                Kept(standing: nil, status: "\n success ", amount: 1),
                Kept(standing: nil, status: "SUCCESS "),
                Kept(standing: nil, status: "SUCCESS ", amount: 1),
                Kept(standing: nil, status: "PAID", amount: 1),
                Kept(standing: nil, reader: 2, status: "SUCCESS ", amount: 1),
            ], into: folder.database)
        try RawDatabase.execute(
            folder.database,
            "UPDATE attention SET resolved_at = 0, resolved_by = 'ops' WHERE delivery_id = 8")
        try await withStore(at: folder.database) { store in
            let queued = try RawDatabase.rows(folder.database, "SELECT delivery_id FROM reread")
            #expect(queued.map { $0[0] as Int64 } == [1, 2])
            let list = try await store.attention(AttentionFilter(), before: .max, limit: 9)
            let readable = list.filter { $0.kind == .readableNow }
            #expect(readable.map(\.deliveryID) == [6])
            #expect(readable.first?.content.amount == 1)
            #expect(list.count == 5)
        }
    }
}
