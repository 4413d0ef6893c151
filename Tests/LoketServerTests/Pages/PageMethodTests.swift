// Methods that do not exist at an address of the counter page: a browser gets a page.

import DokuSimulator
import TestSupport
import Testing

struct PageMethodTests {
    /// The addresses of forms that are no pages, and the pages above them.
    private static let above = [
        "/ui/bills/7/extend": "/ui/bills/7", "/ui/bills/7/reopen": "/ui/bills/7",
        "/ui/money/7/decide": "/ui/money/7", "/ui/money/7/reopen": "/ui/money/7",
        "/ui/money/attention/7": "/ui/money", "/ui/money/quarantine": "/ui/money",
        "/ui/import/7/check": "/ui/import/7", "/ui/import/7/apply": "/ui/import/7",
        "/ui/import/7/cancel": "/ui/import/7", "/ui/import/7/undo": "/ui/import/7",
        "/ui/setup/pause": "/ui/setup", "/ui/resume": "/ui", "/ui/sign-out": "/ui",
    ]

    @Test func `the address of a form leads to the page above it`() async throws {
        try await withService { service in
            let routes = service.service.admin.pageRoutes
            let forms = routes.filter { $0.hasPrefix("POST ") }.map { String($0.dropFirst(5)) }
            #expect(forms.count >= Self.above.count)
            let browser = try await service.browser()
            for form in forms where !routes.contains("GET \(form)") {
                let path = form.replacing("{id}", with: "7")
                let place = try #require(Self.above[path], "\(path)")
                for method in ["GET", "HEAD"] {
                    let answer = try await browser.send(
                        DokuRequest(method: method, target: path, headers: [], body: []))
                    #expect(answer.status == 303, "\(method) \(path)")
                    #expect(answer.header("Location") == place, "\(method) \(path)")
                }
            }
        }
    }

    @Test func `a method that no browser sends is refused with a page`() async throws {
        try await withService { service in
            let browser = try await service.browser(language: "en")
            for route in service.service.admin.pageRoutes where route.hasPrefix("POST ") {
                let path = String(route.dropFirst(5)).replacing("{id}", with: "7")
                let answer = try await browser.send(
                    DokuRequest(method: "PUT", target: path, headers: [], body: []))
                #expect(answer.status == 405, "\(path)")
                #expect(answer.header("Content-Type") == "text/html; charset=utf-8", "\(path)")
                #expect(answer.header("Allow")?.contains("POST") == true, "\(path)")
                #expect(answer.text.contains("This address does not take such a request."))
            }
            for path in ["/ui", "/ui/nothing", "/ui/nothing/here"] {
                let answer = try await browser.post(path, [:])
                #expect(answer.status == 405, "\(path)")
                #expect(answer.header("Allow") == "GET, HEAD", "\(path)")
            }
        }
    }
}
