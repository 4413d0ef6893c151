// Ordinary days, with a forged request now and then, make no finding. A finding is reported at its
// beginning and then once an hour.

import DokuSimulator
import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct QuietTests {
    @Test func `an hour of ordinary load with forged requests makes no finding`() async throws {
        try await withTill { service in
            for minute in 0..<60 {
                let code = "889651100\(10_000 + minute)"
                try service.seed([.sample(code, "INV-\(minute)")])
                let now = service.clock.now
                #expect(try await service.ask(Till.inquirer.inquiry(code, at: now)).status == 200)
                _ = try await service.ask(Till.inquirer.inquiry("88965199999", at: now))
                try await service.pay(Till.notice("INV-\(minute)", code: code, at: now))
                if minute.isMultiple(of: 2) {
                    _ = try await service.ask(Shop.forger.inquiry(code, at: now))
                }
                if minute.isMultiple(of: 15) {
                    _ = try await service.notify(Till.notice(at: now), by: Till.forger)
                }
                // The service reads from the journal whether an inquiry verified a moment ago.
                let asked = 2 * (minute + 1)
                try await eventually {
                    try await service.metric("loket_journal_written_total") == asked
                }
                await service.look()
                let names = try await service.findingNames()
                #expect(names == [])
                service.clock.goOn(minutes: 1)
            }
            #expect(service.log.lines.filter { $0.text("finding") != nil }.isEmpty)
            let kinds = Set(try await service.items("/admin/v1/events").map { $0["type"]?.string })
            #expect(kinds == ["payment.settled"])
        }
    }

    @Test func `a night with a forged request now and then makes no finding`() async throws {
        try await withTill { service in
            for _ in 0..<48 {
                service.clock.goOn(minutes: 10)
                for _ in 0..<2 {
                    let forged = Shop.forger.inquiry(Till.code, at: service.clock.now)
                    let answer = try await service.ask(forged)
                    #expect(answer.status == 401)
                }
                await service.look()
            }
            let names = try await service.findingNames()
            #expect(names == [])
            #expect(service.log.lines.filter { $0.text("finding") != nil }.isEmpty)
        }
    }

    @Test func `a lasting finding is reported once, then hourly; silence does not end it`()
        async throws
    {
        try await withTill { service in
            for _ in 0..<5 { _ = try await service.ask(Shop.forger.inquiry(Till.code)) }
            // Three hours without an inquiry do not show that the fault is over.
            for _ in 0..<18 {
                await service.look()
                service.clock.goOn(minutes: 10)
            }
            try await service.expectEverywhereButLog(.everybodyRefused, .refusingEverybody)
            let lines = service.log.lines.filter { $0.text("finding") == "everybody_refused" }
            #expect(lines.map { $0.message.hasPrefix("still: ") } == [false, true, true])

            let right = Till.inquirer.inquiry(Till.code, at: service.clock.now)
            #expect(try await service.ask(right).status == 404)
            await service.look()
            try await service.expectOver(.everybodyRefused)
        }
    }

    @Test func `a restart repeats no report, and reports what has ended meanwhile`() async throws {
        try await withFolder { folder in
            try await withTill(in: folder) { service in
                try service.seed([.sample(Till.code, "INV-1")])
                try await service.pay(Till.notice(amount: 5))
                // The payment's notification has verified.
                service.clock.goOn(minutes: 11)
                for _ in 0..<5 {
                    let forged = Shop.forger.inquiry(Till.code, at: service.clock.now)
                    _ = try await service.ask(forged)
                }
                await service.look()
                let names = try await service.findingNames()
                #expect(names == ["everybody_refused", "payments_to_decide"])
            }
            try await withTill(in: folder) { service in
                service.clock.goOn(minutes: 11)
                try await eventually { service.service.watch.hasRestored }
                await service.look()
                let names = try await service.findingNames()
                #expect(names == ["everybody_refused", "payments_to_decide"])
                let right = Till.inquirer.inquiry(Till.code, at: service.clock.now)
                #expect(try await service.ask(right).status == 400)
                await service.look()
                #expect(try await service.findingNames() == ["payments_to_decide"])
                let types = try await service.items("/admin/v1/events").filter {
                    $0["finding"]?.isNull == false
                }.map { $0["type"]?.string ?? "" }
                #expect(
                    types == [
                        "service.finding_began", "service.finding_began", "service.finding_ended",
                    ])
                #expect(service.log.lines("the finding everybody_refused is over").count == 1)
                #expect(service.log.lines.count { $0.text("severity") != nil } == 0)
            }
        }
    }
}

extension RunningService {
    /// Checks the status, /ready and the events, for findings that the log has more than once.
    fileprivate func expectEverywhereButLog(
        _ kind: FindingKind, _ state: ServiceState
    ) async throws {
        let status = try await admin.get("/admin/v1/status").json()
        #expect(status["state"]?.string == state.rawValue)
        #expect(try await findingNames() == [kind.rawValue])
        #expect(try await admin.get("/ready").json()["state"]?.string == state.rawValue)
        let events = try await items("/admin/v1/events")
        #expect(events.map { $0["type"]?.string } == ["service.finding_began"])
    }
}
