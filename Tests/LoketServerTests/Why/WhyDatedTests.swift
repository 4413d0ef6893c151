// `why` for bills with dates: the amount that answered, when it ends, the next amount, and the bill
// as it is now.

import DokuSimulator
import LoketCore
import LoketJSON
import TestSupport
import Testing

struct WhyDatedTests {
    private static let code = "88965110000001"

    private func terms(_ bill: JSONValue?) -> String {
        let amount = bill?["amount"]?.integer.map { "\($0)" } ?? "no amount"
        let until = bill?["amount_until"]?.string.map { " until \($0)" } ?? ""
        let next = bill?["next_amount"]?.integer.map { ", then \($0)" } ?? ""
        return amount + until + next
    }

    @Test func `the step that answered is named with the next, and stays after an edit`()
        async throws
    {
        try await withService { service in
            let bill = BillJSON.dated().with("due_at", "\"2099-12-10\"")
            #expect(try await service.admin.post("/admin/v1/bills", bill.text).status == 201)
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "asked"))
            let found = try await service.why("asked")
            #expect(found["answer"]?["guard"]?.string == "payable")
            #expect(found["inquiry"]?["amount"]?.integer == 150_000)
            let quoted = found["inquiry"]?["invoice_number"]?.string
            #expect(quoted.flatMap { InvoiceNumber($0) }?.withoutSuffix?.text == "INV-1")
            let step = "150000 until 2099-12-10T16:59:59Z, then 175000"
            #expect(terms(found["bill"]?["then"]) == step)
            #expect(terms(found["bill"]?["now"]) == step)
            #expect(found["bill"]?["now"]?["due_at"]?.string == "2099-12-10T16:59:59Z")

            let other = #"{"amounts":[{"until":"2020-01-01","amount":1},{"amount":180000}]}"#
            #expect(try await service.edit(other).status == 200)
            let later = try await service.why("asked")
            #expect(terms(later["bill"]?["then"]) == step)
            #expect(terms(later["bill"]?["now"]) == "180000")
            #expect(try await service.edit(#"{"amount":190000}"#).status == 200)
            let plain = try await service.why("asked")
            #expect(terms(plain["bill"]?["then"]) == step)
            #expect(terms(plain["bill"]?["now"]) == "190000")
        }
    }

    @Test func `a bill that was not yet valid is explained with its beginning`() async throws {
        try await withService { service in
            let bill = BillJSON.dated().with("valid_from", "\"2099-01-01\"")
            #expect(try await service.admin.post("/admin/v1/bills", bill.text).status == 201)
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "asked"))
            _ = try await service.why("asked")
            #expect(try await service.edit(#"{"valid_from":null}"#).status == 200)
            let found = try await service.why("asked")
            #expect(found["answer"]?["guard"]?.string == "bill_not_yet_valid")
            #expect(found["bill"]?["then"]?["valid_from"]?.string == "2098-12-31T17:00:00Z")
            #expect(found["bill"]?["now"]?["valid_from"]?.isNull == true)
            let text = try #require(found["would_have_passed"]?.string)
            for words in ["can be paid from 2098-12-31T17:00:00Z on", "PATCH /admin/v1/bills/1"] {
                #expect(text.contains(words), "\(text)")
            }
        }
    }
}
