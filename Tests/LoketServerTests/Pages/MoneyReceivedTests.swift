// The lists of the page Money: ranges of days, totals, the file for accounting, and what was asked
// and not paid.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct MoneyReceivedTests {
    /// Payments of January 2026: on the 4th at Indomaret, on the 5th at Alfamart, and on the 5th
    /// with an unknown number.
    private func withJanuary(
        _ body: (RunningService, PageBrowser) async throws -> Void
    ) async throws {
        try await withTill { service in
            try service.seed([
                .sample(Till.code, "INV-1") { $0.customerName = "=<b>Ani</b>" },
                .sample(Till.otherCode, "INV-2", amount: 1_250_000),
            ])
            func time(_ text: String) throws -> Moment { try #require(Moment(rfc3339: text)) }
            try await service.pay(
                Till.notice(
                    "INV-2", amount: 1_250_000, code: Till.otherCode,
                    at: try time("2026-01-04T23:59:59+07:00")
                ) { $0.counter = .indomaret })
            try await service.pay(Till.notice(at: try time("2026-01-05T00:00:00+07:00")))
            try await service.pay(
                Till.notice(
                    "INV-9", amount: 70, code: MoneyCards.unknownCode,
                    at: try time("2026-01-05T09:05:00+07:00")))
            try await body(service, service.browser())
        }
    }

    /// The rows of the list of payments.
    private func rows(_ page: DokuAnswer) -> [Substring] {
        let table = page.text.split(separator: "<table class=\"wide live\">").last ?? ""
        let body = table.split(separator: "</table>").first ?? ""
        return body.split(separator: "<tr>").filter { $0.contains("<td>") }
    }

    @Test func `a day has its payments, and its sums by counter`() async throws {
        try await withJanuary { service, browser in
            let page = try await browser.get("/ui/money?from=2026-01-05&to=2026-01-05")
            #expect(page.status == 200)
            #expect(page.text.contains("5 Januari 2026</h2>"))
            #expect(page.text.contains("Cocok: 1. Belum diputuskan: 1."))
            #expect(
                page.text.contains(
                    "<th scope=\"row\">Alfamart</th><td class=\"r\">Rp150.000 (1)</td>"
                        + "<td class=\"r\">Rp70 (1)</td>"))
            #expect(!page.text.contains("Indomaret"))
            #expect(!page.text.contains("<summary>Per hari"))
            let rows = rows(page)
            #expect(rows.count == 2)
            for (row, parts) in zip(
                rows,
                [
                    [
                        "<td>09.05</td>", "INV-9 · Alfamart B071", "tidak dikenal",
                        "tag warn\" href=\"/ui/money/3\">nomor tidak dikenal", "Rp70",
                    ],
                    [
                        "<td>00.00</td>", "<a href=\"/ui/bills/1\">INV-1</a> · Alfamart B071",
                        "=&lt;b&gt;Ani&lt;/b&gt;", "tag good\" href=\"/ui/money/2\">cocok",
                        "Rp150.000",
                    ],
                ])
            {
                for part in parts { #expect(row.contains(part), "\(part) in \(row)") }
            }
        }
    }

    @Test func `several days have sums by day, and one end is enough`() async throws {
        try await withJanuary { service, browser in
            let page = try await browser.get("/ui/money?from=2026-01-04&to=2026-01-05")
            #expect(page.text.contains("4 Januari 2026 – 5 Januari 2026</h2>"))
            #expect(page.text.contains("<b>Rp1.400.000 (2)</b>"))
            #expect(page.text.contains("<b>Rp70 (1)</b>"))
            #expect(
                page.text.contains(
                    "<th scope=\"row\">4 Januari 2026 · Indomaret</th>"
                        + "<td class=\"r\">Rp1.250.000 (1)</td><td class=\"r\">–</td>"))
            #expect(page.text.contains("<td>4 Januari 2026, 23.59</td>"))
            #expect(rows(page).count == 3)
            #expect(rows(try await browser.get("/ui/money?to=2026-01-04&from=")).count == 1)
            let english = try await service.browser(language: "en")
                .get("/ui/money?from=2026-01-04&to=2026-01-05")
            #expect(english.text.contains("Settled: 2. Not yet decided: 1."))
            #expect(english.text.contains("<summary>By day"))
        }
    }

    @Test func `today is the day without an address of its own`() async throws {
        try await withJanuary { service, browser in
            try service.seed([.sample("88965110000003", "INV-3")])
            try await service.pay(Till.notice("INV-3", code: "88965110000003", at: .now))
            let page = try await browser.get("/ui/money")
            let today = service.clock.now.wibDate
            #expect(page.text.contains("href=\"/ui/money\" aria-current=\"true\">Hari ini</a>"))
            #expect(page.text.contains("name=\"from\" type=\"date\" value=\"\(today)\""))
            #expect(rows(page).count == 1)
            let before = service.clock.now.adding(milliseconds: -Moment.dayMilliseconds).wibDate
            let yesterday = "/ui/money?from=\(before)&to=\(before)"
            #expect(page.shown.contains("href=\"\(yesterday)\">Kemarin</a>"))
            #expect(rows(try await browser.get(yesterday)).isEmpty)
        }
    }

    @Test(arguments: [
        "from=2026-01-05&to=2026-01-04", "from=x", "to=2026-02-30", "from=2024-01-01&to=2026-01-05",
        "from=a%E2%80%AEb&to=2026-01-05",
    ])
    func `wrong days are named beside the fields and kept`(_ query: String) async throws {
        try await withJanuary { service, browser in
            let page = try await browser.get("/ui/money?\(query)")
            #expect(page.status == 400)
            #expect(page.text.contains("id=\"range-fault\">Tanggalnya belum benar."))
            #expect(page.text.matches(of: /aria-describedby="range-fault"/).count == 2)
            for part in query.split(separator: "&") {
                let value = part.split(separator: "=")[1].replacing("%E2%80%AE", with: "\u{202E}")
                #expect(page.text.contains("value=\"\(value)\" aria-invalid"), "\(value)")
            }
            // What waits for a decision is shown all the same.
            #expect(MoneyCards.of(page).count == 1)
        }
    }

    @Test func `the file for accounting is that of the API for the same days`() async throws {
        try await withJanuary { service, browser in
            for (more, delimiter) in [("", ""), ("&delimiter=semicolon", "&delimiter=semicolon")] {
                let path = "/ui/money.csv?from=2026-01-05&to=2026-01-05" + more
                // The head alone: the body comes in chunks.
                let file = try await browser.get(path)
                #expect(file.header("Content-Length") == nil)
                #expect(
                    file.header("Content-Disposition")
                        == "attachment; filename=\"loket-2026-01-05-2026-01-05.csv\"")
                #expect(file.header("Cache-Control") == "no-store")
                let api = try await service.admin.send(
                    "GET",
                    "/admin/v1/payments?from=2026-01-05&to=2026-01-06&sort=oldest" + delimiter,
                    body: [], type: "application/json", more: [("Accept", "text/csv")])
                let session = try #require(await browser.cookies["loket_session"])
                let whole = try await AdminClient(port: service.adminPort).send(
                    "GET", path, body: [], type: "text/plain",
                    more: [("Cookie", "loket_session=\(session)")])
                #expect(whole.status == 200 && whole.type == "text/csv; charset=utf-8")
                #expect(whole.text == api.text)
                #expect(whole.text.split(separator: "\r\n").count == 3)
            }
            let page = try await browser.get("/ui/money?from=2026-01-05&to=2026-01-05")
            #expect(page.shown.contains("/ui/money.csv?from=2026-01-05&to=2026-01-05\" download"))
            for query in ["from=x", "delimiter=tab", "from=2026-01-05&to=2026-01-04", "limit=1"] {
                let wrong = try await browser.get("/ui/money.csv?\(query)")
                #expect(wrong.status == 400, "\(query)")
                #expect(wrong.header("Content-Type") == "text/html; charset=utf-8", "\(query)")
            }
        }
    }

    @Test func `the older payments have an address of their own`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1") { $0.reusable = true }])
            for place in 0..<51 {
                _ = try await service.notify(Till.notice(transaction: "\(place)"))
            }
            let browser = try await service.browser()
            let page = try await browser.get("/ui/money")
            #expect(rows(page).count == 50)
            let today = service.clock.now.wibDate
            let link = try #require(
                page.shown.firstMatch(of: /href="(\/ui\/money\?from=[^"]+&cursor=[^"]+)"/))
            let path = String(link.output.1)
            #expect(path.hasPrefix("/ui/money?from=\(today)&to=\(today)&cursor="))
            #expect(rows(try await browser.get(path)).count == 1)
            #expect(try await browser.get("/ui/money?cursor=x").status == 400)
            // After midnight it leads to the same days.
            service.clock.goOn(hours: 24)
            #expect(rows(try await service.browser().get(path)).count == 1)
        }
    }

    @Test func `what was asked and not paid is a list of its own`() async throws {
        try await withTill { service in
            try service.seed([
                .sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2", amount: 75_000),
            ])
            for code in [Till.code, Till.otherCode] {
                _ = try await service.ask(Till.inquirer.inquiry(code, requestID: code))
            }
            try await service.pay(Till.notice())
            try await eventually {
                try await service.items("/admin/v1/inquiries").count == 2
            }
            let browser = try await service.browser()
            let page = try await browser.get("/ui/money?show=unpaid")
            let rows = rows(page)
            #expect(rows.count == 1)
            #expect(rows.first?.contains("8896 5110 0000 02") == true)
            #expect(!page.text.contains("Unduh untuk akuntansi"))
            #expect(page.form("/ui/money")?["show"] == "unpaid")
            let before = try await browser.get(
                "/ui/money?from=2026-01-05&to=2026-01-05&show=unpaid")
            #expect(before.text.contains("ditanyakan kasir tetapi belum dibayar"))
        }
    }
}
