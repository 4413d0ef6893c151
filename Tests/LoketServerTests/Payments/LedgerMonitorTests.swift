// A database that a disk has damaged: the service starts, continues, and reports the damage.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

struct LedgerWatchTests {
    /// A service that has recorded three payments and stopped.
    private func withPayments(_ body: (String, RunningService.Again) async throws -> Void)
        async throws
    {
        try await withFolder { folder in
            try await withTill(in: folder) { service in
                for place in 1...3 {
                    try service.seed([.sample("8896511000000\(place)", "INV-\(place)")])
                    try await service.pay(
                        Till.notice("INV-\(place)", code: "8896511000000\(place)"))
                }
                let ready = try await service.admin.get("/ready")
                #expect(ready.status == 200, "\(ready.text)")
            }
            try await body(folder.file("loket.db")) { again in
                try await withTill(in: folder, { _ in }, again)
            }
        }
    }

    private static let damages = [
        "UPDATE delivery SET body = x'7b7d' WHERE id = 2",
        "UPDATE delivery SET received_at = received_at + 1 WHERE id = 2",
        "UPDATE delivery SET hash = zeroblob(32) WHERE id = 2",
        "UPDATE delivery SET source = 'unknown' WHERE id = 2",
        "UPDATE delivery SET request_id = 'x' WHERE id = 2",
    ]

    @Test func `/ready names a damaged row, and payments are still accepted`() async throws {
        for damage in Self.damages {
            try await withPayments { database, again in
                try ForeignHand.damage(database, damage)
                try await again { service in
                    let ready = try await service.admin.get("/ready")
                    #expect(ready.status == 503, "\(damage)")
                    #expect(ready.text.contains("notification 2 of the ledger"), "\(ready.text)")
                    #expect(!ready.text.contains("notification 1 of the ledger"), "\(damage)")
                    #expect(service.log.text.contains("notification 2 of the ledger"))
                    let answer = try await service.notify(Till.notice("INV-9"))
                    #expect(answer.status == 200, "\(damage)")
                    let health = try await service.ask(
                        DokuRequest(method: "GET", target: "/health", headers: [], body: []))
                    #expect(health.status == 200, "\(damage)")
                }
            }
        }
    }

    @Test func `a payment's damaged row is reported and hides no other`() async throws {
        try await withPayments { database, again in
            try ForeignHand.damage(database, "UPDATE payment SET amount = 950000 WHERE id = 2")
            try await again { service in
                let shown = try await service.admin.get("/admin/v1/payments/2")
                try expectProblem(shown, 500, "payment_damaged")
                let other = try await service.admin.get("/admin/v1/payments/3")
                #expect(other.status == 200)
                // Money for the same number is recorded in spite of the damage.
                let answer = try await service.notify(
                    Till.notice("INV-2", code: "88965110000002", transaction: "9"))
                #expect(answer.status == 200)
                let ready = try await service.admin.get("/ready")
                #expect(ready.status == 200)
                #expect(ready.text.contains("damaged_data"), "\(ready.text)")
            }
        }
    }

    @Test func `money for a bill whose row is damaged waits for a decision`() async throws {
        try await withFolder { folder in
            try await withTill(in: folder) { service in
                try service.seed([.sample(Till.code, "INV-1")])
            }
            try ForeignHand.damage(
                folder.file("loket.db"), "UPDATE bill SET amount = 950000 WHERE id = 1")
            try await withTill(in: folder) { service in
                let payment = try await service.pay(Till.notice())
                #expect(payment?["standing"]?.string == "unmatched")
                #expect(payment?["flags"]?.elements.map(\.string) == ["bill_damaged"])
                #expect(payment?["bill_id"]?.string == "1")
                #expect(payment?["needs_attention"]?.bool == true)
                let shown = try await service.admin.get("/admin/v1/bills/1")
                try expectProblem(shown, 500, "bill_damaged")
                try await expectTotalsAgree(service, count: 1, amount: 150_000)
            }
        }
    }
}

extension RunningService {
    /// Starts a service on the same folder again.
    typealias Again = (_ body: (RunningService) async throws -> Void) async throws -> Void
}
