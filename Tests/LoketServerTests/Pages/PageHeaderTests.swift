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
