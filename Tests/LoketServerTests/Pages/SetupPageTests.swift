// Setup: the lights before and after DOKU's requests, the text for DOKU, and the lists of keys and
// webhooks, by scope and account.

import DokuSimulator
import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct SetupPageTests {
    private static let page = "/ui/setup"

    /// The names of the lights, each with the tone of its colour.
    private func lights(_ page: DokuAnswer) -> [String] {
        page.text.matches(of: /<span class="tag ([a-z]+)">[^<]*<\/span> <b>([^<]*)<\/b>/)
            .map { "\($0.output.2): \($0.output.1)" }
    }

    /// A service with one account, as most have.
    private func withOneAccount(_ body: (RunningService) async throws -> Void) async throws {
        try await withTill({ $0.accounts = Array($0.accounts.prefix(1)) }, body)
    }

    // MARK: The lights

    @Test func `before the first request each light says what to do`() async throws {
        try await withOneAccount { service in
            let page = try await service.browser().get(Self.page)
            #expect(page.status == 200)
            #expect(
                lights(page) == [
                    "Kunci rahasia: warn", "Inquiry URL: warn", "Notification URL: warn",
                    "Jam: warn", "Cadangan: warn", "Pesan ke sistem Anda: quiet", "Temuan: good",
                ])
            for part in [
                "<title>Atur · loket</title>", "Belum hijau: 5.",
                "Belum ada pertanyaan kasir di /pay/doku/inquiry.",
                "Belum ada pemberitahuan pembayaran di /pay/doku/notification.",
                "<code>loket check --public-url https://HOST/pay/doku/inquiry</code>",
                "<code>loket backup loket-copy.db</code>", "Kirim teks di bawah ke DOKU",
                "Tidak ada yang perlu perhatian Anda.", "href=\"/ui/setup\" aria-current=\"page\"",
                "href=\"/docs\"",
            ] { #expect(page.text.contains(part), "\(part)") }
            let english = try await service.browser(language: "en").get(Self.page)
            for part in ["Not green yet: 5.", "Not seen yet", "Pause and open again", "Checklist"] {
                #expect(english.text.contains(part), "\(part)")
            }
        }
    }

    @Test func `the lights turn green from DOKU's requests`() async throws {
        try await withOneAccount { service in
            try service.seed([.sample(Till.code, "INV-1")])
            for _ in 0..<Limits.skewInquiries {
                _ = try await service.ask(Till.inquirer.inquiry(Till.code))
            }
            try await service.pay(Till.notice())
            #expect(try await service.admin.post("/admin/v1/backup", "{}").status == 200)
            let browser = try await service.browser()
            try await eventually {
                try await browser.get(Self.page).text.contains("Semua lampu hijau.")
            }
            let page = try await browser.get(Self.page)
            #expect(
                lights(page) == [
                    "Kunci rahasia: good", "Inquiry URL: good", "Notification URL: good",
                    "Jam: good", "Cadangan: good", "Pesan ke sistem Anda: quiet", "Temuan: good",
                ])
            #expect(page.text.contains("data-refresh=\"/ui/setup/lights\""))
            let part = try await browser.get("/ui/setup/lights")
            #expect(lights(part) == lights(page))
            #expect(part.text.contains("id=\"lamp\"") && !part.text.contains("<html"))
            #expect(try await PageBrowser(service).get("/ui/setup/lights").status == 401)
        }
    }

    @Test func `a light turns green from requests of its own kind only`() async throws {
        let desk = try await Till.checkStatusDesk()
        try await withTill({
            $0.accounts = Array($0.accounts.prefix(1))
            $0.checkStatus.baseURL = desk.baseURL
        }) { service in
            try service.seed([.sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2")])
            let browser = try await service.browser()
            _ = try await service.ask(Till.inquirer.inquiry(Till.code))
            try await eventually {
                try await lights(browser.get(Self.page)).contains("Inquiry URL: good")
            }
            // A payment that loket found by asking is in the ledger, and is no notification.
            desk.put(Till.notice())
            let later = Moment.now.adding(milliseconds: 120_000)
            await service.service.runtime.reconciler.pass(now: later, isScheduled: false)
            #expect(try await service.state() == "paid")
            let asked = try await browser.get(Self.page)
            #expect(
                lights(asked).prefix(3).dropFirst() == [
                    "Inquiry URL: good", "Notification URL: warn",
                ])
            try await service.pay(Till.notice("INV-2", code: Till.otherCode))
            #expect(try await lights(browser.get(Self.page)).contains("Notification URL: good"))
        }
        try await desk.stop()
        try await withOneAccount { service in
            try await service.pay(Till.notice())
            let page = try await service.browser().get(Self.page)
            #expect(
                lights(page).prefix(3) == [
                    "Kunci rahasia: good", "Inquiry URL: warn", "Notification URL: good",
                ])
        }
    }

    @Test func `a wrong secret is red, with the request that shows it, until one verifies`()
        async throws
    {
        try await withOneAccount { service in
            for _ in 0..<Limits.refusedMin {
                _ = try await service.ask(Till.forger.inquiry(Till.code))
            }
            let browser = try await service.browser()
            let page = try await browser.get(Self.page)
            #expect(page.text.contains("<title>◆ Atur · loket</title>"))
            #expect(lights(page).first == "Kunci rahasia: bad")
            #expect(!lights(page).contains { $0.hasPrefix("Temuan") })
            for part in ["Semua kasir ditolak sejak", "<code>loket why ", "/ui/why?request="] {
                #expect(page.text.contains(part), "\(part)")
            }
            _ = try await service.ask(Till.inquirer.inquiry(Till.code))
            try await eventually {
                try await lights(browser.get(Self.page)).first == "Kunci rahasia: good"
            }
        }
    }

    @Test func `of two accounts, the finding stands alone and each light names its own`()
        async throws
    {
        try await withTill { service in
            for _ in 0..<Limits.refusedMin {
                _ = try await service.ask(Till.forger.inquiry(Till.code))
            }
            let page = try await service.browser().get(Self.page)
            #expect(lights(page).filter { $0 == "Kunci rahasia: warn" }.count == 2)
            #expect(lights(page).last == "Temuan: bad")
            #expect(page.text.contains("<span class=\"soft\">\(Shop.neighbourID)</span>"))
            let shop = try await service.client("shop", scopes: ["read"], account: Shop.clientID)
            let own = try await service.browser(key: shop.key).get(Self.page)
            #expect(
                lights(own) == [
                    "Kunci rahasia: warn", "Inquiry URL: warn", "Notification URL: warn",
                    "Pesan ke sistem Anda: quiet", "Temuan: warn",
                ])
            #expect(own.text.contains("Rinciannya untuk kunci semua akun."))
            for word in [Shop.neighbourID, "\(Shop.neighbourBIN), our own", "loket why"] {
                #expect(!own.text.contains(word), "\(word)")
            }
        }
    }

    @Test func `Check Status has a light only where it is configured`() async throws {
        try await withTill({ $0.checkStatus.baseURL = "http://127.0.0.1:9" }) { service in
            let browser = try await service.browser()
            let name = "Tanya DOKU tagihan mana yang lunas"
            #expect(lights(try await browser.get(Self.page)).contains("\(name): warn"))
            #expect(try await service.admin.post("/admin/v1/reconcile", "{}").status == 202)
            try await eventually {
                try await browser.get(Self.page).text.contains("Nomor yang ditanyakan: 0.")
            }
            #expect(lights(try await browser.get(Self.page)).contains("\(name): good"))
        }
    }

    @Test func `every light and every state of a webhook has its words`() {
        let names = [
            "secret", "inquiry", "notification", "clock", "backup", "webhooks", "reconcile",
            "finding",
        ]
        var keys = names.map { "light_\($0)" }
        keys += SetupLights.State.allCases.map { "light_is_\($0.rawValue)" }
        keys += ["secret", "inquiry", "notification"].flatMap { name in
            ["fine", "unseen", "todo"].map { "\(name)_\($0)" }
        }
        keys += WebhookRecord.OffReason.allCases.map { "webhook_\($0.rawValue)" }
        keys += ["pause_paused", "pause_resumed"]
        for key in keys { #expect(Words.table[key] != nil, "\(key)") }
    }

    // MARK: The letter

    @Test func `the text for DOKU has each account's URLs and BINs and no secret`() async throws {
        try await withTill { service in
            let browser = try await service.browser()
            let address = "https://Pay.example.com/doku/inquiry"
            let page = try await browser.get("\(Self.page)?base=\(address.escapedForQuery)")
            #expect(page.status == 200)
            for part in [
                "<pre id=\"letter-1\"", "<pre id=\"letter-2\"",
                "Client-Id         \(Shop.clientID)\n", "Client-Id         \(Shop.neighbourID)\n",
                "889651, DOKU Exclusive, at Alfa Group\n",
                "12345, our own BIN at the acquirer, at Alfa Group, Indomaret\n",
                "Inquiry URL       https://pay.example.com/pay/doku/inquiry\n",
                "Notification URL  https://pay.example.com/pay/doku/notification\n",
                "value=\"\(address)\"",
            ] { #expect(page.shown.contains(part), "\(part)") }
            #expect(!page.text.contains(service.adminKey) && !page.text.contains("SK-"))
            let plain = try await browser.get(Self.page)
            #expect(plain.shown.contains("https://(your public host)/pay/doku/inquiry\n"))
        }
    }

    @Test func `a public URL that DOKU would refuse is named beside its field and kept`()
        async throws
    {
        try await withTill { service in
            let browser = try await service.browser()
            for (text, reason) in [
                ("http://pay.example.com", "must be an https URL"),
                ("https://pay.example.com:8443", "must have no port"),
                ("\"><script>alert(1)</script>", "must be an https URL"),
            ] {
                let page = try await browser.get("\(Self.page)?base=\(text.escapedForQuery)")
                #expect(page.status == 400, "\(text)")
                #expect(page.text.contains(/aria-invalid="true" aria-describedby="base-fault"/))
                #expect(page.text.contains(reason), "\(text)")
                #expect(page.shown.contains("value=\"\(text)\""), "\(text)")
                #expect(!page.text.contains("<script>alert"))
            }
        }
    }

    // MARK: Keys and webhooks

    @Test func `a webhook has its last answer, and text stays text`() async throws {
        try await withReceiver { service, receiver in
            let browser = try await service.browser()
            #expect(try await browser.get(Self.page).text.contains("Belum ada webhook."))
            let secret = try await service.addWebhook(receiver.url, #","note":"<b>ERP</b>""#)
            let unsent = try await browser.get(Self.page)
            #expect(unsent.text.contains("<code>loket webhooks test 1</code>"))
            try await service.addBills(1...1)
            try await eventually {
                try await browser.get(Self.page).text.contains(
                    /Jawaban terakhir [^<]*: HTTP 204/)
            }
            let page = try await browser.get(Self.page)
            #expect(lights(page).contains("Pesan ke sistem Anda: good"))
            #expect(page.text.contains("<b class=\"long\">\(receiver.url)</b>"))
            #expect(page.text.contains("&lt;b&gt;ERP&lt;/b&gt;"))
            #expect(!page.text.contains(secret))
            try await service.act("pause")
            let paused = try await browser.get(Self.page)
            #expect(paused.text.contains("Mati: dijeda seseorang"))
            #expect(lights(paused).contains("Pesan ke sistem Anda: warn"))
        }
    }

    @Test func `keys are listed for a key that may see them`() async throws {
        try await withService { service in
            let reader = try await service.client("reader", scopes: ["read"])
            let page = try await service.browser().get(Self.page)
            #expect(page.text.contains("<h2 id=\"keys\">Kunci masuk: 2</h2>"))
            #expect(page.text.contains("<b>first</b> <span class=\"tag quiet\">read, "))
            #expect(page.text.contains("Semua akun · terakhir dipakai "))
            #expect(page.text.contains("Semua akun · belum pernah dipakai"))
            let plain = try await service.browser(key: reader.key).get(Self.page)
            #expect(plain.status == 200)
            #expect(!plain.text.contains("id=\"keys\""))
            #expect(plain.text.contains("hanya untuk kunci dengan izin keys"))
        }
    }
}
