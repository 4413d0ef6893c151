// Statuses that DOKU does not document or that contradict a payment, and unsigned answers: each is
// listed for attention once, and changes no bill.

import GRDB
import LoketCore
import TestSupport
import Testing

@testable import LoketStore

struct AttentionTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func list(_ change: (inout AttentionFilter) -> Void = { _ in }) async throws
        -> [AttentionRecord]
    {
        var filter = AttentionFilter()
        change(&filter)
        return try await till.store.attention(filter, before: .max, limit: 100).reversed()
    }

    private func events(_ kind: Event.Kind) async throws -> [Event] {
        try await till.store.events(after: 0, limit: 1000).filter { $0.kind == kind }
    }

    @Test(arguments: [
        ("REFUNDED", AttentionKind.unknownStatus), ("PAID", .unknownStatus),
        ("", .unknownStatus), ("FAILED", .contradictsPayment), ("EXPIRED", .contradictsPayment),
    ])
    func `a status after a settlement is listed once and changes no bill`(
        status: String, kind: AttentionKind
    ) async throws {
        let bill = try await till.bill()
        let payment = try await till.pay()
        for _ in 0..<2 { try await till.take(Notice(status: status), request: "R") }
        let entry = try #require(try await list().first)
        #expect(try await list().count == 1)
        #expect(entry.kind == kind && entry.content.status == status)
        #expect(entry.content.invoiceNumber == "INV-1" && entry.content.amount == 150_000)
        #expect(entry.deliveryID == 2 && entry.paymentID == payment)
        #expect(entry.accountID == till.open.account && entry.since == Sample.now)
        #expect(try await till.state(bill) == .paid)
        #expect(try await till.payment(payment).standing == .settled)
        let event = try #require(try await events(.attentionRaised).first)
        #expect(try await events(.attentionRaised).count == 1)
        #expect(event.attention?.id == entry.id && event.attention?.kind == kind.rawValue)
        #expect(event.ledger == (try await till.store.ledgerHead()))
        #expect(event.payment?.id == payment && event.bill?.state == "paid")
        #expect(try till.audit().problems == [])
    }

    @Test func `only a payment received before is contradicted`() async throws {
        try await till.bill()
        try await till.take(Notice(status: "FAILED"))
        try await till.take(Notice(code: "1", codeIsOurs: false))
        try await till.take(Notice(number: "X", codeIsOurs: false))
        try await till.take(Notice(number: "X", status: "EXPIRED"))
        try await till.take(Notice(number: nil, status: "FAILED"))
        try await till.take(Notice(status: "PENDING"))
        #expect(try await list().isEmpty)
        try await till.take(Notice(status: "EXPIRED"))
        #expect(try await list().map(\.deliveryID) == [7])
        #expect(try till.audit().problems == [])
    }

    @Test func `an unsigned answer settles and is listed with its payment`() async throws {
        let bill = try await till.bill()
        let payment = try await till.pay(Notice(source: .checkStatus, isSigned: false))
        #expect(try await till.state(bill) == .paid)
        #expect(try await list().map(\.kind) == [.unsignedAnswer])
        #expect(try await list().map(\.paymentID) == [payment])
        let kept = try await till.store.notification(id: 1)
        #expect(kept?.row.delivery.isSigned == false)
        #expect(try till.audit().problems == [])
    }

    @Test func `an equal answer of Check Status is counted under any Request-Id`() async throws {
        let answer = Notice(source: .checkStatus, status: "REFUNDED")
        try await till.take(answer, request: "first")
        #expect(try await till.take(answer, request: "second").isRepeat)
        #expect(try await list().count == 1)
        #expect(try await till.store.notification(id: 1)?.repeats == 1)
        // A notification with the same content is another delivery.
        try await till.take(Notice(status: "REFUNDED"))
        #expect(try await list().map(\.deliveryID) == [1, 2])
    }

    @Test func `an entry is resolved once, with its note, and reported`() async throws {
        try await till.take(Notice(status: "PAID"))
        func resolve(_ note: String?, _ id: Int64 = 1) async throws -> AttentionOutcome {
            try await till.store.resolveAttention(
                id: id, note: note, actor: "ops", now: Sample.now)
        }
        guard case .unknown = try await resolve("x", 2),
            case .resolved(let entry) = try await resolve("asked DOKU"),
            case .resolved = try await resolve("asked DOKU"),
            case .otherwise = try await resolve("something else")
        else {
            Issue.record("not resolved as asked")
            return
        }
        #expect(
            entry.resolution
                == AttentionRecord.Resolution(note: "asked DOKU", actor: "ops", at: Sample.now))
        #expect(try await events(.attentionResolved).map(\.attention?.id) == [1])
        #expect(try till.audit().problems == [])
    }

    @Test func `the list is filtered by kind, account and resolution`() async throws {
        try await till.take(Notice(status: "PAID"))
        try await till.take(Notice(source: .checkStatus, isSigned: false))
        _ = try await till.store.resolveAttention(
            id: 1, note: nil, actor: "ops", now: Sample.now)
        #expect(try await list { $0.kind = .unsignedAnswer }.map(\.id) == [2])
        #expect(try await list { $0.isResolved = true }.map(\.id) == [1])
        #expect(try await list { $0.isResolved = false }.map(\.id) == [2])
        #expect(try await list { $0.accountID = till.open.account }.map(\.id) == [1, 2])
        #expect(try await list { $0.accountID = 404 }.isEmpty)
    }

    @Test func `deliveries recorded before the list existed may be missing from it`() async throws {
        try await till.take(Notice(status: "PAID", isSigned: nil))
        #expect(try await list().count == 1)
        #expect(try till.audit().problems == [])
        try RawDatabase.execute(till.path, "DELETE FROM attention", checked: false)
        #expect(try till.audit().problems == [])
    }

    /// Rows of the schema before the list, as the earlier reader wrote them.
    @Test func `a delivery that an earlier version read as no success is listed`() async throws {
        let folder = try TemporaryFolder()
        let queue = try RawDatabase.open(folder.database)
        try Migrations.migrator.migrate(queue, upTo: "m0003_admin")
        try queue.close()
        func insert(_ table: String, _ columns: [String: String]) throws {
            try RawDatabase.execute(folder.database, BadRow.insert(into: table, with: columns))
        }
        try insert("account", [:])
        let notes = [
            ("SUCCESS", "INV-1"), ("REFUNDED", "INV-1"), (" expired\n", "INV-1"),
            ("FAILED", "INV-2"), ("SUCCESS ", "INV-3"), ("PENDING", "INV-1"),
            ("REFUNDED", "foreign"),
        ]
        for (place, (status, invoice)) in notes.enumerated() {
            try insert("delivery", ["request_id": "'\(place)'"])
            if place == 0 {
                try insert("payment", ["invoice_number": "'\(invoice)'", "delivery_id": "1"])
            }
            try insert(
                "notification",
                [
                    "delivery_id": "\(place + 1)", "status": "'\(status)'",
                    "invoice_number": "'\(invoice)'", "payment_id": place == 0 ? "1" : "NULL",
                    "is_our_service": invoice == "foreign" ? "0" : "1",
                ])
        }
        try await withStore(at: folder.database) { store in
            let list = try await store.attention(AttentionFilter(), before: .max, limit: 9)
                .reversed()
            #expect(list.map(\.deliveryID) == [2, 3, 5])
            #expect(list.map(\.kind) == [.unknownStatus, .contradictsPayment, .unknownStatus])
            #expect(list.map(\.paymentID) == [1, 1, nil])
        }
    }

    @Test(arguments: [
        "DELETE FROM attention WHERE id = 1", "DELETE FROM attention WHERE id = 2",
        "UPDATE attention SET kind = 'unsigned_answer' WHERE id = 1",
        "UPDATE attention SET payment_id = NULL WHERE id = 1",
        "UPDATE attention SET payment_id = 1 WHERE id = 2",
        "UPDATE attention SET account_id = 2 WHERE id = 1",
        "UPDATE attention SET delivery_id = 1 WHERE id = 1",
        "INSERT INTO attention (kind, account_id, delivery_id, since) "
            + "VALUES ('unknown_status', 1, 1, 0)",
    ])
    func `an entry that does not follow from its delivery is named`(sql: String) async throws {
        try await till.bill()
        try await till.take()
        try await till.take(Notice(status: "FAILED"))
        try await till.take(Notice(number: "X", status: "PAID"))
        _ = try till.open.secondAccount()
        #expect(try till.audit().problems == [])
        try RawDatabase.execute(till.path, sql, checked: false)
        let problems = try till.audit().problems
        #expect(problems.allSatisfy { $0.contains("attention list") })
        #expect(!problems.isEmpty)
    }

    /// The audit failed when the payment arrived, and the payment was read after the next failure.
    @Test func `a payment that was read late makes no earlier entry wrong`() async throws {
        try await till.bill()
        try RawDatabase.execute(
            till.path,
            """
            CREATE TRIGGER no_payment BEFORE INSERT ON payment
            BEGIN SELECT raise(ABORT, 'no payment'); END
            """)
        try await till.take()
        try await till.take(Notice(status: "FAILED"))
        try RawDatabase.execute(till.path, "DROP TRIGGER no_payment")
        #expect(try await till.classifyPending().done == 1)
        #expect(try till.audit().problems == [])
        try await till.take(Notice(status: "EXPIRED"))
        #expect(try await list().map(\.deliveryID) == [3])
        #expect(try till.audit().problems == [])
    }
}
