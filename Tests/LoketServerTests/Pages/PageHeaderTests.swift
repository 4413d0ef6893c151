// The header fields of the counter page and its two files: a strict policy, no cache, small sizes.

import DokuSimulator
import Foundation
import TestSupport
import Testing

@testable import LoketAdmin

struct PageHeaderTests {
    @Test func `every page forbids other hosts, inline code and frames`() async throws {
        try await withService { service in
            let browser = PageBrowser(service)
            var answers = [try await browser.get("/ui/sign-in")]
            try await browser.signIn(service.adminKey)
            for path in ["/ui", "/ui/now", "/ui/why?code=1", "/ui/why?q=nobody%20at%20all"] {
                answers.append(try await browser.get(path))
            }
            for path in ["/ui/why?request=none", "/ui/nothing", "/ui/nothing/here"] {
                answers.append(try await browser.get(path))
            }
            answers.append(try await browser.post("/ui/sign-out", [:]))
            #expect(answers.map(\.status) == [200, 200, 200, 200, 200, 404, 404, 404, 403])
            for answer in answers {
                let policy = try #require(answer.header("Content-Security-Policy"))
                for part in [
                    "default-src 'none'", "script-src 'self'", "style-src 'self'",
                    "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
                    "frame-ancestors 'none'",
                ] { #expect(policy.contains(part)) }
                #expect(!policy.contains("unsafe"))
                #expect(answer.header("X-Frame-Options") == "DENY")
                #expect(answer.header("Referrer-Policy") == "same-origin")
                #expect(answer.header("Cache-Control") == "no-store")
                #expect(answer.header("X-Content-Type-Options") == "nosniff")
                #expect(!answer.text.contains("style="))
                #expect(answer.text.firstMatch(of: /<[^>]* on[a-z]+=/) == nil)
                #expect(answer.text.firstMatch(of: /(src|href|action)="(https?:)?\/\//) == nil)
                #expect(answer.text.firstMatch(of: /<script(?! src="\/ui\/page.js" defer>)/) == nil)
            }
        }
    }

    @Test func `HEAD of a page has the header fields of GET and no body`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let browser = try await service.browser()
            let cookie = await browser.cookies["loket_session"] ?? ""
            for path in ["/ui/sign-in", "/ui", "/ui/bills/1", "/ui/bills/9", "/ui/page.css"] {
                let page = try await browser.get(path)
                let connection = try await RawConnection.open(port: service.adminPort)
                func ask(_ method: String) async throws {
                    try await connection.send(
                        "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
                            + "Cookie: loket_session=\(cookie)\r\n\r\n")
                }
                try await ask("HEAD")
                let lines = try await connection.headOfAnswer().components(separatedBy: "\r\n")
                #expect(lines.first?.contains(" \(page.status) ") == true, "\(path): \(lines)")
                for field in page.headers where !["Date", "Content-Length"].contains(field.name) {
                    #expect(lines.contains("\(field.name): \(field.value)"), "\(path): \(field)")
                }
                #expect(lines.contains { $0.hasPrefix("Content-Length: ") }, "\(path)")
                // The next bytes are the next answer.
                try await ask("GET")
                #expect(try await connection.answer().status == page.status, "\(path)")
                #expect(await connection.unread == 0)
                await connection.close()
            }
        }
    }

    @Test func `HEAD of a page leaves its notice for the reader`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let browser = try await service.browser()
            _ = try await browser.submit(
                "/ui/bills/1/cancel", on: browser.get("/ui/bills/1/cancel"))
            let connection = try await RawConnection.open(port: service.adminPort)
            let cookie = await browser.cookies["loket_session"] ?? ""
            try await connection.send(
                "HEAD /ui/bills/1 HTTP/1.1\r\nHost: localhost\r\n"
                    + "Cookie: loket_session=\(cookie)\r\n\r\n")
            #expect(try await connection.headOfAnswer().contains(" 200 "))
            await connection.close()
            #expect(try await browser.get("/ui/bills/1").text.contains("Tagihan dibatalkan."))
        }
    }

    @Test func `the style sheet and the script are small and need no session`() async throws {
        #expect(PackageResources.page_js.count <= 6_000)
        #expect(PackageResources.page_css.count <= 10_000)
        try await withService { service in
            let client = AdminClient(port: service.adminPort)
            for (path, type) in [
                ("/ui/page.css", "text/css; charset=utf-8"),
                ("/ui/page.js", "text/javascript; charset=utf-8"),
            ] {
                let answer = try await client.get(path)
                #expect(answer.status == 200 && answer.type == type)
                #expect(!answer.text.contains("://"), "\(path)")
                #expect(try await client.header("Cache-Control", of: path) == "no-cache")
                let tag = try #require(try await client.tag(path))
                let again = try await client.send(
                    "GET", path, body: [], type: "text/plain", more: [("If-None-Match", tag)])
                #expect(again.status == 304 && again.body.isEmpty)
            }
        }
    }

    @Test func `the address without a path leads to the page`() async throws {
        try await withService { service in
            let answer = try await PageBrowser(service).get("/")
            #expect(answer.status == 303)
            #expect(answer.header("Location") == "/ui")
        }
    }

    @Test func `a foreign name that resolves to this machine sees no page`() async throws {
        try await withService { service in
            for path in ["/", "/ui", "/ui/sign-in", "/ui/page.js"] {
                let connection = try await RawConnection.open(port: service.adminPort)
                try await connection.send("GET \(path) HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                #expect(try await connection.answer().status == 421, "\(path)")
                await connection.close()
            }
        }
    }
}
