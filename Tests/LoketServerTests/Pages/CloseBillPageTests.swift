// Cancelling and forgetting on their pages, and what the pages with a bill's forms need: a session,
// the scope write, and the bill's account.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct CloseBillPageTests {
    private static let code = "88965110000001"
    private static let cancel = "/ui/bills/1/cancel"
    private static let forget = "/ui/bills/1/forget"

    private func withBill(
        _ state: Bill.State = .open,
        _ body: (RunningService, PageBrowser) async throws -> Void
    ) async throws {
        try await withService { service in
            try service.seed(
                [.sample(Self.code, "INV-1") { $0.customerName = "Nur <b>Aini</b>" }],
                state: state)
            try await body(service, service.browser())
        }
    }

    @Test(arguments: ["siswa keluar", "paid_elsewhere", ""])
    func `a bill is cancelled on a page that says what will happen`(
        _ reason: String
    ) async throws {
        try await withBill { service, browser in
            let page = try await browser.get(Self.cancel)
            #expect(page.status == 200)
            #expect(page.text.contains("Mulai sekarang kasir menolak kode ini."))
            #expect(page.text.contains("name=\"reason\" value=\"paid_elsewhere\""))
            #expect(page.shown.contains("Nur <b>Aini</b> · INV-1 · Rp150.000 · 8896 5110 0000 01"))
            #expect(!page.text.contains("<b>Aini"))
            #expect(try await service.state() == "open")
            let answer = try await browser.submit(Self.cancel, on: page, ["reason": reason])
            #expect(answer.status == 303, "\(answer.text)")
            #expect(answer.header("Location") == "/ui/bills/1")
            let bill = try await service.bill()
            #expect(bill["state"]?.string == "cancelled")
            #expect(bill["cancel_reason"]?.string == (reason.isEmpty ? nil : reason))
            #expect(try await browser.get("/ui").text.contains("Tagihan dibatalkan."))
        }
    }

    @Test(arguments: ["a\u{202E}b", "import_undone", String(repeating: "x", count: 201)])
    func `a wrong reason is shown beside its field`(_ reason: String) async throws {
        try await withBill { service, browser in
            let page = try await browser.submit(
                Self.cancel, on: browser.get(Self.cancel), ["reason": reason])
            #expect(page.status == 422 && page.faults == ["reason"], "\(page.text)")
            #expect(page.inputs["reason"] == reason)
            #expect(try await service.state() == "open")
        }
    }

    @Test(arguments: [Bill.State.paid, .cancelled])
    func `a closed bill has no page to cancel it`(_ state: Bill.State) async throws {
        try await withBill(state) { service, browser in
            let page = try await browser.get(Self.cancel)
            #expect(page.status == 409 && page.form(Self.cancel) == nil)
            #expect(page.text.contains("Tagihan ini sudah ditutup"))
            #expect(try await service.state() == state.rawValue)
        }
    }

    @Test func `a customer is forgotten on a page that says what is deleted`() async throws {
        try await withBill(.cancelled) { service, browser in
            let page = try await browser.get(Self.forget)
            #expect(page.status == 200)
            #expect(page.text.contains("Ini tidak bisa diurungkan."))
            #expect(!page.text.contains("name=\"reason\""))
            let answer = try await browser.submit(Self.forget, on: page)
            #expect(answer.header("Location") == "/ui/bills/1", "\(answer.text)")
            let bill = try await service.bill()
            #expect(bill["customer"]?["name"]?.string == "forgotten")
            #expect(bill["state"]?.string == "cancelled")
        }
    }

    @Test(arguments: [Bill.State.open, .held])
    func `the customer of a bill that is not closed is not forgotten`(
        _ state: Bill.State
    ) async throws {
        try await withBill(state) { service, browser in
            let page = try await browser.get(Self.forget)
            #expect(page.status == 409)
            #expect(page.text.contains("Tagihan ini masih berlaku. Batalkan dulu"))
            let token = page.form("/ui/sign-out")?["form_token"] ?? ""
            let answer = try await browser.post(Self.forget, ["form_token": token])
            #expect(answer.status == 409)
            #expect(try await service.bill()["customer"]?["name"]?.string == "Nur <b>Aini</b>")
        }
    }

    private static let pages = [
        "/ui/bills/new", "/ui/bills/1/edit", "/ui/bills/1/cancel", "/ui/bills/1/forget",
    ]

    @Test func `the forms need a session and the scope write`() async throws {
        try await withBill { service, _ in
            let stranger = PageBrowser(service)
            let reader = try await service.client("reader", scopes: ["read"])
            let browser = try await service.browser(key: reader.key)
            let token = try await browser.get("/ui").form("/ui/sign-out")?["form_token"] ?? ""
            for path in Self.pages {
                let next = path.escapedForQuery
                let answer = try await stranger.get(path)
                #expect(answer.header("Location") == "/ui/sign-in?next=\(next)", "\(path)")
                let posted = try await stranger.post(path, ["back": path])
                #expect(posted.status == 401 && posted.text.contains("unsent_target"), "\(path)")
                #expect(try await browser.get(path).status == 403, "\(path)")
                let fields = ["form_token": token, "name": "Budi", "was_name": "", "tag": "*"]
                #expect(try await browser.post(path, fields).status == 403, "\(path)")
            }
            let bill = try await service.bill()
            #expect(bill["customer"]?["name"]?.string == "Nur <b>Aini</b>")
            #expect(bill["state"]?.string == "open")
            #expect(try await service.billCount == 1)
        }
    }

    @Test func `a key of another account does not find the bill`() async throws {
        try await withBill { service, _ in
            let shop = try await service.client(
                "shop", scopes: ["read", "write"], account: Shop.neighbourID)
            let browser = try await service.browser(key: shop.key)
            let token = try await browser.get("/ui").form("/ui/sign-out")?["form_token"] ?? ""
            for path in Self.pages.dropFirst() {
                let page = try await browser.get(path)
                #expect(page.status == 404 && !page.text.contains("Aini"), "\(path)")
                let fields = ["form_token": token, "name": "Budi", "was_name": "", "tag": "*"]
                #expect(try await browser.post(path, fields).status == 404, "\(path)")
            }
            #expect(try await browser.get("/ui/bills/2/edit").status == 404)
            #expect(try await browser.get("/ui/bills/x/cancel").status == 404)
            #expect(try await service.state() == "open")
        }
    }
}
