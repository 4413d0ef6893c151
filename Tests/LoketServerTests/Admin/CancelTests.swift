// Cancelling a bill, and the answers to later inquiries.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct CancelTests {
    private static let bills = "/admin/v1/bills"
    private static let code = "88965110000001"

    private static let reasons: [(body: String?, reason: String?, status: Int, word: String)] = [
        (nil, nil, 400, "decline"),
        ("{}", nil, 400, "decline"),
        (#"{"reason":null}"#, nil, 400, "decline"),
        (#"{"reason":"customer moved"}"#, "customer moved", 400, "decline"),
        (#"{"reason":"paid_elsewhere"}"#, "paid_elsewhere", 400, "billing_already_paid"),
    ]

    @Test func `a cancelled bill is declined, or reported paid if it was paid elsewhere`()
        async throws
    {
        for (body, reason, status, word) in Self.reasons {
            try await withService { service in
                try service.seed([.sample(Self.code, "INV-1")])
                #expect(try await service.ask(Shop.doku.inquiry(Self.code)).status == 200)
                let answer = try await service.admin.send(
                    "POST", Self.bills + "/1/cancel", body: body.map { Array($0.utf8) })
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.string("state") == "cancelled")
                #expect(answer.string("cancel_reason") == reason)
                let heard = try await service.ask(Shop.doku.inquiry(Self.code))
                #expect(heard.status == status)
                #expect(heard.text.contains("\"\(word)\""))
            }
        }
    }

    @Test func `a client may not give the reason import_undone`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let body = #"{"reason":"import_undone"}"#
            let answer = try await service.admin.post(Self.bills + "/1/cancel", body)
            try expectProblem(answer, 422, "invalid_value")
            #expect(answer.pointers == ["/reason"])
            #expect(try await service.state() == "open")
        }
    }

    @Test func `cancelling again changes nothing`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let first = try await service.admin.post(
                Self.bills + "/1/cancel", #"{"reason":"one"}"#)
            let second = try await service.admin.post(
                Self.bills + "/1/cancel", #"{"reason":"two"}"#)
            #expect(first.status == 200)
            #expect(second.status == 200)
            #expect(second.text == first.text)
        }
    }

    private static let wrong: [(String, Int, String)] = [
        (#"{"why":"x"}"#, 400, "unknown_field"), (#"{"reason":5}"#, 422, "invalid_value"),
        (#"{"reason":""}"#, 422, "invalid_value"), (#"{"reason":"a\nb"}"#, 422, "invalid_value"),
        ("{\"reason\":\"\(String(repeating: "x", count: 201))\"}", 422, "invalid_value"),
        ("[]", 422, "invalid_value"), ("{", 400, "malformed_json"), ("null", 422, "invalid_value"),
    ]

    @Test func `a wrong request to cancel changes nothing`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            for (body, status, cause) in Self.wrong {
                let answer = try await service.admin.post(Self.bills + "/1/cancel", body)
                try expectProblem(answer, status, cause)
            }
            try expectProblem(
                try await service.admin.post(Self.bills + "/2/cancel", "{}"), 404, "not_found")
            #expect(try await service.ask(Shop.doku.inquiry(Self.code)).status == 200)
        }
    }

    @Test func `a paid bill cannot be cancelled`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")], state: .paid)
            let answer = try await service.admin.post(Self.bills + "/1/cancel", "{}")
            try expectProblem(answer, 409, "bill_closed")
            let shown = try await service.admin.get(Self.bills + "/1")
            #expect(shown.string("state") == "paid")
        }
    }

    @Test func `a damaged bill is cancelled, and its code is free for another`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            try ForeignHand.damage(
                service.folder.file("loket.db"), "UPDATE bill SET amount = 950000 WHERE id = 1")
            let answer = try await service.admin.post(
                Self.bills + "/1/cancel", #"{"reason":"damaged"}"#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.string("state") == "cancelled")
            #expect(answer.string("cancel_reason") == "damaged")
            let history = try #require(try answer.json()["history"]).elements
            #expect(
                history.map { $0["change"]?.string } == ["created", "damaged", "cancelled"])
            let events = try await service.admin.get("/admin/v1/events").list("type")
            #expect(events.values.last == "bill.cancelled")
            let again = try await service.admin.post(Self.bills + "/1/cancel", "{}")
            #expect(again.text == answer.text)
            let next = try await service.admin.post(
                Self.bills, BillJSON(Self.code, "INV-2").text)
            #expect(next.status == 201, "\(next.text)")
            #expect(try await service.ask(Shop.doku.inquiry(Self.code)).status == 200)
        }
    }

    @Test func `another account's damaged bill is not found and not cancelled`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            _ = try service.store.registerAccounts([Shop.neighbourID])
            try ForeignHand.damage(
                service.folder.file("loket.db"), "UPDATE bill SET amount = 950000 WHERE id = 1")
            let neighbour = try await service.client(
                "neighbour", scopes: ["read", "write"], account: Shop.neighbourID)
            try expectProblem(
                try await neighbour.post(Self.bills + "/1/cancel", "{}"), 404, "not_found")
            try expectProblem(
                try await service.admin.get(Self.bills + "/1"), 500, "bill_damaged")
        }
    }

    @Test(arguments: [Bill.State.held, .replaced])
    func `a held or replaced bill can be cancelled`(_ state: Bill.State) async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")], state: state)
            let answer = try await service.admin.post(Self.bills + "/1/cancel", "{}")
            #expect(answer.status == 200)
            #expect(answer.string("state") == "cancelled")
        }
    }
}
