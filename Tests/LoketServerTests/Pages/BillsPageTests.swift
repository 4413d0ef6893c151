// The list of bills: its states, orders and pages, its search, and what each key sees.

import DokuSimulator
import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct BillsPageTests {
    private static func code(_ number: Int) -> String { "\(88_965_110_000_000 + number)" }

    /// A bill of each state; the last one has expired.
    private func withBills(
        _ body: (RunningService, PageBrowser) async throws -> Void
    ) async throws {
        try await withService { service in
            let states: [Bill.State] = [.open, .held, .paid, .cancelled, .open]
            for (place, state) in states.enumerated() {
                try service.seed(
                    [
                        .sample(Self.code(place + 1), "INV-\(place + 1)") {
                            if place == 0 {
                                $0.expiresAt = Moment(rfc3339: "2099-12-31T16:59:59Z")
                            }
                            if place == 4 {
                                $0.expiresAt = Moment(rfc3339: "2020-01-01T00:00:00Z")
                            }
                        }
                    ], state: state)
            }
            try await body(service, service.browser())
        }
    }

    private func rows(_ page: DokuAnswer) -> [Substring] {
        let table = page.text.components(separatedBy: "<table class=\"wide bills\">").last ?? ""
        let body = table.split(separator: "</table>").first ?? ""
        return body.split(separator: "<tr>").filter { $0.contains("<td>") }
    }

    /// The invoice numbers of the rows.
    private func invoices(_ page: DokuAnswer) -> [String] {
        rows(page).compactMap { row in
            row.firstMatch(of: /<td>(INV-\d+)<\/td>/).map { String($0.output.1) }
        }
    }

    private static let lists: [(query: String, invoices: [String])] = [
        ("", ["INV-5", "INV-4", "INV-3", "INV-2", "INV-1"]),
        ("?state=open", ["INV-5", "INV-1"]), ("?state=held", ["INV-2"]),
        ("?state=expired", ["INV-5"]), ("?state=paid", ["INV-3"]),
        ("?state=cancelled", ["INV-4"]), ("?state=replaced", []),
        ("?sort=invoice_number", ["INV-1", "INV-2", "INV-3", "INV-4", "INV-5"]),
        ("?sort=expires_at", ["INV-5", "INV-1"]), ("?sort=oldest&state=open", ["INV-1", "INV-5"]),
        ("?state=expired&sort=newest", ["INV-5"]),
    ]

    @Test func `the list has the bills of a state in the order of the API`() async throws {
        try await withBills { _, browser in
            for (query, expected) in Self.lists {
                let page = try await browser.get("/ui/bills\(query)")
                #expect(page.status == 200)
                #expect(invoices(page) == expected, "\(query)")
                #expect(page.text.contains("<p class=\"soft\">\(expected.count) tagihan. Dip"))
            }
            let page = try await browser.get("/ui/bills?state=expired")
            for part in [
                "<title>Tagihan · loket</title>", "href=\"/ui/bills\" aria-current=\"page\"",
                "href=\"/ui/bills?state=expired\" aria-current=\"true\">Kedaluwarsa",
                "href=\"/ui/bills?state=expired&amp;sort=newest\"", "8896 5110 0000 05",
                "<a href=\"/ui/bills/5\">Anton Budiman</a>", "Rp150.000",
                "1 Januari 2020, 07.00", "<span class=\"tag warn\">kedaluwarsa</span>",
            ] { #expect(page.text.contains(part), "\(part)") }
        }
    }

    @Test func `only the orders that the API has for a state are offered`() async throws {
        try await withBills { _, browser in
            for (query, isOffered) in [("", true), ("?state=held", true), ("?state=paid", false)] {
                let page = try await browser.get("/ui/bills\(query)")
                #expect(page.text.contains("sort=expires_at") == isOffered, "\(query)")
            }
            for query in ["state=paid&sort=expires_at", "state=lost", "cursor=1", "page=2"] {
                let page = try await browser.get("/ui/bills?\(query)")
                #expect(page.status == 400, "\(query)")
                #expect(page.text.contains("Alamat halaman ini tidak benar."), "\(query)")
            }
        }
    }

    @Test func `further bills are on pages with addresses of their own`() async throws {
        try await withService { service in
            try service.seed(
                try (1...51).map { try .sample(Self.code($0), "INV-\($0)") })
            let browser = try await service.browser()
            let page = try await browser.get("/ui/bills")
            #expect(rows(page).count == 50)
            #expect(page.text.contains("50 tagihan di halaman ini."))
            let link = try #require(page.text.firstMatch(of: /href="(\/ui\/bills\?cursor=[^"]+)"/))
            let next = try await browser.get(String(link.output.1))
            #expect(invoices(next) == ["INV-1"])
            #expect(next.text.contains("1 tagihan di halaman ini."))
            #expect(next.text.firstMatch(of: /href="\/ui\/bills\?cursor=/) == nil)
        }
    }

    @Test func `a search for a code finds every bill that had it, page by page`() async throws {
        try await withService { service in
            let code = Self.code(1)
            try service.seed(
                try (1...51).map { try .sample(code, "INV-\($0)") }, state: .cancelled)
            try service.seed([.sample(code, "INV-52")])
            let browser = try await service.browser()
            let page = try await browser.get("/ui/bills?q=\(code)")
            #expect(invoices(page) == (3...52).reversed().map { "INV-\($0)" })
            let link = try #require(
                page.text.firstMatch(of: /href="(\/ui\/bills\?q=[0-9]+&amp;cursor=[^"]+)"/))
            let next = try await browser.get(String(link.output.1).replacing("&amp;", with: "&"))
            #expect(invoices(next) == ["INV-2", "INV-1"])
            #expect(next.text.firstMatch(of: /cursor=/) == nil)
            #expect(invoices(try await browser.get("/ui/bills?q=\(code)&state=open")) == ["INV-52"])
        }
    }

    @Test func `a search finds codes, numbers and names, and keeps the state`() async throws {
        try await withService { service in
            for (place, name) in ["Anton Budiman", "Budi Santoso"].enumerated() {
                let bill = BillJSON(Self.code(place + 1), "INV-\(place + 1)")
                    .with("customer", #"{"name":"\#(name)"}"#)
                #expect(try await service.admin.post("/admin/v1/bills", bill.text).status == 201)
            }
            #expect(try await service.admin.post("/admin/v1/bills/2/cancel", "{}").status == 200)
            try await eventually {
                try await service.admin.get("/admin/v1/search?q=budi").json()["names"]?["complete"]?
                    .bool == true
            }
            let browser = try await service.browser()
            for (text, state, expected) in [
                ("8896 5110-0000.01", nil, ["INV-1"]), ("INV-2", nil, ["INV-2"]),
                ("anton", nil, ["INV-1"]), ("bu", "open", ["INV-1"]),
                ("bu", "cancelled", ["INV-2"]), ("bu", "paid", []), ("nobody", nil, []),
            ] as [(String, String?, [String])] {
                let place = "/ui/bills".with([("q", text), ("state", state)])
                let page = try await browser.get(place)
                #expect(page.status == 200)
                #expect(invoices(page) == expected, "\(place)")
                #expect(page.text.contains("name=\"q\" value=\"\(text)\""), "\(place)")
                #expect(page.text.contains("Tidak ada yang cocok.") == expected.isEmpty)
            }
            #expect(
                invoices(try await browser.get("/ui/bills?q=bu")).sorted() == ["INV-1", "INV-2"])
            let both = try await browser.get("/ui/bills?q=bu&state=open")
            #expect(both.text.contains("href=\"/ui/bills?q=bu&amp;state=cancelled\""))
            #expect(both.text.contains("<input type=\"hidden\" name=\"state\" value=\"open\">"))
            // One digit is missing.
            let near = try await browser.get("/ui/bills?q=8896511000000")
            #expect(near.text.contains("href=\"/ui/why?code=88965110000001\""))
        }
    }

    @Test func `a wrong search is named beside its field and kept`() async throws {
        try await withBills { _, browser in
            for text in ["anton\u{202E}", String(repeating: "a", count: 129)] {
                let page = try await browser.get("/ui/bills".with([("q", text)]))
                #expect(page.status == 400)
                #expect(page.text.contains("value=\"\(text)\" maxlength=\"128\" aria-invalid"))
                #expect(page.text.contains("<p class=\"fault\" id=\"q-fault\">Cari dengan"))
                #expect(rows(page).isEmpty)
            }
            let hostile = "\"><script>alert(1)</script>"
            let page = try await browser.get("/ui/bills".with([("q", hostile)]))
            #expect(page.status == 200)
            #expect(!page.text.contains("<script>alert"))
            #expect(page.shown.contains("value=\"\(hostile)\""))
            #expect(invoices(try await browser.get("/ui/bills?q=%20")).count == 5)
        }
    }

    @Test func `an empty list says what comes there, in both languages`() async throws {
        try await withService { service in
            for language in Language.allCases {
                let browser = try await service.browser(language: language.rawValue)
                let words = Words(language: language)
                for state in ["all", "open", "held", "expired", "paid", "cancelled"] {
                    let page = try await browser.get(
                        "/ui/bills".with([("state", state == "all" ? nil : state)]))
                    #expect(page.status == 200)
                    #expect(page.shown.contains(words["bills_empty_\(state)"]), "\(state)")
                }
            }
        }
    }

    @Test func `a key sees its account's bills, and new ones only if it may write`() async throws {
        try await withBills { service, browser in
            let ids = try service.store.registerAccounts([Shop.neighbourID])
            try service.store.seed(
                [.sample("77777000001", "N-1") { $0.customerName = "Tetangga" }],
                accountID: try #require(ids[Shop.neighbourID]), state: .open, now: .now)
            let all = try await browser.get("/ui/bills")
            #expect(all.text.contains("Tetangga"))
            #expect(all.text.contains("href=\"/ui/bills/new\""))
            let key = try await service.client("shop", scopes: ["read"], account: Shop.clientID)
            let shop = try await service.browser(key: key.key)
            let own = try await shop.get("/ui/bills")
            #expect(invoices(own).count == 5)
            for query in ["", "?q=N-1", "?q=77777000001", "?sort=invoice_number"] {
                let page = try await shop.get("/ui/bills\(query)")
                #expect(page.status == 200 && !page.text.contains("Tetangga"), "\(query)")
                #expect(!page.text.contains("/ui/bills/new"))
            }
            let nobody = try await PageBrowser(service).get("/ui/bills?state=held")
            #expect(nobody.status == 303)
            #expect(
                nobody.header("Location") == "/ui/sign-in?next=%2Fui%2Fbills%3Fstate%3Dheld")
        }
    }

    @Test func `Today and Why lead to the customer's bill`() async throws {
        try await withBills { service, browser in
            _ = try await service.ask(Shop.doku.inquiry(Self.code(1), requestID: "asked"))
            _ = try await service.why("asked")
            let today = try await browser.get("/ui")
            #expect(today.text.contains("<td><a href=\"/ui/bills/1\">Anton Budiman</a></td>"))
            let why = try await browser.get("/ui/why?code=\(Self.code(1))")
            #expect(why.text.contains("<h1><a href=\"/ui/bills/1\">Anton Budiman · INV-1</a></h1>"))
        }
    }
}
