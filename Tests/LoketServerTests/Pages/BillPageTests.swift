// One bill: why a counter refuses it, what can be done, its facts and its history.

import DokuSimulator
import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct BillPageTests {
    private static let page = "/ui/bills/1"

    private func list(_ page: DokuAnswer) -> [Substring] {
        let list = page.text.components(separatedBy: "<ol class=\"rows\">").last ?? ""
        return (list.split(separator: "</ol>").first ?? "").split(separator: "<li>")
            .filter { $0.contains("<b>") }
    }

    // MARK: The history

    @Test func `the history has inquiries, payments, and edits from old to new`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            _ = try await service.ask(Till.inquirer.inquiry(Till.code, requestID: "asked"))
            try await eventually { try await service.items("/admin/v1/inquiries").count == 1 }
            let edit = #"{"amount":170000,"expires_at":"2099-12-31","info":"Les piano"}"#
            #expect(try await service.edit(edit).status == 200)
            try await service.pay(Till.notice(amount: 170_000, transaction: "1246"))
            let page = try await service.browser().get(Self.page)
            let rows = list(page)
            #expect(rows.count == 5)
            for (row, parts) in zip(
                rows,
                [
                    ["<b>Lunas</b>", "<a href=\"/ui/money/1\">pembayaran 1</a>"],
                    [
                        "<b>Masuk Rp170.000 di ", "<span class=\"tag good\">cocok</span>",
                        "transaksi 1246", "<a href=\"/ui/money/1\">pembayaran 1</a>",
                    ],
                    [
                        "<b>Diubah oleh first</b>", "<br>Nominal: Rp150.000 → Rp170.000<br>",
                        "<br>Berlaku sampai: tanpa batas → 31 Desember 2099, 23.59<br>",
                        "<br>Tulisan di struk<br>",
                    ],
                    [
                        "<b>Ditanyakan di Alfamart</b>",
                        "<span class=\"tag quiet\">Rp150.000</span>",
                        "href=\"/ui/why?request=asked\"",
                    ],
                    ["<b>Dibuat</b>"],
                ])
            {
                for part in parts { #expect(row.contains(part), "\(part) in \(row)") }
                #expect(row.contains(" WIB</span>"))
            }
        }
    }

    private static let decided = [
        ("id", ["Diterima oleh first, ", "Keputusan ditarik kembali oleh first, "]),
        ("en", ["Accepted by first, ", "Taken back by first, "]),
    ]

    @Test func `the history has every decision on a payment, taken back ones too`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1", amount: 75_000)])
            try await service.pay(Till.notice(amount: 74_000))
            func resolve(_ body: String) async throws {
                #expect(try await service.resolve("1", body).status == 200)
            }
            try await resolve(#"{"action":"accept","note":"setuju"}"#)
            let back = try await service.admin.post(
                "/admin/v1/payments/1/reopen", #"{"note":"keliru"}"#)
            #expect(back.status == 200)
            for (language, sentences) in Self.decided {
                let page = try await service.browser(language: language).get(Self.page)
                let row = try #require(list(page).first { $0.contains("Rp74.000") })
                for (sentence, note) in zip(sentences, ["setuju", "keliru"]) {
                    let line = row.components(separatedBy: "<br>").first { $0.contains(sentence) }
                    #expect(line?.hasSuffix(": \(note)") == true, "\(sentence) in \(row)")
                }
            }
            try await resolve(#"{"action":"refunded"}"#)
            let rows = list(try await service.browser().get(Self.page))
            for part in [
                "<b>Terbuka lagi, pembayarannya diputuskan oleh first</b>",
                "<b>Ditahan lagi, keputusannya ditarik kembali oleh first</b>",
                "<b>Pembayaran diterima sebagai lunas oleh first</b>", "<b>Ditahan</b>",
                "Uangnya dikembalikan, dicatat first, ",
            ] { #expect(rows.contains { $0.contains(part) }, "\(part) in \(rows)") }
            // The decision has changed the status, so the payment's page has both.
            _ = try await service.admin.post("/admin/v1/payments/1/reopen", "{}")
            try await resolve(#"{"action":"accept"}"#)
            let payment = try await service.browser().get("/ui/money/1")
            #expect(payment.text.contains("<span class=\"tag good\">cocok</span>"))
            #expect(
                payment.text.contains("<dt>Status di loket saat diterima</dt><dd>nominal berbeda"))
        }
    }

    @Test func `a history with many entries has older pages`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            for amount in 1...31 {
                #expect(try await service.edit(#"{"amount":\#(amount)000}"#).status == 200)
            }
            let browser = try await service.browser()
            let page = try await browser.get(Self.page)
            #expect(list(page).count == 30)
            #expect(page.text.contains("Nominal: Rp30.000 → Rp31.000"))
            let link = try #require(
                page.text.firstMatch(of: /href="(\/ui\/bills\/1\?cursor=[^"#]+)#history"/))
            let older = try await browser.get(String(link.output.1))
            #expect(list(older).count == 2)
            #expect(older.text.contains("Nominal: Rp150.000 → Rp1.000"))
            #expect(older.text.contains("href=\"/ui/bills/1#history\""))
            #expect(try await browser.get(Self.page + "?cursor=1").status == 400)
        }
    }

    private static let details: [(detail: String, lines: [String])] = [
        ("amount 150000 to 170000", ["Nominal: Rp150.000 → Rp170.000"]),
        (
            "amounts 150000 until 2026-12-10T16:59:59Z, then 165000 to 170000, customer.name",
            [
                "Nominal per tanggal: Rp150.000 sampai 10 Desember 2026, 23.59, Rp165.000 → "
                    + "Rp170.000", "Nama pelanggan",
            ]
        ),
        (
            "import 7: valid_from always to 2026-12-01T17:00:00Z, due_at none to "
                + "2026-12-10T16:59:59Z",
            [
                "impor 7", "Berlaku mulai: kapan saja → 2 Desember 2026, 00.00",
                "Jatuh tempo: tidak ada → 10 Desember 2026, 23.59",
            ]
        ),
        (
            "import 7 undone: info, metadata",
            ["impor 7 diurungkan", "Tulisan di struk", "Data tambahan"]
        ),
        ("import 7", ["impor 7"]), ("another, later word", ["another, later word"]), ("", []),
    ]

    @Test func `the details of changes are shown in words`() {
        for (detail, lines) in Self.details {
            #expect(BillEditText.lines(detail, Words(language: .indonesian)) == lines, "\(detail)")
        }
    }

    @Test func `every standing and every change has its words`() {
        var keys = Standing.allCases.map { "standing_\($0.rawValue)" }
        keys += Bill.State.allCases.dropFirst().map { "bills_change_\($0.rawValue)" }
        keys += ["paid", "held", "reopened", "cancelled"].map { "bills_decided_\($0)" }
        for change in ["created", "changed", "reopened", "forgotten", "damaged", "flagged"] {
            keys.append("bills_change_\(change)")
        }
        keys += BillOrder.allCases.filter { $0 != .oldest }.map { "bills_sort_\($0.rawValue)" }
        keys += ["paid_elsewhere", importUndone].map { "bills_reason_\($0)" }
        for key in keys { #expect(Words.table[key] != nil, "\(key)") }
    }

    // MARK: Why

    @Test func `a bill that was refused says why, and is extended from its page`() async throws {
        try await withService { service in
            try service.seed([
                .sample("88965110000001", "INV-1") {
                    $0.expiresAt = Moment(rfc3339: "2020-01-01T00:00:00Z")
                }
            ])
            let browser = try await service.browser()
            let before = try await browser.get(Self.page)
            #expect(before.text.contains("Kalau kasir bertanya sekarang: masa bayarnya lewat"))
            _ = try await service.ask(Shop.doku.inquiry("88965110000001", requestID: "asked"))
            _ = try await service.why("asked")
            let page = try await browser.get(Self.page)
            #expect(page.text.contains("<div class=\"say bad\">"))
            #expect(page.text.contains("<h2>Ditolak di Alfamart, "))
            #expect(page.text.contains("Berlaku sampai 1 Januari 2020, 07.00."))
            #expect(page.text.contains("<span class=\"tag bad\">masa bayarnya lewat</span>"))
            let answer = try await browser.submit("/ui/bills/1/extend", on: page)
            #expect(answer.status == 303 && answer.header("Location") == Self.page)
            let after = try await browser.get(Self.page)
            #expect(after.text.contains("Diperpanjang 7 hari."))
            #expect(after.text.contains("<span class=\"tag quiet\">belum dibayar</span>"))
            // The last inquiry was refused, until there is another one.
            for path in [Self.page, "/ui/why?request=asked"] {
                let after = try await browser.get(path)
                #expect(after.text.contains("<div class=\"say good\">"))
                #expect(after.text.contains("<h2>Ditolak di Alfamart, "))
                #expect(
                    after.text.contains("<p><b>Kalau kasir bertanya sekarang: bisa dibayar</b></p>")
                )
                #expect(after.text.contains("Sudah bisa dibayar sekarang, sampai "))
                for part in ["kami perpanjang", "Yang bisa Anda lakukan"] {
                    #expect(!after.text.contains(part), "\(part)")
                }
                #expect(after.form("/ui/bills/1/extend") == nil)
            }
            _ = try await service.ask(Shop.doku.inquiry("88965110000001", requestID: "again"))
            _ = try await service.why("again")
            #expect(!(try await browser.get(Self.page).text.contains("class=\"say")))
        }
    }

    @Test func `what to do is not advised without its button`() async throws {
        try await withService { service in
            try service.seed([
                .sample("88965110000001", "INV-1") {
                    $0.expiresAt = Moment(rfc3339: "2020-01-01T00:00:00Z")
                }
            ])
            let reader = try await service.client("reader", scopes: ["read"])
            let page = try await service.browser(key: reader.key).get(Self.page)
            #expect(page.text.contains("<div class=\"say bad\">"))
            #expect(!page.text.contains("Yang bisa Anda lakukan"))
            let own = try await service.browser().get(Self.page)
            #expect(own.text.contains("Yang bisa Anda lakukan"))
        }
    }

    @Test func `what declines now comes before an older refusal`() async throws {
        try await withTill { service in
            try service.seed([
                .sample(Till.code, "INV-1") {
                    $0.expiresAt = Moment(rfc3339: "2020-01-01T00:00:00Z")
                }
            ])
            _ = try await service.ask(Till.inquirer.inquiry(Till.code, requestID: "asked"))
            _ = try await service.why("asked")
            #expect(try await service.edit(#"{"expires_at":"2099-12-31"}"#).status == 200)
            try await service.pay(Till.notice())
            let page = try await service.browser().get(Self.page)
            #expect(page.text.contains("<div class=\"say good\">"))
            #expect(page.text.contains("<h2>Kalau kasir bertanya sekarang: sudah lunas</h2>"))
            #expect(page.text.contains("Sudah lunas "))
        }
    }

    @Test func `a cancelled bill is opened again, even if another one has its code`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            let reason = #"{"reason":"paid_elsewhere"}"#
            #expect(try await service.admin.post("/admin/v1/bills/1/cancel", reason).status == 200)
            let made = try await service.admin.post(
                "/admin/v1/bills", BillJSON("88965110000001", "INV-2").text)
            #expect(made.status == 201)
            let browser = try await service.browser()
            let page = try await browser.get(Self.page)
            #expect(!page.text.contains("class=\"say"))
            #expect(page.text.contains("<dd>dibayar di tempat lain<br></dd>"))
            _ = try await browser.submit("/ui/bills/1/reopen", on: page)
            #expect(try await browser.get(Self.page).text.contains("dipakai tagihan lain."))
            #expect(try await service.admin.post("/admin/v1/bills/2/cancel", "{}").status == 200)
            _ = try await browser.submit("/ui/bills/1/reopen", on: browser.get(Self.page))
            #expect(try await service.bill()["state"]?.string == "open")
        }
    }
}
