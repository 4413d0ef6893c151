// A database that accepts no write: DOKU is answered 503, and what it then sends again is recorded
// once.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct StoreFailingTests {
    @Test func `an unrecordable notification is answered 503, and recorded once later`()
        async throws
    {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let requests = (0..<2).map {
                Till.doku.notification(Till.notice(transaction: "T\($0)").body)
            }
            let holder = try ForeignHand(holding: service.folder.file("loket.db"))
            // The first waits for the lock; the second waits for the first, no longer than DOKU.
            let answers = try await withThrowingTaskGroup(of: DokuAnswer.self) { group in
                for request in requests { group.addTask { try await service.ask(request) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for answer in answers {
                #expect(answer.status == 503)
                #expect(answer.header("Retry-After") == "60")
                #expect(answer.body.isEmpty)
                #expect(answer.header("Signature") == nil)
            }
            let ready = try await service.admin.get("/ready")
            #expect(ready.status == 503)
            #expect(ready.text.contains("the database cannot be written"), "\(ready.text)")
            #expect(ready.text.contains("service_failing"), "\(ready.text)")
            await service.look()
            #expect(service.log.text.contains("answered with HTTP 503"))
            // This is answered after the notifications: the writer has given up all of them.
            let waits = try await service.resolve("1", #"{"action":"dismiss"}"#)
            try expectProblem(waits, 503, "store_failed")
            try holder.letGo()

            await service.look()
            // The event of the finding was the first write that succeeded.
            #expect(try await service.admin.get("/ready").status == 200)
            await service.look()
            try await service.expectOver(.serviceFailing)
            let events = try await service.events()
            #expect(events == ["service.finding_began", "service.finding_ended"])
            for request in requests { #expect(try await service.ask(request).status == 200) }
            #expect(try await service.payments().count == 2)
            #expect(try await service.items("/admin/v1/notifications").count == 2)
            try await expectTotalsAgree(service, count: 2, amount: 300_000)
            // "Notifications that were answered 503": each counts once.
            let counted = try await service.metric("loket_notifications_not_recorded_total")
            #expect(counted == 2)
        }
    }

    @Test func `a reader's lock does not delay a payment`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            for place in 0..<20 {
                async let paid = service.notify(Till.notice("N-\(place)"))
                async let listed = service.admin.get("/admin/v1/payments?limit=1")
                #expect(try await paid.status == 200)
                #expect(try await listed.status == 200)
            }
        }
    }

    @Test func `a payment is recorded even if the client disconnects before its answer`()
        async throws
    {
        try await withTill { service in
            for place in 0..<20 {
                try service.seed([.sample("8896511000010\(place)", "INV-\(place)")])
                let notice = Till.notice("INV-\(place)", code: "8896511000010\(place)")
                let connection = try await service.connect()
                try await connection.send(Till.doku.notification(notice.body).wire)
                await connection.close()
            }
            try await eventually { try await service.payments("?standing=settled").count == 20 }
        }
    }

    @Test func `a stop records what has arrived and answers it`() async throws {
        try await withFolder { folder in
            try await withTill(in: folder) { service in
                try service.seed([.sample(Till.code, "INV-1")])
                let account = try service.store.registerAccounts([Shop.clientID])
                let other = QuarantinedRequest(
                    accountID: try #require(account[Shop.clientID]), receivedAt: .now,
                    cause: "test", headers: [], body: [])
                let holder = try ForeignHand(holding: folder.file("loket.db"))
                // The writer waits for the lock with this write, so the next two are seen waiting.
                service.store.quarantine(other) { _ in }
                try await eventually { service.store.writing.waiting == 0 }
                service.store.quarantine(other) { _ in }
                let connection = try await service.connect()
                try await connection.send(Till.doku.notification(Till.notice().body).wire)
                try await eventually { service.store.writing.waiting == 2 }
                await service.stop()
                try await eventually { !service.service.runtime.readiness.isUp }
                try holder.letGo()
                #expect(try await connection.answersUntilEnd().map(\.status) == [200])
            }
            try await withTill(in: folder) { service in
                let state = try await service.state()
                #expect(state == "paid")
            }
        }
    }

    @Test func `notifications and inquiries on one connection keep their order`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2")])
            let connection = try await service.connect()
            try await connection.send(
                Till.inquirer.inquiry(Till.code).wire
                    + Till.doku.notification(Till.notice().body).wire
                    + Till.inquirer.inquiry(Till.code).wire
                    + Till.doku.notification(
                        Till.notice("INV-2", code: Till.otherCode).body
                    ).wire + Till.inquirer.inquiry(Till.otherCode).wire)
            var texts: [String] = []
            for _ in 0..<5 { texts.append(try await connection.answer().text) }
            #expect(texts[0].contains(#""status":"success""#))
            #expect(texts[1].contains(#""invoice_number":"INV-1""#))
            #expect(texts[2].contains("billing_already_paid"))
            #expect(texts[3].contains(#""invoice_number":"INV-2""#))
            #expect(texts[4].contains("billing_already_paid"))
        }
    }
}
