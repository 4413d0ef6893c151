// The gateway's two addresses are swapped at DOKU: a notification at the inquiries' address is
// still recorded, and an inquiry at the notifications' address is not a payment.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

struct WrongAddressTests {
    @Test func `a notification sent to the inquiries' address is recorded and answered`()
        async throws
    {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let request = Till.inquirer.request(
                body: Till.notice().body, target: Shop.target, requestID: "swapped",
                timestamp: Moment.now.utcText)
            let answer = try await service.ask(request)
            #expect(answer.status == 200)
            #expect(Till.inquirer.signature(of: answer, to: request) == .verified)
            #expect(try await service.state() == "paid")
            let line = try #require(
                service.log.lines.first { $0.message.hasPrefix("a notification was sent to") })
            #expect(line.message.contains("register \(Till.target) for notifications"))
            #expect(line.text("request_id") == "swapped")
            // The age of the timestamp does not matter.
            let late = Till.inquirer.request(
                body: Till.notice("INV-2").body, target: Shop.target, requestID: "late",
                timestamp: "2020-01-01T00:00:00Z")
            #expect(try await service.ask(late).status == 200)
            #expect(try await service.payments().count == 2)
            // An unverified notification is quarantined.
            var forged = Till.forger.notification(Till.notice("INV-3").body)
            forged.target = Shop.target
            #expect(try await service.ask(forged).status == 401)
            try await eventually { try await service.items("/admin/v1/quarantine").count == 1 }
            // DOKU may send it again to either address.
            #expect(try await service.ask(request).status == 200)
            #expect(try await service.payments().count == 2)
        }
    }

    @Test func `an inquiry with additional fields is still an inquiry`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            for more in [#""order":{"amount":1},"#, #""transaction":{"status":"SUCCESS"},"#] {
                let asked = String(decoding: Till.inquirer.inquiry(Till.code).body, as: UTF8.self)
                let request = Till.inquirer.request(
                    body: Array(("{" + more + asked.dropFirst()).utf8), target: Shop.target,
                    requestID: Doku.newRequestID(), timestamp: Moment.now.utcText)
                let answer = try await service.ask(request)
                #expect(answer.status == 200)
                #expect(String(decoding: answer.body, as: UTF8.self).contains("INV-1"))
            }
            #expect(try await service.payments().isEmpty)
        }
    }

    @Test func `an inquiry sent to the notifications' address is not a payment`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            for place in 0..<5 {
                let body = Till.inquirer.inquiry(Till.code).body
                let request = Till.doku.notification(body, requestID: "swapped-\(place)")
                #expect(try await service.ask(request).status == 404)
            }
            #expect(try await service.payments().isEmpty)
            #expect(try await service.items("/admin/v1/notifications").isEmpty)
            await service.look()
            let finding = try await service.expectEverywhere(.everybodyRefused, .refusingEverybody)
            #expect(finding?["request_id"]?.string == "swapped-4")
            let line = try #require(
                service.log.lines.first { $0.message.hasPrefix("a signed inquiry was sent to") })
            #expect(line.message.contains("send inquiries to \(Shop.target)"))
            let why = try await service.why("swapped-4")
            #expect(why["answer"]?["http_status"]?.integer == 404)
            // A body that may be money is recorded, whatever it looks like.
            let odd = Till.doku.notification(Array(#"{"order":{"amount":5}}"#.utf8))
            #expect(try await service.ask(odd).status == 200)
        }
    }
}
