// What the tables of payments refuse beyond single rows: a change of the ledger, a second payment
// of a bill, a second record of the same thing.

import GRDB
import LoketCore
import Testing

struct PaymentConstraintTests {
    private let open: OpenStore

    init() throws {
        open = try OpenStore()
        for table in ["bill", "delivery", "payment", "notification"] {
            try RawDatabase.execute(open.path, BadRow.insert(into: table))
        }
    }

    private func refusal(of sql: String) throws -> String? {
        let error = #expect(throws: DatabaseError.self, "\(sql)") {
            try RawDatabase.execute(open.path, sql)
        }
        return error?.message
    }

    @Test(arguments: [
        "UPDATE delivery SET body = x'00'", "UPDATE delivery SET id = 2",
        "UPDATE delivery SET received_at = received_at", "UPDATE delivery SET hash = hash",
        "UPDATE OR IGNORE delivery SET target = '/m'", "DELETE FROM delivery",
        "DELETE FROM delivery WHERE id = 1",
        "INSERT INTO delivery SELECT * FROM delivery WHERE true ON CONFLICT DO UPDATE SET id = 9",
    ])
    func `no row of the ledger can be changed or deleted`(sql: String) throws {
        // The references are deleted first; otherwise they would prevent the deletion.
        try RawDatabase.execute(open.path, "DELETE FROM notification")
        try RawDatabase.execute(open.path, "DELETE FROM payment")
        #expect(try refusal(of: sql) == "the ledger is append-only")
        #expect(try RawDatabase.count(open.path, "delivery") == 1)
    }

    @Test func `a second payment cannot pay a bill`() throws {
        let pays = BadRow.insert(into: "payment", with: ["paid_bill_id": "1"])
        try RawDatabase.execute(open.path, pays)
        #expect(try refusal(of: pays) == "UNIQUE constraint failed: payment.paid_bill_id")
        #expect(
            try refusal(of: "UPDATE payment SET paid_bill_id = 1 WHERE id = 1")
                == "UNIQUE constraint failed: payment.paid_bill_id")
        // The rule does not apply to payments that paid no bill.
        for _ in 0..<3 { try RawDatabase.execute(open.path, BadRow.insert(into: "payment")) }
    }

    @Test(arguments: [
        ["amount": "1"], ["amount": "999999999999"], ["amount": "NULL"],
        BadRow.resolved, BadRow.resolved.merging(["resolution": "'refunded'"]) { $1 },
        BadRow.resolved.merging(["resolution": "'dismiss'", "resolution_note": "'x'"]) { $1 },
    ])
    func `values just inside a bound are accepted`(columns: [String: String]) throws {
        try RawDatabase.execute(open.path, BadRow.insert(into: "payment", with: columns))
    }

    @Test func `every standing but not_success has a place`() throws {
        for standing in Standing.allCases where standing != .notSuccess {
            let columns = ["standing": "'\(standing.rawValue)'"]
            try RawDatabase.execute(open.path, BadRow.insert(into: "payment", with: columns))
        }
    }

    @Test func `an equal delivery is refused, a different one is accepted`() throws {
        let message = "delivery.account_id, delivery.request_id, delivery.body_hash"
        #expect(
            try refusal(of: BadRow.insert(into: "delivery"))
                == "UNIQUE constraint failed: \(message)")
        _ = try open.secondAccount()
        for columns in [
            ["account_id": "2"], ["request_id": "'R'"], ["body_hash": "randomblob(32)"],
        ] {
            try RawDatabase.execute(open.path, BadRow.insert(into: "delivery", with: columns))
        }
    }

    @Test func `a delivery has one notification, a request one quarantine row`() throws {
        #expect(
            try refusal(of: BadRow.insert(into: "notification", with: ["delivery_id": "1"]))
                == "UNIQUE constraint failed: notification.delivery_id")
        try RawDatabase.execute(open.path, BadRow.insert(into: "quarantine"))
        #expect(
            try refusal(of: BadRow.insert(into: "quarantine"))
                == "UNIQUE constraint failed: quarantine.account_id, quarantine.hash")
    }

    @Test func `the first epoch has an identifier, different for each file`() throws {
        let own = try open.store.epoch()
        #expect(own.utf8.count == 16)
        let other = try OpenStore()
        #expect(try other.store.epoch() != own)
        try RawDatabase.execute(open.path, BadRow.insert(into: "epoch"))
        #expect(try open.store.epoch() == "0011223344556677")
    }
}
