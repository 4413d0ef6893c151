// Bills with dated amounts over the admin API: created, shown, listed, posted again, and in events.

import DokuSimulator
import LoketCore
import LoketJSON
import Testing

struct DatedBillTests {
    private static let path = "/admin/v1/bills"

    private func shown(_ bill: JSONValue?) -> String? {
        bill?["amounts"].map { String(decoding: $0.minified, as: UTF8.self) }
    }

    @Test func `a dated bill shows the amount of now and all its dates`() async throws {
        try await withService { service in
            let body = BillJSON.dated().with("valid_from", "\"2020-01-01\"")
                .with("expires_at", "\"2099-12-31\"").with("due_at", "\"2099-12-10\"")
            let made = try await service.admin.post(Self.path, body.text)
            #expect(made.status == 201, "\(made.text)")
            let page = try await service.admin.get(Self.path + "/1")
            #expect(page.text == made.text)
            let listed = try await service.items(Self.path).first
            for bill in [try made.json(), listed] {
                #expect(bill?["amount"]?.integer == 150_000)
                #expect(shown(bill) == BillJSON.shownSteps)
                #expect(bill?["valid_from"]?.string == "2019-12-31T17:00:00Z")
                #expect(bill?["expires_at"]?.string == "2099-12-31T16:59:59Z")
                #expect(bill?["due_at"]?.string == "2099-12-10T16:59:59Z")
            }
        }
    }

    @Test func `a bill without dates shows that it has none`() async throws {
        try await withService { service in
            let one = BillJSON.dated("88965110000002", "INV-2", #"[{"amount":150000}]"#)
            for (place, body) in [BillJSON().with("amounts", "null"), one].enumerated() {
                let made = try await service.admin.post(Self.path, body.text)
                #expect(made.status == 201, "\(made.text)")
                let bill = try await service.bill("\(place + 1)")
                #expect(bill["amount"]?.integer == 150_000)
                for name in ["amounts", "valid_from", "due_at"] as [StaticString] {
                    #expect(bill[name]?.isNull == true, "\(name)")
                }
            }
        }
    }

    @Test func `what a bill shows can be posted again and sent as an edit`() async throws {
        try await withService { service in
            let body = BillJSON.dated().with("valid_from", "\"2020-01-01\"")
                .with("due_at", "\"2099-12-10\"")
            #expect(try await service.admin.post(Self.path, body.text).status == 201)
            let tag = try await service.admin.tag(Self.path + "/1")
            let bill = try await service.bill()
            func again(_ names: [StaticString]) -> String {
                let members = names.compactMap { name in
                    bill[name].map {
                        "\"\(name)\":\(String(decoding: $0.minified, as: UTF8.self))"
                    }
                }
                return "{" + members.joined(separator: ",") + "}"
            }
            let terms: [StaticString] = [
                "amount", "amounts", "valid_from", "expires_at", "due_at", "info", "customer",
                "metadata",
            ]
            let identity: [StaticString] = [
                "account", "payment_code", "invoice_number", "reusable",
            ]
            let same = try await service.admin.post(Self.path, again(identity + terms))
            #expect(same.status == 200, "\(same.text)")
            #expect(same.string("id") == "1")
            let edit = try await service.edit(again(terms))
            #expect(edit.status == 200, "\(edit.text)")
            #expect(try await service.admin.tag(Self.path + "/1") == tag)
        }
    }

    @Test func `other amounts or dates are another bill`() async throws {
        try await withService { service in
            let bill = BillJSON.dated()
            #expect(try await service.admin.post(Self.path, bill.text).status == 201)
            for other in [
                bill.with("amounts", nil).with("amount", "150000"),
                bill.with("amounts", BillJSON.steps.replacing("2099-12-10", with: "2099-12-11")),
                bill.with("amounts", BillJSON.steps.replacing("175000", with: "175001")),
                bill.with("valid_from", "\"2020-01-01\""), bill.with("due_at", "\"2099-12-10\""),
            ] {
                let answer = try await service.admin.post(Self.path, other.text)
                try expectProblem(answer, 409, "invoice_number_taken")
            }
            let spelled = BillJSON.steps.replacing(
                "\"2099-12-10\"", with: "\"2099-12-10T23:59:59+07:00\"")
            let same = try await service.admin.post(Self.path, bill.with("amounts", spelled).text)
            #expect(same.status == 200, "\(same.text)")
            #expect(try await service.billCount == 1)
        }
    }

    @Test func `a number leaves room for the suffix of a dated bill's inquiries`() async throws {
        for (setting, longest) in [
            (InvoicePerInquiry.never, 64), (.reusable, 53), (.always, 53),
        ] {
            try await withService({ $0.invoicePerInquiry = setting }) { service in
                for length in [53, 54, 64] {
                    let number = String(repeating: "N", count: length)
                    let bill = BillJSON.dated("8896511000\(length)", number)
                    let answer = try await service.admin.post(Self.path, bill.text)
                    #expect(answer.status == (length <= longest ? 201 : 422), "\(answer.text)")
                    guard length > longest else { continue }
                    #expect(answer.pointers == ["/invoice_number"])
                }
            }
        }
    }

    @Test func `an event has the amount at its time, and the dates if there are any`() async throws
    {
        try await withService { service in
            let bills = "[\(BillJSON.dated().text),\(BillJSON("88965110000002", "INV-2").text)]"
            #expect(try await service.admin.post(Self.path, bills).status == 201)
            let events = try await service.items("/admin/v1/events")
            #expect(events.map { $0["type"]?.string } == ["bill.created", "bill.created"])
            #expect(events.map { $0["bill"]?["amount"]?.integer } == [150_000, 150_000])
            #expect(events.map { shown($0["bill"]) } == [BillJSON.shownSteps, nil])

            let other = #"[{"until":"2099-01-01","amount":7},{"amount":8}]"#
            #expect(try await service.edit(#"{"amounts":\#(other)}"#).status == 200)
            let last = try await service.items("/admin/v1/events").last
            #expect(last?["type"]?.string == "bill.changed")
            #expect(last?["bill"]?["amount"]?.integer == 7)
            #expect(
                shown(last?["bill"])
                    == #"[{"until":"2099-01-01T16:59:59Z","amount":7},{"amount":8}]"#)
        }
    }
}
