// The buttons below an explanation: each calls the API and leads back with a notice.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct WhyActionTests {
    private static let code = "88965110000001"
    private static let page = "/ui/why?code=\(code)"

    private func withExpiredBill(
        _ body: (RunningService, PageBrowser) async throws -> Void
    ) async throws {
        try await withService { service in
            try service.seed([
                .sample(Self.code, "INV-1") {
                    $0.expiresAt = Moment(rfc3339: "2020-01-01T00:00:00Z")
                }
            ])
            try await body(service, service.browser())
        }
    }

    @Test func `an expired bill is extended by seven days`() async throws {
        try await withExpiredBill { service, browser in
            let page = try await browser.get(Self.page)
            let answer = try await browser.submit("/ui/bills/1/extend", on: page)
            #expect(answer.status == 303)
            #expect(answer.header("Location") == Self.page)
            let after = try await browser.get(Self.page)
            #expect(after.text.contains("<p class=\"notice good\" role=\"status\">Diperpanjang"))
            #expect(after.form("/ui/bills/1/extend") == nil)
            #expect(!(try await browser.get(Self.page).text.contains("class=\"notice")))
            let bill = try await service.bill()
            #expect(bill["expired"]?.bool == false)
            let change = bill["history"]?.elements.last
            #expect(change?["actor"]?.string == "first")
            #expect(try await service.ask(Shop.doku.inquiry(Self.code)).status == 200)
            let lines = service.log.lines("admin write")
            #expect(lines.last?.text("route") == "PATCH /admin/v1/bills/{id}")
            #expect(lines.last?.text("actor") == "first")
        }
    }

    @Test func `a bill that changed since its page was opened is not extended`() async throws {
        try await withExpiredBill { service, browser in
            let page = try await browser.get(Self.page)
            #expect(try await service.edit(#"{"amount":170000}"#).status == 200)
            let answer = try await browser.submit("/ui/bills/1/extend", on: page)
            #expect(answer.status == 303)
            #expect(try await service.bill()["expired"]?.bool == true)
            let after = try await browser.get(Self.page)
            #expect(after.text.contains("notice bad"))
            #expect(after.text.contains("Tagihan berubah sejak Anda membukanya."))
            // The page that was opened again has the present version.
            _ = try await browser.submit("/ui/bills/1/extend", on: after)
            #expect(try await service.bill()["expired"]?.bool == false)
        }
    }

    @Test(arguments: [[:], ["until": "2099-01-31"]])
    func `the second of two clicks extends nothing and does not fail`(
        _ fields: [String: String]
    ) async throws {
        try await withExpiredBill { service, browser in
            let page = try await browser.get(Self.page)
            for _ in 0..<2 {
                _ = try await browser.submit("/ui/bills/1/extend", on: page, fields)
            }
            let after = try await browser.get(Self.page)
            #expect(after.text.contains("notice good") && !after.text.contains("notice bad"))
            #expect(try await service.bill()["history"]?.elements.count == 2)
        }
    }

    @Test func `an expired bill is extended to a date`() async throws {
        try await withExpiredBill { service, browser in
            let page = try await browser.get(Self.page)
            #expect(page.text.contains("<label for=\"until\">Berlaku sampai</label>"))
            let answer = try await browser.submit(
                "/ui/bills/1/extend", on: page, ["until": "2099-01-31"])
            #expect(answer.status == 303)
            #expect(answer.header("Location") == Self.page)
            #expect(
                try await service.bill()["expires_at"]?.string == "2099-01-31T16:59:59Z")
            let after = try await browser.get(Self.page)
            #expect(
                after.text.contains("role=\"status\">Berlaku sampai 31 Januari 2099, 23.59.</p>"))
        }
    }

    @Test(arguments: ["2001-01-01", "soon", ""])
    func `a date that cannot be is shown again in the form of the bill`(
        _ date: String
    ) async throws {
        try await withExpiredBill { service, browser in
            let page = try await browser.get(Self.page)
            let again = try await browser.submit(
                "/ui/bills/1/extend", on: page, ["until": date])
            #expect(again.status == 422, "\(again.text)")
            #expect(again.faults == ["expires"])
            #expect(again.inputs["expires"] == date)
            #expect(again.inputs["name"] == "Anton Budiman")
            #expect(try await service.bill()["expired"]?.bool == true)
            let fields = again.inputs.merging(["expires": "2099-02-01"]) { _, own in own }
            let saved = try await browser.submit("/ui/bills/1/edit", on: again, fields)
            #expect(saved.header("Location") == "/ui/bills/1")
            #expect(
                try await service.bill()["expires_at"]?.string == "2099-02-01T16:59:59Z")
        }
    }

    @Test func `a code without a bill leads to the form of a new bill`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let link = "/ui/bills/new?code=88965199999999"
            let page = try await browser.get("/ui/why?code=88965199999999")
            #expect(page.text.contains("href=\"\(link)\""))
            #expect(try await browser.get(link).inputs["code"] == "88965199999999")
            let reader = try await service.client("reader", scopes: ["read"])
            let shown = try await service.browser(key: reader.key)
                .get("/ui/why?code=88965199999999")
            #expect(shown.status == 200 && !shown.text.contains(link))
        }
    }

    @Test func `a cancelled bill is opened again`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            #expect(try await service.admin.post("/admin/v1/bills/1/cancel", "{}").status == 200)
            let browser = try await service.browser()
            _ = try await browser.submit("/ui/bills/1/reopen", on: browser.get(Self.page))
            #expect(try await service.bill()["state"]?.string == "open")
            #expect(try await browser.get(Self.page).text.contains("Tagihan terbuka lagi."))
        }
    }

    @Test(arguments: [nil, Shop.clientID, Shop.neighbourID])
    func `a bill of a paused account cannot be paid now`(_ account: String?) async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let value = account.map { "\"\($0)\"" } ?? "null"
            let paused = try await service.admin.post(
                "/admin/v1/pause", #"{"reason":"tutup buku","account":\#(value)}"#)
            #expect(paused.status == 200)
            let browser = try await service.browser()
            for path in [Self.page, "/ui/bills/1"] {
                let page = try await browser.get(path)
                let says = page.shown.contains(/Dijeda oleh first, [^<]*: tutup buku\./)
                #expect(says == (account != Shop.neighbourID), "\(page.text)")
                #expect(
                    page.shown.contains("Kalau kasir bertanya sekarang: loket dijeda") == says)
                #expect((page.form("/ui/resume") != nil) == says)
            }
            guard account != Shop.neighbourID else { return }
            _ = try await browser.submit("/ui/resume", on: browser.get("/ui/bills/1"))
            let page = try await browser.get(Self.page)
            #expect(page.text.contains("Kalau kasir bertanya sekarang: bisa dibayar"))
        }
    }

    @Test(arguments: [nil, Shop.clientID])
    func `a pause is ended from the inquiry that it declined`(_ account: String?) async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let value = account.map { "\"\($0)\"" } ?? "null"
            let paused = try await service.admin.post(
                "/admin/v1/pause", #"{"reason":"tutup buku","account":\#(value)}"#)
            #expect(paused.status == 200)
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "asked"))
            _ = try await service.why("asked")
            let browser = try await service.browser()
            let page = try await browser.get("/ui/why?request=asked")
            #expect(page.text.contains(/Dijeda oleh first, [^<]*: tutup buku\./))
            let answer = try await browser.submit("/ui/resume", on: page)
            #expect(answer.header("Location") == "/ui/why?request=asked")
            #expect(try await service.ask(Shop.doku.inquiry(Self.code)).status == 200)
            let after = try await browser.get("/ui/why?request=asked")
            #expect(after.text.contains("Loket terbuka lagi."))
            #expect(after.form("/ui/resume") == nil)
        }
    }
}
