// PATCH of a bill's amounts and dates: the whole list is replaced, and a bill with one amount again
// has no dates.

import DokuSimulator
import LoketCore
import LoketJSON
import LoketRuntime
import Testing

struct DatedBillEditTests {
    private static let path = "/admin/v1/bills"
    private static let other = #"[{"until":"2099-06-30","amount":160000},{"amount":170000}]"#

    private func withBill(
        _ bill: BillJSON = .dated(), _ change: (inout Settings) -> Void = { _ in },
        _ body: (RunningService) async throws -> Void
    ) async throws {
        try await withTill(change) { service in
            let made = try await service.admin.post(Self.path, bill.text)
            try #require(made.status == 201, "\(made.text)")
            try await body(service)
        }
    }

    private func shown(_ bill: JSONValue) -> String {
        String(decoding: bill["amounts"]?.minified ?? [], as: UTF8.self)
    }

    private func detail(_ bill: JSONValue) -> String? {
        bill["history"]?.elements.last?["detail"]?.string
    }

    @Test func `the whole list is replaced, and the next inquiry is answered from it`() async throws
    {
        try await withBill { service in
            let before = try await service.admin.tag(Self.path + "/1")
            let answer = try await service.edit(#"{"amounts":\#(Self.other)}"#)
            #expect(answer.status == 200, "\(answer.text)")
            let bill = try answer.json()
            #expect(bill["amount"]?.integer == 160_000)
            #expect(
                shown(bill) == #"[{"until":"2099-06-30T16:59:59Z","amount":160000},"#
                    + #"{"amount":170000}]"#)
            #expect(
                detail(bill) == "amounts 100000 until 2020-01-31T16:59:59Z, then 150000 until "
                    + "2099-12-10T16:59:59Z, then 175000 to 160000 until 2099-06-30T16:59:59Z, "
                    + "then 170000")
            #expect(try await service.admin.tag(Self.path + "/1") != before)
            let heard = try await service.ask(Till.inquirer.inquiry(Till.code))
            #expect(heard.text.contains("\"amount\":160000}"), "\(heard.text)")
        }
    }

    @Test func `an amount alone gives the bill one amount again`() async throws {
        for body in [#"{"amount":180000}"#, #"{"amount":180000,"amounts":null}"#] {
            try await withBill { service in
                let answer = try await service.edit(body)
                #expect(answer.status == 200, "\(answer.text)")
                let bill = try answer.json()
                #expect(bill["amount"]?.integer == 180_000)
                #expect(bill["amounts"]?.isNull == true)
                #expect(detail(bill)?.hasSuffix("then 175000 to 180000") == true)
                let heard = try await service.ask(Till.inquirer.inquiry(Till.code))
                #expect(heard.text.contains(#""invoice_number":"INV-1","amount":180000}"#))
            }
        }
    }

    @Test func `the dates of a bill are set, shown in its history, and cleared`() async throws {
        try await withBill { service in
            let set = try await service.edit(
                #"{"valid_from":"2098-01-01","due_at":"2099-12-10","expires_at":"2099-12-31"}"#)
            #expect(set.status == 200, "\(set.text)")
            #expect(
                detail(try set.json()) == "valid_from always to 2097-12-31T17:00:00Z, expires_at "
                    + "never to 2099-12-31T16:59:59Z, due_at none to 2099-12-10T16:59:59Z")
            #expect(try await service.ask(Till.inquirer.inquiry(Till.code)).status == 400)
            let cleared = try await service.edit(
                #"{"valid_from":null,"due_at":null,"expires_at":null}"#)
            for name in ["valid_from", "due_at", "expires_at"] as [StaticString] {
                #expect(try cleared.json()[name]?.isNull == true, "\(name)")
            }
            #expect(shown(try cleared.json()) == BillJSON.shownSteps)
            #expect(try await service.ask(Till.inquirer.inquiry(Till.code)).status == 200)
        }
    }

    /// The bill is valid from 2099-06-01, when it has two of its amounts left.
    private static let wrong: [(body: String, pointers: [String])] = [
        (#"{"amounts":null}"#, ["/amounts"]), (#"{"amounts":[]}"#, ["/amounts"]),
        (#"{"amount":null}"#, ["/amount"]), (#"{"amount":null,"amounts":null}"#, ["/amount"]),
        (#"{"amount":7,"amounts":[{"until":"2099-12-10","amount":8},{"amount":9}]}"#, ["/amount"]),
        (
            #"{"amounts":[{"until":"2099-12-31","amount":1},{"until":"2099-12-10","amount":2},"#
                + #"{"amount":3}],"info":""}"#,
            ["/amounts/1/until", "/info"]
        ),
        (#"{"amounts":[{"until":"2099-05-31","amount":1},{"amount":2}]}"#, ["/amounts"]),
        (#"{"valid_from":"2099-12-11"}"#, ["/valid_from"]),
        (#"{"valid_from":"soon"}"#, ["/valid_from"]), (#"{"due_at":5}"#, ["/due_at"]),
        (#"{"expires_at":"2099-05-31"}"#, ["/expires_at"]),
    ]

    @Test func `wrong amounts and dates are named with their place and change nothing`()
        async throws
    {
        try await withBill(.dated().with("valid_from", "\"2099-06-01\"")) { service in
            let tag = try await service.admin.tag(Self.path + "/1")
            for (body, pointers) in Self.wrong {
                let answer = try await service.edit(body)
                try expectProblem(answer, 422, "invalid_value")
                #expect(answer.pointers == pointers, "\(body): \(answer.text)")
            }
            for (amounts, pointers) in DatedBillFaultTests.lists {
                let answer = try await service.edit(#"{"amounts":\#(amounts)}"#)
                try expectProblem(answer, 422, "invalid_value")
                #expect(answer.pointers == pointers, "\(amounts)")
            }
            let unknown = try await service.edit(#"{"amounts":[{"amount":1,"from":"2099-01-01"}]}"#)
            try expectProblem(unknown, 400, "unknown_field")
            #expect(unknown.pointers == ["/amounts/0/from"])
            #expect(try await service.admin.tag(Self.path + "/1") == tag)
        }
    }

    @Test func `an edit keeps each amount within the limits of the channels`() async throws {
        try await withBill(.dated(), { $0.channels[.alfa]?.amountMax = Rupiah(whole: 200_000) }) {
            service in
            let large = Self.other.replacing("170000", with: "200001")
            let answer = try await service.edit(#"{"amounts":\#(large)}"#)
            try expectProblem(answer, 422, "invalid_value")
            #expect(answer.pointers == ["/amounts/1/amount"])
            #expect(try await service.edit(#"{"amounts":\#(Self.other)}"#).status == 200)
        }
    }

    @Test(arguments: [(InvoicePerInquiry.reusable, 422), (.never, 200)])
    func `a bill with a long number has one amount unless it never has a suffix`(
        _ setting: InvoicePerInquiry, status: Int
    ) async throws {
        let number = String(repeating: "N", count: 54)
        try await withBill(BillJSON(Till.code, number), { $0.invoicePerInquiry = setting }) {
            service in
            let answer = try await service.edit(#"{"amounts":\#(Self.other)}"#)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.pointers == (status == 422 ? ["/amounts"] : []))
            // One amount needs no suffix.
            #expect(try await service.edit(#"{"amounts":[{"amount":5}]}"#).status == 200)
        }
    }
}
