// Wrong dated amounts and dates in a new bill: each fault is named with its place, and nothing is
// stored.

import LoketCore
import Testing

struct DatedBillFaultTests {
    private static let path = "/admin/v1/bills"

    /// A list of `count` amounts, each but the last with an end.
    static func list(_ count: Int) -> String {
        let steps = (1..<count).map {
            "{\"until\":\"2099-01-\($0 < 10 ? "0" : "")\($0)\",\"amount\":\($0)}"
        }
        return "[" + (steps + ["{\"amount\":\(count)}"]).joined(separator: ",") + "]"
    }

    static let lists: [(amounts: String, pointers: [String])] = [
        (
            #"[{"until":"2099-12-31","amount":1},{"until":"2099-12-10","amount":2},{"amount":3}]"#,
            ["/amounts/1/until"]
        ),
        (
            #"[{"until":"2099-12-10","amount":1},"#
                + #"{"until":"2099-12-10T16:59:59Z","amount":2},{"amount":3}]"#,
            ["/amounts/1/until"]
        ),
        (#"[{"amount":1},{"amount":2}]"#, ["/amounts/0/until"]),
        (#"[{"until":null,"amount":1},{"amount":2}]"#, ["/amounts/0/until"]),
        (
            #"[{"until":"2099-12-10","amount":1},{"until":"2099-12-31","amount":2}]"#,
            ["/amounts/1/until"]
        ),
        (list(13), ["/amounts"]), ("[]", ["/amounts"]), ("150000", ["/amounts"]),
        (#""2099-12-10=1;2""#, ["/amounts"]), (#"{"amount":1}"#, ["/amounts"]),
        (#"[{"until":"2099-12-10","amount":0},{"amount":2}]"#, ["/amounts/0/amount"]),
        (
            #"[{"until":"2099-12-10"},{"amount":1000000000000}]"#,
            [
                "/amounts/0/amount", "/amounts/1/amount",
            ]
        ),
        (
            #"[{"until":"2099-12-10","amount":"1"},{"amount":1.0}]"#,
            [
                "/amounts/0/amount", "/amounts/1/amount",
            ]
        ),
        (
            #"[{"until":"2099-02-30","amount":1},{"until":5,"amount":2},{"amount":3}]"#,
            [
                "/amounts/0/until", "/amounts/1/until",
            ]
        ),
        ("[1,[]]", ["/amounts/0/amount", "/amounts/0/until", "/amounts/1/amount"]),
    ]

    @Test func `each fault of a list of amounts is named with its place`() async throws {
        try await withService { service in
            for (amounts, pointers) in Self.lists {
                let bill = BillJSON.dated("88965110000001", "INV-1", amounts)
                let answer = try await service.admin.post(Self.path, bill.text)
                try expectProblem(answer, 422, "invalid_value")
                #expect(answer.pointers == pointers, "\(amounts)")
            }
            let long = BillJSON.dated("88965110000001", "INV-1", Self.list(12))
            #expect(try await service.admin.post(Self.path, long.text).status == 201)
            #expect(try await service.billCount == 1)
        }
    }

    private static let bills: [(bill: BillJSON, pointers: [String])] = [
        (BillJSON().with("amount", nil), ["/amount"]),
        (BillJSON().with("amount", nil).with("amounts", "null"), ["/amount"]),
        (BillJSON.dated().with("amount", "7"), ["/amount"]),
        (BillJSON.dated().with("amount", "\"150000\""), ["/amount"]),
        // The last of the amounts begins at the end of 10 December 2099.
        (BillJSON.dated().with("valid_from", "\"2099-12-10T23:59:59+07:00\""), ["/valid_from"]),
        (BillJSON.dated().with("valid_from", "\"2099-12-11\""), ["/valid_from"]),
        (
            BillJSON().with("valid_from", "\"2099-12-11\"").with("expires_at", "\"2099-12-10\""),
            ["/valid_from"]
        ),
        (BillJSON().with("valid_from", "\"soon\""), ["/valid_from"]),
        (BillJSON().with("valid_from", "5"), ["/valid_from"]),
        (BillJSON().with("due_at", "\"2099-02-30\""), ["/due_at"]),
        (BillJSON().with("due_at", "true"), ["/due_at"]),
        (
            BillJSON.dated("1", "INV-1", #"[{"amount":0},{"amount":2}]"#).with("due_at", "\"\""),
            ["/amounts/0/amount", "/amounts/0/until", "/due_at", "/payment_code"]
        ),
    ]

    @Test func `a date or an amount that does not fit the others is refused`() async throws {
        try await withService { service in
            for (bill, pointers) in Self.bills {
                let answer = try await service.admin.post(Self.path, bill.text)
                try expectProblem(answer, 422, "invalid_value")
                #expect(answer.pointers == pointers, "\(bill.text)")
            }
            let second = "[\(BillJSON().text),\(BillJSON.dated("2", "INV-2", "[]").text)]"
            let answer = try await service.admin.post(Self.path, second)
            #expect(answer.pointers == ["/1/amounts", "/1/payment_code"], "\(answer.text)")
            #expect(try await service.billCount == 0)
        }
    }

    @Test func `an unknown field of an amount is refused as an unknown field`() async throws {
        try await withService { service in
            let amounts = #"[{"untill":"2099-12-10","amount":1},{"amount":2}]"#
            let bill = BillJSON.dated("88965110000001", "INV-1", amounts)
            let answer = try await service.admin.post(Self.path, bill.text)
            try expectProblem(answer, 400, "unknown_field")
            #expect(answer.pointers == ["/amounts/0/untill", "/amounts/0/until"])
            #expect(answer.text.contains("did you mean `until`?"), "\(answer.text)")
            #expect(try await service.billCount == 0)
        }
    }

    @Test func `each amount is within the limits of the channels`() async throws {
        let more = "channels: { alfa: { amount: { min: 10000, max: 5000000 } } }"
        try await withService(more: more) { service in
            let amounts =
                #"[{"until":"2099-01-01","amount":9999},"#
                + #"{"until":"2099-02-01","amount":10000},{"amount":5000001}]"#
            let bill = BillJSON.dated("88965110000001", "INV-1", amounts)
            let answer = try await service.admin.post(Self.path, bill.text)
            try expectProblem(answer, 422, "invalid_value")
            #expect(answer.pointers == ["/amounts/0/amount", "/amounts/2/amount"])
            #expect(try await service.billCount == 0)
            let fitting = amounts.replacing("9999", with: "10000").replacing("0001}", with: "0000}")
            let made = try await service.admin.post(Self.path, bill.with("amounts", fitting).text)
            #expect(made.status == 201, "\(made.text)")
        }
    }
}
