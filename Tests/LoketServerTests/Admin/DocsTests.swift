// /openapi.json and /docs as answers: without a key, cacheable, restricted to their own host.
// DocsPageTests checks what the page shows.

import AsyncHTTPClient
import LoketCore
import NIOCore
import Testing

struct DocsTests {
    private func get(
        _ path: String, _ service: RunningService, tag: String? = nil
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(service.adminPort)\(path)")
        if let tag { request.headers.add(name: "If-None-Match", value: tag) }
        return try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    }

    @Test(arguments: [
        ("/openapi.json", "application/json"), ("/docs", "text/html; charset=utf-8"),
    ])
    func `each needs no key and is sent again only when it has changed`(
        path: String, type: String
    ) async throws {
        try await withService { service in
            let first = try await get(path, service)
            #expect(first.status == .ok)
            #expect(first.headers.first(name: "content-type") == type)
            #expect(first.headers.first(name: "cache-control") == "no-cache")
            #expect(first.headers.first(name: "x-content-type-options") == "nosniff")
            let tag = try #require(first.headers.first(name: "etag"))
            #expect(try await first.body.collect(upTo: 1 << 20).readableBytes > 10_000)
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let again = try await get(path, service, tag: known)
                #expect(again.status == .notModified, "\(known)")
                #expect(again.headers.first(name: "etag") == tag)
                #expect(try await again.body.collect(upTo: 1).readableBytes == 0)
            }
            let other = try await get(path, service, tag: "\"other\"")
            #expect(other.status == .ok)
        }
    }

    @Test func `the page may run its own script, ask its own host and nothing else`()
        async throws
    {
        try await withService { service in
            let page = try await get("/docs", service)
            let policy = try #require(page.headers.first(name: "content-security-policy"))
            let rules = policy.split(separator: "; ").map(String.init)
            #expect(rules.contains("default-src 'none'"))
            #expect(rules.contains("connect-src 'self'"))
            #expect(rules.contains { $0.hasPrefix("script-src 'sha256-") })
            #expect(!policy.contains("unsafe"))
            #expect(!policy.contains("http"))
            #expect(page.headers.first(name: "referrer-policy") == "no-referrer")
            let text = String(buffer: try await page.body.collect(upTo: 1 << 20))
            for word in ["innerHTML", "outerHTML", "insertAdjacent", "eval(", "src="] {
                #expect(!text.contains(word), "\(word)")
            }
            #expect(!text.contains("https://"))
            #expect(!text.contains("http://"))
        }
    }

    @Test func `the page has the header and the colours of the counter page`() async throws {
        try await withService { service in
            let client = AdminClient(port: service.adminPort)
            let page = try await client.get("/docs").text
            #expect(page.contains("<a class=\"brand\" href=\"/ui\">loket</a>"))
            #expect(page.contains("href=\"/ui/setup\""))
            #expect(page.contains("<details id=\"menu\">"))
            let token = /--(paper|raised|ink|soft|line|link): ?(#[0-9a-f]{6})/
            func tokens(_ text: String) -> [String] {
                text.matches(of: token).prefix(12).map { "\($0.output.1) \($0.output.2)" }
            }
            let own = tokens(page)
            #expect(own.count == 12)
            #expect(try await own == tokens(client.get("/ui/page.css").text))
        }
    }

    private static let wrongMethods: [(method: String, path: String, allowed: String)] = [
        ("PUT", "/admin/v1/bills", "GET, HEAD, POST"),
        ("DELETE", "/admin/v1/bills/1", "GET, HEAD, PATCH"),
        ("GET", "/admin/v1/bills/1/cancel", "POST"), ("POST", "/ready", "GET, HEAD"),
        ("OPTIONS", "/admin/v1/pause", "POST"),
        ("POST", "/admin/v1/payments/totals", "GET, HEAD"),
        ("DELETE", "/openapi.json", "GET, HEAD"),
        ("PATCH", "//admin//v1/reconcile/", "GET, HEAD, POST"),
    ]

    @Test func `another method on a known path is answered with those allowed`() async throws {
        try await withService { service in
            for (method, path, allowed) in Self.wrongMethods {
                var request = HTTPClientRequest(
                    url: "http://127.0.0.1:\(service.adminPort)\(path)")
                request.method = .init(rawValue: method)
                let response = try await HTTPClient.shared.execute(
                    request, timeout: .seconds(60))
                #expect(response.status == .methodNotAllowed, "\(method) \(path)")
                #expect(response.headers["allow"] == [allowed], "\(method) \(path)")
                let type = response.headers.first(name: "content-type")
                #expect(type == "application/problem+json")
            }
        }
    }
}
