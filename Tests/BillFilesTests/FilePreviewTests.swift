// The beginning of a file for a person: its columns and first values, whether or not it can be read.

import LoketCore
import Testing

@testable import BillFiles

struct FilePreviewTests {
    /// `No. VA = payment_code: 1 | 2`.
    private func lines(_ text: String, _ change: (inout FileOptions) -> Void = { _ in })
        -> [String]?
    {
        lines(Array(text.utf8), change)
    }

    private func lines(_ bytes: [UInt8], _ change: (inout FileOptions) -> Void) -> [String]? {
        var options = FileOptions()
        change(&options)
        return FilePreview(bytes, options)?.columns.map { column in
            let target = column.isIgnored ? "ignored" : column.target ?? "unknown"
            return "\(column.name) = \(target): \(column.values.joined(separator: " | "))"
        }
    }

    @Test func `columns have their names, meanings and first three values`() {
        #expect(
            lines("No. Faktur;Terhutang\r\n\r\nA;\"1;5\"\r\nB\r\nC;2\r\nD;3\r\n") == [
                "No. Faktur = invoice_number: A | B | C", "Terhutang = unknown: 1;5 |  | 2",
            ])
        #expect(
            lines("code,amount_1\n1,2") == ["code = payment_code: 1", "amount_1 = amount_1: 2"])
        #expect(lines("\u{FEFF}sep=;\na;b\n") == ["a = unknown: ", "b = unknown: "])
    }

    @Test func `a row that cannot be read or is cut off ends the values`() {
        #expect(lines("a,b\n1,2\n\"3,4\n5,6\n") == ["a = unknown: 1", "b = unknown: 2"])
        let cut = FilePreview(Array("a,b\n1,2\n3,4".utf8), isCut: true, FileOptions())
        #expect(cut?.columns.map(\.values) == [["1"], ["2"]])
    }

    @Test func `options change what a column means`() throws {
        let text = "title\nNo. VA\tTotal\tx\n1\t2\t3\n"
        let found = lines(text) { options in
            options.skipLines = 1
            options.delimiter = .tab
            try? options.take(["map": ["No. VA=payment_code"], "ignore": ["Total"]])
        }
        #expect(found == ["No. VA = payment_code: 1", "Total = ignored: 2", "x = unknown: 3"])
        var options = FileOptions()
        try options.take(["ignore": ["Total"]])
        #expect(FilePreview(Array("Total\n".utf8), options)?.columns.first?.meant == "amount")
    }

    @Test func `characters are decoded`() {
        let bytes: [UInt8] = [0x4E, 0xE9, 0x0A, 0x31, 0x0A]
        #expect(lines(bytes) { $0.encoding = .windows1252 } == ["Né = unknown: 1"])
        let wide: [UInt8] = [0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x31, 0]
        #expect(lines(wide) { $0.encoding = .utf16 } == ["a = unknown: 1"])
    }

    @Test(arguments: ["", "\n\n", "a\tb\n", "PK\u{3}\u{4}xxxx", "{\"a\":1}\n", "<html>", "a,\"b\n"])
    func `a file that is not divided into columns has no preview`(_ text: String) {
        #expect(lines(text) == nil)
    }

    @Test func `values are read in each form`() {
        #expect(AmountFormat.indonesian.amount("Rp150.000,00")?.whole == 150_000)
        #expect(AmountFormat.plain.amount("150.000") == nil)
        #expect(DateFormat.dmy.moment("31/12/2026")?.utcText == "2026-12-31T16:59:59Z")
        #expect(DateFormat.iso.moment("31/12/2026") == nil)
    }
}
