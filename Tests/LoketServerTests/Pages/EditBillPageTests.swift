// The edit of a bill on its page: only what was changed is sent, and a bill that somebody else
// changed meanwhile is not overwritten unseen.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct EditBillPageTests {
    private static let code = "88965110000001"
    private static let path = "/ui/bills/1/edit"

    private func withBill(
        _ change: (inout BillDraft) -> Void = { _ in },
        _ body: (RunningService, PageBrowser) async throws -> Void
    ) async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1", change)])
            try await body(service, service.browser())
        }
    }

    /// Sends the form with everything that it shows, as a browser does, with these changes.
    private func save(
        _ page: DokuAnswer, _ changes: [String: String], _ browser: PageBrowser
    ) async throws -> DokuAnswer {
        try await browser.submit(
            Self.path, on: page, page.inputs.merging(changes) { _, own in own })
    }

    @Test func `only what was changed is sent, and the notice has old and new`() async throws {
        try await withBill {
            $0.expiresAt = Moment(rfc3339: "2099-12-31")
            $0.info = "Les piano"
        } _: { service, browser in
            let page = try await browser.get(Self.path)
            #expect(page.status == 200, "\(page.text)")
            #expect(
                page.inputs == [
                    "expires": "2099-12-31", "amount": "Rp150.000", "name": "Anton Budiman",
                    "info": "Les piano", "email": "", "due": "",
                ])
            #expect(page.text.contains("Sekarang sampai 31 Desember 2099, 23.59 WIB."))
            let answer = try await save(
                page, ["amount": "175.000", "expires": "2100-01-31"], browser)
            #expect(answer.status == 303, "\(answer.text)")
            #expect(answer.header("Location") == "/ui/bills/1")
            let last = try await service.bill()["history"]?.elements.last
            #expect(
                last?["detail"]?.string == "amount 150000 to 175000, "
                    + "expires_at 2099-12-31T16:59:59Z to 2100-01-31T16:59:59Z")
            #expect(last?["actor"]?.string == "first")
            let next = try await browser.get("/ui")
            #expect(
                next.text.contains(
                    "Tersimpan. Berlaku sampai: 31 Desember 2099, 23.59 → 31 Januari 2100, 23.59; "
                        + "Nominal (Rp): Rp150.000 → Rp175.000"), "\(next.text)")
        }
    }

    @Test func `texts and dates are set and cleared`() async throws {
        try await withBill {
            $0.info = "Les piano"
            $0.expiresAt = Moment(rfc3339: "2099-12-31")
        } _: { service, browser in
            let answer = try await save(
                browser.get(Self.path),
                [
                    "name": "Budi", "info": "", "email": "budi@example.com", "due": "2099-12-01",
                    "expires": "",
                ], browser)
            #expect(answer.status == 303, "\(answer.text)")
            let bill = try await service.bill()
            #expect(bill["customer"]?["name"]?.string == "Budi")
            #expect(bill["customer"]?["email"]?.string == "budi@example.com")
            #expect(bill["info"]?.isNull == true && bill["expires_at"]?.isNull == true)
            #expect(bill["due_at"]?.string == "2099-12-01T16:59:59Z")
            #expect(bill["amount"]?.integer == 150_000)
        }
    }

    @Test func `a form without a change sends nothing`() async throws {
        // The time of the expiry is not the end of its day, and stays.
        try await withBill {
            $0.expiresAt = Moment(rfc3339: "2099-01-01T20:04:05Z")
        } _: { service, browser in
            let page = try await browser.get(Self.path)
            #expect(page.inputs["expires"] == "2099-01-02")
            for amount in ["Rp150.000", "150000"] {
                let answer = try await save(page, ["amount": amount], browser)
                #expect(answer.header("Location") == "/ui/bills/1", "\(answer.text)")
                #expect(try await browser.get("/ui").text.contains("Tidak ada yang berubah."))
            }
            #expect(try await service.events().isEmpty)
            _ = try await save(page, ["name": "Budi"], browser)
            #expect(
                try await service.bill()["expires_at"]?.string == "2099-01-01T20:04:05Z")
        }
    }

    @Test func `amounts by date are edited as one text`() async throws {
        try await withService { service in
            let made = try await service.admin.post("/admin/v1/bills", BillJSON.dated().text)
            #expect(made.status == 201, "\(made.text)")
            let browser = try await service.browser()
            let page = try await browser.get(Self.path)
            #expect(
                page.inputs["amount"] == "2020-01-31=100000;2099-12-10=150000;175000")
            let wrong = "2099-12-10=150000;2098-12-10=160000;175000"
            let refused = try await save(page, ["amount": wrong], browser)
            #expect(refused.status == 422 && refused.faults == ["amount"], "\(refused.text)")
            #expect(refused.inputs["amount"] == wrong)
            #expect(refused.text.contains("amount 2 ends before amount 1"))
            let answer = try await save(
                refused, ["amount": "2099-12-10=Rp150.000; 180.000"], browser)
            #expect(answer.status == 303, "\(answer.text)")
            let steps = try await service.bill()["amounts"]?.elements ?? []
            #expect(steps.map { $0["amount"]?.integer } == [150_000, 180_000])
            #expect(steps.first?["until"]?.string == "2099-12-10T16:59:59Z")
            _ = try await save(browser.get(Self.path), ["amount": "200.000"], browser)
            let bill = try await service.bill()
            #expect(bill["amounts"]?.isNull == true && bill["amount"]?.integer == 200_000)
        }
    }

    @Test func `a bill that changed meanwhile is shown beside what was typed`() async throws {
        try await withBill { service, browser in
            let page = try await browser.get(Self.path)
            #expect(try await service.edit(#"{"amount":170000}"#).status == 200)
            let again = try await save(page, ["name": "Budi"], browser)
            #expect(again.status == 412)
            #expect(again.text.contains("Tagihan berubah sejak Anda membukanya: oleh first, "))
            #expect(again.inputs["name"] == "Budi" && again.inputs["amount"] == "Rp170.000")
            #expect(again.text.contains("Sementara itu diubah menjadi: Rp170.000"))
            #expect(!again.text.contains("id=\"name-note\""))
            #expect(try await service.bill()["customer"]?["name"]?.string == "Anton Budiman")
            #expect(try await save(again, [:], browser).status == 303)
            let bill = try await service.bill()
            #expect(bill["customer"]?["name"]?.string == "Budi")
            #expect(bill["amount"]?.integer == 170_000)
        }
    }

    @Test func `the second of two clicks saves nothing and does not fail`() async throws {
        try await withBill { service, browser in
            let page = try await browser.get(Self.path)
            for _ in 0..<2 {
                #expect(try await save(page, ["amount": "190.000"], browser).status == 303)
            }
            #expect(try await browser.get("/ui/bills/1").text.contains("Tersimpan."))
            #expect(try await service.bill()["history"]?.elements.count == 2)
        }
    }

    @Test func `saving once more over the change of somebody else is a decision`() async throws {
        try await withBill { service, browser in
            let page = try await browser.get(Self.path)
            #expect(try await service.edit(#"{"amount":180000}"#).status == 200)
            let again = try await save(page, ["amount": "190.000"], browser)
            #expect(again.status == 412)
            #expect(again.inputs["amount"] == "190.000")
            #expect(again.text.contains("Sementara itu diubah menjadi: Rp180.000"))
            #expect(try await service.edit(#"{"amount":185000}"#).status == 200)
            let third = try await save(again, [:], browser)
            #expect(third.status == 412)
            #expect(third.text.contains("Sementara itu diubah menjadi: Rp185.000"))
            #expect(try await save(third, [:], browser).status == 303)
            #expect(try await service.bill()["amount"]?.integer == 190_000)
        }
    }

    private static let wrong = [
        "name": "a\u{202E}<i>b", "amount": "abc", "expires": "2001-01-01", "due": "soon",
        "info": String(repeating: "i", count: 31), "email": "nobody",
    ]

    @Test func `a refused edit marks every wrong field and keeps its version`() async throws {
        try await withBill { service, browser in
            let page = try await browser.get(Self.path)
            let again = try await save(page, Self.wrong, browser)
            #expect(again.status == 422)
            #expect(again.inputs == Self.wrong)
            #expect(again.faults == Set(Self.wrong.keys), "\(again.text)")
            #expect(!again.text.contains("<i>b"))
            #expect(again.form(Self.path)?["tag"] == page.form(Self.path)?["tag"])
            let right = page.inputs.merging(["name": "Budi"]) { _, own in own }
            #expect(try await save(again, right, browser).status == 303)
            #expect(try await service.bill()["customer"]?["name"]?.string == "Budi")
        }
    }

    @Test func `an edit without a version is not made`() async throws {
        try await withBill { service, browser in
            let page = try await browser.get(Self.path)
            var fields = page.form(Self.path) ?? [:]
            fields["tag"] = nil
            fields["name"] = "Budi"
            let again = try await browser.post(Self.path, fields)
            #expect(again.status == 428 && again.inputs["name"] == "Budi", "\(again.text)")
            #expect(try await save(again, [:], browser).status == 303)
            #expect(try await service.bill()["customer"]?["name"]?.string == "Budi")
        }
    }

    @Test(arguments: [Bill.State.paid, .cancelled, .held, .replaced])
    func `a bill that is not open has no form`(_ state: Bill.State) async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")], state: state)
            let page = try await service.browser().get(Self.path)
            #expect(page.status == 409 && page.form(Self.path) == nil)
        }
    }

    @Test func `values of a bill show as text, and the words are English on request`()
        async throws
    {
        let name = "<script>x</script> \"'&"
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-<1>") { $0.customerName = name }])
            let browser = try await service.browser(language: "en")
            let page = try await browser.get(Self.path)
            #expect(page.inputs["name"] == name)
            #expect(!page.text.contains("<script>x") && !page.text.contains("INV-<1>"))
            #expect(page.shown.contains("<h1>Edit the bill · INV-<1></h1>"))
            let answer = try await save(page, ["info": "<b>1</b>"], browser)
            #expect(answer.status == 303)
            let next = try await browser.get("/ui")
            #expect(next.text.contains("Saved. Receipt line: – → &lt;b&gt;1&lt;/b&gt;"))
        }
    }
}
