// The ledger records every delivery once, numbers the rows without gaps, and chains them as
// described in its migration.

import Foundation
import GRDB
import LoketCore
import LoketSystem
import TestSupport
import Testing

@testable import LoketStore

struct LedgerTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func column<Value: DatabaseValueConvertible>(_ name: String) throws -> [Value] {
        try RawDatabase.rows(till.path, "SELECT \(name) FROM delivery ORDER BY id")
            .map { $0[0] }
    }

    @Test func `a delivery is recorded as received, byte for byte`() async throws {
        let body: [UInt8] = [0, 1, 0xFF, 0x0A, 0x20] + Array("{\"é\":1}".utf8)
        let delivery = Delivery(
            accountID: till.open.account, clientID: OpenStore.clientID, dialect: "o2o",
            receivedAt: Sample.now, source: .notification, target: "/pay/doku?x=%20",
            requestID: "R-1", timestamp: "not a time", body: body,
            isSigned: true)
        let taken = try await till.store.take(
            delivery, DeliveryContents(status: nil, reading: .unreadable(nil), codeIsOurs: true))
        #expect(taken.deliveryID == 1 && !taken.isRepeat && taken.fault == nil)
        let kept = try #require(try await till.store.notification(id: 1)).row.delivery
        #expect(kept.body == body && kept.target == delivery.target)
        #expect(kept.requestID == "R-1" && kept.timestamp == "not a time")
        #expect(kept.receivedAt == Sample.now && kept.source == .notification)
        #expect(
            kept.clientID == OpenStore.clientID && kept.dialect == "o2o" && kept.isSigned == true)
    }

    @Test func `the chain is as described in the migration`() async throws {
        let other = try till.open.secondAccount()
        for place in 0..<6 {
            let notice = Notice(
                number: "INV-\(place)", source: place == 3 ? .checkStatus : .notification)
            try await till.take(notice, at: Sample.now.adding(milliseconds: Int64(place)))
        }
        let empty = Delivery(
            accountID: other, clientID: "MCH-0002", dialect: "o2o",
            receivedAt: Moment(milliseconds: -5), source: .notification, target: "/",
            requestID: "r", timestamp: "", body: [], isSigned: true)
        _ = try await till.store.take(
            empty, DeliveryContents(status: nil, reading: .unreadable(nil), codeIsOurs: true))

        let hashes: [Data] = try column("hash")
        #expect(hashes.count == 7)
        #expect(try ChainByHand.hashes(till.path) == hashes)
        let bodies: [Data] = try column("body")
        #expect(try bodies.map(ChainByHand.sha256) == column("body_hash"))
        let head = try await till.store.ledgerHead()
        #expect(head.number == 7 && Data(head.hash) == hashes.last)
    }

    @Test func `an empty ledger's head is 32 zero bytes`() async throws {
        let head = try await till.store.ledgerHead()
        #expect(head == .empty && head.number == 0)
        #expect(head.hash == [UInt8](repeating: 0, count: 32))
    }

    @Test func `an equal delivery is counted and not appended`() async throws {
        try await till.take(request: "same")
        for place in 1...3 {
            let later = Sample.now.adding(milliseconds: Int64(place))
            let again = try await till.take(request: "same", at: later)
            #expect(again.isRepeat && again.deliveryID == 1 && again.entry == nil)
        }
        #expect(try RawDatabase.count(till.path, "delivery") == 1)
        #expect(try RawDatabase.count(till.path, "payment") == 1)
        #expect(try RawDatabase.count(till.path, "event") == 1)
        let record = try #require(try await till.store.notification(id: 1))
        #expect(record.repeats == 3)
        #expect(record.row.delivery.receivedAt == Sample.now)
    }

    @Test func `deliveries that differ in account, Request-Id or body are separate`() async throws {
        let other = try till.open.secondAccount()
        let notice = Notice()
        _ = try await till.take(notice, request: "same")
        _ = try await till.store.take(
            notice.delivery("same", account: other, clientID: "MCH-0002"), notice.contents)
        _ = try await till.take(notice, request: "Same")
        _ = try await till.take(notice.with { $0.status = "PENDING" }, request: "same")
        #expect(try RawDatabase.count(till.path, "delivery") == 4)
        // A payment of an account belongs to no other account.
        let accounts = try await till.payments.map(\.accountID)
        #expect(accounts == [till.open.account, other])
    }

    @Test func `numbers have no gaps, even if writes fail in between`() async throws {
        for place in 0..<5 {
            try await till.take(Notice(number: "INV-\(place)"), request: "R-\(place)")
            // A write that appends and then fails.
            let delivery = till.delivery(Notice(number: "LOST-\(place)"))
            await #expect(throws: StoreFault.overloaded) {
                try await till.store.commits.write { database in
                    let bodyHash = SHA256Digest(of: delivery.body).bytes
                    _ = try Ledger.append(delivery, bodyHash: bodyHash, in: database)
                    throw StoreFault.overloaded
                }
            }
            try await till.take(Notice(number: "INV-\(place)"), request: "R-\(place)")
        }
        #expect(try column("id") == (1...5).map(Int64.init))
    }

    @Test func `many concurrent deliveries are recorded once each, in one chain`() async throws {
        try await withThrowingTaskGroup(of: RecordedDelivery.self) { group in
            for place in 0..<120 {
                // Each is delivered three times concurrently.
                let delivery = till.delivery(
                    Notice(number: "INV-\(place / 3)"), request: "R-\(place / 3)")
                group.addTask { [till] in
                    try await till.store.take(delivery, Notice(number: "INV-\(place / 3)").contents)
                }
            }
            let taken = try await group.reduce(into: []) { $0.append($1) }
            #expect(taken.count { $0.isRepeat } == 80)
        }
        #expect(try column("id") == (1...40).map(Int64.init))
        #expect(try await till.payments.count == 40)
        let repeats = try await till.store.paymentTotals().notifications?.repeats
        #expect(repeats == 80)
        let hashes: [Data] = try column("hash")
        #expect(try ChainByHand.hashes(till.path) == hashes)
    }

    @Test func `after a restart the chain continues`() async throws {
        let folder = try TemporaryFolder()
        for place in 0..<3 {
            try await withStore(at: folder.database) { store in
                let account = try #require(store.registerAccounts(["MCH-1"])["MCH-1"])
                let notice = Notice(number: "INV-\(place)")
                _ = try await store.take(
                    notice.delivery("R-\(place)", account: account, clientID: "MCH-1"),
                    notice.contents)
            }
        }
        let rows = try RawDatabase.rows(folder.database, "SELECT id, hash FROM delivery")
        #expect(rows.map { $0[0] as Int64 } == [1, 2, 3])
        #expect(try ChainByHand.hashes(folder.database) == rows.map { $0[1] as Data })
    }
}
