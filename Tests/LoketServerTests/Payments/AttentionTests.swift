// Notifications that fit neither a bill nor a payment: listed, reported, resolved.

import DokuSimulator
import LoketCore
import Testing

struct AttentionTests {
    @Test func `a reversal after a settlement is listed until it is resolved`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice())
            try await service.pay(Till.notice { $0.status = "PENDING" })
            #expect(try await service.items("/admin/v1/attention").isEmpty)
            try await service.pay(Till.notice { $0.status = "REFUNDED" })

            let open = "/admin/v1/attention?resolved=false"
            let entry = try #require(try await service.items(open).first)
            #expect(entry["kind"]?.string == "unknown_status")
            #expect(entry["status"]?.string == "REFUNDED")
            #expect(entry["invoice_number"]?.string == "INV-1")
            #expect(entry["payment_code"]?.string == Till.code)
            #expect(entry["amount"]?.integer == 150_000)
            #expect(entry["date"]?.string?.hasSuffix("Z") == true)
            #expect(entry["payment_id"]?.string == "1")
            #expect(entry["notification_id"]?.string == "3")
            #expect(entry["account"]?.string == Shop.clientID)
            #expect(entry["resolution"]?.isNull == true)
            let event = try #require(try await service.items("/admin/v1/events").last)
            #expect(event["type"]?.string == "attention.raised")
            #expect(event["attention"]?["id"]?.string == entry["id"]?.string)
            #expect(event["attention"]?["kind"]?.string == "unknown_status")
            #expect(event["payment"]?["id"]?.string == "1")
            #expect(event["notification_id"]?.string == "3")
            #expect(event["ledger"]?["number"]?.string == "3")
            #expect(try await service.state() == "paid")

            let resolve = "/admin/v1/attention/\(entry["id"]?.string ?? "")/resolve"
            for _ in 0..<2 {
                let answer = try await service.admin.post(resolve, #"{"note":"seen"}"#)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(try answer.json()["resolution"]?["note"]?.string == "seen")
            }
            #expect(try await service.items(open).isEmpty)
            let resolved = try await service.items("/admin/v1/attention?resolved=true")
            #expect(resolved.map { $0["resolution"]?["actor"]?.string } == ["first"])
            #expect(try await service.events().filter { $0 == "attention.resolved" }.count == 1)
        }
    }
}
