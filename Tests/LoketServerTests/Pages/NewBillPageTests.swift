// The form of a new bill: its fields, the code that is generated, and what is shown when it is
// refused.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin
@testable import LoketRuntime

struct NewBillPageTests {
    private static let path = "/ui/bills/new"
    private static let filled = [
        "name": "Nur Aini", "amount": "Rp150.000", "invoice": "INV-1", "expires": "2099-12-31",
        "code": "8896 5110 0000 01",
    ]

    @Test func `a bill is made of five fields`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let page = try await browser.get(Self.path)
            #expect(page.status == 200, "\(page.text)")
            #expect(page.text.contains("<title>Tagihan baru · loket</title>"))
            for field in BillField.allCases {
                #expect(page.text.contains("<label for=\"\(field.rawValue)\">"), "\(field)")
                #expect(page.inputs[field.rawValue] == "", "\(field)")
            }
            let answer = try await browser.submit(Self.path, on: page, Self.filled)
            #expect(answer.status == 303, "\(answer.text)")
            #expect(answer.header("Location") == "/ui/bills/1")
            let bill = try await service.bill()
            #expect(bill["customer"]?["name"]?.string == "Nur Aini")
            #expect(bill["amount"]?.integer == 150_000)
            #expect(bill["invoice_number"]?.string == "INV-1")
            #expect(bill["expires_at"]?.string == "2099-12-31T16:59:59Z")
            #expect(bill["payment_code"]?.string == "88965110000001")
            #expect(bill["reusable"]?.bool == false && bill["info"]?.isNull == true)
            #expect(bill["created_by"]?.string == "first")
            let next = try await browser.get("/ui")
            #expect(next.text.contains("Tagihan dibuat. Kode bayarnya 8896 5110 0000 01."))
        }
    }

    @Test func `what few bills have is in the same form`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let more = [
                "info": "Les piano", "email": "nur@example.com", "due": "2099-12-01",
                "reusable": "yes", "expires": "", "amount": "2099-12-10=150.000;175.000",
            ]
            let answer = try await browser.submit(
                Self.path, on: browser.get(Self.path), Self.filled.merging(more) { _, own in own })
            #expect(answer.status == 303, "\(answer.text)")
            let bill = try await service.bill()
            #expect(bill["info"]?.string == "Les piano")
            #expect(bill["customer"]?["email"]?.string == "nur@example.com")
            #expect(bill["due_at"]?.string == "2099-12-01T16:59:59Z")
            #expect(bill["reusable"]?.bool == true && bill["expires_at"]?.isNull == true)
            let amounts = bill["amounts"]?.elements.map { $0["amount"]?.integer }
            #expect(amounts == [150_000, 175_000])
        }
    }

    @Test func `an amount may be typed as people write it`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let page = try await browser.get(Self.path)
            for (place, text) in [
                "150000", "150.000", "Rp150.000", "Rp 150.000", "Rp. 150.000,00", " 150.000 ",
            ].enumerated() {
                let fields = [
                    "name": "Nur", "amount": text, "invoice": "INV-\(place)", "code": "",
                ]
                let answer = try await browser.submit(Self.path, on: page, fields)
                #expect(answer.status == 303, "\(text): \(answer.text)")
                let bill = try await service.bill("\(place + 1)")
                #expect(bill["amount"]?.integer == 150_000, "\(text)")
                #expect(bill["payment_code"]?.string?.hasPrefix(Shop.exclusive) == true)
            }
        }
    }

    @Test func `a code is generated under the chosen BIN of its account`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let page = try await browser.get(Self.path)
            let shared = "\(Shop.shared) \(Shop.neighbourID)"
            #expect(
                page.text.contains(
                    "<option value=\"\(shared)\">\(Shop.shared) · \(Shop.neighbourID)</option>"))
            let made = try await browser.submit(
                Self.path, on: page,
                Self.filled.merging(["code": "", "bin": shared]) { _, own in own })
            #expect(made.status == 303, "\(made.text)")
            let bill = try await service.bill()
            #expect(bill["account"]?.string == Shop.neighbourID)
            #expect(bill["bin"]?.string == Shop.shared)
            // A whole code of two accounts needs the choice; others do not depend on it.
            var whole = Self.filled
            (whole["invoice"], whole["code"]) = ("INV-2", Shop.shared + "00001")
            whole["bin"] = "\(Shop.exclusive) \(Shop.clientID)"
            let again = try await browser.submit(Self.path, on: page, whole)
            #expect(again.status == 422 && again.faults == ["bin"], "\(again.text)")
            #expect(again.inputs["code"] == whole["code"])
            whole["bin"] = shared
            let second = try await browser.submit(Self.path, on: again, whole)
            #expect(second.status == 303, "\(second.text)")
            #expect(try await service.bill("2")["account"]?.string == Shop.neighbourID)
        }
    }

    private static func oneBIN(_ settings: inout Settings) {
        settings.accounts.removeLast()
        settings.accounts[0].bins = BINTable(
            settings.accounts[0].bins.bins.filter { $0.digits == Shop.exclusive })
    }

    @Test func `there is no choice where there is one BIN`() async throws {
        try await withService(Self.oneBIN) { service in
            let browser = try await service.browser()
            let page = try await browser.get(Self.path)
            #expect(!page.text.contains("<select"))
            let answer = try await browser.submit(
                Self.path, on: page, Self.filled.merging(["code": ""]) { _, own in own })
            #expect(answer.status == 303, "\(answer.text)")
            #expect(try await service.bill()["bin"]?.string == Shop.exclusive)
        }
    }

    @Test func `a key of one account is offered its own BINs only`() async throws {
        try await withService { service in
            let shop = try await service.client(
                "shop", scopes: ["read", "write"], account: Shop.neighbourID)
            let browser = try await service.browser(key: shop.key)
            let page = try await browser.get(Self.path)
            let own = "\(Shop.neighbourBIN) \(Shop.neighbourID)"
            #expect(
                page.text.contains("<option value=\"\(own)\">\(Shop.neighbourBIN)</option>"))
            #expect(!page.text.contains("\"\(Shop.exclusive)"))
            #expect(!page.text.contains(Shop.clientID))
            let foreign = try await browser.submit(Self.path, on: page, Self.filled)
            #expect(foreign.status == 422 && foreign.faults == ["code"], "\(foreign.text)")
            let answer = try await browser.submit(
                Self.path, on: page, Self.filled.merging(["code": "", "bin": own]) { $1 })
            #expect(answer.status == 303, "\(answer.text)")
            #expect(try await service.bill()["account"]?.string == Shop.neighbourID)
        }
    }

    private static let wrong = [
        "name": "<b>Nur</b> \u{202E}iniA", "amount": "1,5", "invoice": "INV \"1\"",
        "expires": "31/12/2099", "code": "889651", "info": String(repeating: "i", count: 31),
        "email": "nobody", "due": "soon",
    ]

    @Test func `a refused form marks every wrong field and keeps what was typed`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let fields = Self.wrong.merging(["reusable": "yes"]) { _, own in own }
            let page = try await browser.submit(Self.path, on: browser.get(Self.path), fields)
            #expect(page.status == 422)
            #expect(page.inputs == Self.wrong)
            #expect(page.faults == Set(Self.wrong.keys), "\(page.text)")
            #expect(page.text.matches(of: /aria-invalid="true"/).count == Self.wrong.count)
            #expect(page.text.contains(/aria-describedby="[a-z -]*name-fault"/))
            #expect(page.text.contains("<details open>"))
            #expect(page.text.contains("name=\"reusable\" value=\"yes\" checked"))
            #expect(page.text.contains("Belum tersimpan. Periksa isian yang bertanda."))
            #expect(!page.text.contains("<b>Nur"))
            #expect(try await service.billCount == 0)
            let answer = try await browser.submit(Self.path, on: page, Self.filled)
            #expect(answer.status == 303, "\(answer.text)")
        }
    }

    @Test func `an empty form and a conflict are refused beside their fields`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let browser = try await service.browser(language: "en")
            let page = try await browser.get(Self.path)
            let empty = try await browser.submit(Self.path, on: page)
            #expect(empty.status == 422)
            #expect(empty.faults == ["name", "amount", "invoice"], "\(empty.text)")
            var fields = Self.filled
            fields["invoice"] = "INV-2"
            let taken = try await browser.submit(Self.path, on: page, fields)
            #expect(taken.status == 409 && taken.faults == ["code"], "\(taken.text)")
            #expect(taken.text.contains("This code cannot be used."))
            #expect(taken.text.contains("is in use by the open bill INV-1"))
            (fields["code"], fields["expires"]) = ("88965110000002", "2001-01-01")
            let late = try await browser.submit(Self.path, on: page, fields)
            #expect(late.status == 422 && late.faults == ["expires"], "\(late.text)")
            #expect(try await service.billCount == 1)
        }
    }

    @Test func `a link may fill in fields, and none of them ends its attribute`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            // For Swift, a quote with a combining mark is no quote; for a browser it is.
            for (name, value) in [
                ("\"><b>Nur</b>", "&quot;&gt;&lt;b&gt;Nur&lt;/b&gt;"),
                ("Nur\"\u{301} class=\"x", "Nur&quot;\u{301} class=&quot;x"),
                ("'\u{301}>\u{301}<\u{301}&b", "&#39;\u{301}&gt;\u{301}&lt;\u{301}&amp;b"),
            ] {
                let page = try await browser.get(
                    Self.path.with([("name", name), ("amount", "150.000"), ("code", "8896")]))
                #expect(page.status == 200)
                let written = Array(" value=\"\(value)\" autocomplete".utf8)
                #expect(page.body.firstRange(of: written) != nil, "\(page.text)")
                #expect(page.inputs["amount"] == "150.000" && page.inputs["code"] == "8896")
            }
            #expect(try await browser.get(Self.path + "?colour=red").status == 400)
        }
    }

    @Test func `every field and every deed has its words`() {
        let fields = BillField.allCases.map(\.rawValue) + ["bin", "reason"]
        var keys = fields.map { "billform_fault_\($0)" } + BillField.allCases.map(\.label)
        keys += ["billform_bin", "billform_reason"]
        for part in ["title", "one", "two", "three", "button", "done"] {
            keys += ["billclose_cancel_\(part)", "billclose_forget_\(part)"]
        }
        for key in keys { #expect(Words.table[key] != nil, "\(key)") }
    }
}
