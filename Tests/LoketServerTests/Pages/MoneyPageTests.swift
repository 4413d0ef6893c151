// The page Money: the cards to decide, one payment and one notification, and what a key may see.

import DokuSimulator
import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct MoneyPageTests {
    private static let expected: [(title: String, parts: [String], action: String)] = [
        (
            "Rp150.000 dibayar dua kali oleh Anton Budiman",
            ["Sudah dikembalikan", "Pakai untuk tagihan lain…"], "/ui/money/2/decide"
        ),
        (
            "Rp74.000 dari Nur <b>Aini</b> & \"Co\", tagihannya Rp75.000",
            ["class=\"main\">Terima sebagai lunas", "Sudah dikembalikan", "Alfamart B071"],
            "/ui/money/3/decide"
        ),
        (
            "Rp275.000 untuk nomor yang tidak dikenal, INV-9",
            [
                "INV-5 · Budi Santoso</a>", "sama dengan pembayaran", "name=\"bill\" value=\"5\"",
                "Ya, itu tagihannya", "Pilih tagihan lain…", "Bukan uang kita",
                "kode 8896 5110 0000 05",
            ], "/ui/money/4/decide"
        ),
        (
            "Rp20.000 dari Anton Budiman untuk tagihan yang dibatalkan",
            ["Terima, tagihan jadi lunas", "Sudah dikembalikan"], "/ui/money/5/decide"
        ),
        (
            "Ada pembayaran yang tidak terbaca",
            ["Lihat isinya", "Pilih tagihan lain…", "Abaikan"], "/ui/money/6/decide"
        ),
        (
            "Rp150.000 dari Anton Budiman: lunas, tapi kode lain", ["Tidak apa-apa"],
            "/ui/money/7/decide"
        ),
    ]

    @Test func `each payment to decide is a question with its buttons, oldest first`()
        async throws
    {
        try await withTill { service in
            try await MoneyCards.fill(service)
            let page = try await service.browser().get("/ui/money")
            #expect(page.status == 200)
            #expect(page.text.contains("<title>Uang · loket</title>"))
            #expect(page.text.contains("<h2>Perlu keputusan Anda: 6</h2>"))
            #expect(page.text.contains("Uang <span class=\"tag bad\">6</span>"))
            #expect(page.text.contains("Keputusan dicatat atas nama <b>first</b>"))
            let cards = MoneyCards.of(page)
            #expect(cards.count == Self.expected.count)
            for (card, expected) in zip(cards, Self.expected) {
                #expect(card.contains("<h3>\(expected.title)</h3>"), "\(card)")
                for part in expected.parts { #expect(card.contains(part), "\(part) in \(card)") }
                #expect(card.contains("action=\"\(expected.action)\""), "\(card)")
            }
            #expect(!page.text.contains("<b>Aini"))
            #expect(page.text.firstMatch(of: /\{[a-z_]+\}/) == nil)
            let english = try await service.browser(language: "en").get("/ui/money")
            for part in [
                "Need your decision: 6", "Rp150.000 paid twice by Anton Budiman",
                "Accept as paid", "Yes, that is the bill", "paid, but other code",
            ] { #expect(english.shown.contains(part), "\(part)") }
        }
    }

    @Test func `notifications to look at and the quarantine are cards too`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice())
            try await service.pay(Till.notice { $0.status = "REFUNDED" })
            let forged = try await service.notify(
                Till.notice("INV-7"), by: Till.forger, requestID: "forged")
            #expect(forged.status == 401)
            try await eventually {
                try await service.items("/admin/v1/quarantine").count == 1
            }
            let browser = try await service.browser()
            let page = try await browser.get("/ui/money")
            let cards = MoneyCards.of(page)
            #expect(cards.count == 2)
            for (card, parts) in zip(
                cards,
                [
                    [
                        "DOKU mengirim status REFUNDED untuk INV-1, Rp150.000", "Sudah dilihat",
                        "href=\"/ui/money/notifications/2\"", "href=\"/ui/money/1\"",
                    ],
                    [
                        "1 pemberitahuan dari DOKU tidak bisa dipercaya.",
                        "href=\"/ui/why?request=forged\"", "Coba lagi",
                    ],
                ])
            {
                for part in parts { #expect(card.contains(part), "\(part) in \(card)") }
            }
            #expect(try await browser.get("/ui/why?request=forged").status == 200)
            let answer = try await browser.submit("/ui/money/quarantine", on: page)
            #expect(answer.header("Location") == "/ui/money")
            let after = try await browser.get("/ui/money")
            #expect(after.text.contains("Berhasil dibaca: 0. Belum bisa dipercaya: 1."))
        }
    }

    @Test func `a payment shows everything, with what DOKU sent`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1") { $0.customerName = "<i>Ani</i>" }])
            try await service.pay(Till.notice(transaction: "TRX-<1>"))
            let browser = try await service.browser()
            let page = try await browser.get("/ui/money/1")
            #expect(page.status == 200)
            for part in [
                "<h1>Rp150.000 · &lt;i&gt;Ani&lt;/i&gt;</h1>",
                "<p><span class=\"tag good\">cocok</span></p>", "TRX-&lt;1&gt;",
                "<dd><a href=\"/ui/bills/1\">INV-1</a></dd>", "8896 5110 0000 01",
                "Alfamart B071", "AGENT_STORE_ID", "pemberitahuan dari DOKU", Shop.clientID,
                "href=\"/ui/money/notifications/1\"", "Belum ada keputusan.",
            ] { #expect(page.text.contains(part), "\(part)") }
            // The status is said once, unless a decision has changed it.
            #expect(page.text.matches(of: /cocok/).count == 1)
            #expect(page.form("/ui/money/1/decide") == nil)
            #expect(page.form("/ui/money/1/reopen") == nil)
            let sent = try await browser.get("/ui/money/notifications/1")
            #expect(sent.status == 200)
            for part in [
                "Pemberitahuan 1", "SUCCESS", "<a href=\"/ui/money/1\">1</a>",
                "&quot;invoice_number&quot;:&quot;INV-1&quot;", "TRX-&lt;1&gt;",
                Till.signedTarget, "Request-Timestamp",
            ] { #expect(sent.text.contains(part), "\(part)") }
            let id = try #require(
                try await service.items("/admin/v1/notifications").first?["request_id"]?.string)
            for name in ["request", "q"] {
                let found = try await browser.get("/ui/why?\(name)=\(id)")
                #expect(found.header("Location") == "/ui/money/notifications/1", "\(name)")
            }
            for path in ["/ui/money/2", "/ui/money/x", "/ui/money/notifications/9"] {
                #expect(try await browser.get(path).status == 404, "\(path)")
            }
        }
    }

    @Test func `without anything to decide the page says what would come`() async throws {
        try await withTill { service in
            let browser = try await service.browser()
            let page = try await browser.get("/ui/money")
            #expect(page.text.contains("Tidak ada yang perlu diputuskan."))
            #expect(page.text.contains("Belum ada pembayaran di tanggal ini."))
            // A table without rows would be a head above nothing.
            for path in ["/ui/money", "/ui/money?show=unpaid"] {
                #expect(!(try await browser.get(path).text.contains("<table")), "\(path)")
            }
            #expect(!page.text.contains("Uang <span"))
            #expect(!page.text.contains("Diputuskan dalam 24 jam terakhir"))
        }
    }

    @Test func `a key that may only read sees the cards and no form`() async throws {
        try await withTill { service in
            try await MoneyCards.fill(service)
            let reader = try await service.client("reader", scopes: ["read"])
            let browser = try await service.browser(key: reader.key)
            for path in ["/ui/money", "/ui/money/3", "/ui/money/4", "/ui/money/4/bill"] {
                let page = try await browser.get(path)
                #expect(page.status == 200, "\(path)")
                #expect(page.text.matches(of: /method="post"/).count == 1, "\(path)")
            }
            let page = try await browser.get("/ui/money")
            #expect(MoneyCards.of(page).count == 6)
            let token = MoneyCards.token(page)
            let answer = try await browser.post(
                "/ui/money/3/decide", ["form_token": token, "action": "accept"])
            #expect(answer.status == 403)
            #expect(answer.text.contains("Kunci Anda tidak boleh melakukan ini."))
            #expect(try await service.state("2") == "held")
        }
    }

    @Test func `a key of one account sees its own money only`() async throws {
        try await withTill { service in
            _ = try service.store.registerAccounts([Shop.neighbourID])
            try await service.pay(Till.notice("INV-1"))
            try await service.pay(
                Till.notice("N-7", code: "77777000001"), by: Till.neighboursDoku)
            let shop = try await service.client(
                "shop", scopes: ["read", "write"], account: Shop.clientID)
            let browser = try await service.browser(key: shop.key)
            let page = try await browser.get("/ui/money")
            #expect(page.text.contains("<h2>Perlu keputusan Anda: 1</h2>"))
            #expect(page.text.contains("INV-1") && !page.text.contains("N-7"))
            for path in ["/ui/money/2", "/ui/money/2/bill", "/ui/money/notifications/2"] {
                #expect(try await browser.get(path).status == 404, "\(path)")
            }
            let answer = try await browser.post(
                "/ui/money/2/decide",
                ["form_token": MoneyCards.token(page), "action": "dismiss"])
            #expect(answer.status == 404)
            #expect(try await service.payments("?needs_attention=true").count == 2)
        }
    }

    @Test func `no page of money is shown without a session`() async throws {
        try await withTill { service in
            try await MoneyCards.fill(service)
            let browser = PageBrowser(service)
            for path in [
                "/ui/money", "/ui/money.csv", "/ui/money/3", "/ui/money/4/bill?q=a",
                "/ui/money/notifications/1",
            ] {
                let answer = try await browser.get(path)
                #expect(answer.status == 303, "\(path)")
                #expect(!answer.text.contains("Anton"), "\(path)")
            }
        }
    }

    @Test func `every standing, flag and kind has its words`() {
        var keys = Standing.allCases.map { "standing_\($0.rawValue)" }
        keys += Standing.allCases.filter { $0 != .notSuccess }.map { "decide_\($0.rawValue)" }
        keys += PaymentFlag.allCases.map { "flag_\($0.rawValue)" }
        keys += AttentionKind.allCases.map { "attention_\($0.rawValue)" }
        keys += Resolution.allCases.map { "decided_\($0.rawValue)" }
        keys += ["source_notification", "source_check_status"]
        for key in keys { #expect(Words.table[key] != nil, "\(key)") }
    }
}
