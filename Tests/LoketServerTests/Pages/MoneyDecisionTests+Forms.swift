// The forms of the page Money when no button, the same button twice, or another form was used.

import DokuSimulator
import TestSupport
import Testing

extension MoneyDecisionTests {
    /// The name of the first button of each form with a note: Enter in the note presses it.
    private func firstButtons(_ page: DokuAnswer) -> [String] {
        page.text.components(separatedBy: "<form ").dropFirst().compactMap { form in
            let inside = form.components(separatedBy: "</form>")[0]
            guard inside.contains("name=\"note\"") else { return nil }
            let button = inside.firstMatch(of: /<button( name="([a-z]+)")?/)
            return button?.output.2.map(String.init) ?? ""
        }
    }

    @Test(arguments: [
        ("id", "Belum ada yang disimpan. Pilih salah satu tombol."),
        ("en", "Nothing is saved yet. Choose one of the buttons."),
    ])
    func `Enter in a note decides nothing and asks for a button`(
        _ language: String, _ sentence: String
    ) async throws {
        try await withTwo { service, _ in
            let browser = try await service.browser(language: language)
            func expectAsked(_ answer: DokuAnswer) {
                #expect(answer.status == 422)
                #expect(answer.text.contains("role=\"alert\">\(sentence)</p>"))
                #expect(answer.text.contains("value=\"a &lt;b&gt; c\""))
                #expect(!answer.text.contains("is required"))
            }
            let page = try await browser.get(Self.page)
            #expect(firstButtons(page) == ["enter", "enter"])
            for pressed in [["enter": "1"], ["action": ""], [:]] {
                expectAsked(
                    try await browser.submit(
                        "/ui/money/1/decide", on: page,
                        pressed.merging(["note": "a <b> c"]) { $1 }))
            }
            let choice = try await browser.get("/ui/money/2/bill?q=INV-2")
            #expect(firstButtons(choice) == ["enter"])
            let chosen = try await browser.post(
                "/ui/money/2/bill",
                [
                    "form_token": MoneyCards.token(choice), "q": "INV-2", "bill": "2",
                    "note": "a <b> c", "enter": "1",
                ])
            expectAsked(chosen)
            #expect(chosen.text.contains("name=\"bill\" value=\"2\" required checked>"))
            #expect(try await service.payments("?needs_attention=true").count == 2)

            #expect(try await service.resolve("1", #"{"action":"refunded"}"#).status == 200)
            let decided = try await browser.get("/ui/money/1")
            #expect(firstButtons(decided) == ["enter"])
            #expect(!decided.text.contains("<details open>"))
            let reopened = try await browser.submit(
                "/ui/money/1/reopen", on: decided, ["enter": "1", "note": "a <b> c"])
            expectAsked(reopened)
            #expect(reopened.text.contains("<details open>"))
            #expect(try await service.payments("?needs_attention=true").count == 1)
        }
    }

    @Test func `another service's money has no form without a button`() async throws {
        try await withTill { service in
            try await service.pay(Till.notice { $0.serviceID = "VIRTUAL_ACCOUNT" })
            let page = try await service.browser().get("/ui/money/1")
            #expect(page.status == 200)
            #expect(page.text.contains("href=\"/ui/money/1/bill\">Pilih tagihan lain…</a>"))
            #expect(page.form("/ui/money/1/decide") == nil)
            #expect(!page.text.contains("name=\"note\""))
        }
    }

    @Test func `a typed note stays in the form that it was typed into`() async throws {
        try await withTwo { service, browser in
            let page = try await browser.get(Self.page)
            #expect(try await service.resolve("1", #"{"action":"refunded"}"#).status == 200)
            let late = try await browser.submit(
                "/ui/money/1/decide", on: page, ["action": "accept", "note": "pelanggan setuju"])
            #expect(late.status == 409)
            #expect(late.form("/ui/money/1/reopen")?["back"] == Self.page)
            #expect(!late.text.contains("pelanggan setuju"))
        }
    }

    @Test func `a button that is pressed twice decides once and is no error`() async throws {
        try await withTwo { service, browser in
            let page = try await browser.get(Self.page)
            for _ in 0..<2 {
                let answer = try await browser.submit(
                    "/ui/money/1/decide", on: page, ["action": "accept", "note": "dua kali"])
                #expect(answer.status == 303)
                #expect(answer.header("Location") == Self.page)
            }
            for _ in 0..<2 {
                let answer = try await browser.post(
                    "/ui/money/2/bill",
                    [
                        "form_token": MoneyCards.token(page), "back": Self.page, "q": "INV-2",
                        "bill": "2",
                    ])
                #expect(answer.status == 303)
                #expect(answer.header("Location") == Self.page)
            }
            for id in ["1", "2"] {
                let payment = try await service.admin.get("/admin/v1/payments/\(id)").json()
                #expect(payment["decisions"]?.elements.count == 1, "\(id)")
            }
        }
    }
}
