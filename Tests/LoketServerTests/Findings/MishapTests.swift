// Mishaps, each caused on a running service, and what every outlet then reports: the status,
// /ready, the metrics, the log, the events and the alert. A set clock lets hours pass.

import DokuSimulator
import Foundation
import LoketCore
import LoketRuntime
import LoketStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct MishapTests {
    private static let stranger = Doku(
        clientID: "MCH-9", secret: Array("SK-of-nobody-at-all".utf8),
        signedTarget: Shop.signedTarget)

    private struct Mishap: Sendable {
        let name: String
        let kind: FindingKind
        var state = ServiceState.needsYou
        /// Words of the finding's sentence.
        let words: String
        var settings: @Sendable (inout Settings) -> Void = { _ in }
        var isThereAtStart = false
        var journalCapacity = Limits.journalQueueMax
        /// Other findings that the mishap causes.
        var beside: Set<FindingKind> = []
        let cause: @Sendable (RunningService) async throws -> Void
        /// Nil: the mishap does not end while the service runs.
        var fix: (@Sendable (RunningService) async throws -> Void)?
    }

    /// Sends five inquiries, the fewest in an hour in which customers pay.
    private static func fiveTimes(
        _ change: @escaping @Sendable (Int) -> DokuRequest
    ) -> @Sendable (RunningService) async throws -> Void {
        { service in
            for place in 0..<5 { _ = try await service.ask(change(place)) }
        }
    }

    private static let verified: @Sendable (RunningService) async throws -> Void = { service in
        let answer = try await service.ask(Till.inquirer.inquiry(Till.code))
        #expect(answer.status == 404)
    }

    /// Requests to the wrong path count for ten minutes, because nothing verifies there.
    private static let rightPath: @Sendable (RunningService) async throws -> Void = { service in
        try await verified(service)
        await service.look()
        service.clock.goOn(minutes: 11)
    }

    private static let refused = [
        Mishap(
            name: "the secret key is wrong", kind: .everybodyRefused, state: .refusingEverybody,
            words: "the signature is wrong",
            cause: fiveTimes { _ in Shop.forger.inquiry(Till.code) }, fix: verified),
        Mishap(
            name: "a proxy changes the body", kind: .everybodyRefused, state: .refusingEverybody,
            words: "a proxy changes the body",
            cause: fiveTimes { _ in
                var request = Till.inquirer.inquiry(Till.code)
                request.body.append(0x20)
                return request
            }, fix: verified),
        Mishap(
            name: "another path is registered", kind: .everybodyRefused,
            state: .refusingEverybody, words: "the gateway does not have the path",
            cause: fiveTimes { _ in
                var request = Till.inquirer.inquiry(Till.code)
                request.target = "/api/doku/inquiry"
                return request
            }, fix: rightPath),
        Mishap(
            name: "a slash too many", kind: .everybodyRefused, state: .refusingEverybody,
            words: "the gateway does not have the path",
            cause: fiveTimes { _ in
                var request = Till.inquirer.inquiry(Till.code)
                request.target += "/"
                return request
            }, fix: rightPath),
        Mishap(
            name: "the proxy drops the signature", kind: .everybodyRefused,
            state: .refusingEverybody, words: "headers is missing",
            cause: fiveTimes { _ in
                var request = Till.inquirer.inquiry(Till.code)
                request.headers.removeAll { $0.name == "Signature" }
                return request
            }, fix: verified),
        Mishap(
            name: "the Client-Id is another's", kind: .everybodyRefused,
            words: "the sender is not DOKU",
            cause: fiveTimes { _ in stranger.inquiry(Till.code) }, fix: verified),
    ]

    private static func pay(
        _ notice: PaymentNotice
    ) -> @Sendable (RunningService) async throws -> Void {
        { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(notice)
        }
    }

    private static let dismiss: @Sendable (RunningService) async throws -> Void = { service in
        for payment in try await service.payments("?needs_attention=true") {
            let id = try #require(payment["id"]?.string)
            let answer = try await service.resolve(id, #"{"action":"dismiss"}"#)
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    private static let paid = [
        Mishap(
            name: "too little is paid", kind: .paymentsToDecide, words: "1 payment needs",
            cause: pay(Till.notice(amount: 5)), fix: dismiss),
        Mishap(
            name: "it is paid twice", kind: .paymentsToDecide, words: "1 payment needs",
            cause: { service in
                try await pay(Till.notice(transaction: "1"))(service)
                try await service.pay(Till.notice(transaction: "2"))
            }, fix: dismiss),
        Mishap(
            name: "a cancelled bill is paid", kind: .paymentsToDecide, words: "1 payment needs",
            cause: { service in
                try service.seed([.sample(Till.code, "INV-1")])
                _ = try await service.admin.post("/admin/v1/bills/1/cancel", "{}")
                try await service.pay(Till.notice())
            }, fix: dismiss),
        Mishap(
            name: "an unknown number is paid", kind: .paymentsToDecide, words: "1 payment needs",
            cause: pay(Till.notice("INV-404")), fix: dismiss),
        Mishap(
            name: "a status that nobody knows", kind: .attentionList, words: "1 notification needs",
            cause: pay(Till.notice { $0.status = "REFUNDED" }),
            fix: { service in
                let answer = try await service.admin.post(
                    "/admin/v1/attention/1/resolve", "{}")
                #expect(answer.status == 200, "\(answer.text)")
            }),
        Mishap(
            name: "a payment goes to quarantine", kind: .quarantine, words: "may report payments",
            cause: { service in
                let answer = try await service.notify(Till.notice(), by: Till.withSlash)
                #expect(answer.status == 401)
                try await eventually {
                    try await service.items("/admin/v1/quarantine").count == 1
                }
            }),
        Mishap(
            name: "a payment that nothing explains", kind: .quarantine,
            words: "the sender is not DOKU",
            cause: { service in
                _ = try await service.notify(Till.notice(), by: Till.forger)
                try await eventually {
                    try await service.items("/admin/v1/quarantine").count == 1
                }
            }),
    ]

    @Test(arguments: (refused + paid).map(\.name))
    func `a mishap of DOKU's requests is reported everywhere, and so is its end`(
        _ name: String
    ) async throws {
        try await expect(try #require((Self.refused + Self.paid).first { $0.name == name }))
    }

    private func expect(_ mishap: Mishap) async throws {
        let receiver = try await AlertReceiver.start()
        try await withTill(
            journalCapacity: mishap.journalCapacity,
            {
                mishap.settings(&$0)
                $0.alerts.url = receiver.url
            }
        ) { service in
            if !mishap.isThereAtStart {
                await service.look()
                #expect(try await service.findingNames() == [])
            }
            try await mishap.cause(service)
            await service.look()
            let finding = try await service.expectEverywhere(
                mishap.kind, mishap.state, beside: mishap.beside, at: receiver)
            let sentence = finding?["sentence"]?.string ?? ""
            #expect(sentence.contains(mishap.words), "\(sentence)")
            let shows = [FindingKind.everybodyRefused, .clockOff].contains(mishap.kind)
            #expect(!shows || finding?["request_id"]?.string != nil)
            guard let fix = mishap.fix else { return }
            try await fix(service)
            await service.look()
            try await service.expectOver(mishap.kind, at: receiver)
            #expect(try await service.admin.get("/ready").json()["state"]?.string == "open")
        }
        try await receiver.stop()
    }

    /// Sends inquiries, and waits until the journal has them.
    private static func ask(
        _ service: RunningService, _ count: Int, hoursAgo hours: Int64, status: Int = 404
    ) async throws {
        let path = "/admin/v1/inquiries?limit=1000"
        let before = try await service.items(path).count
        let sent = service.clock.now.adding(milliseconds: -hours * 3_600_000)
        for _ in 0..<count {
            let answer = try await service.ask(Till.inquirer.inquiry(Till.code, at: sent))
            #expect(answer.status == status)
        }
        try await eventually { try await service.items(path).count == before + count }
    }

    private static let machine = [
        Mishap(
            name: "it is paused", kind: .paused, state: .paused, words: "are paused and declined",
            cause: { service in
                let answer = try await service.admin.post(
                    "/admin/v1/pause", #"{"reason":"test"}"#)
                #expect(answer.status == 200)
            },
            fix: { service in
                let answer = try await service.admin.post("/admin/v1/resume", "{}")
                #expect(answer.status == 200)
            }),
        Mishap(
            name: "the clock is 7 hours off", kind: .clockOff, words: "7 h",
            // The settings allow a larger difference.
            settings: { $0.limits.timestampSeconds = 86_400 },
            cause: { try await ask($0, 5, hoursAgo: 7) },
            fix: { try await ask($0, 10, hoursAgo: 0) }),
        Mishap(
            name: "the clock is 7 hours off, and an hour is allowed", kind: .everybodyRefused,
            state: .refusingEverybody, words: "the time of the request is too far",
            beside: [.clockOff],
            cause: { try await ask($0, 5, hoursAgo: 7, status: 401) },
            fix: { try await ask($0, 10, hoursAgo: 0) }),
        Mishap(
            name: "the disk is nearly full", kind: .diskLow, words: "MiB free",
            settings: { $0.limits.diskReserveBytes = .max / 4 }, isThereAtStart: true,
            cause: { _ in }),
        Mishap(
            name: "a damaged bill is asked for", kind: .damagedData,
            words: "bill 1 does not match the checksum",
            cause: { service in
                try service.seed([.sample(Till.code, "INV-1")])
                try ForeignHand.run(
                    service.folder.file("loket.db"), "UPDATE bill SET amount = 9 WHERE id = 1")
                let answer = try await service.ask(Till.inquirer.inquiry(Till.code))
                #expect(answer.status == 400)
            },
            fix: { service in
                let answer = try await service.admin.post("/admin/v1/bills/1/cancel", "{}")
                #expect(answer.status == 200, "\(answer.text)")
            }),
        Mishap(
            name: "the daily check finds a damaged row", kind: .damagedData,
            words: "CHECK constraint failed in bill",
            cause: { service in
                try service.seed([.sample(Till.code, "INV-1")])
                try ForeignHand.damage(
                    service.folder.file("loket.db"), "UPDATE bill SET amount = -9 WHERE id = 1")
                try await service.service.runtime.pages.walk()
            },
            fix: { service in
                try ForeignHand.run(
                    service.folder.file("loket.db"),
                    "UPDATE bill SET amount = 150000 WHERE id = 1")
                try await service.service.runtime.pages.walk()
            }),
        Mishap(
            name: "the journal is full", kind: .journalLost, words: "missing from the journal",
            journalCapacity: 4,
            cause: { service in
                let holder = try ForeignHand(holding: service.folder.file("loket.db"))
                // The writer may have taken some entries out of the queue.
                for _ in 0..<10 {
                    let answer = try await service.ask(Till.inquirer.inquiry(Till.code))
                    #expect(answer.status == 404)
                }
                try holder.letGo()
                try await eventually { try await service.admin.get("/ready").status == 200 }
            },
            // A loss is a finding for an hour.
            fix: { service in service.clock.goOn(hours: 2) }),
        Mishap(
            name: "nobody asks for a day", kind: .nobodyAsks, words: "24 hours",
            settings: { $0.alerts.silenceHours = 24 },
            cause: { service in service.clock.goOn(hours: 25) },
            fix: { try await ask($0, 1, hoursAgo: 0) }),
        Mishap(
            name: "the last backup is old", kind: .backupOld, words: "9 days ago",
            cause: { service in
                let answer = try await service.admin.post("/admin/v1/backup", "{}")
                #expect(answer.status == 200)
                service.clock.goOn(hours: 9 * 24 + 1)
            },
            fix: { service in
                // A new backup would have the wall clock's time, so the set clock goes back.
                service.clock.goOn(hours: -9 * 24 - 1)
            }),
    ]

    private static let webhooks = [
        Mishap(
            name: "a webhook is gone", kind: .webhookFailing, words: "webhook 1 answered 410",
            settings: { $0.webhooks.allowPrivateAddresses = true },
            cause: { service in
                let receiver = try await WebhookReceiver.start { _ in 410 }
                try await service.addWebhook(receiver.url)
                try service.seed([.sample(Till.code, "INV-1")])
                try await service.pay(Till.notice())
                try await eventually { try await service.webhook()["state"]?.string == "off" }
                try await receiver.stop()
            },
            fix: { service in
                let answer = try await service.admin.delete("/admin/v1/webhooks/1")
                #expect(answer.status == 200)
            })
    ]

    @Test(arguments: webhooks.map(\.name))
    func `a mishap of a receiver is reported everywhere, and so is its end`(
        _ name: String
    ) async throws {
        try await expect(try #require(Self.webhooks.first { $0.name == name }))
    }

    @Test(arguments: machine.map(\.name))
    func `a mishap of the machine is reported everywhere, and so is its end`(
        _ name: String
    ) async throws {
        try await expect(try #require(Self.machine.first { $0.name == name }))
    }
}
