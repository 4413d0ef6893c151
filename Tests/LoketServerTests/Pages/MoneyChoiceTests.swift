// The choice of the bill that a payment is for: which bills are offered, in which order, and what is
// asked before a payment of another amount is accepted.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct MoneyChoiceTests {
    /// Payment 1 has a number that no bill has.
    private func withUnmatched(
        of amount: Int64? = 75_000, code: String = MoneyCards.unknownCode,
        _ bills: [BillDraft], _ body: (RunningService, PageBrowser) async throws -> Void
    ) async throws {
        try await withTill { service in
            try service.seed(bills)
            try await service.pay(Till.notice("INV-9", amount: amount, code: code))
            try await body(service, service.browser())
        }
    }

    private func choice(_ browser: PageBrowser, bill: String) async throws -> DokuAnswer {
        let page = try await browser.get("/ui/money/1/bill?q=INV-\(bill)")
        return try await browser.post(
            "/ui/money/1/bill",
            [
                "form_token": MoneyCards.token(page), "back": "/ui/money", "q": "INV-\(bill)",
                "bill": bill, "note": "catatan <1>",
            ])
    }

    private static let differences: [(amount: Int64, id: String, en: String)] = [
        (75_000, "pembayaran kurang Rp75.000 dari tagihan", "Rp75.000 less than the bill"),
        (151_000, "pembayaran lebih Rp1.000 dari tagihan", "Rp1.000 more than the bill"),
        (150_000, "sama dengan pembayaran", "the same amount as the payment"),
    ]

    @Test(arguments: differences.indices)
    func `each bill has the difference of its amount in words`(_ index: Int) async throws {
        let (amount, id, en) = Self.differences[index]
        try await withUnmatched(of: amount, [.sample(Till.code, "INV-1")]) { service, browser in
            let path = "/ui/money/1/bill?q=INV-1"
            #expect(try await browser.get(path).text.contains(id))
            let english = try await service.browser(language: "en").get(path)
            let state = "<span class=\"tag quiet\">unpaid</span>"
            for part in [en, "Rp150.000", state, "The chosen bill becomes paid."] {
                #expect(english.text.contains(part), "\(part)")
            }
        }
    }

    @Test func `a bill of another amount is asked about before it is accepted`() async throws {
        try await withUnmatched([.sample(Till.code, "INV-1")]) { service, browser in
            let question = try await choice(browser, bill: "1")
            #expect(question.status == 200)
            for part in [
                "<h1>Terima walaupun begitu?</h1>", "Pembayaran Rp75.000, tagihan Rp150.000.",
                "pembayaran kurang Rp75.000 dari tagihan", "INV-1 menjadi lunas",
                "Keputusan ini bisa ditarik kembali.", "value=\"catatan &lt;1&gt;\"",
            ] { #expect(question.text.contains(part), "\(part)") }
            #expect(try await service.state() == "open")
            // What was seen is not what would be accepted now.
            #expect(try await service.edit(#"{"amount":160000}"#).status == 200)
            let again = try await browser.submit("/ui/money/1/bill", on: question)
            #expect(again.status == 200 && again.text.contains("tagihan Rp160.000."))
            #expect(try await service.state() == "open")
            let answer = try await browser.submit(
                "/ui/money/1/bill", on: again, ["note": "catatan <1>"])
            #expect(answer.header("Location") == "/ui/money", "\(answer.text)")
            #expect(try await service.state() == "paid")
            #expect(
                try await browser.get("/ui/money").text.contains("Rp75.000 diterima untuk INV-1."))
            let decided = try await service.payments().first?["resolution"]
            #expect(decided?["note"]?.string == "catatan <1>")
        }
    }

    @Test func `a bill of the same amount is accepted at once, unless it is closed`() async throws {
        try await withUnmatched(of: 150_000, [.sample(Till.code, "INV-1")]) { service, browser in
            #expect(try await service.admin.post("/admin/v1/bills/1/cancel", "{}").status == 200)
            let question = try await choice(browser, bill: "1")
            #expect(question.text.contains("Tagihan ini sekarang dibatalkan."))
            #expect(!question.text.contains("selisihnya"))
            #expect(try await service.admin.post("/admin/v1/bills/1/reopen", "{}").status == 200)
            #expect(try await choice(browser, bill: "1").header("Location") == "/ui/money")
            #expect(try await service.state() == "paid")
        }
    }

    @Test func `a suggested bill of another amount is asked about too`() async throws {
        try await withUnmatched(
            code: Till.code, [.sample(Till.code, "INV-1")]
        ) { service, browser in
            for path in ["/ui/money", "/ui/money/1"] {
                let page = try await browser.get(path)
                #expect(page.text.contains("pembayaran kurang Rp75.000 dari tagihan"), "\(path)")
                let answer = try await browser.submit(
                    "/ui/money/1/decide", on: page, ["bill": "1"])
                #expect(answer.status == 200, "\(path)")
                #expect(answer.text.contains("<h1>Terima walaupun begitu?</h1>"), "\(path)")
            }
            #expect(try await service.state() == "held")
        }
    }

    @Test func `bills of the same amount are first, and paid ones cannot be chosen`()
        async throws
    {
        let code = Till.code
        try await withUnmatched([
            .sample(code, "INV-1"), .sample(Till.otherCode, "INV-4", amount: 75_000),
        ]) { service, browser in
            // Earlier bills with the same code.
            #expect(try await service.admin.post("/admin/v1/bills/1/cancel", "{}").status == 200)
            try service.seed([.sample(code, "INV-2", amount: 75_000)], state: .paid)
            try service.seed([.sample(code, "INV-3", amount: 75_000)])
            let page = try await browser.get("/ui/money/1/bill?q=\(code)")
            let shown = page.text.matches(of: /<b>(INV-\d)\s/).map { String($0.output.1) }
            #expect(shown == ["INV-3", "INV-1", "INV-2"])
            let offered = page.text.matches(of: /type="radio" name="bill" value="(\d)"/)
                .map { String($0.output.1) }
            #expect(offered == ["4", "1"])
            for part in ["lunas</span>", "dibatalkan</span>", "sudah dibayar, tidak bisa dipilih"] {
                #expect(page.text.contains(part), "\(part)")
            }
            let refused = try await choice(browser, bill: "3")
            #expect(refused.status == 409)
            let paid = try await browser.get("/ui/money/1/bill?q=INV-2")
            #expect(!paid.text.contains("type=\"radio\""))
            #expect(!paid.text.contains("Terima untuk tagihan ini"))
        }
    }

    @Test func `an amount that nobody can read is asked about`() async throws {
        try await withUnmatched(of: nil, [.sample(Till.code, "INV-1")]) { service, browser in
            let question = try await choice(browser, bill: "1")
            #expect(question.text.contains("Loket tidak tahu berapa yang dibayar."))
            #expect(try await service.state() == "open")
        }
    }
}
