// Deliveries of a running service to receivers on this machine: the order, the content, and that
// one receiver delays no other.

import DokuSimulator
import LoketCore
import LoketRuntime
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct WebhookDeliveryTests {
    @Test func `events are sent in order, each signed and named`() async throws {
        try await withReceiver { service, receiver in
            try await service.addBills(1...1)
            let secret = try await service.addWebhook(receiver.url)
            try await service.addBills(2...6)
            try await eventually { receiver.messages.count == 5 }
            #expect(receiver.ids == Array(try await service.eventIDs().dropFirst()))
            let key = try #require(WebhookSecret(secret))
            for message in receiver.messages {
                let copy = WebhookMessage(id: message.id, body: message.body)
                let at = Moment(milliseconds: message.timestamp * 1000)
                let headers = copy.headers(at: at, secrets: [key])
                #expect(message.signatures.map(String.init) == [headers.last?.value])
                #expect(message.type == "bill.created")
                #expect(message.json?["data"]?["id"]?.string == message.id)
                #expect(message.json?["timestamp"]?.string == message.json?["data"]?["at"]?.string)
            }
            try await eventually {
                try await service.webhook()["last_event"]?.string == receiver.ids.last
            }
            let attempt = try await service.webhook()["last_attempt"]
            #expect(attempt?["status"]?.integer == 204 && attempt?["error"]?.isNull == true)
        }
    }

    @Test func `a payment needs no second request, and a forgotten customer is null`() async throws
    {
        try await withReceiver { service, receiver in
            try service.seed([
                .sample(Till.code, "INV-1") { $0.metadata = #"{"class":"7B"}"# }
            ])
            try await service.addWebhook(receiver.url, #","types":["payment.settled"]"#)
            try await service.pay(Till.notice(transaction: "1246"))
            try await eventually { receiver.messages.count == 1 }
            let shown = try #require(try await service.payments().first)
            let payment = try #require(receiver.messages.first?.json?["data"]?["payment"])
            for (sent, stored) in [
                ("channel", "channel"), ("store", "store"), ("transaction_id", "transaction_id"),
                ("paid_at", "dated_at"), ("customer", "customer"),
                ("bill_invoice_number", "bill_invoice_number"), ("amount", "amount"),
            ] {
                #expect(payment.member(sent)?.minified == shown.member(stored)?.minified, "\(sent)")
                #expect(payment.member(sent)?.isNull == false, "\(sent)")
            }
            #expect(payment["customer"]?.string == "Anton Budiman")
            #expect(payment["metadata"]?["class"]?.string == "7B")

            let forgotten = try await service.admin.post("/admin/v1/bills/1/forget", "{}")
            #expect(forgotten.status == 200)
            try await service.act("replay", "1", #"{"since":"2020-01-01"}"#)
            try await eventually { receiver.messages.count == 2 }
            #expect(receiver.ids[0] == receiver.ids[1])
            let again = receiver.messages[1].json?["data"]?["payment"]
            for name in [
                "customer", "metadata", "channel", "store", "transaction_id", "paid_at",
            ] {
                #expect(again?.member(name)?.isNull == true, "\(name)")
            }
            #expect(again?["bill_invoice_number"]?.string == "INV-1")
        }
    }

    @Test func `a slow receiver delays no other, and neither does one that is gone`() async throws {
        try await withReceiver { service, receiver in
            let slow = try await WebhookReceiver.start { _ in nil }
            let gone = try await WebhookReceiver.start { _ in 410 }
            for url in [slow.url, gone.url, receiver.url] { try await service.addWebhook(url) }
            try await service.addBills(1...20)
            try await eventually { receiver.messages.count == 20 }
            #expect(Set(slow.ids).count == 1)
            try await eventually { try await service.webhook("2")["state"]?.string == "off" }
            #expect(gone.messages.count == 1)
            #expect(try await service.webhook("2")["off_reason"]?.string == "gone")
            try await slow.stop()
            try await gone.stop()
        }
    }

    @Test func `a webhook of one account gets that account's events of its types`() async throws {
        try await withReceiver { service, receiver in
            try await service.addWebhook(
                receiver.url + "/own",
                #","account":"\#(Shop.neighbourID)","types":["bill.created","bill.cancelled"]"#)
            try await service.addBills(1...2)
            let bill = BillJSON("7777700000001", "N-1").with("account", "\"\(Shop.neighbourID)\"")
            #expect(try await service.admin.post("/admin/v1/bills", bill.text).status == 201)
            let cancelled = try await service.admin.post("/admin/v1/bills/3/cancel", "{}")
            #expect(cancelled.status == 200)
            _ = try await service.admin.post("/admin/v1/pause", #"{"reason":"a finding"}"#)
            await service.look()
            try await eventually { receiver.messages.count == 2 }
            #expect(receiver.types == ["bill.created", "bill.cancelled"])
            let accounts = receiver.messages.map { $0.json?["data"]?["account"]?.string }
            #expect(accounts == [Shop.neighbourID, Shop.neighbourID])
        }
    }

    // MARK: Refused events

    @Test func `a refused event is sent again with its id, and then the next`() async throws {
        try await withReceiver(answer: { _ in 500 }) { service, receiver in
            try await service.addWebhook(receiver.url)
            try await service.addBills(1...2)
            // The second attempt is at once, the third 5 s later.
            try await eventually { receiver.messages.count >= 2 }
            try await eventually {
                try await service.webhook()["failing"]?["attempts"]?.integer ?? 0 >= 2
            }
            #expect(Set(receiver.ids).count == 1)
            let shown = try await service.webhook()
            #expect(shown["last_attempt"]?["status"]?.integer == 500)
            #expect(shown["failing"]?["event"]?.string == receiver.ids.first)
            receiver.answers { _ in 200 }
            service.clock.goOn(minutes: 10)
            let ids = try await service.eventIDs()
            try await eventually { receiver.ids.last == ids[1] }
            #expect(Set(receiver.ids.dropLast()) == [ids[0]])
            try await eventually { try await service.webhook()["failing"]?.isNull == true }
        }
    }

    @Test func `an event that is refused for a day is skipped, listed and a finding`() async throws
    {
        try await withReceiver(answer: { message in
            message.json?["data"]?["bill"]?["id"]?.string == "1" ? 422 : 200
        }) { service, receiver in
            try await service.addWebhook(receiver.url)
            try await service.addBills(1...2)
            // The clock goes on only when an answer's time is stored.
            func storedAttempts(_ count: Int64) async throws {
                try await eventually {
                    try await service.webhook()["failing"]?["attempts"]?.integer == count
                }
            }
            try await storedAttempts(2)
            #expect(try await service.findingNames() == [])
            service.clock.goOn(hours: 1)
            for attempts in 3...15 as ClosedRange<Int64> {
                try await storedAttempts(attempts)
                // No attempt is late by more than an hour.
                service.clock.goOn(minutes: attempts < 5 ? 60 : 119)
                if attempts == 3 {
                    await service.look()
                    #expect(try await service.findingNames() == ["webhook_failing"])
                }
            }
            let ids = try await service.eventIDs()
            try await eventually { receiver.ids.contains(ids[1]) }
            let skipped = try await service.items("/admin/v1/webhooks/1/skipped")
            #expect(skipped.map { $0["event"]?.string } == [ids[0]])
            #expect(skipped.first?["status"]?.integer == 422)
            #expect(skipped.first?["attempts"]?.integer == 16)
            #expect(receiver.ids.filter { $0 == ids[0] }.count == 16)
            #expect(try await service.webhook()["skipped"]?.integer == 1)
            await service.look()
            #expect(try await service.findingNames() == ["webhook_failing"])
            service.clock.goOn(hours: 25)
            await service.look()
            #expect(try await service.findingNames() == [])
        }
    }

    @Test func `a refused event that is not selected any more is refused no longer`() async throws {
        try await withReceiver(answer: { _ in 500 }) { service, receiver in
            try await service.addWebhook(receiver.url)
            try await service.addBills(1...1)
            try await eventually { try await service.webhook()["failing"]?.isObject == true }
            let answer = try await service.admin.send(
                "PATCH", "/admin/v1/webhooks/1", body: Array(#"{"types":["bill.cancelled"]}"#.utf8))
            #expect(answer.status == 200, "\(answer.text)")
            try await eventually { try await service.webhook()["failing"]?.isNull == true }
        }
    }

    @Test func `a missing secret is shown, and a new one ends it`() async throws {
        try await withReceiver { service, receiver in
            try await service.addWebhook(receiver.url)
            try service.service.runtime.webhooks.secrets.remove(
                try #require(try await service.store.webhook(id: 1)).secretName)
            try await service.addBills(1...1)
            try await eventually {
                try await service.webhook()["last_attempt"]?["error"]?.string?
                    .hasPrefix("the secret is missing in") == true
            }
            #expect(try await service.webhook()["secrets"]?.integer == 0)
            try await service.act("rotate-secret")
            try await eventually { receiver.messages.count == 1 }
        }
    }
}
