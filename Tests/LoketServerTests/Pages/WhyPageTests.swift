// Why: the three parts for every rule that an inquiry can meet, for a request that did not verify,
// and what the search field opens.

import DokuSimulator
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct WhyPageTests {
    private static let code = "88965110000001"

    /// The beginning of a text up to its first value.
    private static func opening(_ key: String) -> String {
        String(Words(language: .indonesian)[key].prefix { $0 != "{" })
    }

    @Test func `every rule says what happened and what to tell the customer`() async throws {
        try await withService { service in
            try await WhyGuardTests.fill(service)
            let browser = try await service.browser()
            for (place, expected) in WhyGuardTests.cases.enumerated() {
                let id = "asked-\(place)"
                _ = try await service.ask(
                    Shop.doku.inquiry(expected.code, counter: expected.counter, requestID: id))
                _ = try await service.why(id)
                let page = try await browser.get("/ui/why?request=\(id)")
                #expect(page.status == 200, "\(expected)")
                let rule = expected.answeredBy.rawValue
                for part in ["what", "say", "short"] {
                    let isSaid =
                        page.shown.contains(Self.opening("\(part)_\(rule)"))
                        || page.shown.contains(Self.opening("\(part)_\(rule)_unknown"))
                    #expect(isSaid, "\(part)_\(rule): \(page.text)")
                }
                // No value is missing, and none is shown by its name.
                #expect(page.text.firstMatch(of: /\{[a-z_]+\}/) == nil, "\(rule)")
                #expect(page.text.contains("Request-Id: \(id)"), "\(rule)")
            }
        }
    }

    private static let sentences: [(requestID: String, parts: [String])] = [
        ("asked-3", ["Kode ini tidak bisa dibayar di Indomaret.", "Alfamidi, atau Dan+Dan"]),
        ("asked-6", ["Dibatalkan oleh first, ", ": ordered twice."]),
        ("asked-10", ["Berlaku sampai 1 Januari 2020, 07.00.", "Perpanjang 7 hari"]),
        ("asked-11", ["Baru bisa dibayar mulai 1 Januari 2099, 07.00."]),
    ]

    @Test func `a sentence has the times, the person and the reason`() async throws {
        try await withService { service in
            try await WhyGuardTests.fill(service)
            let browser = try await service.browser()
            for (place, expected) in WhyGuardTests.cases.enumerated() {
                let id = "asked-\(place)"
                guard let said = Self.sentences.first(where: { $0.requestID == id }) else {
                    continue
                }
                _ = try await service.ask(
                    Shop.doku.inquiry(expected.code, counter: expected.counter, requestID: id))
                _ = try await service.why(id)
                let page = try await browser.get("/ui/why?request=\(id)")
                for part in said.parts { #expect(page.shown.contains(part), "\(part)") }
            }
        }
    }

    @Test func `a payment says when and where it was paid, or what it lacks`() async throws {
        try await withTill { service in
            try service.seed([
                .sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2", amount: 75_000),
            ])
            try await service.pay(Till.notice())
            try await service.pay(Till.notice("INV-2", amount: 74_000, code: Till.otherCode))
            for code in [Till.code, Till.otherCode] {
                _ = try await service.ask(Till.inquirer.inquiry(code, requestID: code))
                _ = try await service.why(code)
            }
            let browser = try await service.browser()
            let paid = try await browser.get("/ui/why?request=\(Till.code)")
            #expect(paid.text.contains("Sudah lunas "))
            #expect(paid.text.contains(", di "))
            let held = try await browser.get("/ui/why?request=\(Till.otherCode)")
            #expect(
                held.text.contains("Masuk Rp74.000, tagihannya Rp75.000: kurang Rp1.000."))
            #expect(held.text.contains("Pembayaran sebelumnya kurang Rp1.000; kami perbaiki."))
        }
    }

    @Test func `a request with a wrong signature or clock is explained`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            _ = try await service.ask(Shop.forger.inquiry(Self.code, requestID: "forged"))
            let late = Moment.now.adding(milliseconds: -7 * 3_600_000)
            _ = try await service.ask(
                Shop.doku.inquiry(Self.code, requestID: "late", at: late))
            _ = try await service.why("late")
            let browser = try await service.browser()
            let forged = try await browser.get("/ui/why?request=forged")
            #expect(forged.text.contains("Tanda tangan DOKU tidak cocok"))
            #expect(!forged.text.contains("class=\"main\">"))
            let stale = try await browser.get("/ui/why?request=late")
            #expect(stale.text.contains("Jam DOKU dan jam server berbeda 7 jam"))
            #expect(try await browser.get("/ui/why?request=unknown").status == 404)
        }
    }

    @Test func `a code is explained as it would be answered now`() async throws {
        try await withService { service in
            try await WhyGuardTests.fill(service)
            let browser = try await service.browser()
            for (code, part) in [
                ("88965110000001", "jawaban untuk kasir adalah Rp150.000"),
                ("88965110000006", "Berlaku sampai"),
                ("8896511000000", "kurang satu angka"), ("88965110000002", "Dibatalkan oleh first"),
            ] {
                let page = try await browser.get("/ui/why?code=\(code)")
                #expect(page.status == 200 && page.text.contains(part), "\(code)")
            }
            let paid = try await browser.get("/ui/why?code=88965110000005")
            #expect(paid.text.contains("<div class=\"say good\">"))
            let page = try await browser.get("/ui/why?code=abc")
            #expect(page.status == 400 && page.text.contains("Alamat halaman ini"))
        }
    }

    @Test func `similar codes name their customers, and are compared if there are some`()
        async throws
    {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1") { $0.customerName = "Siti <b>" }])
            let browser = try await service.browser()
            for path in ["/ui/why?code=8896511000000", "/ui/bills?q=8896511000000"] {
                let page = try await browser.get(path)
                #expect(page.text.contains("</span></a> Siti &lt;b&gt; · INV-1 · "), "\(path)")
            }
            let near = try await browser.get("/ui/why?code=8896511000000")
            #expect(near.text.contains("Bandingkan dengan kode yang mirip di bawah."))
            for code in ["88965119999999", "889651199999999999999"] {
                let page = try await browser.get("/ui/why?code=\(code)")
                #expect(page.status == 200)
                #expect(!page.text.contains("yang mirip"), "\(code)")
                #expect(!page.text.contains("Yang bisa Anda lakukan"), "\(code)")
            }
        }
    }

    @Test func `all bills that had a code are found from it`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")], state: .cancelled)
            let browser = try await service.browser()
            let path = "/ui/why?code=\(Self.code)"
            #expect(!(try await browser.get(path).text.contains("Semua tagihan dengan kode ini")))
            try service.seed([.sample(Self.code, "INV-2")])
            let page = try await browser.get(path)
            #expect(
                page.text.contains(
                    "href=\"/ui/bills?q=\(Self.code)\">Semua tagihan dengan kode ini</a>"))
        }
    }

    @Test func `one hit of the search is opened, and several are listed`() async throws {
        try await withService { service in
            for (place, name) in ["Anton Budiman", "Budi Santoso"].enumerated() {
                let bill = BillJSON("8896511000000\(place + 1)", "INV-\(place + 1)")
                    .with("customer", #"{"name":"\#(name)"}"#)
                let made = try await service.admin.post("/admin/v1/bills", bill.text)
                #expect(made.status == 201, "\(made.text)")
            }
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "asked"))
            _ = try await service.ask(Shop.forger.inquiry(Self.code, requestID: "forged"))
            _ = try await service.why("asked")
            try await eventually {
                try await service.admin.get("/admin/v1/search?q=budi").json()["names"]?["complete"]?
                    .bool == true
            }
            let browser = try await service.browser()
            for (text, place) in [
                ("8896 5110-0000.01", "/ui/why?code=88965110000001"),
                ("INV-2", "/ui/why?code=88965110000002"), ("anton", "/ui/why?code=88965110000001"),
                ("asked", "/ui/why?request=asked"), ("forged", "/ui/why?request=forged"),
                ("88965110000099", "/ui/why?code=88965110000099"), (" ", "/ui"),
                ("\t INV-2 ", "/ui/why?code=88965110000002"),
            ] {
                let answer = try await browser.get("/ui/why?q=\(text.escapedForQuery)")
                #expect(answer.header("Location") == place, "\(text): \(answer.text)")
            }
            for query in ["request=", "code=", "request=&q="] {
                #expect(try await browser.get("/ui/why?\(query)").header("Location") == "/ui")
            }
            let both = try await browser.get("/ui/why?q=bu")
            #expect(both.status == 200)
            #expect(both.text.contains("Anton Budiman · INV-1"))
            #expect(both.text.contains("Budi Santoso · INV-2"))
            let none = try await browser.get("/ui/why?q=nobody")
            #expect(none.text.contains("Tidak ada yang cocok."))
        }
    }
}
