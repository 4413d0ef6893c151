// A form of the counter page works only from a page of the same session: its token and its origin.

import DokuSimulator
import LoketCore
import LoketRuntime
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
                Header("Sec-Fetch-Site", "cross-site"), Header("Sec-Fetch-Site", "same-site"),
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

    @Test func `a form after the end of its session is sent after the sign-in`() async throws {
        try await withCancelledBill { service, browser, fields in
            service.clock.goOn(hours: 13)
            let typed = fields.merging(["note": "a <b>&\r\nc", "key": "loket_k"]) { $1 }
            let answer = try await browser.post(Self.target, typed)
            #expect(answer.status == 401)
            #expect(answer.text.contains("jadi belum ada yang disimpan"))
            for secret in ["loket_k", typed["form_token"] ?? "?"] {
                #expect(!answer.text.contains(secret))
            }
            let empty = try await browser.submit("/ui/sign-in", on: answer, ["key": ""])
            #expect(empty.status == 422)
            let page = try await browser.submit(
                "/ui/sign-in", on: empty, ["key": service.adminKey])
            #expect(page.status == 200, "\(page.text)")
            #expect(page.form(Self.target)?["note"] == typed["note"])
            #expect(page.text.contains("<a href=\"/ui/why?code=\(Self.code)\">"))
            #expect(try await state(service) == "cancelled")
            let sent = try await browser.submit(Self.target, on: page)
            #expect(sent.header("Location") == "/ui/why?code=\(Self.code)")
            #expect(try await state(service) == "open")
        }
    }

    @Test func `a form too long for the sign-in is not carried`() async throws {
        try await withCancelledBill { service, browser, fields in
            service.clock.goOn(hours: 13)
            var long = fields
            long["note"] = String(repeating: "a", count: PageForm.bytesMax - 2_000)
            let answer = try await browser.post(Self.target, long)
            #expect(answer.status == 401)
            #expect(answer.text.contains("jadi belum ada yang disimpan"))
            #expect(!answer.text.contains("unsent"))
            let signedIn = try await browser.submit(
                "/ui/sign-in", on: answer, ["key": service.adminKey])
            #expect(signedIn.header("Location") == "/ui/why?code=\(Self.code)")
        }
    }

    @Test func `a body that is no form is refused`() async throws {
        try await withCancelledBill { service, _, _ in
            for (path, type) in [(Self.target, "application/json"), ("/ui/import", "text/csv")] {
                let answer = try await service.admin.send(
                    "POST", path, body: Array("{}".utf8), type: type)
                #expect(answer.status == 415, "\(path)")
                #expect(answer.type == "text/html; charset=utf-8", "\(path)")
                #expect(answer.text.contains("Permintaan ini belum bisa dijalankan."))
            }
            let long = "a=" + String(repeating: "b", count: PageForm.bytesMax)
            let answer = try await service.admin.post(
                Self.target, long, type: "application/x-www-form-urlencoded")
            #expect(answer.status == 413)
            #expect(answer.type == "text/html; charset=utf-8")
        }
    }

    @Test func `a database that fails is reported as a page`() async throws {
        try await withCancelledBill { service, browser, fields in
            let database = service.folder.file("loket.db")
            try ForeignHand.run(database, "ALTER TABLE admin_key RENAME TO lost_key")
            for answer in [
                try await browser.get("/ui"), try await browser.post(Self.target, fields),
                try await browser.post("/ui/sign-in", ["key": service.adminKey]),
            ] {
                #expect(answer.status == 503)
                #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
                #expect(answer.header("Retry-After") == "1")
                #expect(answer.text.contains("Gangguan pada basis data."))
            }
            #expect(service.log.text.contains("no such table: admin_key"))
            try ForeignHand.run(database, "ALTER TABLE lost_key RENAME TO admin_key")
            #expect(try await browser.get("/ui").status == 200)
        }
    }

    @Test(arguments: [
        ("http://localhost", "localhost", true), ("https://pay.example", "pay.example:443", true),
        ("https://pay.example:443", "pay.example", true),
        ("http://PAY.example", "pay.example:80", true),
        ("http://pay.example:8080", "pay.example:8080", true),
        ("http://[2001:db8::1]:8080", "[2001:db8::1]:8080", true),
        ("https://shop.example", "127.0.0.1:8080", true),
        ("https://shop.example:8443", "pay.example", true),
        ("http://127.0.0.1:9000", "pay.example", true), ("http://evil.example", nil, true),
        ("http://pay.example:8080", "pay.example", false),
        ("https://pay.example", "pay.example:80", false),
        ("http://evil.example", "pay.example", false),
        ("http://pay.example@evil.example", "pay.example", false),
        ("http://shop.example.evil.example", "shop.example", false),
        ("ftp://pay.example", "pay.example", false), ("null", "pay.example", false),
        ("http://evil.example", "not a host", false), ("http://", "pay.example", false),
    ])
    func `an origin is compared without the port of its scheme`(
        origin: String, host: String?, isOwn: Bool
    ) {
        let hosts = [HostName("shop.example"), HostName("127.0.0.1")]
        #expect(PageOrigin.isOwn(origin, host: host, isOurs: hosts.contains) == isOwn)
    }

    @Test func `a form through a proxy comes from a host of the settings`() async throws {
        try await withService {
            $0.admin.hosts = [HostName("shop.example")].compactMap(\.self)
        } _: { service in
            for (origin, status) in [
                ("https://shop.example", 303), ("http://localhost:80", 303),
                ("https://shop.example:8443", 303), ("https://evil.example", 403),
            ] {
                let answer = try await PageBrowser(service).post(
                    "/ui/sign-in", ["key": service.adminKey], [Header("Origin", origin)])
                #expect(answer.status == status, "\(origin)")
            }
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
