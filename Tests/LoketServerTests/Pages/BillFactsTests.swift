// The facts of a bill's page, its links, and what each key sees of it.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

struct BillFactsTests {
    private static let page = "/ui/bills/1"

    @Test func `the facts have everything that the bill says`() async throws {
        try await withService { service in
            let bill = BillJSON.dated().with("valid_from", #""2020-02-01""#)
                .with("due_at", #""2099-12-10""#).with("expires_at", #""2099-12-31""#)
                .with("info", #""Les piano""#).with("reusable", "true")
                .with("customer", #"{"name":"Nur Aini","email":"nur@example.com"}"#)
                .with("metadata", #"{"kelas":"7B","saudara":[1,2]}"#)
            #expect(try await service.admin.post("/admin/v1/bills", bill.text).status == 201)
            let page = try await service.browser().get(Self.page)
            for part in [
                "<h1>Nur Aini · INV-1</h1>",
                "Rp150.000 <span class=\"tag quiet\">belum dibayar</span> · <span class=\"code\"",
                "<dt>Berlaku sampai</dt><dd>31 Desember 2099, 23.59 WIB<br></dd>",
                "<dt>Jatuh tempo</dt><dd>10 Desember 2099, 23.59 WIB<br></dd>",
                "<dt>Berlaku mulai</dt><dd>1 Februari 2020, 00.00 WIB<br></dd>",
                "<dd>Rp100.000 sampai 31 Januari 2020, 23.59<br>",
                "<br>Rp150.000 sampai 10 Desember 2099, 23.59<br>",
                "<br>setelah itu Rp175.000<br></dd>",
                "<dt>Tulisan di struk</dt><dd>Les piano<br></dd>",
                "<dd>nur@example.com<br></dd>", "<dt>Bisa dibayar berulang</dt><dd>ya<br></dd>",
                "<dt>Data tambahan</dt><dd>kelas: 7B<br>saudara: [1,2]<br></dd>",
                "<dd>\(Shop.clientID)<br></dd>", " WIB, oleh first<br></dd>",
            ] { #expect(page.text.contains(part), "\(part)") }
        }
    }

    @Test func `a bill of an import names it and its file`() async throws {
        try await withService { service in
            let report = try await service.importText(
                ImportCase.head + ImportCase.row(1), "?file_name=bills.csv")
            #expect(report.state == "applied")
            let page = try await service.browser().get(Self.page)
            #expect(page.text.contains(" WIB, impor 1, bills.csv, oleh first<br></dd>"))
            #expect(page.text.contains("<b>Dibuat oleh first</b><br>impor 1<br>"))
            #expect(page.text.contains("<a href=\"/ui/import/1\">Lihat impor 1</a>"))
            #expect(page.text.contains("<dd>tanpa batas<br></dd>"))
        }
    }

    @Test func `every field is text, whatever it contains`() async throws {
        try await withService { service in
            let bill = BillJSON().with("customer", #"{"name":"<b>Nur</b> & \"Co\""}"#)
                .with("info", #""<i>Les</i>""#).with("metadata", #"{"<u>k</u>":"<s>v</s>"}"#)
            #expect(try await service.admin.post("/admin/v1/bills", bill.text).status == 201)
            let browser = try await service.browser()
            let slip = try await browser.get(Self.page + "/slip")
            #expect(slip.text.contains("&lt;b&gt;Nur&lt;/b&gt; &amp; &quot;Co&quot;"))
            let reason = #"{"reason":"<em>siswa</em> keluar"}"#
            #expect(try await service.admin.post("/admin/v1/bills/1/cancel", reason).status == 200)
            let page = try await browser.get(Self.page)
            for part in ["<b>Nur</b> & \"Co\"", "<i>Les</i>", "<u>k</u>: <s>v</s>"] {
                #expect(page.shown.contains(part), "\(part)")
            }
            #expect(page.shown.contains("<em>siswa</em> keluar"))
            for page in [page, slip, try await browser.get("/ui/bills")] {
                for tag in ["<b>Nur", "<i>Les", "<u>k", "<s>v", "<em>"] {
                    #expect(!page.text.contains(tag), "\(tag)")
                }
            }
        }
    }

    @Test func `the links are those that the bill's state and the key allow`() async throws {
        try await withService { service in
            for (place, state) in [Bill.State.open, .held, .paid, .cancelled].enumerated() {
                try service.seed(
                    [.sample("8896511000000\(place + 1)", "INV-\(place + 1)")], state: state)
            }
            let reader = try await service.client("reader", scopes: ["read"])
            let readers = try await service.browser(key: reader.key)
            let writers = try await service.browser()
            for (id, expected) in [
                (1, ["edit", "cancel", "slip"]), (2, ["cancel"]), (3, ["forget"]),
                (4, ["forget"]),
            ] as [(Int, [String])] {
                let page = try await writers.get("/ui/bills/\(id)")
                let read = try await readers.get("/ui/bills/\(id)")
                for link in ["edit", "cancel", "forget", "slip"] {
                    let target = "href=\"/ui/bills/\(id)/\(link)\""
                    #expect(page.text.contains(target) == expected.contains(link), "\(id) \(link)")
                    #expect(read.text.contains(target) == (id == 1 && link == "slip"))
                }
                #expect((page.form("/ui/bills/\(id)/reopen") != nil) == (id == 4))
                #expect(read.form("/ui/bills/\(id)/reopen") == nil)
            }
        }
    }

    @Test func `a bill that is not there, or another account's, is not shown`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let key = try await service.client("next", scopes: ["read"], account: Shop.neighbourID)
            let neighbour = try await service.browser(key: key.key)
            let browser = try await service.browser()
            #expect(try await browser.get(Self.page).status == 200)
            for path in ["", "/slip"] {
                let foreign = try await neighbour.get(Self.page + path)
                #expect(foreign.status == 404 && !foreign.text.contains("Anton"))
                for id in ["2", "0", "x", "01"] {
                    let page = try await browser.get("/ui/bills/\(id)\(path)")
                    #expect(page.status == 404, "\(id)\(path)")
                    #expect(page.text.contains("Yang dicari tidak ada di sini."))
                }
            }
            #expect(try await browser.get(Self.page + "?page=2").status == 400)
            #expect(try await browser.get(Self.page + "/nothing").status == 404)
            #expect(try await PageBrowser(service).get(Self.page).status == 303)
        }
    }

    @Test func `the page is in English too`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            #expect(try await service.edit(#"{"amount":170000}"#).status == 200)
            let page = try await service.browser(language: "en").get(Self.page)
            for part in [
                "<h2>Details</h2>", "<dt>Valid until</dt><dd>no limit<br></dd>",
                "Print payment slip",
                "<b>Changed by first</b><br>Amount: Rp150.000 → Rp170.000<br>",
            ] { #expect(page.text.contains(part), "\(part)") }
        }
    }
}
