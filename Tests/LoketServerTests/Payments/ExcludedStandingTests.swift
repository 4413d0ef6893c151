// Notifications that are recorded but not in the total: other services' money, unreadable ones, and
// those that are not payments. Accounts do not see each other's bills.

import DokuSimulator
import LoketCore
import Testing

struct ExcludedStandingTests {
    private static let foreign: [PaymentNotice] = [
        Till.notice { $0.serviceID = "VIRTUAL_ACCOUNT" },
        Till.notice(amount: nil) { $0.serviceID = "VIRTUAL_ACCOUNT" },
        Till.notice(nil, amount: nil, code: nil, at: nil) { $0.serviceID = "QRIS" },
        Till.notice("INV-9", code: "99999000001"), Till.notice("INV-9", code: "7"),
        Till.notice("INV-9", code: "77777000001"),
    ]

    @Test func `another service's money is kept separately`() async throws {
        for notice in Self.foreign {
            try await withTill { service in
                try service.seed([.sample(Till.code, "INV-1")])
                let payment = try #require(try await service.pay(notice))
                #expect(payment["standing"]?.string == "foreign")
                #expect(payment["needs_attention"]?.bool == false)
                #expect(payment["bill_id"]?.isNull == true)
                #expect(try await service.state() == "open")
                #expect(try await service.events() == ["payment.foreign"])
                #expect(try await service.payments("?needs_attention=true").isEmpty)
                try await expectTotalsAgree(service, count: 0, amount: 0)
                let totals = try await service.admin.get("/admin/v1/payments/totals").json()
                let excluded = try #require(totals["excluded"]?.elements.first)
                #expect(excluded["standing"]?.string == "foreign")
                #expect(excluded["count"]?.integer == 1)
                #expect(excluded["amount"]?.integer == notice.amount ?? 0)
            }
        }
    }

    /// A payment reported twice is one payment; two different payments are two.
    @Test func `foreign payments are distinguished as others are`() async throws {
        try await withTill { service in
            let notice = Till.notice { $0.serviceID = "VIRTUAL_ACCOUNT" }
            try await service.pay(notice)
            try await service.pay(notice)
            #expect(try await service.payments().count == 1)
        }
    }

    /// Money for our bill must not be lost in a payment of another service with its number.
    @Test func `a payment of ours does not join another service's`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let own = Till.notice()
            var other = own
            other.serviceID = "VIRTUAL_ACCOUNT"
            try await service.pay(other)
            let payment = try await service.pay(own)
            #expect(payment?["standing"]?.string == "settled")
            #expect(try await service.state() == "paid")
            try await expectTotalsAgree(service, count: 1, amount: 150_000)
        }
    }

    /// These have a readable amount, which is shown, because the operator must decide about it.
    private static let withAmount: Set<Int> = [6, 7]
    private static let unreadable: [[UInt8]] = [
        [], Array("[".utf8), [0xFF, 0xFE], Array("\u{FEFF}{}".utf8), Array("{}".utf8),
        Till.notice(amount: nil).body, Till.notice(nil).body, Till.notice { $0.status = nil }.body,
        [0], [UInt8](repeating: UInt8(ascii: "["), count: 200_000),
    ]

    @Test func `an unreadable notification is recorded, flagged and answered with {}`() async throws
    {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            for (place, body) in Self.unreadable.enumerated() {
                let request = Till.doku.notification(body)
                let answer = try await service.ask(request)
                #expect(answer.status == 200, "body \(place)")
                #expect(answer.text == "{}", "body \(place)")
                #expect(Till.doku.signature(of: answer, to: request) == .verified)
                let payment = try #require(try await service.payments().first)
                #expect(payment["id"]?.string == "\(place + 1)", "body \(place)")
                #expect(payment["standing"]?.string == "unreadable")
                #expect(payment["needs_attention"]?.bool == true)
                let amount: Int64? = Self.withAmount.contains(place) ? 150_000 : nil
                #expect(payment["amount"]?.integer == amount, "body \(place)")
                let kept = try await service.admin.get("/admin/v1/notifications/\(place + 1)")
                #expect(kept.string("standing") == "unreadable", "\(kept.text)")
                let text = String(validating: body, as: UTF8.self)
                #expect(try kept.json()["body"]?.string == text)
            }
            #expect(try await service.state() == "open")
            try await expectTotalsAgree(service, count: 0, amount: 0)
            let all = Self.unreadable.count
            let totals = try await service.admin.get("/admin/v1/payments/totals").json()
            let excluded = try #require(totals["excluded"]?.elements.last)
            #expect(excluded["standing"]?.string == "unreadable")
            #expect(excluded["count"]?.integer == Int64(all))
            #expect(excluded["amount"]?.integer == 300_000)
            #expect(
                try await service.events() == Array(repeating: "payment.flagged", count: all))
        }
    }

    @Test(arguments: ["FAILED", "PENDING", "EXPIRED", "SOMETHING"])
    func `a status other than success does not make a payment`(_ status: String) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let answer = try await service.notify(Till.notice { $0.status = status })
            #expect(answer.status == 200)
            #expect(
                answer.text == #"{"order":{"invoice_number":"INV-1"},"online_to_offline_info":"#
                    + #"{"payment_code":"88965110000001"}}"#)
            #expect(try await service.payments().isEmpty)
            #expect(try await service.state() == "open")
            // The operator must look at a status that DOKU does not document.
            let told = status == "SOMETHING" ? ["attention.raised"] : []
            #expect(try await service.events() == told)
            let kept = try await service.items("/admin/v1/notifications?standing=not_success")
            #expect(kept.first?["standing"]?.string == "not_success")
            #expect(kept.first?["status"]?.string == status)
            #expect(kept.first?["payment_id"]?.isNull == true)
            let totals = try await service.admin.get("/admin/v1/payments/totals").json()
            #expect(totals["notifications"]?["not_success"]?.integer == 1)
            #expect(totals["notifications"]?["recorded"]?.integer == 1)
        }
    }

    @Test func `a failure is not a payment's first report, nor its repeat`() async throws {
        for statuses in [["FAILED", "SUCCESS"], ["SUCCESS", "FAILED"]] {
            try await withTill { service in
                try service.seed([.sample(Till.code, "INV-1")])
                for status in statuses {
                    let notice = Till.notice(transaction: "1246") { $0.status = status }
                    #expect(try await service.notify(notice).status == 200)
                }
                #expect(try await service.payments().count == 1)
                #expect(try await service.state() == "paid")
                try await expectTotalsAgree(service, count: 1, amount: 150_000)
            }
        }
    }

    @Test func `one account's notification does not touch another's bill`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1"), .sample("54321000001", "INV-2")])
            let shared = Till.notice("INV-2", code: "54321000001")
            let payment = try await service.pay(shared, by: Till.neighboursDoku)
            #expect(payment?["standing"]?.string == "unmatched")
            #expect(payment?["account"]?.string == Shop.neighbourID)
            let other = try await service.pay(Till.notice(), by: Till.neighboursDoku)
            #expect(other?["standing"]?.string == "foreign")
            #expect(try await service.state("1") == "open")
            #expect(try await service.state("2") == "open")
            let accepted = try await service.resolve("1", #"{"action":"accept","bill_id":"2"}"#)
            try expectProblem(accepted, 422, "invalid_value")
            #expect(accepted.pointers == ["/bill_id"])
        }
    }

    /// A pause and missing BINs are settings, and settings do not decide about money.
    @Test func `a pause does not stop a payment`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            #expect(
                try await service.admin.post("/admin/v1/pause", #"{"reason":"x"}"#).status == 200)
            #expect(try await service.pay(Till.notice())?["standing"]?.string == "settled")
            #expect(try await service.state() == "paid")
        }
    }
}
