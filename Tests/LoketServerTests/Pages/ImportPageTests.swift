// Import: a file is checked, its options are changed, and it is applied and undone, while the session
// keeps the file.

import DokuSimulator
import LoketCore
import LoketJSON
import LoketStore
import TestSupport
import Testing

struct ImportPageTests {
    private static let file = ImportCase.head + ImportCase.row(1)
    private static let bill = #"INV-1 88965100000001 150000 "Anton Budiman""#

    @Test func `a file is checked, and applied without choosing it again`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let sent = try await browser.upload(Self.file, ["note": "dari Accurate"])
            #expect(sent.header("Location") == "/ui/import/1", "\(sent.text)")
            let checked = try await browser.follow(sent)
            for part in [
                "<h1>bills.csv</h1>", "Diperiksa, belum diterapkan", "oleh first, ",
                "dari Accurate", "<b>1</b><span>baru</span>", "<h2>1 Periksa</h2>",
                "<h2>2 Perbedaan</h2>", "<h2>3 Terapkan</h2>", "150000 → Rp150.000",
                "Berjalan terus walau halaman ini ditutup.",
            ] { #expect(checked.text.contains(part), "\(part): \(checked.text)") }
            #expect(try await service.billLines().isEmpty)
            #expect(service.keptFiles == 1)

            let applied = try await browser.follow(
                browser.submit("/ui/import/1/apply", on: checked))
            #expect(applied.text.contains("Dibuat 1, diubah 0,"))
            #expect(try await service.billLines() == [Self.bill])
            let record = try await service.report("2").json
            #expect(record["file_name"]?.string == "bills.csv")
            #expect(record["note"]?.string == "dari Accurate")
            #expect(record["actor"]?.string == "first")
            try await eventually { service.keptFiles == 0 }
            let old = try await browser.get("/ui/import/1")
            #expect(old.form("/ui/import/1/apply") == nil)
            #expect(old.text.contains("href=\"/ui/import?like=1\""))
        }
    }

    @Test func `a double click on apply begins one import, and both lead to it`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let checked = try await browser.check(Self.file)
            async let first = browser.submit("/ui/import/1/apply", on: checked)
            async let second = browser.submit("/ui/import/1/apply", on: checked)
            let places = try await [first, second].map { $0.header("Location") ?? "" }
            // The list, if the first had no id yet.
            #expect(places.contains("/ui/import/2"), "\(places)")
            #expect(Set(places).isSubset(of: ["/ui/import", "/ui/import/2"]), "\(places)")
            let third = try await browser.submit("/ui/import/1/apply", on: checked)
            #expect(third.header("Location") == "/ui/import/2")
            let page = try await browser.follow(third)
            #expect(page.form("/ui/import/2/undo") != nil, "\(page.text)")
            #expect(try await service.imports().count == 2)
        }
    }

    /// As an accounting program writes it.
    private static let program = """
        No. Faktur;Tgl Faktur;No. VA;Nama Pelanggan;Terhutang
        SI.0001;01/12/2026;8896 5110 0000 11;Anton Budiman;150.000

        """

    @Test func `columns and forms are chosen, and the kept file is checked again`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let refused = try await browser.check(Self.program)
            for part in [
                "Ditolak, tidak ada yang berubah", "Saran sudah diisikan di bawah",
                "the header has the unknown column", "150.000 → tidak terbaca",
                "150.000 → Rp150.000",
            ] { #expect(refused.shown.contains(part), "\(part): \(refused.text)") }
            #expect(!refused.text.contains("--map"))
            #expect(
                chosen(refused) == [
                    "invoice_number", "-", "payment_code", "customer_name", "amount",
                ])
            #expect(refused.form("/ui/import/1/apply") == nil)

            var fields = Dictionary(
                uniqueKeysWithValues: chosen(refused).enumerated().map { ("column_\($0)", $1) })
            fields["amount_format"] = "indonesian"
            fields["clean_codes"] = "true"
            let checked = try await browser.follow(
                browser.submit("/ui/import/1/check", on: refused, fields))
            #expect(checked.text.contains("Diperiksa, belum diterapkan"), "\(checked.text)")
            #expect(checked.text.contains("Dirapikan"))
            let options = try await service.report("2").json["options"]
            #expect(
                options?["map"]?.members.map { "\($0.name)=\($0.value.string ?? "")" } == [
                    "No. VA=payment_code", "Terhutang=amount",
                ])
            #expect(options?["ignore"]?.elements.map(\.string) == ["Tgl Faktur"])
            _ = try await browser.follow(browser.submit("/ui/import/2/apply", on: checked))
            let bill = #"SI.0001 88965110000011 150000 "Anton Budiman""#
            #expect(try await service.billLines() == [bill])

            let next = Self.program.replacing("SI.0001", with: "SI.0002").replacing(
                "11;", with: "12;")
            let alike = try await browser.check(next, ["like": "3"])
            #expect(alike.text.contains("<b>1</b><span>baru</span>"), "\(alike.text)")
        }
    }

    /// The chosen option of each column.
    private func chosen(_ page: DokuAnswer) -> [String] {
        page.text.matches(
            of:
                /name="column_\d+">(?:<option value="[^"]*">[^<]*<\/option>)*<option value="([^"]*)" selected>/
        ).map { String($0.output.1) }
    }

    @Test func `many columns with long names are chosen in one form`() async throws {
        try await withService { service in
            let more = (4..<124).map { "k\($0)" + String(repeating: "/", count: 200) }
            let (head, row) = (ImportCase.head.dropLast(), ImportCase.row(1).dropLast())
            let cells = String(repeating: ",", count: more.count)
            let browser = try await service.browser()
            let refused = try await browser.check(
                "\(head),\(more.joined(separator: ","))\n\(row)\(cells)\n")
            #expect(refused.text.contains("name=\"column_123\""), "\(refused.text)")
            let fields = Dictionary(uniqueKeysWithValues: (4..<124).map { ("column_\($0)", "-") })
            let checked = try await browser.submit("/ui/import/1/check", on: refused, fields)
            #expect(checked.header("Location") == "/ui/import/2", "\(checked.text)")
            let report = try await service.ended("2")
            #expect(report.state == "checked")
            #expect(report.json["options"]?["ignore"]?.elements.map(\.string) == more)
        }
    }

    @Test func `a wrong option is shown beside its field, with what was typed`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let page = try await browser.check(Self.file)
            let answer = try await browser.submit(
                "/ui/import/1/check", on: page,
                ["skip_lines": "200", "skip_rows": "Total & <b>", "note": "typed"])
            #expect(answer.status == 400)
            for part in [
                "id=\"skip_lines-fault\"", "must be 0 to 100", "value=\"200\"",
                "Total &amp; &lt;b&gt;", "value=\"typed\"", "<details open><summary>Pilihan lain",
            ] { #expect(answer.text.contains(part), "\(part): \(answer.text)") }
            #expect(try await service.imports() == ["1 checked"])
            let right = try await browser.submit(
                "/ui/import/1/check", on: answer, ["skip_lines": "0", "note": "typed"])
            #expect(right.header("Location") == "/ui/import/2")
            #expect(try await service.report("2").json["note"]?.string == "typed")
            let cleared = try await browser.submit(
                "/ui/import/2/check", on: browser.follow(right), ["skip_lines": "0", "note": ""])
            #expect(cleared.header("Location") == "/ui/import/3")
            #expect(try await service.report("3").json["note"]?.isNull == true)
        }
    }

    @Test func `a refused form keeps its fields and its file`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let hidden = "kas\u{202E}kiri"
            let answer = try await browser.upload(Self.file, ["note": hidden])
            #expect(answer.status == 400)
            #expect(answer.text.contains("aria-describedby=\"note-fault\""), "\(answer.text)")
            #expect(answer.text.contains("value=\"\(hidden)\""))
            #expect(answer.text.contains("<b>bills.csv</b>"))
            #expect(answer.text.contains("aria-describedby=\"file-kept file-help\""))
            let old = try #require(answer.form("/ui/import")?["kept"])
            #expect(service.keptFiles == 1)
            #expect(try await service.imports().isEmpty)

            var kept = old
            for (field, value) in [("like", "99"), ("account", "NOBODY")] {
                let answer = try await browser.upload(Self.file, [field: value])
                #expect(answer.status == 400, "\(field)")
                #expect(answer.text.contains("id=\"\(field)-fault\""), "\(answer.text)")
                #expect(answer.text.contains("value=\"\(value)\""))
                kept = try #require(answer.form("/ui/import")?["kept"])
            }
            let empty = try await browser.upload(nil)
            #expect(empty.status == 422)
            #expect(empty.text.contains("Pilih berkasnya dulu."))
            // The form of another tab, whose file has been replaced since.
            let other = try await browser.upload(nil, ["kept": old])
            #expect(other.status == 422)
            #expect(other.text.contains("Berkas untuk formulir ini tidak tersimpan lagi"))
            #expect(other.form("/ui/import")?["kept"] == nil)
            let again = try await browser.upload(nil, ["kept": kept, "note": "kas kiri"])
            #expect(again.header("Location") == "/ui/import/1", "\(again.text)")
            let named = try await browser.check(Self.file, name: "a\u{202E}vsc.csv")
            #expect(named.text.contains("<h1>berkas tanpa nama</h1>"))
        }
    }

    @Test func `an import that lowers much is applied with the checkbox only`() async throws {
        try await withService { service in
            func file(_ amount: Int) -> String {
                ImportCase.head
                    + (10..<20).map { "889651000000\($0),INV-\($0),\(amount),Anton\n" }.joined()
            }
            _ = try await service.importText(file(1_000))
            let browser = try await service.browser()
            let checked = try await browser.check(file(999))
            #expect(checked.text.contains("Banyak nominal yang turun."))
            #expect(checked.text.contains("name=\"accept_warnings\" value=\"true\" required"))
            #expect(checked.text.contains("Nominal yang turun: 10, seluruhnya Rp10"))
            #expect(checked.text.contains("amount 1000 to 999"), "\(checked.text)")
            let refused = try await browser.follow(
                browser.submit("/ui/import/2/apply", on: checked))
            #expect(refused.text.contains("Ditolak, tidak ada yang berubah"))
            let applied = try await browser.follow(
                browser.submit("/ui/import/3/apply", on: refused, ["accept_warnings": "true"]))
            #expect(applied.text.contains("Dibuat 0, diubah 10,"), "\(applied.text)")
        }
    }

    @Test func `refused rows have causes, are downloaded and sent corrected`() async throws {
        try await withService { service in
            let browser = try await service.browser()
            let page = try await browser.check(
                Self.file + "88965100000002,INV-2,2.500,Anton\n88965100000003,INV-3,3.500,Budi\n")
            for part in [
                "2 × nominal", "Baris 3, 4", "<b>2</b><span>ditolak</span>",
                "Coba di langkah 1: Nominal ditulis 150.000 atau Rp150.000,00.",
                "is not an amount of digits only",
            ] { #expect(page.shown.contains(part), "\(part): \(page.text)") }
            let rows = try await browser.get("/ui/import/1/rows")
            #expect(rows.status == 200)
            #expect(rows.header("Content-Type") == "text/csv; charset=utf-8")
            #expect(
                rows.header("Content-Disposition")
                    == "attachment; filename=\"import-1-refused.csv\"")
            #expect(rows.text.contains("loket_reason"))
            let right = rows.text.replacing("2.500", with: "2500").replacing("3.500", with: "3500")
            let checked = try await browser.check(right, ["rows_of": "1"])
            #expect(checked.text.contains("<b>2</b><span>baru</span>"), "\(checked.text)")
            _ = try await browser.follow(browser.submit("/ui/import/2/apply", on: checked))
            #expect(try await service.billLines().count == 2)
            #expect(try await browser.get("/ui/import/9/rows").status == 404)
        }
    }
}
