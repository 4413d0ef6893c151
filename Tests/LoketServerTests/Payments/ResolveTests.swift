// The operator decides about a payment: the three actions, their effect on the bill, and every
// reason for a refusal.

import DokuSimulator
import LoketCore
import LoketStore
import Testing

struct ResolveTests {
    private static let accept = #"{"action":"accept"}"#
    private static let refunded = #"{"action":"refunded"}"#
    private static let dismiss = #"{"action":"dismiss"}"#

    private func withBill(
        reusable: Bool = false, _ body: (RunningService) async throws -> Void
    ) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1") { $0.reusable = reusable }])
            try await body(service)
        }
    }

    @Test func `accepting a wrong amount pays its bill`() async throws {
        try await withBill { service in
            try await service.pay(Till.notice(amount: 140_000))
            let answer = try await service.resolve(
                "1", #"{"action":"accept","note":"customer agreed"}"#)
            #expect(answer.status == 200, "\(answer.text)")
            let payment = try answer.json()
            #expect(payment["standing"]?.string == "settled")
            #expect(payment["classified_as"]?.string == "amount_mismatch")
            #expect(payment["needs_attention"]?.bool == false)
            #expect(payment["resolution"]?["action"]?.string == "accept")
            #expect(payment["resolution"]?["bill_id"]?.string == "1")
            #expect(payment["resolution"]?["note"]?.string == "customer agreed")
            #expect(payment["resolution"]?["actor"]?.string?.isEmpty == false)
            #expect(payment["notifications"]?.elements.compactMap(\.string) == ["1"])
            let bill = try await service.bill()
            #expect(bill["state"]?.string == "paid")
            #expect(bill["payments"]?["count"]?.integer == 1)
            #expect(bill["payments"]?["amount"]?.integer == 140_000)
            #expect(try await service.events().last == "payment.settled")
            try await expectTotalsAgree(service, count: 1, amount: 140_000)
        }
    }

    @Test(arguments: [refunded, dismiss])
    func `a held bill is reopened when no payment holds it any more`(_ body: String) async throws {
        try await withBill { service in
            try await service.pay(Till.notice(amount: 140_000))
            try await service.pay(Till.notice("INV-9"))
            #expect(try await service.state() == "held")
            let first = try await service.resolve("1", body)
            #expect(first.string("standing") == "amount_mismatch")
            #expect(try await service.state() == "held")
            #expect(try await service.resolve("2", body).string("standing") == "unmatched")
            #expect(try await service.state() == "open")
            #expect(try await service.payments("?needs_attention=true").isEmpty)
            #expect(
                try await service.ask(Till.inquirer.inquiry(Till.code)).status == 200)
            try await expectTotalsAgree(service, count: 2, amount: 290_000)
        }
    }

    @Test func `unmatched money is accepted for the bill that is named`() async throws {
        try await withBill { service in
            try service.seed([.sample(Till.otherCode, "INV-2")])
            try await service.pay(Till.notice("INV-9"))
            let shown = try await service.admin.get("/admin/v1/payments/1").json()
            let suggested = shown["suggested_bills"]?.elements ?? []
            #expect(suggested.map { $0["id"]?.string } == ["1"])
            #expect(suggested.first?["state"]?.string == "held")
            try expectProblem(
                try await service.resolve("1", Self.accept), 422, "invalid_value")
            let answer = try await service.resolve("1", #"{"action":"accept","bill_id":"2"}"#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.string("bill_id") == "2")
            #expect(try answer.json()["suggested_bills"]?.elements.isEmpty == true)
            #expect(try await service.state("2") == "paid")
            #expect(try await service.state("1") == "open")
        }
    }

    @Test(arguments: [Bill.State.cancelled, .replaced, .held, .open])
    func `a bill in any state but paid can be paid by a decision`(
        _ state: Bill.State
    ) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.otherCode, "INV-2")], state: state)
            try await service.pay(Till.notice("INV-9", code: Till.code))
            let answer = try await service.resolve("1", #"{"action":"accept","bill_id":"1"}"#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try await service.state() == "paid")
        }
    }

    @Test func `a reusable bill counts the payments accepted for it`() async throws {
        try await withBill(reusable: true) { service in
            try await service.pay(Till.notice())
            try await service.pay(Till.notice(amount: 1, transaction: "2"))
            #expect(try await service.resolve("2", Self.accept).status == 200)
            let bill = try await service.bill()
            #expect(bill["state"]?.string == "open")
            #expect(bill["payments"]?["count"]?.integer == 2)
            #expect(bill["payments"]?["amount"]?.integer == 150_001)
        }
    }

    @Test func `a flag on a settled payment is only acknowledged`() async throws {
        for body in [Self.accept, #"{"action":"accept","bill_id":"1"}"#, Self.refunded] {
            try await withBill { service in
                try await service.pay(Till.notice(code: Till.otherCode))
                let answer = try await service.resolve("1", body)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.string("standing") == "settled")
                #expect(try answer.json()["needs_attention"]?.bool == false)
                #expect(try await service.state() == "paid")
                #expect(try await service.events().last == "payment.resolved")
                try await expectTotalsAgree(service, count: 1, amount: 150_000)
            }
        }
    }

    @Test func `the same decision again is 200, another one is refused`() async throws {
        try await withBill { service in
            try await service.pay(Till.notice(amount: 140_000))
            let body = #"{"action":"dismiss","note":"x"}"#
            let first = try await service.resolve("1", body)
            #expect(try await service.resolve("1", body).text == first.text)
            for other in [
                Self.accept, Self.refunded, Self.dismiss, #"{"action":"dismiss","note":"y"}"#,
            ] {
                try expectProblem(
                    try await service.resolve("1", other), 409, "payment_resolved")
            }
            #expect(try await service.events().filter { $0 == "payment.resolved" }.count == 1)
        }
    }

    @Test func `a settled payment and a paid bill are refused for their own reasons`() async throws
    {
        try await withBill { service in
            try await service.pay(Till.notice(transaction: "1"))
            try await service.pay(Till.notice(transaction: "2"))
            for body in [Self.accept, Self.refunded, Self.dismiss] {
                try expectProblem(
                    try await service.resolve("1", body), 409, "nothing_to_resolve")
            }
            try expectProblem(try await service.resolve("2", Self.accept), 409, "bill_closed")
            try expectProblem(
                try await service.resolve("2", #"{"action":"accept","bill_id":"1"}"#), 409,
                "bill_closed")
            #expect(try await service.resolve("2", Self.refunded).status == 200)
            #expect(try await service.state() == "paid")
        }
    }

    private static let wrong: [(body: String, status: Int, cause: String, pointer: String?)] = [
        ("", 422, "invalid_value", "/action"), ("{}", 422, "invalid_value", "/action"),
        (#"{"action":"pay"}"#, 422, "invalid_value", "/action"),
        (#"{"action":5}"#, 422, "invalid_value", "/action"),
        (#"{"action":"accept","bill_id":1}"#, 422, "invalid_value", "/bill_id"),
        (#"{"action":"accept","bill_id":"x"}"#, 422, "invalid_value", "/bill_id"),
        (#"{"action":"accept","bill_id":"99"}"#, 422, "invalid_value", "/bill_id"),
        (#"{"action":"accept","bill_id":"3"}"#, 422, "invalid_value", "/bill_id"),
        (#"{"action":"dismiss","bill_id":"1"}"#, 422, "invalid_value", "/bill_id"),
        (#"{"action":"dismiss","note":""}"#, 422, "invalid_value", "/note"),
        (#"{"action":"dismiss","note":"a\nb"}"#, 422, "invalid_value", "/note"),
        (#"{"action":"dismiss","why":"x"}"#, 400, "unknown_field", "/why"),
        ("[]", 422, "invalid_value", nil), ("{", 400, "malformed_json", nil),
    ]

    @Test func `a wrong decision changes nothing`() async throws {
        try await withBill { service in
            let ids = try service.store.registerAccounts([Shop.clientID, Shop.neighbourID])
            try service.seed([.sample(Till.otherCode, "INV-2")])
            try service.store.seed(
                [.sample("77777000001", "N-1")],
                accountID: try #require(ids[Shop.neighbourID]), state: .open, now: .now)
            try await service.pay(Till.notice(amount: 140_000))
            for (body, status, cause, pointer) in Self.wrong {
                let answer = try await service.resolve("1", body)
                try expectProblem(answer, status, cause)
                #expect(answer.pointers == (pointer.map { [$0] } ?? []), "\(body)")
            }
            for id in ["2", "0", "x", "99999999999999999999"] {
                try expectProblem(try await service.resolve(id, Self.dismiss), 404, "not_found")
            }
            #expect(try await service.state() == "held")
            #expect(try await service.payments("?needs_attention=true").count == 1)
        }
    }
}
