// GET /admin/v1/status, and findings that are not in the table of mishaps: a refused reload, a
// failed reconciliation, and log lines about single payments. StoreFailingTests covers a database
// that accepts no write.

import DokuSimulator
import Foundation
import LoketCore
import LoketJSON
import LoketStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct StatusTests {
    @Test func `the status has today's counts, what waits and the machine's state`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await service.ask(Till.inquirer.inquiry(Till.code))
            _ = try await service.ask(Till.inquirer.inquiry(Till.otherCode))
            _ = try await service.ask(Shop.forger.inquiry(Till.code))
            try await service.pay(Till.notice(amount: 5))
            try await eventually {
                try await service.items("/admin/v1/inquiries").count == 2
            }
            let status = try await service.admin.get("/admin/v1/status").json()
            #expect(status["state"]?.string == "needs_you")
            #expect(status["last_inquiry"]?["alfa"]?.isNull == false)
            #expect(status["last_inquiry"]?["indomaret"]?.isNull == true)
            let today = status["today"]
            #expect(today?["asked"]?.integer == 2)
            let declined = today?["declined"]?.elements.map { $0["cause"]?.string }
            #expect(declined == ["bill_unknown"])
            #expect(today?["paid"]?["count"]?.integer == 1)
            #expect(today?["paid"]?["amount"]?.integer == 5)
            #expect(status["waiting"]?["payments"]?.integer == 1)
            #expect(status["database"]?["bytes"]?.integer ?? 0 > 0)
            #expect(status["last_backup_at"]?.isNull == true)
            #expect(status["reconciliation"]?["state"]?.string == "off")

            let shop = try await service.client("shop", scopes: ["read"], account: Shop.clientID)
            try expectProblem(
                try await shop.get("/admin/v1/status"), 403, "account_forbidden")
        }
    }

    @Test func `log, status, metrics and document report the program's version`() async throws {
        try await withService { service in
            let status = try await service.admin.get("/admin/v1/status").json()
            let document = try await OpenAPIReader(service).root["info"]?["x-build"]
            let line = try #require(service.log.lines("listening").first)
            func text(_ name: String, of object: JSONValue?) -> String? {
                object?.members.first { $0.name == name }?.value.string
            }
            for (name, value) in Shop.build.parts {
                #expect(text(name, of: status) == value)
                #expect(text(name, of: document) == value)
                #expect(line.text(name) == value)
            }
            #expect(status["version"]?.string == loketVersion)
            #expect(status["commit"]?.string == "0123456789ab+changes")
            let metrics = try await service.admin.get("/metrics")
            let labels = Shop.build.parts.map { "\($0.name)=\"\($0.value)\"" }
            #expect(
                String(decoding: metrics.body, as: UTF8.self)
                    .contains("\nloket_build_info{\(labels.joined(separator: ","))} 1\n"))
        }
    }

    @Test func `a BIN or a channel that is missing is in the log and the status`() async throws {
        try await withTill { service in
            let declines: [(String, Doku.Counter, String)] = [
                ("99120001", .alfa, "bin_unknown"), (Shop.direct, .alfa, "length_wrong"),
                (Till.code, .indomaret, "channel_not_enabled"),
            ]
            for (code, counter, cause) in declines {
                _ = try await service.ask(Till.inquirer.inquiry(code, counter: counter))
                let line = try #require(
                    service.log.lines.first { $0.text("cause") == cause }, "\(service.log.text)")
                let id = try #require(line.text("request_id"))
                #expect(line.message.contains("run `loket why \(id)`"), "\(line)")
            }
            try await eventually {
                try await service.items("/admin/v1/inquiries").count == 3
            }
            let today = try await service.admin.get("/admin/v1/status").json()["today"]
            let declined = today?["declined"]?.elements.compactMap { $0["cause"]?.string } ?? []
            #expect(Set(declined) == Set(declines.map(\.2)))
        }
    }

    @Test func `only keys of every account see events of the service`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice(amount: 5))
            await service.look()
            let all = try await service.events()
            #expect(all.last == "service.finding_began")
            let shop = try await service.client("shop", scopes: ["read"], account: Shop.clientID)
            let own = try await shop.get("/admin/v1/events").list("type").values
            #expect(own == all.dropLast())
        }
    }

    @Test func `a payment to decide and a held bill have a log line with their ids`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let request = Till.doku.notification(Till.notice(amount: 5).body, requestID: "R-77")
            #expect(try await service.ask(request).status == 200)
            let line = try #require(
                service.log.lines.first { $0.message.hasPrefix("a payment needs a decision") })
            #expect(line.message.contains("amount_mismatch; until then, its bill is held"))
            #expect(line.text("payment") == "1")
            #expect(line.text("bill") == "1")
            #expect(line.text("request_id") == "R-77")
            #expect(line.text("next") == "loket payments show 1")
            // The same notification again is not logged.
            #expect(try await service.ask(request).status == 200)
            #expect(service.log.lines.count { $0.message.hasPrefix("a payment needs") } == 1)
        }
    }

    @Test func `the log line of a quarantined notification has its id and Request-Id`() async throws
    {
        try await withTill { service in
            let request = Till.withSlash.notification(Till.notice().body, requestID: "R-78")
            #expect(try await service.ask(request).status == 401)
            let line = try await eventually {
                service.log.lines.first { $0.text("quarantine") != nil }
            }
            #expect(line.text("quarantine") == "1")
            #expect(line.text("request_id") == "R-78")
            #expect(line.text("mistake") == "trailing_slash")
            #expect(line.text("next") == "loket why R-78")
        }
    }

    @Test func `a refused reload is a finding until a reload succeeds`() async throws {
        struct Wrong: Error, CustomStringConvertible {
            let description = "loket.yaml:3: gateway.port must be a number\nand more"
        }
        try await withTill { service in
            service.service.runtime.reload.refused(Wrong(), at: service.clock.now)
            await service.look()
            let finding = try await service.expectEverywhere(.reloadRefused, .needsYou)
            #expect(finding?["sentence"]?.string?.hasSuffix("must be a number.") == true)
            service.service.runtime.reload.taken()
            await service.look()
            try await service.expectOver(.reloadRefused)
        }
    }

    @Test func `a failed reconciliation is a finding until DOKU answers`() async throws {
        let desk = try await Till.checkStatusDesk()
        desk.answer(.failing)
        try await withTill({ $0.checkStatus.baseURL = desk.baseURL }) { service in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await service.ask(Till.inquirer.inquiry(Till.code))
            try await eventually {
                try await service.items("/admin/v1/inquiries").count == 1
            }
            let later = Moment.now.adding(milliseconds: 120_000)
            await service.service.runtime.reconciler.pass(now: later)
            await service.look()
            let finding = try await service.expectEverywhere(.reconciliationFailing, .needsYou)
            let sentence = finding?["sentence"]?.string ?? ""
            #expect(sentence.contains("1 of 1 requests to DOKU failed"), "\(sentence)")
            desk.answer(.signed)
            await service.service.runtime.reconciler.pass(now: later)
            await service.look()
            try await service.expectOver(.reconciliationFailing)
        }
        try await desk.stop()
    }

    @Test func `refusing every request is a finding after a restart too, unless one verified`()
        async throws
    {
        try await withFolder { folder in
            try await withTill(in: folder) { service in
                for _ in 0..<5 { _ = try await service.ask(Shop.forger.inquiry(Till.code)) }
                await service.look()
                #expect(try await service.findingNames() == ["everybody_refused"])
            }
            try await withTill(in: folder) { service in
                try await eventually { service.service.watch.hasRestored }
                await service.look()
                #expect(try await service.findingNames() == ["everybody_refused"])
                #expect(try await service.events() == ["service.finding_began"])
                #expect(try await service.ask(Till.inquirer.inquiry(Till.code)).status == 404)
                await service.look()
                try await service.expectOver(.everybodyRefused)
            }
            try await withTill(in: folder) { service in
                try await eventually { service.service.watch.hasRestored }
                for _ in 0..<9 { _ = try await service.ask(Shop.forger.inquiry(Till.code)) }
                await service.look()
                #expect(try await service.findingNames() == [])
            }
        }
    }

    @Test func `it is a finding that all notifications are refused while inquiries verify`()
        async throws
    {
        try await withTill { service in
            for _ in 0..<5 {
                _ = try await service.ask(Till.inquirer.inquiry(Till.code))
                #expect(try await service.notify(Till.notice(), by: Till.forger).status == 401)
            }
            try await eventually { try await service.items("/admin/v1/quarantine").count == 5 }
            await service.look()
            let finding = try await service.expectEverywhere(
                .everybodyRefused, .needsYou, beside: [.quarantine])
            let sentence = finding?["sentence"]?.string ?? ""
            let beginning = "Every notification of the account \(Shop.clientID) is refused: of 5 "
            #expect(sentence.hasPrefix(beginning), "\(sentence)")
            try await service.pay(Till.notice("INV-404"))
            await service.look()
            try await service.expectOver(.everybodyRefused)
        }
    }
}
