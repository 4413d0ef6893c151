// The alert: what is sent where, how often it is retried, and that nothing waits for it.

import DokuSimulator
import Foundation
import LoketCore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct AlarmTests {
    private func pause(_ service: RunningService) async throws {
        let answer = try await service.admin.post("/admin/v1/pause", #"{"reason":"Rahasia"}"#)
        #expect(answer.status == 200)
        await service.look()
    }

    @Test func `the alert says what is wrong and what to do, without names`() async throws {
        let receiver = try await AlertReceiver.start()
        try await withTill({ $0.alerts.url = receiver.url }) { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice(amount: 5))
            try await pause(service)
            try await eventually { receiver.texts.count == 2 }
            let text = receiver.texts.joined(separator: "\n")
            #expect(text.contains("loket: payments_to_decide\n"), "\(text)")
            #expect(text.contains("Next: loket resume"), "\(text)")
            for secret in [Till.code, "INV-1", "Anton", "Rahasia", Shop.clientID, "150000"] {
                #expect(!text.contains(secret), "\(secret): \(text)")
            }
        }
        try await receiver.stop()
    }

    @Test func `a failed alert is sent again, and nothing waits for it`() async throws {
        let receiver = try await AlertReceiver.start(failures: 1)
        try await withTill({ $0.alerts.url = receiver.url }) { service in
            try await pause(service)
            #expect(try await service.ask(Till.inquirer.inquiry(Till.code)).status == 400)
            try await eventually { receiver.requests == 1 }
            try await eventually { receiver.texts.count == 1 }
            #expect(receiver.requests == 2)
            let lines = service.log.lines(
                "an alert was not delivered: the webhook answered HTTP 500")
            #expect(lines.count == 1)
            // The path is a secret of the receiver.
            #expect(!service.log.text.contains("services/T1"))
        }
        try await receiver.stop()
    }

    /// Nothing listens on the receiver's port any more.
    @Test func `a receiver that is gone delays nothing`() async throws {
        let receiver = try await AlertReceiver.start()
        let url = receiver.url
        try await receiver.stop()
        try await withTill({ $0.alerts.url = url }) { service in
            try await pause(service)
            #expect(try await service.findingNames() == ["paused"])
            try await eventually { service.log.text.contains("not delivered: connection refused") }
            #expect(try await service.admin.get("/ready").status == 200)
        }
    }

    @Test(arguments: [
        ("https://hooks.example/services/T1/B2?k=3", true), ("http://127.0.0.1:9000/", true),
        ("http://localhost/x", true), ("", true), ("http://hooks.example/", false),
        ("ftp://hooks.example/", false), ("hooks.example", false),
        ("https://user:pw@hooks.example/", false), ("https://hooks.example/#x", false),
    ])
    func `an alert URL must be https or on this machine`(_ url: String, _ isRight: Bool) {
        let yaml = SettingsDraft.account + "alerts: { url: \"\(url)\", silence_hours: 24 }\n"
        let alerts = try? SettingsDraft.settings(yaml).alerts
        #expect((alerts?.url == url) == isRight)
        #expect((alerts?.silenceHours == 24) == isRight)
    }
}
