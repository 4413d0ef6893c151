// The page of one import as its history, the list of imports, and what each key sees of them.

import DokuSimulator
import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

@testable import LoketAdmin

struct ImportHistoryTests {
    private static let file = ImportCase.head + ImportCase.row(1) + ImportCase.row(2)

    @Test func `an import is undone, and what was edited since is kept and listed`() async throws {
        try await withService { service in
            _ = try await service.importText(Self.file)
            #expect(try await service.edit(#"{"amount":7}"#).status == 200)
            let browser = try await service.browser()
            let page = try await browser.get("/ui/import/1")
            #expect(page.text.contains("Tagihan yang sejak itu dibayar atau diubah tetap"))
            let undone = try await browser.follow(browser.submit("/ui/import/1/undo", on: page))
            for part in [
                "Impor diurungkan; hasilnya di bawah.", "was edited after the import",
                "Diurungkan: 1 dibatalkan, 0 dikembalikan, 1 dipertahankan.", "INV-1",
            ] { #expect(undone.text.contains(part), "\(part): \(undone.text)") }
            #expect(undone.form("/ui/import/1/undo") == nil)
            let kept = try await browser.get("/ui/import/1?show=kept")
            #expect(kept.text.contains("was edited after the import"))
            for (kind, word) in [("held", "Ditahan"), ("flagged", "Perlu dilihat")] {
                let page = try await browser.get("/ui/import/1?show=\(kind)")
                #expect(page.text.contains("show=\(kind)\" aria-current=\"true\">\(word)</a>"))
            }
            let changed = try await browser.get("/ui/import/1?show=changed")
            #expect(changed.text.contains("Tidak ada baris seperti ini."))
        }
    }

    @Test func `a running import shows its progress and can be stopped`() async throws {
        try await withService { service in
            let upload = try await service.beginUpload()
            let browser = try await service.browser()
            let page = try await browser.get("/ui/import/1")
            for part in [
                "data-refresh=\"/ui/import/1/now\"", "Sedang diterima", "<progress",
                "Berjalan terus walau halaman ini ditutup.",
            ] { #expect(page.text.contains(part), "\(part): \(page.text)") }
            let part = try await browser.get("/ui/import/1/now")
            #expect(part.status == 200 && !part.text.contains("<html"))
            #expect(part.text.contains("<section id=\"import\" data-part"))
            // A part of its own: it is refreshed while somebody has "Stop…" open.
            let own = /<div id="progress" data-part>[^§]*<progress[^§]*<\/div>\n<details>/
            #expect(part.text.firstMatch(of: own) != nil, "\(part.text)")
            #expect(try await browser.get("/ui/import/1/rows").status == 409)
            let stopped = try await browser.follow(
                browser.submit("/ui/import/1/cancel", on: part))
            #expect(stopped.text.contains("Impor dihentikan."))
            #expect(stopped.text.contains("cancelled by first; nothing was applied"))
            #expect(try await service.report("1").state == "failed")
            await upload.close()
        }
    }

    @Test func `the notice after stopping or undoing says what the import is then`() {
        let done = ["undone": "import_undoing"]
        for (state, words) in [
            ("undone", "import_undoing"), ("running", "import_goes_on_below"),
            ("applied", "import_state_applied"),
        ] {
            #expect(ImportActions.notice(after: state, done: done) == words)
            #expect(Words.table[words] != nil)
        }
    }

    @Test func `imports are listed newest first, and an empty list says what comes`() async throws {
        try await withService { service in
            let (browser, english) = (
                try await service.browser(), try await service.browser(language: "en")
            )
            #expect(try await browser.get("/ui/import").text.contains("Belum ada impor."))
            #expect(try await english.get("/ui/import").text.contains("No import yet."))
            for number in 1...21 {
                _ = try await service.importText(
                    Self.file, "?dry_run=true&file_name=file-\(number).csv")
            }
            let page = try await browser.get("/ui/import")
            let links = page.text.matches(of: /<a href="\/ui\/import\/(\d+)">/)
            #expect(links.map { String($0.output.1) } == (2...21).reversed().map { "\($0)" })
            #expect(page.text.contains("2 baru · 0 berubah · 0 ditolak"))
            #expect(page.text.contains("20 impor, yang terbaru di atas."))
            #expect(page.text.matches(of: /<option value="\d+">/).count == 10)
            let older = try #require(
                page.text.firstMatch(of: /href="(\/ui\/import\?cursor=[^"]+)"/))
            let rest = try await browser.get(String(older.output.1))
            #expect(rest.text.contains("file-1.csv</a>"))
            let like = try await english.get("/ui/import?like=1")
            #expect(like.text.contains("<option value=\"1\" selected>"))
            let one = try await english.get("/ui/import/1")
            #expect(one.text.contains("Checked, not applied"))
            #expect(one.text.contains("<a href=\"/ui/import\" aria-current=\"page\">Import</a>"))
        }
    }

    @Test func `a key that may only read sees imports and sends none`() async throws {
        try await withService { service in
            _ = try await service.importText(ImportCase.head + "1,INV-1,x,A\n")
            let reader = try await service.client("reader", scopes: ["read"])
            let browser = try await service.browser(key: reader.key)
            for path in ["/ui/import", "/ui/import/1", "/ui/import/1/now"] {
                let page = try await browser.get(path)
                #expect(page.status == 200, "\(path)")
                #expect(!page.text.contains("action=\"/ui/import"), "\(path)")
            }
            #expect(try await browser.get("/ui/import/1/rows").status == 200)
            let token = try #require(
                try await browser.get("/ui").form("/ui/sign-out")?["form_token"])
            let form = PageUpload(
                fields: [("form_token", token)], fileName: "a.csv", content: Array("x".utf8))
            #expect(try await browser.send(form.request).status == 403)
            #expect(service.keptFiles == 0)
            for end in ["undo", "cancel"] {
                let answer = try await browser.post(
                    "/ui/import/1/\(end)", ["form_token": token, "back": "/ui/import/1"])
                #expect(answer.header("Location") == "/ui/import/1")
                let page = try await browser.get("/ui/import/1")
                #expect(page.text.contains("Kunci Anda tidak boleh"))
            }
            #expect(try await service.imports() == ["1 refused"])
        }
    }

    @Test func `a key of one account sees its own imports only`() async throws {
        try await withService { service in
            _ = try await service.importText(Self.file)
            let shop = try await service.client(
                "shop", scopes: ["read", "write"], account: Shop.clientID)
            let browser = try await service.browser(key: shop.key)
            #expect(try await browser.get("/ui/import").text.contains("Belum ada impor."))
            for path in ["/ui/import/1", "/ui/import/1/rows", "/ui/import/x", "/ui/import/0"] {
                #expect(try await browser.get(path).status == 404, "\(path)")
            }
            let page = try await browser.check(Self.file)
            #expect(page.text.contains("<b>2</b><span>sama</span>"), "\(page.text)")
            #expect(try await browser.get("/ui/import").text.contains("bills.csv"))
        }
    }

    @Test func `a file's name, columns and values are text, whatever they contain`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let hostile = "<script>alert(1)</script>"
            let file = "payment_code,invoice_number,amount,customer_name,\(hostile)\n"
            for text in [
                file + "1,INV-1,1,A,x\n",
                ImportCase.head + "\(hostile),\(hostile),\(hostile),\(hostile)\n",
            ] {
                let page = try await browser.check(
                    text, name: "\(hostile).csv".replacing("/", with: "|"), ["note": hostile])
                for page in [page, try await browser.get("/ui/import")] {
                    #expect(!page.text.contains("<script>alert"))
                    #expect(page.text.contains("&lt;script&gt;alert(1)"))
                }
            }
        }
    }
}
