// PATCH of a bill: only with the tag of its current state, only fields that may change, and every
// wrong field refused with its place.

import DokuSimulator
import LoketCore
import LoketRuntime
import Testing

struct EditTests {
    private static let path = "/admin/v1/bills/1"

    private func withBill(
        _ draft: @escaping (inout BillDraft) -> Void = { _ in },
        _ change: (inout Settings) -> Void = { _ in },
        _ body: (RunningService) async throws -> Void
    ) async throws {
        try await withTill(change) { service in
            try service.seed([.sample(Till.code, "INV-1", draft)])
            try await body(service)
        }
    }

    @Test func `an edit must say which state of the bill it is for`() async throws {
        try await withBill { service in
            try expectProblem(
                try await service.edit("{}", tag: nil), 428, "precondition_required")
            let tag = try #require(try await service.admin.tag(Self.path))
            #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
            for wrong in ["\"0\"", "W/" + tag, tag.replacing("\"", with: ""), "", "\"*\""] {
                try expectProblem(
                    try await service.edit(#"{"amount":5}"#, tag: wrong), 412,
                    "precondition_failed")
            }
            #expect(try await service.bill()["amount"]?.integer == 150_000)
            let listed = "\"0\", \(tag),\"1\""
            #expect(try await service.edit(#"{"amount":5}"#, tag: listed).status == 200)
            try expectProblem(
                try await service.edit(#"{"amount":6}"#, tag: tag), 412, "precondition_failed")
            #expect(try await service.edit(#"{"amount":6}"#, tag: "*").status == 200)
        }
    }

    @Test func `one state has one tag, and any change another`() async throws {
        try await withBill { service in
            var tags: [String?] = [try await service.admin.tag(Self.path)]
            #expect(try await service.admin.tag(Self.path) == tags[0])
            for body in [#"{"amount":5}"#, #"{"metadata":{"a":1}}"#, #"{"info":"x"}"#] {
                let answer = try await service.admin.tag(
                    Self.path, "PATCH", body: body, more: [("If-Match", "*")])
                #expect(try await service.admin.tag(Self.path) == answer)
                tags.append(answer)
            }
            try await service.pay(Till.notice(amount: 5))
            tags.append(try await service.admin.tag(Self.path))
            #expect(Set(tags).count == 5)
            let made = try await service.admin.tag(
                "/admin/v1/bills", "POST", body: BillJSON(Till.otherCode, "INV-2").text)
            #expect(made == (try await service.admin.tag("/admin/v1/bills/2")))
        }
    }

    @Test func `fifty edits of one state change it once`() async throws {
        try await withBill { service in
            let tag = try await service.admin.tag(Self.path)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for place in 1...50 {
                    group.addTask {
                        try await service.edit("{\"amount\":\(place)}", tag: tag).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 412 }.count == 49)
            #expect(try await service.events() == ["bill.changed"])
        }
    }

    @Test func `every field that may change does, and the next inquiry shows the change`()
        async throws
    {
        try await withBill { service in
            let answer = try await service.edit(
                """
                {"amount":175000,"expires_at":"2099-12-31","info":"Terima kasih",
                "customer":{"name":"Budi","email":"b@x.id"},"metadata":{"a":[1]}}
                """, type: "application/json")
            #expect(answer.status == 200, "\(answer.text)")
            let bill = try answer.json()
            #expect(bill["amount"]?.integer == 175_000)
            #expect(bill["expires_at"]?.string == "2099-12-31T16:59:59Z")
            #expect(bill["info"]?.string == "Terima kasih")
            #expect(bill["customer"]?["name"]?.string == "Budi")
            #expect(bill["customer"]?["email"]?.string == "b@x.id")
            #expect(bill["metadata"]?["a"]?.elements.count == 1)
            #expect(bill["history"]?.elements.last?["change"]?.string == "changed")
            let heard = try await service.ask(Till.inquirer.inquiry(Till.code))
            #expect(heard.text.contains("\"amount\":175000}"))
            #expect(heard.text.contains(#""info1":"Terima kasih""#))
            #expect(heard.text.contains(#""name":"Budi""#))

            let cleared = try await service.edit(
                #"{"expires_at":null,"info":null,"customer":{"email":null},"metadata":null}"#)
            let bare = try cleared.json()
            for name in ["expires_at", "info", "metadata"] as [StaticString] {
                #expect(bare[name]?.isNull == true, "\(name)")
            }
            #expect(bare["customer"]?["email"]?.isNull == true)
            #expect(bare["customer"]?["name"]?.string == "Budi")
            #expect(bare["amount"]?.integer == 175_000)
        }
    }

    @Test func `an edit that changes nothing makes no event`() async throws {
        try await withBill({ $0.metadata = #"{"a":1,"b":2}"# }) { service in
            let tag = try await service.admin.tag(Self.path)
            for body in [
                "{}", #"{"amount":150000}"#, #"{"customer":{}}"#, #"{"info":null}"#,
                #"{"metadata":{"a":1}}"#, #"{"metadata":{}}"#, #"{"metadata":{"c":null}}"#,
            ] {
                #expect(try await service.edit(body).status == 200, "\(body)")
                #expect(try await service.admin.tag(Self.path) == tag, "\(body)")
            }
            #expect(try await service.events().isEmpty)
        }
    }

    /// The examples of RFC 7396, appendix A, and keys that only look alike.
    private static let merges: [(before: String?, patch: String, after: String)] = [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
        (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#),
        (#"{"a":"foo"}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        (nil, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        (#"{"n":1.50}"#, #"{"m":1e400}"#, #"{"m":1e400,"n":1.50}"#),
        (#"{"a\"b":1}"#, #"{"a\"b":2}"#, #"{"a\"b":2}"#),
        ("{\"\u{E9}\":1}", "{\"e\u{301}\":2}", "{\"e\u{301}\":2,\"\u{E9}\":1}"),
    ]

    @Test func `metadata is merged as RFC 7396 says`() async throws {
        for (before, patch, after) in Self.merges {
            try await withBill({ $0.metadata = before }) { service in
                let answer = try await service.edit("{\"metadata\":\(patch)}")
                let merged = try answer.json()["metadata"]?.minified ?? []
                #expect(String(decoding: merged, as: UTF8.self).utf8.elementsEqual(after.utf8))
            }
        }
    }

    private static let wrong: [(String, Int, String, [String])] = [
        (#"{"amount":0}"#, 422, "invalid_value", ["/amount"]),
        (#"{"amount":null}"#, 422, "invalid_value", ["/amount"]),
        (#"{"amount":1.0}"#, 422, "invalid_value", ["/amount"]),
        (#"{"amount":"1"}"#, 422, "invalid_value", ["/amount"]),
        (#"{"amount":1000000000000}"#, 422, "invalid_value", ["/amount"]),
        (#"{"expires_at":"2020-01-01T00:00:00Z"}"#, 422, "invalid_value", ["/expires_at"]),
        (#"{"expires_at":"soon"}"#, 422, "invalid_value", ["/expires_at"]),
        (#"{"info":""}"#, 422, "invalid_value", ["/info"]),
        (#"{"info":"a\u2028b"}"#, 422, "invalid_value", ["/info"]),
        (#"{"info":5}"#, 422, "invalid_value", ["/info"]),
        (#"{"customer":null}"#, 422, "invalid_value", ["/customer"]),
        (#"{"customer":"Budi"}"#, 422, "invalid_value", ["/customer"]),
        (#"{"customer":{"name":null}}"#, 422, "invalid_value", ["/customer/name"]),
        (#"{"customer":{"name":" "}}"#, 422, "invalid_value", ["/customer/name"]),
        (#"{"customer":{"email":"x"}}"#, 422, "invalid_value", ["/customer/email"]),
        (#"{"metadata":5}"#, 422, "invalid_value", ["/metadata"]),
        (#"{"metadata":[]}"#, 422, "invalid_value", ["/metadata"]),
        (#"{"amount":0,"info":""}"#, 422, "invalid_value", ["/amount", "/info"]),
        (#"{"state":"paid"}"#, 400, "unknown_field", ["/state"]),
        (#"{"payment_code":"1"}"#, 400, "unknown_field", ["/payment_code"]),
        (#"{"invoice_number":"X"}"#, 400, "unknown_field", ["/invoice_number"]),
        (#"{"reusable":true}"#, 400, "unknown_field", ["/reusable"]),
        (#"{"customer":{"phone":"1"}}"#, 400, "unknown_field", ["/customer/phone"]),
        ("{", 400, "malformed_json", []), (#"{"amount":1,"amount":2}"#, 400, "malformed_json", []),
        ("", 400, "malformed_json", []), ("[]", 422, "invalid_value", []),
    ]

    @Test func `a wrong field is refused with its place and changes nothing`() async throws {
        try await withBill { service in
            let tag = try await service.admin.tag(Self.path)
            for (body, status, cause, pointers) in Self.wrong {
                let answer = try await service.edit(body)
                try expectProblem(answer, status, cause)
                #expect(answer.pointers == pointers, "\(body)")
            }
            let large = String(repeating: "x", count: Limits.metadataBytesMax)
            try expectProblem(
                try await service.edit("{\"metadata\":{\"a\":\"\(large)\"}}"), 422,
                "invalid_value")
            try expectProblem(
                try await service.edit("{}", type: "text/plain"), 415, "not_json")
            try expectProblem(try await service.edit("{}", of: "2"), 404, "not_found")
            try expectProblem(try await service.edit("{}", of: "x"), 404, "not_found")
            #expect(try await service.admin.tag(Self.path) == tag)
        }
    }

    @Test func `metadata may not exceed its limit by merging`() async throws {
        let half = String(repeating: "x", count: Limits.metadataBytesMax / 2)
        try await withBill({ $0.metadata = "{\"a\":\"\(half)\"}" }) { service in
            let answer = try await service.edit("{\"metadata\":{\"b\":\"\(half)\"}}")
            try expectProblem(answer, 422, "invalid_value")
            #expect(answer.pointers == ["/metadata"])
        }
    }

    @Test func `a channel's limits hold for edits too`() async throws {
        try await withBill(
            { _ in }, { $0.channels[.alfa]?.amountMax = Rupiah(whole: 200_000) }
        ) { service in
            let answer = try await service.edit(#"{"amount":200001}"#)
            try expectProblem(answer, 422, "invalid_value")
            #expect(answer.pointers == ["/amount"])
            #expect(try await service.edit(#"{"amount":200000}"#).status == 200)
        }
    }

    @Test(arguments: [Bill.State.held, .paid, .cancelled, .replaced])
    func `a bill that is not open is not edited`(_ state: Bill.State) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")], state: state)
            let tag = try await service.admin.tag(Self.path)
            try expectProblem(
                try await service.edit(#"{"amount":5}"#, tag: tag), 409, "bill_closed")
        }
    }
}
