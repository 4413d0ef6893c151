// What a key's scopes and its account decide on the counter page, and the language.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct PageAccessTests {
    private static let code = "88965110000001"
    private static let neighboursCode = "77777000001"

    /// A cancelled bill of each account, each asked for once.
    private func withTwoAccounts(_ body: (RunningService) async throws -> Void) async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let ids = try service.store.registerAccounts([Shop.neighbourID])
            try service.store.seed(
                [.sample(Self.neighboursCode, "N-1") { $0.customerName = "Tetangga" }],
                accountID: try #require(ids[Shop.neighbourID]), state: .open, now: .now)
            for id in [1, 2] {
                let answer = try await service.admin.post("/admin/v1/bills/\(id)/cancel", "{}")
                #expect(answer.status == 200)
            }
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "own"))
            _ = try await service.ask(
                Shop.neighboursDoku.inquiry(Self.neighboursCode, requestID: "next-door"))
            _ = try await service.why("own")
            _ = try await service.why("next-door")
            try await body(service)
        }
    }

    private static let pages = [
        "/ui", "/ui/now", "/ui?show=refused", "/ui?show=unpaid", "/ui/why?request=own",
        "/ui/why?code=\(code)", "/ui/why?q=INV-1",
    ]

    @Test func `no page is shown without a session`() async throws {
        try await withTwoAccounts { service in
            let browser = PageBrowser(service)
            await browser.set("loket_session", String(repeating: "0", count: 64))
            for path in Self.pages {
                let answer = try await browser.get(path)
                #expect(answer.status == (path == "/ui/now" ? 401 : 303), "\(path)")
                #expect(!answer.text.contains("Anton"), "\(path)")
            }
            for path in ["/ui/bills/1/reopen", "/ui/bills/1/extend", "/ui/resume", "/ui/sign-out"] {
                let answer = try await browser.post(path, ["form_token": ""])
                #expect(answer.status == 303, "\(path)")
            }
            #expect(try await service.bill()["state"]?.string == "cancelled")
        }
    }

    @Test func `a key that may only read sees every page and no buttons`() async throws {
        try await withTwoAccounts { service in
            let reader = try await service.client("reader", scopes: ["read"])
            let browser = try await service.browser(key: reader.key)
            for path in Self.pages {
                var page = try await browser.get(path)
                if let place = page.header("Location") { page = try await browser.get(place) }
                #expect(page.status == 200, "\(path)")
                #expect(page.form("/ui/bills/1/reopen") == nil, "\(path)")
            }
            let token = try await browser.get("/ui").form("/ui/sign-out")?["form_token"]
            let answer = try await browser.post(
                "/ui/bills/1/reopen", ["form_token": token ?? "", "back": "/ui"])
            #expect(answer.status == 303)
            #expect(try await browser.get("/ui").text.contains("Kunci Anda tidak boleh"))
            #expect(try await service.bill()["state"]?.string == "cancelled")
        }
    }

    @Test func `a key of one account sees its own bills only`() async throws {
        try await withTwoAccounts { service in
            let shop = try await service.client(
                "shop", scopes: ["read", "write"], account: Shop.clientID)
            let browser = try await service.browser(key: shop.key)
            for path in Self.pages {
                let page = try await browser.get(path)
                #expect([200, 303].contains(page.status), "\(path)")
                for word in ["Tetangga", "N-1<", Self.neighboursCode, "7777 7000 001"] {
                    #expect(!page.text.contains(word), "\(path): \(word)")
                }
            }
            let today = try await browser.get("/ui")
            #expect(today.text.contains("Anton Budiman"))
            #expect(today.text.contains("Angka hari ini hanya untuk kunci semua akun."))
            #expect(try await browser.get("/ui/why?request=next-door").status == 404)
            let token = today.form("/ui/sign-out")?["form_token"] ?? ""
            _ = try await browser.post("/ui/bills/2/reopen", ["form_token": token])
            #expect(try await service.bill("2")["state"]?.string == "cancelled")
            _ = try await browser.post("/ui/bills/1/reopen", ["form_token": token])
            #expect(try await service.bill("1")["state"]?.string == "open")
        }
    }

    @Test func `no page of the router is shown without a session`() async throws {
        try await withTwoAccounts { service in
            let browser = PageBrowser(service)
            let open = ["/ui/sign-in", "/ui/language", "/ui/page.css", "/ui/page.js"]
            let paths = service.service.admin.pageRoutes.filter { $0.hasPrefix("GET /ui") }
                .map { String($0.dropFirst(4)).replacing("{id}", with: "1") }
                .map { $0.replacing("**", with: "no") }
            #expect(paths.count > 20)
            for path in paths where !open.contains(path) {
                let answer = try await browser.get(path)
                #expect([303, 401].contains(answer.status), "\(path)")
                #expect(answer.text.isEmpty, "\(path)")
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
