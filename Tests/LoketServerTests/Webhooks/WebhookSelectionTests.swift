// Which events a running service sends to a webhook whose types were changed, and what it does with
// events and payments that cannot be read.

import DokuSimulator
import LoketCore
import LoketRuntime
import LoketStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct WebhookSelectionTests {
    private func setTypes(_ types: String, of service: RunningService) async throws {
        let answer = try await service.admin.send(
            "PATCH", "/admin/v1/webhooks/1", body: Array(#"{"types":\#(types)}"#.utf8))
        #expect(answer.status == 200, "\(answer.text)")
    }

    private func damage(_ update: String, of service: RunningService) throws {
        try ForeignHand.damage(service.folder.file("loket.db"), update)
    }

    // MARK: Types

    @Test(arguments: ["null", #"["bill.created"]"#])
    func `a type that is added sends nothing of before`(_ types: String) async throws {
        try await withReceiver { service, receiver in
            try await service.addWebhook(receiver.url, #","types":["bill.cancelled"]"#)
            try await service.addBills(1...2)
            try await setTypes(types, of: service)
            try await service.addBills(3...3)
            let ids = try await service.eventIDs()
            try await eventually { receiver.ids.last == ids.last }
            #expect(receiver.ids == Array(ids.suffix(1)))
        }
    }

    @Test func `what waits is sent after a type is added, and so is what was asked for`()
        async throws
    {
        try await withReceiver { service, receiver in
            try await service.addWebhook(receiver.url, #","types":["bill.cancelled"]"#)
            try await service.act("pause")
            try await service.addBills(1...2)
            let cancelled = try await service.admin.post("/admin/v1/bills/1/cancel", "{}")
            #expect(cancelled.status == 200)
            try await setTypes("null", of: service)
            #expect(try await service.webhook()["types"]?.isNull == true)
            try await service.addBills(3...3)
            try await service.act("resume")
            let ids = try await service.eventIDs()
            try #require(ids.count == 4)
            try await eventually { receiver.ids.last == ids.last }
            #expect(receiver.ids == Array(ids.suffix(2)))
            try await service.act("replay", "1", #"{"event":"\#(ids[0])"}"#)
            try await eventually { receiver.messages.count == 6 }
            #expect(Array(receiver.ids.suffix(4)) == ids)
        }
    }

    // MARK: Damage

    @Test(arguments: ["", #","types":["bill.created"]"#])
    func `a damaged event is skipped, listed with its reason and a finding`(_ types: String)
        async throws
    {
        try await withReceiver { service, receiver in
            try await service.addWebhook(receiver.url, types)
            try await service.act("pause")
            try await service.addBills(1...3)
            let damaged = try await service.eventIDs()[1]
            try damage("UPDATE event SET type = 'bill.createe' WHERE id = 2", of: service)
            try await service.act("resume")
            try await eventually { receiver.messages.count == 2 }
            #expect(receiver.ids == (try await service.eventIDs()))
            let skipped = try await service.items("/admin/v1/webhooks/1/skipped")
            #expect(skipped.map { $0["event"]?.string } == [damaged])
            #expect(skipped.first?["attempts"]?.integer == 0)
            #expect(skipped.first?["status"]?.isNull == true)
            let fault = StoreFault.damagedRow(table: "event", row: 2)
            #expect(skipped.first?["error"]?.string == "\(fault)")
            #expect(service.log.text.contains("event \(damaged) is skipped: \(fault)"))
            await service.look()
            #expect(try await service.findingNames().contains("webhook_failing"))
        }
    }

    @Test func `an event whose payment is damaged is skipped, and sent again on request`()
        async throws
    {
        try await withReceiver { service, receiver in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.addWebhook(receiver.url, #","types":["payment.settled"]"#)
            try await service.act("pause")
            try await service.pay(Till.notice())
            try damage("UPDATE payment SET amount = 950000 WHERE id = 1", of: service)
            try await service.act("resume")
            let skipped = try await eventually {
                try await service.items("/admin/v1/webhooks/1/skipped").first
            }
            #expect(skipped["attempts"]?.integer == 0)
            #expect(skipped["error"]?.string == "\(StoreFault.damagedPayment(id: 1))")
            #expect(receiver.messages.isEmpty)
            try damage("UPDATE payment SET amount = 150000 WHERE id = 1", of: service)
            let event = try #require(skipped["event"]?.string)
            try await service.act("replay", "1", #"{"event":"\#(event)"}"#)
            try await eventually { receiver.messages.count == 1 }
            let payment = receiver.messages.first?.json?["data"]?["payment"]
            #expect(payment?["customer"]?.string == "Anton Budiman")
            #expect(payment?["paid_at"]?.isNull == false)
        }
    }
}
