// A form of the counter page works only from a page of the same session: its token and its origin.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct PageFormTests {
    private static let code = "88965110000001"
    private static let target = "/ui/bills/1/reopen"

    /// A service with a cancelled bill, and a browser on its page.
    private func withCancelledBill(
        _ body: (RunningService, PageBrowser, [String: String]) async throws -> Void
    ) async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            #expect(try await service.admin.post("/admin/v1/bills/1/cancel", "{}").status == 200)
            let browser = try await service.browser()
            let page = try await browser.get("/ui/why?code=\(Self.code)")
            let fields = try #require(page.form(Self.target), "\(page.text)")
            try await body(service, browser, fields)
        }
    }

    private func state(_ service: RunningService) async throws -> String? {
        try await service.bill()["state"]?.string
    }

    @Test func `a form without the token of its session does nothing`() async throws {
        try await withCancelledBill { service, browser, fields in
            let other = try await service.browser()
            let foreign = try await other.get("/ui").form("/ui/sign-out")?["form_token"]
            for token in [nil, "", "0", foreign] {
                var changed = fields
                changed["form_token"] = token
                let answer = try await browser.post(Self.target, changed)
                #expect(answer.status == 403, "\(token ?? "none")")
                #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
            }
            #expect(try await state(service) == "cancelled")
            #expect(try await browser.post(Self.target, fields).status == 303)
            #expect(try await state(service) == "open")
        }
    }

    @Test func `a form from another site does nothing, whatever its token`() async throws {
        try await withCancelledBill { service, browser, fields in
            for header in [
                Header("Origin", "http://evil.example"), Header("Origin", "null"),
                Header("Origin", "http://localhost.evil.example"),
                Header("Origin", "http://localhost:1"), Header("Sec-Fetch-Site", "cross-site"),
                Header("Sec-Fetch-Site", "same-site"),
            ] {
                let answer = try await browser.post(Self.target, fields, [header])
                #expect(answer.status == 403, "\(header)")
                let signIn = try await PageBrowser(service).post(
                    "/ui/sign-in", ["key": service.adminKey], [header])
                #expect(signIn.status == 403 && signIn.setCookies.isEmpty, "\(header)")
            }
            #expect(try await state(service) == "cancelled")
            let answer = try await browser.post(
                Self.target, fields, [Header("Origin", "http://localhost")])
            #expect(answer.status == 303)
            #expect(try await state(service) == "open")
        }
    }

    @Test func `a form after the end of its session leads to the sign-in and back`() async throws {
        try await withCancelledBill { service, browser, fields in
            service.clock.goOn(hours: 13)
            let answer = try await browser.post(Self.target, fields)
            #expect(answer.status == 303)
            #expect(
                answer.header("Location")
                    == "/ui/sign-in?next=%2Fui%2Fwhy%3Fcode%3D\(Self.code)")
            #expect(try await state(service) == "cancelled")
        }
    }

    @Test func `a body that is no form is refused`() async throws {
        try await withCancelledBill { service, _, _ in
            let answer = try await service.admin.post(Self.target, "{}")
            try expectProblem(answer, 415, "media_type_unknown")
        }
    }

    @Test func `the faults of a body are known by the names of their fields`() {
        let problem = Problem(
            .invalidValue,
            faults: [
                .init(pointer: "/customer/name", detail: "is missing"),
                .init(pointer: "/amount", detail: "must be a whole number"),
                .init(pointer: "/amount", detail: "is too small"),
            ])
        #expect(
            problem.faultsByField == [
                "customer_name": "is missing", "amount": "must be a whole number",
            ])
    }
}
