// Signing in to the counter page: the cookie, the end of a session, and the way back.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

struct SignInTests {
    private static let wrong = "loket_" + String(repeating: "0", count: 48)

    @Test func `a key opens the page, and scripts cannot read the cookie`() async throws {
        try await withService { service in
            let browser = PageBrowser(service)
            let page = try await browser.get("/ui/sign-in")
            #expect(page.status == 200 && page.text.contains("type=\"password\""))
            let answer = try await browser.submit(
                "/ui/sign-in", on: page, ["key": service.adminKey])
            #expect(answer.status == 303)
            #expect(answer.header("Location") == "/ui")
            let cookie = try #require(answer.setCookies.first)
            #expect(cookie.hasPrefix("loket_session="))
            let parts = Set(cookie.split(separator: "; ").dropFirst().map(String.init))
            #expect(parts == ["Path=/", "HttpOnly", "SameSite=Lax"])
            #expect(!service.log.text.contains(service.adminKey))
            let today = try await browser.get("/ui")
            #expect(today.status == 200 && today.text.contains("<b>first</b>"))
            #expect(!today.text.contains(service.adminKey))
        }
    }

    @Test func `the cookie is for https only where a proxy received https`() async throws {
        try await withService { service in
            for (proto, isSecure) in [("https", true), ("http", false), ("http, https", true)] {
                let browser = PageBrowser(
                    service, more: [Header("X-Forwarded-Proto", proto)])
                let answer = try await browser.post("/ui/sign-in", ["key": service.adminKey])
                #expect(answer.setCookies.first?.hasSuffix("; Secure") == isSecure, "\(proto)")
            }
        }
    }

    @Test func `a wrong key is slow and counted as at the API, and opens nothing`() async throws {
        try await withService { service in
            let browser = PageBrowser(service)
            let before = service.service.runtime.metrics.current.wrongKeys
            for (key, status) in [(Self.wrong, 401), (String(repeating: "k", count: 500), 401)] {
                let begun = ContinuousClock.now
                let answer = try await browser.post("/ui/sign-in", ["key": key])
                let slowness = Duration.milliseconds(Limits.wrongKeyMilliseconds)
                #expect(ContinuousClock.now - begun >= slowness)
                #expect(answer.status == status)
                #expect(answer.setCookies.isEmpty)
                #expect(answer.text.contains("aria-invalid=\"true\""))
                #expect(!answer.text.contains(key))
            }
            #expect(service.service.runtime.metrics.current.wrongKeys == before + 2)
            #expect(try await browser.post("/ui/sign-in", ["key": " "]).status == 422)
            #expect(service.service.runtime.metrics.current.wrongKeys == before + 2)
            #expect(try await browser.get("/ui").status == 303)
        }
    }

    @Test func `a key that may not read opens nothing`() async throws {
        try await withService { service in
            let writer = try await service.client("writer", scopes: ["write"])
            let browser = PageBrowser(service)
            let answer = try await browser.post("/ui/sign-in", ["key": writer.key ?? ""])
            #expect(answer.status == 403)
            #expect(answer.setCookies.isEmpty)
        }
    }

    @Test func `a revoked key ends its session at once`() async throws {
        try await withService { service in
            let reader = try await service.client("reader", scopes: ["read"])
            let browser = try await service.browser(key: reader.key)
            #expect(try await browser.get("/ui").status == 200)
            let id = try await service.keyID("reader")
            #expect(try await service.admin.delete("/admin/v1/keys/\(id)").status == 200)
            #expect(try await browser.get("/ui/now").status == 401)
            let answer = try await browser.get("/ui?show=refused")
            #expect(answer.status == 303)
            #expect(answer.header("Location") == "/ui/sign-in?next=%2Fui%3Fshow%3Drefused")
        }
    }

    @Test func `a session ends after twelve hours without use`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            service.clock.goOn(hours: 11)
            #expect(try await browser.get("/ui").status == 200)
            service.clock.goOn(hours: 11)
            // The part that the script requests is no use by a person.
            #expect(try await browser.get("/ui/now").status == 200)
            service.clock.goOn(hours: 1)
            #expect(try await browser.get("/ui/now").status == 401)
            #expect(try await browser.get("/ui").status == 303)
        }
    }

    @Test func `each sign-in makes a new session and ends the one before`() async throws {
        try await withService { service in
            let planted = String(repeating: "ab", count: 32)
            let browser = PageBrowser(service)
            await browser.set("loket_session", planted)
            try await browser.signIn(service.adminKey)
            let first = try #require(await browser.cookies["loket_session"])
            #expect(first != planted && first.utf8.count == 64)
            try await browser.signIn(service.adminKey)
            #expect(await browser.cookies["loket_session"] != first)
            let other = PageBrowser(service)
            for token in [planted, first] {
                await other.set("loket_session", token)
                #expect(try await other.get("/ui").status == 303)
            }
        }
    }

    @Test func `signing in leads back to a page of loket and nowhere else`() async throws {
        try await withService { service in
            for (next, place) in [
                ("/ui?show=refused", "/ui?show=refused"), ("/ui/why?q=budi", "/ui/why?q=budi"),
                ("https://evil.example/ui", "/ui"), ("//evil.example", "/ui"), ("/uix", "/ui"),
                ("/ui/\\evil", "/ui"), ("/ui\r\nSet-Cookie: a=b", "/ui"), ("", "/ui"),
            ] {
                let answer = try await PageBrowser(service).post(
                    "/ui/sign-in", ["key": service.adminKey, "next": next])
                #expect(answer.header("Location") == place, "\(next)")
            }
            let page = try await PageBrowser(service).get("/ui/sign-in?next=/ui%3Fshow%3Drefused")
            #expect(page.form("/ui/sign-in")?["next"] == "/ui?show=refused")
        }
    }

    @Test func `each sign-in and sign-out has one log line without the key`() async throws {
        try await withService { service in
            let writer = try await service.client("writer", scopes: ["write"])
            let browser = PageBrowser(service)
            for key in [Self.wrong, writer.key ?? "", service.adminKey] {
                _ = try await browser.post("/ui/sign-in", ["key": key])
                #expect(!service.log.text.contains(key))
            }
            _ = try await browser.submit("/ui/sign-out", on: browser.get("/ui"))
            let writerID = try await service.keyID("writer")
            let lines = service.log.lines("admin sign-in") + service.log.lines("admin sign-out")
            #expect(lines.map { $0.text("actor") } == [nil, "writer", "first", "first"])
            #expect(lines.map { $0.text("key_id") } == [nil, writerID, "1", "1"])
            let results = lines.map { $0.text("result") }
            #expect(results == ["wrong key", "scope missing", "signed in", "signed out"])
            #expect(lines.allSatisfy { $0.text("source") == "127.0.0.1" })
        }
    }

    @Test func `signing out ends the session`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let token = try #require(await browser.cookies["loket_session"])
            let answer = try await browser.submit("/ui/sign-out", on: browser.get("/ui"))
            #expect(answer.status == 303)
            #expect(await browser.cookies["loket_session"] == nil)
            await browser.set("loket_session", token)
            #expect(try await browser.get("/ui").status == 303)
        }
    }
}
