// What a key's scopes and its account decide on the counter page, and the language.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct PageAccessTests {
    private static let code = "88965110000001"
    private static let neighboursCode = "77777000001"
    /// Texts that only the neighbour's bill, payment and import have.
    private static let neighbours = [
        "Tetangga", "TETANGGA-7Q", neighboursCode, "7777 7000 001",
    ]

    /// Of each account a cancelled bill that was asked for once, a payment without a bill, its
    /// notification, and an import with a refused row. The first account's have the id 1.
    private func withTwoAccounts(_ body: (RunningService) async throws -> Void) async throws {
        try await withTill { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let ids = try service.store.registerAccounts([Shop.neighbourID])
            try service.store.seed(
                [.sample(Self.neighboursCode, "TETANGGA-7Q-1") { $0.customerName = "Tetangga" }],
                accountID: try #require(ids[Shop.neighbourID]), state: .open, now: .now)
            for id in [1, 2] {
                let answer = try await service.admin.post("/admin/v1/bills/\(id)/cancel", "{}")
                #expect(answer.status == 200)
            }
            _ = try await service.ask(Till.inquirer.inquiry(Self.code, requestID: "own"))
            _ = try await service.ask(
                Till.neighboursInquirer.inquiry(Self.neighboursCode, requestID: "next-door"))
            _ = try await service.why("own")
            _ = try await service.why("next-door")
            try await service.pay(Till.notice("INV-8", code: "88965110000008"))
            try await service.pay(
                Till.notice("TETANGGA-7Q-8", code: "77777000008"), by: Till.neighboursDoku)
            let neighbour = try await service.client(
                "neighbour", scopes: ["read", "write"], account: Shop.neighbourID)
            for (client, row) in [
                (service.admin, "88965110000009,INV-9"), (neighbour, "77777000009,TETANGGA-7Q-9"),
            ] {
                let file = "payment_code,invoice_number,amount,customer_name\n\(row),x,A\n"
                let answer = try await client.send(
                    "POST", "/admin/v1/imports?dry_run=true", body: Array(file.utf8),
                    type: "text/csv")
                #expect(answer.status == 202, "\(answer.text)")
            }
            for id in ["1", "2"] { _ = try await service.ended(id) }
            try await body(service)
        }
    }

    /// What comes before an id in an address.
    private static let kinds: Set<Substring> = ["bills", "money", "notifications", "import"]
    /// Pages that need no session, and the end of one.
    private static let open = ["/ui/sign-in", "/ui/language", "/ui/page.css", "/ui/page.js"]
    private static let end = "/ui/sign-out"

    /// The addresses of the router with a method, with an id in the place of each parameter. A new
    /// kind of page has to be added to `kinds` and to `withTwoAccounts`.
    private func addresses(
        _ method: String, id: Int, of service: RunningService
    ) throws -> [(path: String, hasID: Bool)] {
        let found = service.service.admin.pageRoutes
            .filter { $0.hasPrefix("\(method) /ui") }
            .map { String($0.dropFirst(method.count + 1)).replacing("**", with: "no/page") }
            .filter { !Self.open.contains($0) && $0 != Self.end }
        #expect(found.count > 10)
        return try found.map { route in
            let parts = route.split(separator: "/")
            for (before, part) in zip(parts, parts.dropFirst()) where part.hasPrefix("{") {
                let isKnown = Self.kinds.contains(before) || before == "attention"
                try #require(isKnown, "\(route)")
            }
            return (route.replacing("{id}", with: "\(id)"), route.contains("{"))
        }
    }

    /// Pages whose parameters decide what they show.
    private static let queries = [
        "/ui?show=refused", "/ui?show=unpaid", "/ui/why?request=own", "/ui/why?code=\(code)",
        "/ui/why?q=INV-1", "/ui/bills?q=\(neighboursCode)", "/ui/bills?q=tetangga",
        "/ui/why?code=\(neighboursCode)", "/ui/money/1/bill?q=\(neighboursCode)",
        "/ui/money?show=unpaid",
    ]

    @Test func `no page of the router is shown without a session`() async throws {
        try await withTwoAccounts { service in
            let browser = PageBrowser(service)
            await browser.set("loket_session", String(repeating: "0", count: 64))
            let before = try await service.events()
            let pages = try addresses("GET", id: 1, of: service).map(\.path)
            #expect(pages.count > 20)
            for path in pages + Self.queries {
                let answer = try await browser.get(path)
                #expect([303, 401].contains(answer.status), "\(path)")
                #expect(answer.text.isEmpty, "\(path)")
            }
            for form in try addresses("POST", id: 1, of: service) where form.path != "/ui/import" {
                let answer = try await browser.post(form.path, ["form_token": ""])
                #expect(answer.status == 303, "\(form.path)")
            }
            #expect(try await service.events() == before)
        }
    }

    @Test func `a key that may only read sees every page and no form`() async throws {
        try await withTwoAccounts { service in
            let reader = try await service.client("reader", scopes: ["read"])
            let browser = try await service.browser(key: reader.key)
            for path in try addresses("GET", id: 1, of: service).map(\.path) + Self.queries {
                var page = try await browser.get(path)
                if let place = page.header("Location") { page = try await browser.get(place) }
                let isOnlyForm = ["/new", "/edit", "/cancel", "/forget"]
                    .contains { path.hasSuffix($0) }
                let expected = path == "/ui/no/page" ? 404 : isOnlyForm ? 403 : 200
                #expect(page.status == expected, "\(path)")
                let forms = page.text.matches(of: /<form method="post" action="([^"]*)"/)
                #expect(forms.allSatisfy { $0.output.1 == Self.end }, "\(path)")
            }
            try await expectNoChange(by: browser, id: 1, service)
            let token = try await browser.get("/ui").form(Self.end)?["form_token"] ?? ""
            _ = try await browser.post("/ui/bills/1/reopen", ["form_token": token, "back": "/ui"])
            #expect(try await browser.get("/ui").text.contains("Kunci Anda tidak boleh"))
        }
    }

    /// Sends every form of the router to things with an id, and expects that nothing has changed.
    private func expectNoChange(
        by browser: PageBrowser, id: Int, _ service: RunningService
    ) async throws {
        let before = try await service.events()
        let token = try await browser.get("/ui").form(Self.end)?["form_token"] ?? ""
        #expect(!token.isEmpty)
        for form in try addresses("POST", id: id, of: service) where form.hasID {
            let answer = try await browser.post(
                form.path,
                [
                    "form_token": token, "action": "dismiss", "name": "Mallory", "bill": "\(id)",
                    "was_name": "x",
                ])
            #expect([303, 403, 404, 409].contains(answer.status), "\(form.path): \(answer.status)")
        }
        #expect(try await service.events() == before)
        for bill in ["1", "2"] {
            #expect(try await service.bill(bill)["state"]?.string == "cancelled")
        }
    }

    @Test func `a key of one account sees its own things only`() async throws {
        try await withTwoAccounts { service in
            let shop = try await service.client(
                "shop", scopes: ["read", "write"], account: Shop.clientID)
            let browser = try await service.browser(key: shop.key)
            let pages = try addresses("GET", id: 2, of: service)
            for (path, hasID) in pages + Self.queries.map({ ($0, false) }) {
                let page = try await browser.get(path)
                #expect(
                    hasID || path == "/ui/no/page"
                        ? page.status == 404 : [200, 303].contains(page.status),
                    "\(path): \(page.status)")
                // A page shows the text of a search, whatever it finds.
                let typed = path.lowercased()
                for word in Self.neighbours
                where !typed.hasSuffix(word.lowercased().replacing(" ", with: "")) {
                    #expect(!page.shown.contains(word), "\(path): \(word)")
                }
            }
            let today = try await browser.get("/ui")
            #expect(today.text.contains("Anton Budiman"))
            #expect(today.text.contains("Angka hari ini hanya untuk kunci semua akun."))
            #expect(try await browser.get("/ui/why?request=next-door").status == 404)
            try await expectNoChange(by: browser, id: 2, service)
            let token = today.form(Self.end)?["form_token"] ?? ""
            _ = try await browser.post("/ui/bills/1/reopen", ["form_token": token])
            #expect(try await service.bill("1")["state"]?.string == "open")
            // The key of every account sees what the one of an account does not.
            let all = try await service.browser().get("/ui/bills")
            for word in Self.neighbours where word != Self.neighboursCode {
                #expect(all.shown.contains(word), "\(word)")
            }
        }
    }

    @Test func `a form leads back to a page of loket only`() async throws {
        try await withTwoAccounts { service in
            let browser = try await service.browser()
            let token = try await browser.get("/ui").form("/ui/sign-out")?["form_token"] ?? ""
            for back in ["https://evil.example/ui", "//evil.example", "/uix", ""] {
                let answer = try await browser.post(
                    "/ui/bills/1/reopen", ["form_token": token, "back": back])
                #expect(answer.header("Location") == "/ui", "\(back)")
            }
        }
    }

    @Test func `the language is the chosen one, else the browser's, else Indonesian`()
        async throws
    {
        try await withService { service in
            for (wanted, word) in [
                ("en-GB,en;q=0.9", "Sign in"), ("id,en", "Masuk"), ("fr, en", "Sign in"),
                ("fr", "Masuk"), ("", "Masuk"),
            ] {
                let page = try await PageBrowser(service, language: wanted).get("/ui/sign-in")
                #expect(page.text.contains("<h1>\(word)</h1>"), "\(wanted)")
            }
            let browser = try await service.browser(language: "en")
            #expect(try await browser.get("/ui").text.contains("Everything works."))
            let answer = try await browser.get(
                "/ui/language?to=id&back=%2Fui%3Fshow%3Drefused")
            #expect(answer.status == 303)
            #expect(answer.header("Location") == "/ui?show=refused")
            let page = try await browser.get("/ui?show=refused")
            #expect(page.text.contains("<html lang=\"id\">"))
            #expect(page.text.contains("Semua berjalan."))
            let foreign = try await browser.get("/ui/language?to=xx&back=https://evil.example")
            #expect(foreign.header("Location") == "/ui")
            #expect(await browser.cookies["loket_language"] == "id")
        }
    }
}
