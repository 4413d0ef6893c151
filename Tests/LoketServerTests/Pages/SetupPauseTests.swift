// Pause and resume on the setup page: the form right and wrong, what is typed is kept, and what a
// key of one account may do.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct SetupPauseTests {
    private static let page = "/ui/setup"
    private static let target = "/ui/setup/pause"
    private static let code = "88965110000001"

    private func withBill(
        _ body: (RunningService, PageBrowser) async throws -> Void
    ) async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            try await body(service, service.browser())
        }
    }

    private func status(_ service: RunningService) async throws -> Int {
        try await service.ask(Shop.doku.inquiry(Self.code)).status
    }

    @Test func `a pause declines, names who and why, and is ended by its button`() async throws {
        try await withBill { service, browser in
            let page = try await browser.get(Self.page)
            #expect(page.text.contains("Tidak ada yang dijeda sekarang."))
            #expect(page.text.contains("Riwayat jeda, terbaru dulu: 0"))
            #expect(page.text.contains("Pembayaran tetap diterima dan dicatat."))
            let answer = try await browser.submit(
                Self.target, on: page, ["account": "", "reason": "kas <tutup> buku"])
            #expect(answer.status == 303)
            #expect(answer.header("Location") == Self.page)
            #expect(try await status(service) == 400)
            let paused = try await browser.get(Self.page)
            for part in [
                "notice good", "Loket dijeda. Kasir menolak", "<b>Semua akun</b>",
                "Dijeda oleh first, ", "kas &lt;tutup&gt; buku", "class=\"lamp paused\"",
                "Riwayat jeda, terbaru dulu: 1",
            ] { #expect(paused.text.contains(part), "\(part)") }
            let resumed = try await browser.submit("/ui/resume", on: paused)
            #expect(resumed.header("Location") == Self.page)
            #expect(try await status(service) == 200)
            let after = try await browser.get(Self.page)
            #expect(after.text.contains("Loket terbuka lagi."))
            #expect(after.text.contains("Riwayat jeda, terbaru dulu: 2"))
            #expect(after.form("/ui/resume") == nil)
        }
    }

    @Test func `one account of several can be paused`() async throws {
        try await withBill { service, browser in
            let page = try await browser.get(Self.page)
            #expect(page.text.contains("<option value=\"\(Shop.neighbourID)\">"))
            _ = try await browser.submit(
                Self.target, on: page, ["account": Shop.neighbourID, "reason": "x"])
            #expect(try await status(service) == 200)
            let pauses = try await service.admin.get("/admin/v1/pauses").json()["pauses"]
            #expect(pauses?.elements.map { $0["account"]?.string } == [Shop.neighbourID])
            _ = try await browser.submit("/ui/resume", on: browser.get(Self.page))
            #expect(try service.store.pauses().isEmpty)
        }
    }

    @Test(arguments: ["", "  ", "siang\u{202E}", String(repeating: "x", count: 201)])
    func `a wrong reason is named beside its field, and what was typed is kept`(
        _ reason: String
    ) async throws {
        try await withBill { service, browser in
            let answer = try await browser.submit(
                Self.target, on: browser.get(Self.page),
                ["account": Shop.neighbourID, "reason": reason])
            #expect(answer.status == 422)
            let field = #"aria-invalid="true" aria-describedby="pause-fault""#
            #expect(answer.text.contains("value=\"\(reason)\" \(field)"), "\(answer.text)")
            #expect(answer.text.contains("<p class=\"fault\" id=\"pause-fault\">Tulis sebabnya"))
            #expect(answer.text.contains("<option value=\"\(Shop.neighbourID)\" selected>"))
            #expect(answer.text.contains("<details open>"))
            #expect(answer.text.contains("href=\"/ui/setup\" aria-current=\"page\""))
            #expect(try service.store.pauses().isEmpty)
            // The form that is shown again leads to the page as the first one does.
            let again = try await browser.submit(Self.target, on: answer, ["reason": "makan"])
            #expect(again.header("Location") == Self.page)
            #expect(try service.store.pauses().map(\.reason) == ["makan"])
        }
    }

    @Test func `a key that may only read sees pauses and no buttons`() async throws {
        try await withBill { service, _ in
            let paused = try await service.admin.post("/admin/v1/pause", #"{"reason":"stay"}"#)
            #expect(paused.status == 200)
            let reader = try await service.client("reader", scopes: ["read"])
            let browser = try await service.browser(key: reader.key)
            let page = try await browser.get(Self.page)
            #expect(page.text.contains("Dijeda oleh first, "))
            #expect(page.form(Self.target) == nil && page.form("/ui/resume") == nil)
            let token = page.form("/ui/sign-out")?["form_token"] ?? ""
            let answer = try await browser.post(
                Self.target, ["form_token": token, "reason": "x"])
            #expect(answer.status == 403)
            #expect(answer.text.contains("Kunci Anda tidak boleh melakukan ini."))
            #expect(try service.store.pauses().map(\.reason) == ["stay"])
        }
    }

    @Test func `a key of one account pauses and resumes that one alone`() async throws {
        try await withBill { service, first in
            let shop = try await service.client(
                "shop", scopes: ["read", "write"], account: Shop.clientID)
            let browser = try await service.browser(key: shop.key)
            var page = try await browser.get(Self.page)
            #expect(page.form(Self.target)?["account"] == Shop.clientID)
            _ = try await browser.submit(Self.target, on: page, ["reason": "libur"])
            #expect(try await status(service) == 400)
            // The first key pauses the neighbour and every account.
            for account in [Shop.neighbourID, ""] {
                _ = try await first.submit(
                    Self.target, on: first.get(Self.page), ["account": account, "reason": "semua"])
            }
            page = try await browser.get(Self.page)
            #expect(page.text.matches(of: /action="\/ui\/resume"/).count == 1)
            #expect(page.form("/ui/resume")?["account"] == Shop.clientID)
            #expect(page.text.contains("<b>Semua akun</b>"))
            #expect(!page.text.contains(Shop.neighbourID))
            _ = try await browser.submit("/ui/resume", on: page)
            #expect(try service.store.pauses().count == 2)
            let left = try await browser.get(Self.page)
            let notice = "Jeda berakhir: \(Shop.clientID). Masih dijeda: Semua akun."
            #expect(left.text.contains(notice), "\(left.text)")
            let foreign = try await browser.submit(
                Self.target, on: page, ["account": Shop.neighbourID, "reason": "x"])
            #expect(foreign.status == 403)
            #expect(foreign.text.contains("Kunci Anda hanya untuk satu akun."))
            #expect(foreign.text.contains("name=\"reason\" maxlength=\"200\" required value=\"x\""))
        }
    }

    @Test func `a pause from another site or without its token does nothing`() async throws {
        try await withBill { service, browser in
            let fields = try #require(try await browser.get(Self.page).form(Self.target))
            let typed = fields.merging(["account": "", "reason": "x"]) { _, new in new }
            let foreign = try await browser.post(
                Self.target, typed, [Header("Origin", "http://evil.example")])
            #expect(foreign.status == 403)
            let other = try await browser.post(
                Self.target, typed.merging(["form_token": "0"]) { _, new in new })
            #expect(other.status == 403)
            #expect(try service.store.pauses().isEmpty)
            let stranger = try await PageBrowser(service).post(Self.target, typed)
            #expect(stranger.status == 401)
            #expect(try service.store.pauses().isEmpty)
        }
    }
}
