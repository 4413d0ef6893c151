// The forms of the page Money: decisions that work and can be taken back, and forms that the API
// refuses, which are shown again with what was typed.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct MoneyDecisionTests {
    static let page = "/ui/money?from=2026-01-05&to=2026-01-05"

    /// Payment 1 is Rp1.000 short of bill 1; payment 2 has a number that no bill has.
    func withTwo(
        _ body: (RunningService, PageBrowser) async throws -> Void
    ) async throws {
        try await withTill { service in
            try service.seed([
                .sample(Till.code, "INV-1", amount: 75_000), .sample(Till.otherCode, "INV-2"),
            ])
            try await service.pay(Till.notice(amount: 74_000))
            try await service.pay(Till.notice("INV-9", code: MoneyCards.unknownCode))
            try await body(service, service.browser())
        }
    }

    @Test func `a decision is recorded with its note and can be taken back`() async throws {
        try await withTwo { service, browser in
            let answer = try await browser.submit(
                "/ui/money/1/decide", on: browser.get(Self.page),
                ["action": "accept", "note": " pelanggan <setuju> "])
            #expect(answer.status == 303)
            #expect(answer.header("Location") == Self.page)
            #expect(try await service.state() == "paid")
            let decided = try await service.payments("?bill_id=1").first?["resolution"]
            #expect(decided?["actor"]?.string == "first")
            #expect(decided?["note"]?.string == "pelanggan <setuju>")
            let page = try await browser.get(Self.page)
            #expect(page.text.contains("class=\"notice good\" role=\"status\">Keputusan disimpan."))
            #expect(page.text.contains("Diputuskan dalam 24 jam terakhir"))
            #expect(page.text.contains("<summary>Tarik kembali keputusan…<"))
            #expect(page.text.contains("Rp74.000 · Anton Budiman · nominal berbeda"))
            #expect(page.text.contains(/Diterima oleh first, [^<]*: pelanggan &lt;setuju&gt;/))
            #expect(MoneyCards.of(page).count == 1)

            let back = try await browser.submit(
                "/ui/money/1/reopen", on: page, ["note": "keliru"])
            #expect(back.header("Location") == Self.page)
            #expect(try await service.state() == "held")
            let after = try await browser.get(Self.page)
            #expect(after.text.contains("Keputusan ditarik kembali. Pembayaran ini menunggu"))
            #expect(!after.text.contains("Diputuskan dalam 24 jam terakhir"))
            #expect(MoneyCards.of(after).count == 2)
            let payment = try await browser.get("/ui/money/1")
            #expect(payment.text.contains(/Keputusan ditarik kembali oleh first, [^<]*: keliru/))
        }
    }

    @Test func `each button does what it says`() async throws {
        try await withTill { service in
            try await MoneyCards.fill(service)
            let browser = try await service.browser()
            for (id, field, value) in [
                ("2", "action", "refunded"), ("3", "action", "refunded"), ("4", "bill", "5"),
                ("5", "action", "accept"), ("6", "action", "dismiss"), ("7", "action", "dismiss"),
            ] {
                let page = try await browser.get("/ui/money/\(id)")
                #expect(page.shown.contains("name=\"\(field)\" value=\"\(value)\""), "\(id)")
                let answer = try await browser.submit(
                    "/ui/money/\(id)/decide", on: page, [field: value])
                #expect(answer.header("Location") == "/ui/money/\(id)", "\(answer.text)")
            }
            #expect(try await service.payments("?needs_attention=true").isEmpty)
            var states: [String?] = []
            for id in 1...5 { states.append(try await service.state("\(id)")) }
            #expect(states == ["paid", "open", "paid", "paid", "paid"])
            let page = try await browser.get("/ui/money")
            #expect(page.text.contains("Tidak ada yang perlu diputuskan."))
            #expect(page.text.matches(of: /\/ui\/money\/\d\/reopen/).count == 6)
        }
    }

    @Test func `a decision of more than a day ago is in the history only`() async throws {
        try await withTwo { service, browser in
            let body = #"{"action":"accept","note":"kemarin dulu"}"#
            #expect(try await service.resolve("1", body).status == 200)
            #expect(try await browser.get("/ui/money").text.contains("kemarin dulu"))
            service.clock.goOn(hours: 25)
            let later = try await service.browser()
            #expect(!(try await later.get("/ui/money").text.contains("kemarin dulu")))
            let page = try await later.get("/ui/money/1")
            #expect(page.text.contains("kemarin dulu"))
            #expect(page.form("/ui/money/1/reopen") != nil)
        }
    }

    @Test func `a wrong note is named beside its field, and what was typed is kept`()
        async throws
    {
        try await withTwo { service, browser in
            let page = try await browser.get(Self.page)
            for note in [MoneyCards.hidden, String(repeating: "<b>", count: 67)] {
                let answer = try await browser.submit(
                    "/ui/money/1/decide", on: page, ["action": "accept", "note": note])
                #expect(answer.status == 422)
                #expect(answer.shown.contains("value=\"\(note)\" aria-invalid=\"true\""))
                #expect(answer.text.contains("aria-describedby=\"note-1-fault\""))
                #expect(answer.text.contains("id=\"note-1-fault\">Catatan harus satu baris"))
                #expect(!answer.text.contains("<b><b>"))
                // The form that is shown again leads back to the same list.
                let again = try await browser.submit(
                    "/ui/money/1/decide", on: answer, ["action": "accept", "note": note])
                #expect(again.status == 422)
                #expect(answer.form("/ui/money/1/decide")?["back"] == Self.page)
            }
            #expect(try await service.state() == "held")
        }
    }

    @Test func `a decision that the API refuses says why`() async throws {
        try await withTwo { service, browser in
            let page = try await browser.get("/ui/money")
            let unknown = try await browser.submit(
                "/ui/money/1/decide", on: page, ["action": "pay", "note": "tetap"])
            #expect(unknown.status == 422)
            #expect(unknown.text.contains("role=\"alert\">Belum ada yang disimpan. Pilih"))
            #expect(unknown.text.contains("value=\"tetap\""))
            let missing = try await browser.submit(
                "/ui/money/2/decide", on: page, ["bill": "99"])
            #expect(missing.status == 422)
            #expect(missing.text.contains("Pilih salah satu tagihan"))
            #expect(try await service.resolve("1", #"{"action":"refunded"}"#).status == 200)
            let late = try await browser.submit(
                "/ui/money/1/decide", on: page, ["action": "accept"])
            #expect(late.status == 409)
            #expect(late.text.contains("Pembayaran ini sudah diputuskan."))
            let nobodys = try await browser.post(
                "/ui/money/9/decide", ["form_token": MoneyCards.token(page)])
            #expect(nobodys.status == 404)
            #expect(try await service.state() == "open")
        }
    }

    @Test func `a decision that was overtaken cannot be taken back`() async throws {
        try await withTwo { service, browser in
            #expect(try await service.resolve("1", #"{"action":"refunded"}"#).status == 200)
            let page = try await browser.get("/ui/money")
            #expect(try await service.edit(#"{"amount":80000}"#).status == 200)
            let answer = try await browser.submit(
                "/ui/money/1/reopen", on: page, ["note": "salah <orang>"])
            #expect(answer.status == 409)
            #expect(answer.text.contains("jadi tidak bisa ditarik kembali."))
            #expect(answer.text.contains("value=\"salah &lt;orang&gt;\""))
            #expect(try await service.state() == "open")
        }
    }

    @Test func `a wrong note beside a decision taken back is not folded away`() async throws {
        try await withTwo { service, browser in
            #expect(try await service.resolve("1", #"{"action":"refunded"}"#).status == 200)
            let page = try await browser.get("/ui/money")
            #expect(!page.text.contains("<details open>"))
            let answer = try await browser.submit(
                "/ui/money/1/reopen", on: page, ["note": MoneyCards.hidden])
            #expect(answer.status == 422)
            #expect(answer.text.contains("<details open><summary>"))
            #expect(answer.text.contains("id=\"note-reopen-1-fault\">Catatan harus satu baris"))
        }
    }

    @Test func `another bill is found and chosen`() async throws {
        try await withTwo { service, browser in
            let first = try await browser.get("/ui/money/2/bill")
            #expect(first.status == 200)
            #expect(!first.text.contains("type=\"radio\""))
            let page = try await browser.get("/ui/money/2/bill?q=INV-2")
            #expect(page.text.contains("<b>INV-2 · Anton Budiman</b>"))
            #expect(page.text.contains("name=\"bill\" value=\"2\" required>"))
            var fields = [
                "form_token": MoneyCards.token(page), "back": "/ui/money", "q": "INV-2",
                "note": "cocok <di> struk",
            ]
            let none = try await browser.post("/ui/money/2/bill", fields)
            #expect(none.status == 422)
            #expect(none.text.contains("id=\"bill-fault\">Pilih salah satu tagihan"))
            #expect(none.text.contains("value=\"cocok &lt;di&gt; struk\""))
            #expect(
                none.text.contains(
                    "name=\"q\" type=\"search\" maxlength=\"128\" required value=\"INV-2\""))
            fields["bill"] = "2"
            fields["note"] = MoneyCards.hidden
            let wrong = try await browser.post("/ui/money/2/bill", fields)
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("name=\"bill\" value=\"2\" required checked>"))
            #expect(wrong.text.contains("id=\"note-bill-fault\""))
            fields["note"] = nil
            let answer = try await browser.post("/ui/money/2/bill", fields)
            #expect(answer.header("Location") == "/ui/money", "\(answer.text)")
            #expect(try await service.state("2") == "paid")
            #expect(try await service.payments("?bill_id=2").count == 1)
        }
    }

    @Test func `a search for a bill says when it finds none or is wrong`() async throws {
        try await withTwo { service, browser in
            let none = try await browser.get("/ui/money/2/bill?q=%3Cb%3Enobody")
            #expect(none.status == 200 && none.text.contains("Tidak ada yang cocok."))
            #expect(none.text.contains("value=\"&lt;b&gt;nobody\""))
            let wrong = try await browser.get("/ui/money/2/bill?q=a%E2%80%AEb")
            #expect(wrong.status == 400)
            #expect(wrong.text.contains("aria-describedby=\"q-fault\""))
        }
    }

    @Test func `a notification to look at is resolved with a note`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice())
            try await service.pay(Till.notice { $0.status = "REFUNDED" })
            let browser = try await service.browser()
            let page = try await browser.get("/ui/money")
            let path = "/ui/money/attention/1"
            let wrong = try await browser.submit(path, on: page, ["note": MoneyCards.hidden])
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("id=\"note-attention-1-fault\""))
            #expect(wrong.text.contains("value=\"\(MoneyCards.hidden)\""))
            #expect(try await service.items("/admin/v1/attention?resolved=true").isEmpty)
            let enter = try await browser.submit(path, on: page, ["enter": "1", "note": "tetap"])
            #expect(enter.status == 422 && enter.text.contains("Pilih salah satu tombol."))
            #expect(enter.text.contains("value=\"tetap\""))
            #expect(try await service.items("/admin/v1/attention?resolved=true").isEmpty)
            let answer = try await browser.submit(path, on: wrong, ["note": "sudah ditanya"])
            #expect(answer.header("Location") == "/ui/money")
            let entry = try await service.items("/admin/v1/attention?resolved=true").first
            #expect(entry?["resolution"]?["note"]?.string == "sudah ditanya")
            #expect(entry?["resolution"]?["actor"]?.string == "first")
            let late = try await browser.submit(path, on: page, ["note": "lagi"])
            #expect(late.status == 303)
            #expect(try await browser.get("/ui/money").text.contains("sudah ditandai orang lain"))
        }
    }
}
