// Today: the state as a sentence, the figures, the hours and the list, after real inquiries and
// payments.

import DokuSimulator
import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct TodayPageTests {
    /// Two quoted bills, of which one is paid, an unknown code and a forged inquiry.
    private func withDay(
        _ body: (RunningService, PageBrowser) async throws -> Void
    ) async throws {
        try await withTill { service in
            try service.seed([
                .sample(Till.code, "INV-1"),
                .sample(Till.otherCode, "INV-2", amount: 1_250_000) {
                    $0.customerName = "Nur <b>Aini</b> & \"Co\""
                },
            ])
            for code in [Till.code, Till.otherCode, "88965199999999"] {
                _ = try await service.ask(Till.inquirer.inquiry(code, requestID: "asked-\(code)"))
            }
            _ = try await service.ask(Till.forger.inquiry(Till.code))
            try await service.pay(Till.notice())
            try await eventually {
                try await service.items("/admin/v1/inquiries").count == 3
            }
            try await body(service, service.browser())
        }
    }

    private func rows(_ page: DokuAnswer) -> [Substring] {
        let table = page.text.components(separatedBy: "<table class=\"wide live\">").last ?? ""
        let body = table.split(separator: "</table>").first ?? ""
        return body.split(separator: "<tr>").filter { $0.contains("<td>") }
    }

    @Test func `the figures and the rows are those of the day`() async throws {
        try await withDay { _, browser in
            let page = try await browser.get("/ui")
            #expect(page.status == 200)
            for part in [
                "<title>Hari ini · loket</title>", "<b>Rp150.000</b>",
                "diterima hari ini, 1 pembayaran", "pertanyaan kasir dijawab",
                "class=\"lamp open\"", "Loket terbuka. Semua berjalan.", "Alfamart bertanya",
            ] { #expect(page.text.contains(part), "\(part)") }
            #expect(page.text.contains(/<b>2<\/b><span>pertanyaan kasir dijawab/))
            #expect(
                page.text.contains(/<b>[12]<\/b><span><a href="\/ui\?show=refused[^>]*>ditolak,/))
            let rows = rows(page)
            #expect(rows.count == 3)
            for (row, parts) in zip(
                rows,
                [
                    ["8896 5199 9999 99", "tidak dikenal", "tag bad", "kode tidak ada", "–"],
                    [
                        "8896 5110 0000 02", "tag quiet", "Ditanyakan, belum dibayar",
                        "Rp1.250.000",
                    ],
                    ["8896 5110 0000 01", "Anton Budiman", "tag good", "Lunas", "Rp150.000"],
                ])
            {
                for part in parts { #expect(row.contains(part), "\(part) in \(row)") }
            }
        }
    }

    @Test func `a payment of yesterday is not received today, as Money has it`() async throws {
        try await withDay { service, browser in
            let yesterday = Moment.now.adding(milliseconds: -86_400_000)
            try await service.pay(
                Till.notice("INV-2", amount: 1_250_000, code: Till.otherCode, at: yesterday))
            let page = try await browser.get("/ui")
            #expect(page.text.contains("<b>Rp150.000</b>"))
            #expect(page.text.contains("diterima hari ini, 1 pembayaran"))
        }
    }

    @Test func `a bill whose payment waits for a decision is held, not unpaid`() async throws {
        try await withDay { service, browser in
            try await service.pay(Till.notice("INV-2", amount: 74_000, code: Till.otherCode))
            let row = try #require(rows(try await browser.get("/ui")).first { $0.contains("0002") })
            #expect(row.contains("class=\"tag warn\"") && row.contains(">ditahan</a>"), "\(row)")
            let place = try #require(
                row.firstMatch(of: /href="(\/ui\/why\?request=[^"]+)"/)?.output.1)
            let why = try await browser.get(String(place))
            #expect(why.shown.contains("Kalau kasir bertanya sekarang: tagihan ditahan"))
            #expect(why.shown.contains("Pembayaran sebelumnya kurang Rp1.176.000; kami perbaiki."))
            #expect(!why.shown.contains("bisa dibayar"), "\(why.shown)")
        }
    }

    @Test func `a customer's name is text, whatever it contains`() async throws {
        try await withDay { _, browser in
            for path in ["/ui", "/ui/now", "/ui/why?code=\(Till.otherCode)", "/ui/why?q=INV-2"] {
                var page = try await browser.get(path)
                if let place = page.header("Location") { page = try await browser.get(place) }
                #expect(page.text.contains("Nur &lt;b&gt;Aini&lt;/b&gt; &amp; &quot;Co&quot;"))
                #expect(!page.text.contains("<b>Aini"), "\(path)")
            }
            let hostile = "\"><script>alert(1)</script>"
            for query in ["q", "code", "request"] {
                let page = try await browser.get("/ui/why?\(query)=\(hostile.escapedForQuery)")
                #expect(!page.text.contains("<script>alert"), "\(query)")
            }
        }
    }

    @Test func `the list shows the refused, or what was asked and not paid`() async throws {
        try await withDay { _, browser in
            for (show, codes) in [
                ("refused", ["8896 5199 9999 99"]), ("unpaid", ["8896 5110 0000 02"]),
            ] {
                let page = try await browser.get("/ui?show=\(show)")
                let rows = rows(page)
                #expect(rows.count == codes.count, "\(show)")
                for (row, code) in zip(rows, codes) { #expect(row.contains(code)) }
                #expect(page.text.contains("data-refresh=\"/ui/now?show=\(show)\""))
                #expect(
                    page.text.contains(
                        "href=\"/ui?show=\(show)#counters-title\" aria-current=\"true\""), "\(show)"
                )
            }
        }
    }

    @Test func `the part for the script has what changes and no frame`() async throws {
        try await withDay { _, browser in
            let part = try await browser.get("/ui/now")
            #expect(part.status == 200)
            #expect(!part.text.contains("<html"))
            #expect(rows(part).count == 3)
            for id in ["lamp", "state", "figures", "counters"] {
                #expect(part.text.contains("id=\"\(id)\""), "\(id)")
            }
            #expect(part.text.contains("data-title=\"Hari ini · loket\""))
        }
    }

    /// Browsers that watch share what one of them has read in the last seconds.
    @Test func `a refresh has no older figures than the page before it`() async throws {
        try await withDay { service, browser in
            let before = try await browser.get("/ui/now")
            #expect(before.text.contains("diterima hari ini, 1 pembayaran"))
            try await service.pay(
                Till.notice("INV-2", amount: 1_250_000, code: Till.otherCode))
            for path in ["/ui", "/ui/now"] {
                let text = try await browser.get(path).text
                #expect(text.contains("diterima hari ini, 2 pembayaran"), "\(path)")
            }
        }
    }

    @Test func `the bars have a table for those who cannot see them`() async throws {
        try await withDay { service, browser in
            let page = try await browser.get("/ui")
            #expect(page.text.matches(of: /<rect/).count == 48)
            #expect(page.text.contains("role=\"img\" aria-label="))
            let table = try #require(
                page.text.firstMatch(
                    of: /<th scope="row">\d\d\.00<\/th><td class="r">(\d)<\/td><td class="r">(\d)/))
            #expect(table.output.1 == "2")
            let hours = try await service.admin.get("/admin/v1/status").json()["today"]?["hours"]
            let asked = hours?.elements.compactMap { $0["asked"]?.integer }.reduce(0, +)
            let paid = hours?.elements.compactMap { $0["paid"]?.integer }.reduce(0, +)
            #expect(asked == 3 && paid == 1)
        }
    }

    @Test func `an empty list says what comes there`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            for (path, text) in [
                ("/ui", "Belum ada pertanyaan kasir."), ("/ui?show=refused", "Tidak ada yang"),
                ("/ui?show=unpaid", "ditanyakan kasir tetapi belum dibayar"),
            ] {
                let page = try await browser.get(path)
                #expect(page.text.contains(text), "\(path)")
            }
            #expect(try await browser.get("/ui").text.contains("Belum ada kasir yang bertanya."))
        }
    }

    @Test func `the older rows have an address of their own`() async throws {
        try await withService { service in
            for number in 0..<21 {
                _ = try await service.ask(
                    Shop.doku.inquiry("88965199999999", requestID: "asked-\(number)"))
            }
            try await eventually {
                try await service.items("/admin/v1/inquiries").count == 21
            }
            let browser = try await service.browser()
            let page = try await browser.get("/ui")
            #expect(rows(page).count == 20)
            let link = try #require(page.text.firstMatch(of: /href="(\/ui\?cursor=[^"#]+)/))
            let older = try await browser.get(String(link.output.1))
            #expect(rows(older).count == 1)
            #expect(!older.text.contains("data-refresh"))
        }
    }

    @Test func `a finding is a sentence, and a pause names who and why`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice(amount: 74_000))
            let browser = try await service.browser()
            var page = try await browser.get("/ui")
            #expect(page.text.contains("<h1>1 pembayaran menunggu keputusan Anda.</h1>"))
            #expect(page.text.contains("class=\"lamp needs_you\""))
            let paused = try await service.admin.post(
                "/admin/v1/pause", #"{"reason":"kas <tutup> buku"}"#)
            #expect(paused.status == 200)
            page = try await browser.get("/ui")
            #expect(page.text.contains("class=\"lamp paused\""))
            #expect(page.text.contains("Dijeda oleh first, "))
            #expect(page.text.contains("kas &lt;tutup&gt; buku"))
        }
    }

    @Test func `a key of one account reads the state without the counts`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice(amount: 74_000))
            await service.look()
            let shop = try await service.client(
                "shop", scopes: ["read"], account: Till.inquirer.clientID)
            let browser = try await service.browser(key: shop.key)
            var page = try await browser.get("/ui")
            let words = Words(language: .indonesian)
            #expect(page.text.contains("<h1>\(words["head_needs_you"])</h1>"), "\(page.text)")
            let paused = try await service.admin.post("/admin/v1/pause", #"{"reason":"x"}"#)
            #expect(paused.status == 200)
            page = try await browser.get("/ui")
            #expect(page.text.contains("<h1>\(words["head_paused"])</h1>"))
        }
    }

    @Test func `a row of an earlier day has its date`() async throws {
        try await withService { service in
            _ = try await service.ask(Shop.doku.inquiry("88965199999999", requestID: "asked"))
            try await eventually { try await service.items("/admin/v1/inquiries").count == 1 }
            let today = try #require(rows(try await service.browser().get("/ui")).first)
            #expect(today.contains(/<td>\d\d\.\d\d\.\d\d<\/td>/), "\(today)")
            service.clock.goOn(hours: 30)
            let later = try #require(rows(try await service.browser().get("/ui")).first)
            #expect(later.contains(/<td>\d+ [A-Z][a-z]+ \d{4}, \d\d\.\d\d<\/td>/), "\(later)")
        }
    }

    @Test func `silence alone is a quiet lamp and says so`() async throws {
        try await withService({ $0.alerts.silenceHours = 1 }) { service in
            service.clock.goOn(hours: 2)
            let page = try await service.browser().get("/ui")
            #expect(page.text.contains("class=\"lamp quiet\""))
            #expect(page.text.contains("<h1>Sudah lama tidak ada kasir yang bertanya.</h1>"))
        }
    }
}
