// What operators do with webhooks, and what stays over a restart and a restore.

import Foundation
import LoketCore
import LoketRuntime
import LoketStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct WebhookOperatorTests {
    @Test func `a paused webhook gets what it missed once it is resumed`() async throws {
        try await withReceiver { service, receiver in
            try await service.addWebhook(receiver.url)
            try await service.act("pause")
            try await service.addBills(1...3)
            #expect(try await service.webhook()["off_reason"]?.string == "operator")
            try await service.act("resume")
            try await eventually { receiver.messages.count == 3 }
            #expect(receiver.ids == (try await service.eventIDs()))
        }
    }

    @Test func `a replay sends the same ids from an event or a time on`() async throws {
        try await withReceiver { service, receiver in
            try await service.addWebhook(receiver.url)
            try await service.addBills(1...3)
            try await eventually { receiver.messages.count == 3 }
            let ids = receiver.ids
            try await eventually { try await service.webhook()["last_event"]?.string == ids.last }
            let later = try await service.admin.post(
                "/admin/v1/webhooks/1/replay", #"{"since":"2999-01-01"}"#)
            #expect(later.status == 422, "\(later.text)")
            #expect(later.text.contains("must not be later than now"))
            try await service.act("replay", "1", #"{"event":"\#(ids[1])"}"#)
            try await eventually { receiver.messages.count == 5 }
            try await service.act("replay", "1", #"{"since":"2020-01-01T00:00:00Z"}"#)
            try await eventually { receiver.messages.count == 8 }
            #expect(receiver.ids == ids + ids[1...] + ids)
        }
    }

    @Test func `two secrets sign until the old one is dropped`() async throws {
        try await withReceiver { service, receiver in
            let first = try await service.addWebhook(receiver.url)
            let second = try await service.act("rotate-secret")["secret"]?.string
            #expect(second != nil && second != first)
            try await service.addBills(1...1)
            try await eventually { receiver.messages.count == 1 }
            #expect(receiver.messages.last?.signatures.count == 2)
            let dropped = try await service.act("drop-old-secret")
            #expect(dropped["secrets"]?.integer == 1 && dropped["secret"] == nil)
            try await service.addBills(2...2)
            try await eventually { receiver.messages.count == 2 }
            #expect(receiver.messages.last?.signatures.count == 1)
            #expect(!service.log.text.contains("whsec_"))
        }
    }

    @Test func `a test message is sent at once and changes nothing`() async throws {
        try await withReceiver { service, receiver in
            try await service.addWebhook(receiver.url)
            try await service.act("pause")
            let answer = try await service.act("test")
            #expect(answer["delivered"]?.bool == true && answer["status"]?.integer == 204)
            #expect(receiver.types == ["webhook.test"])
            #expect(receiver.ids.first?.hasPrefix("test-") == true)
            receiver.answers { _ in 503 }
            let refused = try await service.act("test")
            #expect(refused["delivered"]?.bool == false)
            #expect(refused["error"]?.string == "HTTP 503")
            #expect(try await service.webhook()["last_attempt"]?.isNull == true)
        }
    }

    @Test func `an edit changes the URL and the types, and a removal ends it`() async throws {
        try await withReceiver { service, receiver in
            try await service.addWebhook("http://127.0.0.1:1/")
            let answer = try await service.admin.send(
                "PATCH", "/admin/v1/webhooks/1",
                body: Array(
                    #"{"url":"\#(receiver.url)","types":["bill.cancelled"],"note":"ERP"}"#.utf8))
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.string("note") == "ERP")
            try await service.addBills(1...1)
            _ = try await service.admin.post("/admin/v1/bills/1/cancel", "{}")
            try await eventually { receiver.messages.count == 1 }
            #expect(receiver.types == ["bill.cancelled"])
            #expect(try await service.admin.delete("/admin/v1/webhooks/1").status == 200)
            try expectProblem(
                try await service.admin.get("/admin/v1/webhooks/1"), 404, "not_found")
            let path = service.folder.file("loket.db.webhook-secrets")
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "{}\n")
        }
    }

    // MARK: Restart and restore

    @Test func `a restart keeps the place, the refused event and its schedule`() async throws {
        let receiver = try await WebhookReceiver.start { $0.type == "bill.created" ? 500 : 200 }
        try await withFolder { folder in
            let allow: (inout Settings) -> Void = {
                $0.webhooks.allowPrivateAddresses = true
            }
            var since: String?
            try await withTill(in: folder, allow) { service in
                try await service.addWebhook(receiver.url)
                try await service.addBills(1...1)
                try await eventually {
                    try await service.webhook()["failing"]?["attempts"]?.integer ?? 0 >= 2
                }
                since = try await service.webhook()["failing"]?["since"]?.string
                #expect(since != nil)
            }
            try await withTill(in: folder, allow) { service in
                let shown = try await service.webhook()["failing"]
                #expect(shown?["since"]?.string == since)
                #expect(shown?["attempts"]?.integer ?? 0 >= 2)
                receiver.answers { _ in 200 }
                service.clock.goOn(minutes: 10)
                try await eventually { try await service.webhook()["failing"]?.isNull == true }
                #expect(Set(receiver.ids).count == 1)
            }
        }
        try await receiver.stop()
    }

    @Test func `after a restore nothing is sent until it is asked for, under new ids`()
        async throws
    {
        let receiver = try await WebhookReceiver.start()
        try await withFolder { folder in
            let copy = folder.file("copy.db")
            let allow: (inout Settings) -> Void = {
                $0.webhooks.allowPrivateAddresses = true
            }
            try await withTill({ allow(&$0) }) { service in
                try await service.addWebhook(receiver.url)
                try await service.addBills(1...2)
                try await eventually { receiver.messages.count == 2 }
                let backup = try await service.admin.post("/admin/v1/backup", "{}")
                try #require(backup.status == 200)
                #expect(!String(decoding: backup.body, as: UTF8.self).contains("whsec_"))
                try Data(backup.body).write(to: URL(fileURLWithPath: copy))
                for name in ["admin-key", "webhook-secrets"] {
                    try FileManager.default.copyItem(
                        atPath: service.folder.file("loket.db.\(name)"),
                        toPath: folder.file("loket.db.\(name)"))
                }
            }
            let restore = try Restore(copy, to: folder.file("loket.db"))
            try restore.finish(
                try restore.check(bins: [:]) { _, _ in (nil, .unreadable(nil)) }, now: .now)
            try await withTill(in: folder, allow) { service in
                #expect(try await service.webhook()["off_reason"]?.string == "restored")
                await service.look()
                #expect(try await service.findingNames().contains("webhook_failing"))
                try await service.addBills(3...3)
                try await service.act("resume")
                try await service.addBills(4...4)
                let ids = try await service.eventIDs()
                try await eventually { receiver.ids.last == ids.last }
                // Every event since the restore, also those of before the resume.
                #expect(receiver.ids.dropFirst(2) == ids.dropFirst(2))
                try await service.act("replay", "1", #"{"since":"2020-01-01"}"#)
                try await eventually { receiver.messages.count == 2 * ids.count }
                #expect(Array(receiver.ids.suffix(ids.count)) == ids)
                #expect(Set(ids).isDisjoint(with: receiver.ids.prefix(2)))
            }
        }
        try await receiver.stop()
    }
}
