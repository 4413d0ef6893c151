// The same payment reported again, and a different payment that looks like it.

import DokuSimulator
import LoketCore
import Testing

struct RepeatTests {
    private func withBill(_ body: (RunningService) async throws -> Void) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await body(service)
        }
    }

    @Test func `equal bytes are counted and answered as before`() async throws {
        try await withBill { service in
            let request = Till.doku.notification(Till.notice(transaction: "1").body)
            let first = try await service.ask(request)
            let eventsBefore = try await service.events()
            for _ in 0..<3 { #expect(try await service.ask(request).body == first.body) }
            // A retry with a new timestamp and signature is the same delivery.
            let id = try #require(request.header("Request-Id"))
            let later = Till.dokuWithPrevious.notification(
                request.body, requestID: id, timestamp: "2031-01-01T00:00:00Z")
            let answer = try await service.ask(later)
            #expect(answer.body == first.body)
            #expect(Till.dokuWithPrevious.signature(of: answer, to: later) == .verified)
            let rows = try await service.items("/admin/v1/notifications")
            #expect(rows.count == 1)
            #expect(rows.first?["repeats"]?.integer == 4)
            #expect(try await service.events() == eventsBefore)
            #expect(try await service.metric("loket_notification_repeats_total") == 4)
            try await expectTotalsAgree(service, count: 1, amount: 150_000)
        }
    }

    @Test func `the same id with another body is another delivery`() async throws {
        try await withBill { service in
            for transaction in ["1", "2"] {
                let notice = Till.notice(transaction: transaction)
                #expect(try await service.notify(notice, requestID: "18436").status == 200)
            }
            let other = Till.neighboursDoku.notification(
                Till.notice(transaction: "1").body, requestID: "18436")
            #expect(try await service.ask(other).status == 200)
            #expect(try await service.items("/admin/v1/notifications").count == 3)
            try await expectTotalsAgree(service, count: 2, amount: 300_000)
        }
    }

    /// Two notices, and whether the second reports the payment of the first.
    private static let pairs: [(String, PaymentNotice, PaymentNotice, isSame: Bool)] = {
        let now = Moment.now
        func notice(
            _ transaction: String?, seconds: Int64 = 0,
            _ change: (inout PaymentNotice) -> Void = { _ in }
        ) -> PaymentNotice {
            Till.notice(
                at: now.adding(milliseconds: seconds * 1000), transaction: transaction, change)
        }
        let wib = { (notice: inout PaymentNotice) in
            let text = now.wibText
            notice.date = text.filter(\.isNumber).prefix(14).description
        }
        return [
            ("equal", notice("1"), notice("1"), true),
            ("same number, an hour on", notice("1"), notice("1", seconds: 3600), true),
            ("same number, a day on", notice("1"), notice("1", seconds: 86_400), true),
            ("same number, past a day", notice("1"), notice("1", seconds: 86_401), false),
            ("same number, a day before", notice("1"), notice("1", seconds: -86_400), true),
            ("other number, same second", notice("1"), notice("2"), false),
            ("no number, same second", notice(nil), notice(nil), true),
            ("no number, next second", notice(nil), notice(nil, seconds: 1), false),
            ("one number, same second", notice("1"), notice(nil), true),
            ("one number, next second", notice("1"), notice(nil, seconds: 1), false),
            ("same instant in WIB", notice(nil), notice(nil, wib), true),
            ("other amount", notice("1"), notice("1") { $0.amount = 5 }, false),
            ("other spelling", notice("1"), notice("1") { $0.amountForm = .decimal }, true),
            ("other code", notice("1"), notice("1") { $0.paymentCode = "88965110000009" }, true),
            (
                "other store", notice("1"),
                notice("1") {
                    $0.identifiers[1] = PaymentNotice.Identifier("AGENT_STORE_ID", "X")
                }, false
            ),
            ("fewer identifiers", notice("1"), notice("1") { $0.identifiers.removeFirst() }, true),
            ("no dates", notice("1") { $0.date = nil }, notice("1") { $0.date = nil }, true),
            (
                "no number, no dates", notice(nil) { $0.date = nil },
                notice(nil) {
                    $0.date = nil
                    $0.rotation = 1
                }, true
            ),
            ("no number, one date", notice(nil), notice(nil) { $0.date = nil }, false),
            (
                "no number, unreadable dates", notice(nil) { $0.date = "a" },
                notice(nil) { $0.date = "b" }, false
            ),
        ]
    }()

    @Test func `a second notification is the same payment or a further one`() async throws {
        for (name, first, second, isSame) in Self.pairs {
            try await withBill { service in
                try await service.pay(first)
                let payment = try await service.pay(second)
                let standing = isSame ? "settled" : "duplicate"
                #expect(payment?["standing"]?.string == standing, "\(name)")
                let payments = try await service.payments()
                #expect(payments.count == (isSame ? 1 : 2), "\(name)")
                let shown = try await service.admin.get("/admin/v1/payments/1").json()
                let told = shown["notifications"]?.elements.compactMap(\.string)
                #expect(told == (isSame ? ["1", "2"] : ["1"]), "\(name)")
                let amount = 150_000 + (isSame ? 0 : second.amount ?? 0)
                try await expectTotalsAgree(service, count: isSame ? 1 : 2, amount: amount)
            }
        }
    }

    @Test func `a repeat fills in what was missing and changes nothing else`() async throws {
        try await withBill { service in
            let now = Moment.now
            let bare = Till.notice(code: nil, at: now) { $0.identifiers = [] }
            try await service.pay(bare)
            let full = Till.notice(code: Till.otherCode, at: now, transaction: "1246")
            let payment = try await service.pay(full)
            #expect(try await service.payments().count == 1)
            #expect(payment?["payment_code"]?.string == Till.otherCode)
            #expect(payment?["identifiers"]?.elements.count == 3)
            #expect(payment?["flags"]?.elements.isEmpty == true)
            let other = Till.notice(code: "88965110000077", at: now, transaction: "1246")
            let again = try await service.pay(other)
            #expect(again?["payment_code"]?.string == Till.otherCode)
            #expect(again?["standing"]?.string == "settled")
        }
    }

    @Test func `one notification on fifty connections is one payment`() async throws {
        try await withBill { service in
            let request = Till.doku.notification(Till.notice(transaction: "1").body)
            let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        let answer = try await service.ask(request)
                        #expect(answer.status == 200)
                        return answer.body
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(bodies).count == 1)
            #expect(try await service.payments().count == 1)
            let rows = try await service.items("/admin/v1/notifications")
            #expect(rows.map { $0["repeats"]?.integer } == [49])
        }
    }

    @Test func `fifty concurrent payments of one bill settle it once`() async throws {
        try await withBill { service in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for place in 0..<50 {
                    group.addTask {
                        let notice = Till.notice(transaction: "T\(place)")
                        let answer = try await service.notify(notice)
                        #expect(answer.status == 200)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await service.payments("?standing=settled").count == 1)
            #expect(try await service.payments("?standing=duplicate").count == 49)
            try await expectTotalsAgree(service, count: 50, amount: 7_500_000)
        }
    }
}
