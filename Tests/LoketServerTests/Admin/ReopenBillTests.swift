// Reopening a cancelled bill: each outcome, and the answers to later inquiries.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct ReopenBillTests {
    private static let path = "/admin/v1/bills/1/reopen"

    private func withCancelled(
        _ reason: String? = nil, _ body: (RunningService) async throws -> Void
    ) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let why = reason.map { "{\"reason\":\"\($0)\"}" } ?? "{}"
            let answer = try await service.admin.post("/admin/v1/bills/1/cancel", why)
            try #require(answer.status == 200, "\(answer.text)")
            try await body(service)
        }
    }

    @Test(arguments: [nil, "ordered twice", Bill.paidElsewhere])
    func `a cancelled bill is open again, with its number and its code`(
        _ reason: String?
    ) async throws {
        try await withCancelled(reason) { service in
            let clerk = try await service.client("clerk", scopes: ["write"])
            let answer = try await clerk.post(Self.path, "{}")
            #expect(answer.status == 200, "\(answer.text)")
            let bill = try answer.json()
            #expect(bill["state"]?.string == "open")
            #expect(bill["cancel_reason"]?.isNull == true)
            let history = bill["history"]?.elements ?? []
            #expect(
                history.compactMap { $0["change"]?.string } == ["created", "cancelled", "reopened"])
            #expect(history.last?["actor"]?.string == "clerk")
            #expect(try await service.admin.tag("/admin/v1/bills/1") != nil)
            #expect(try await service.events() == ["bill.cancelled", "bill.changed"])
            let event = try await service.items("/admin/v1/events").last
            #expect(event?["bill"]?["state"]?.string == "open")
            let heard = try await service.ask(Till.inquirer.inquiry(Till.code))
            #expect(heard.status == 200 && heard.text.contains("\"INV-1\""), "\(heard.text)")
            let payment = try await service.pay(Till.notice())
            #expect(payment?["standing"]?.string == "settled")
        }
    }

    @Test func `an open bill stays as it is`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let before = try await service.admin.get("/admin/v1/bills/1")
            for body in [nil, "{}"] as [String?] {
                let answer = try await service.admin.send(
                    "POST", Self.path, body: body.map { Array($0.utf8) })
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.text == before.text)
            }
            #expect(try await service.events().isEmpty)
        }
    }

    @Test(arguments: [Bill.State.held, .paid, .replaced])
    func `a bill that is not cancelled is not reopened`(_ state: Bill.State) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")], state: state)
            let answer = try await service.admin.post(Self.path, "{}")
            try expectProblem(answer, 409, "bill_closed")
            #expect(answer.text.contains("bill 1 is \(state.rawValue)"), "\(answer.text)")
            #expect(try await service.state() == state.rawValue)
        }
    }

    @Test func `a code that another bill has since is not given back`() async throws {
        try await withCancelled { service in
            let next = BillJSON(Till.code, "INV-2").text
            #expect(try await service.admin.post("/admin/v1/bills", next).status == 201)
            let taken = try await service.admin.post(Self.path, "{}")
            try expectProblem(taken, 409, "code_taken")
            #expect(taken.text.contains("INV-2"), "\(taken.text)")
            #expect(try await service.state() == "cancelled")

            let cancelled = try await service.admin.post("/admin/v1/bills/2/cancel", "{}")
            #expect(cancelled.status == 200)
            #expect(try await service.admin.post(Self.path, "{}").status == 200)
            let heard = try await service.ask(Till.inquirer.inquiry(Till.code))
            #expect(heard.text.contains("\"INV-1\""), "\(heard.text)")
            // The second bill is now the one that cannot be reopened.
            try expectProblem(
                try await service.admin.post("/admin/v1/bills/2/reopen", "{}"), 409, "code_taken")
        }
    }

    @Test func `a code that an expired bill has is taken from it`() async throws {
        try await withCancelled { service in
            try service.seed([
                .sample(Till.code, "INV-2") { $0.expiresAt = Moment(seconds: 1000) }
            ])
            #expect(try await service.admin.post(Self.path, "{}").status == 200)
            #expect(try await service.state("2") == "replaced")
            #expect(try await service.ask(Till.inquirer.inquiry(Till.code)).status == 200)
        }
    }

    @Test func `a bill that was paid after its cancellation waits for the decision`() async throws {
        try await withCancelled { service in
            let payment = try await service.pay(Till.notice())
            #expect(payment?["standing"]?.string == "after_cancel")
            try expectProblem(
                try await service.admin.post(Self.path, "{}"), 409, "payment_undecided")
            #expect(try await service.state() == "cancelled")
            #expect(try await service.resolve("1", #"{"action":"refunded"}"#).status == 200)
            #expect(try await service.admin.post(Self.path, "{}").status == 200)
            #expect(try await service.state() == "open")
        }
    }

    /// As a new bill would be held for the payment.
    @Test func `a payment of the code without a bill holds the reopened bill`() async throws {
        try await withCancelled { service in
            try await service.pay(Till.notice("NOBODYS"))
            let answer = try await service.admin.post(Self.path, "{}")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.string("state") == "held")
            let holding = try answer.json()["held_by"]?.elements ?? []
            #expect(holding.map { $0["id"]?.string } == ["1"])
        }
    }

    @Test func `a bill that expired while it was cancelled is open and expired`() async throws {
        try await withTill { service in
            try service.seed(
                [.sample(Till.code, "INV-1") { $0.expiresAt = Moment(seconds: 1000) }],
                state: .cancelled)
            let answer = try await service.admin.post(Self.path, "{}")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.string("state") == "open")
            #expect(try answer.json()["expired"]?.bool == true)
        }
    }

    @Test func `an unknown bill and another account's bill are not found`() async throws {
        try await withCancelled { service in
            let neighbour = try await service.client(
                "neighbour", scopes: ["write"], account: Shop.neighbourID)
            let reader = try await service.client("reader", scopes: ["read"])
            try expectProblem(try await neighbour.post(Self.path, "{}"), 404, "not_found")
            try expectProblem(try await reader.post(Self.path, "{}"), 403, "scope_missing")
            try expectProblem(
                try await service.admin.post("/admin/v1/bills/2/reopen", "{}"), 404, "not_found")
            try expectProblem(
                try await service.admin.post(Self.path, #"{"reason":"x"}"#), 400, "unknown_field")
            #expect(try await service.state() == "cancelled")
        }
    }
}
