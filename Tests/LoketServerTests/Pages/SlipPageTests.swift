// The payment slip: what it says, for which bills there is one, and its barcode.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct SlipPageTests {
    private static let code = "88965110000001"

    @Test func `the slip has what a customer needs at the counter`() async throws {
        try await withService({ $0.accounts[0].name = "Toko <Anton>" }) { service in
            let bill = BillJSON.dated(Self.code).with("expires_at", #""2099-12-31""#)
                .with("due_at", #""2099-12-10""#).with("info", #""Les piano""#)
            #expect(try await service.admin.post("/admin/v1/bills", bill.text).status == 201)
            let reader = try await service.client("reader", scopes: ["read"])
            let page = try await service.browser(key: reader.key).get("/ui/bills/1/slip")
            #expect(page.status == 200)
            let barcode = try #require(Code128(Self.code))
            for part in [
                "<title>Slip bayar · INV-1 · loket</title>", "<p>Toko &lt;Anton&gt;</p>",
                "<h1>Anton Budiman · Rp150.000</h1>", "<p>Nomor tagihan INV-1 · Les piano</p>",
                "<p class=\"code\">8896 5110 0000 01</p>",
                "<svg viewBox=\"0 0 \(barcode.width) 1\"", "<path d=\"\(barcode.path)\"></path>",
                "<p>Rp150.000 sampai 10 Desember 2099, 23.59</p>", "<p>setelah itu Rp175.000</p>",
                "<p>Jatuh tempo: 10 Desember 2099, 23.59 WIB</p>",
                "<b>Berlaku sampai: 31 Desember 2099, 23.59 WIB</b>",
                "<li>Datang ke kasir Alfamart, Alfamidi, atau Dan+Dan. Bilang: mau bayar DOKU.</li>",
            ] { #expect(page.text.contains(part), "\(part)") }
            #expect(page.text.matches(of: /<li>/).count == 3)
            // An amount whose time is over is of no use.
            #expect(!page.text.contains("Rp100.000"))
            #expect(!page.text.contains("style="))
        }
    }

    @Test func `the steps name the shops that take the code`() async throws {
        try await withService { service in
            try service.seed([
                .sample("123450000017", "INV-1"), .sample("99999000001", "INV-2"),
            ])
            let browser = try await service.browser(language: "en")
            let both = try await browser.get("/ui/bills/1/slip")
            #expect(both.text.contains("a counter of Alfamart, Alfamidi, Dan+Dan or Indomaret."))
            // Its BIN is not in the settings any more.
            let none = try await browser.get("/ui/bills/2/slip")
            #expect(none.status == 200 && none.text.contains("<svg"))
            #expect(!none.text.contains("<li>"))
            // Without a name in the settings there is none, rather than a Client-Id.
            #expect(!both.text.contains(Shop.clientID))
            #expect(both.text.contains("<article class=\"slip\">\n<h1>"))
        }
    }

    @Test func `a bill that no counter takes has no slip`() async throws {
        try await withService { service in
            for (place, state) in [Bill.State.held, .paid, .cancelled, .replaced].enumerated() {
                try service.seed(
                    [.sample("8896511000000\(place + 1)", "INV-\(place + 1)")], state: state)
            }
            try service.seed([
                .sample("88965110000005", "INV-5") {
                    $0.expiresAt = Moment(rfc3339: "2020-01-01T00:00:00Z")
                }
            ])
            let browser = try await service.browser()
            for (id, word) in [
                (1, "ditahan"), (2, "lunas"), (3, "dibatalkan"), (4, "diganti"),
                (5, "kedaluwarsa"),
            ] {
                let page = try await browser.get("/ui/bills/\(id)/slip")
                #expect(page.status == 200)
                #expect(page.text.contains("Tagihan ini \(word)."), "\(word)")
                #expect(!page.text.contains("<svg"), "\(word)")
            }
        }
    }

    @Test func `the style sheet prints the slip alone, on A6`() {
        let style = String(decoding: PackageResources.page_css, as: UTF8.self)
        #expect(style.contains("@page slip{size:A6"))
        #expect(style.contains("@media print{header,footer"))
    }
}
