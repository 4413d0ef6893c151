// Limits on reading a file: the length of a row, the state kept between chunks, and what happens
// after an error.

import BillFiles
import LoketCore
import Testing

struct BoundsTests {
    private static let row = "8899650001,INV-1,150000,"
    private static let max = Limits.importRowBytesMax

    @Test func `a row of CSV may have 64 KiB and not a byte more`() {
        let fitting =
            header + Self.row + String(repeating: "x", count: Self.max - Self.row.utf8.count)
        #expect(
            Reading(Array((fitting + "\n").utf8)).description.hasSuffix(
                "has 65512 characters; at most 64 are allowed"))
        let longer = Reading(Array((fitting + "x\n").utf8))
        #expect(longer.rows.isEmpty)
        #expect(
            longer.description == """
                file line 2: the row is longer than 64 KiB: send a CSV file with one bill per line
                """)
    }

    @Test func `a quote that is not closed within 64 KiB is reported with its line`() {
        let file =
            header + Self.row + "Anton\n" + Self.row + "\"Budi\n"
            + String(repeating: Self.row + "Citra\n", count: 3000)
        #expect(
            Reading.sure(file).description == """
                2: 8899650001 INV-1 150000 Anton
                file line 3: the quote opened on line 3 is not closed within 64 KiB: close the \
                quote, or write it twice if it is part of the text
                """)
    }

    @Test func `a line of NDJSON may have 64 KiB and not a byte more`() {
        let open = #"{"info":""#
        let close = "\"}"
        let text = String(repeating: "x", count: Self.max - open.utf8.count - close.utf8.count)
        let fitting = Reading(Array((open + text + close).utf8), .ndjson)
        #expect(fitting.fault == nil)
        #expect(fitting.rows.count == 1)
        let longer = Reading(Array((open + text + "x" + close).utf8), .ndjson)
        #expect(
            longer.description == """
                file line 1: the line is longer than 64 KiB: send one JSON object per line
                """)
    }

    @Test func `a first line longer than 64 KiB is not a header`() {
        let reading = Reading(Array(repeating: UInt8(ascii: "x"), count: 200_000), cuts: [70_000])
        #expect(
            reading.fault?.reason
                == "the first line is longer than 64 KiB: write the column names in the first line")
    }

    @Test func `a header that is too long is reported with its line`() throws {
        let bytes = Array("Laporan\n".utf8) + Array(repeating: UInt8(ascii: "x"), count: 70_000)
        #expect(Reading(bytes, try FileOptions("skip_lines=1")).fault?.line == 2)
    }

    @Test func `metadata of 4096 bytes fits, as the API counts them`() throws {
        func line(_ count: Int) -> String {
            let text = String(repeating: "x", count: count)
            return #"{"payment_code":"8899650001","invoice_number":"INV-1","amount":1,"#
                + #""customer_name":"A","metadata":{ "a" : ""# + text + "\"}}"
        }
        #expect(Reading(Array(line(4088).utf8), .ndjson).description.hasPrefix("1: 8899650001"))
        #expect(
            Reading(Array(line(4089).utf8), .ndjson).description
                .hasSuffix("must be a JSON object of at most 4096 bytes"))
    }

    @Test(arguments: BillFileFormat.allCases)
    func `a file of any length is read and its lines are counted`(_ format: BillFileFormat) throws {
        var reader = BillFileReader(format: format, amountFormat: .plain)
        var rows = 0
        var last = 0
        let count = { (row: ImportRow) in
            rows += 1
            last = row.line
        }
        let line =
            format == .csv
            ? Self.row + "Anton\r\n"
            : #"{"payment_code":"1","invoice_number":"1","amount":1,"customer_name":"A"}"# + "\r\n"
        if format == .csv { try reader.take(Array(header.utf8), row: count) }
        let thousand = Array(String(repeating: line, count: 1000).utf8)
        for _ in 0..<20 { try reader.take(thousand, row: count) }
        try reader.finish(row: count)
        #expect(rows == 20_000)
        #expect(last == (format == .csv ? 20_001 : 20_000))
        #expect(reader.line == last + 1)
    }

    private struct Enough: Error {}

    @Test func `an error thrown by the row handler ends the reading`() throws {
        var reader = BillFileReader(format: .csv, amountFormat: .plain)
        let file = Array((header + Self.row + "Anton\n" + Self.row + "Budi\n").utf8)
        #expect(throws: Enough.self) { try reader.take(file) { _ in throw Enough() } }
        try reader.take(file) { Issue.record("\($0)") }
        try reader.finish { Issue.record("\($0)") }
    }

    @Test func `nothing is read after a fault`() throws {
        var reader = BillFileReader(format: .csv, amountFormat: .plain)
        #expect(throws: FileFault.self) {
            try reader.take(Array("PK\u{3}\u{4}........".utf8)) { Issue.record("\($0)") }
        }
        try reader.take(Array(header.utf8)) { Issue.record("\($0)") }
        try reader.finish { Issue.record("\($0)") }
    }

    @Test(arguments: [
        ("short", "short"), ("", ""), ("a\r\n\tb", "a\\r\\n\\tb"), ("\u{1B}[31m", "\\u{1B}[31m"),
        ("a\u{A0}b\u{200B}", "a\\u{A0}b\\u{200B}"), ("Zoë 北京 😀", "Zoë 北京 😀"),
        (String(repeating: "é", count: 64), String(repeating: "é", count: 64)),
        (String(repeating: "é", count: 65), String(repeating: "é", count: 63) + "…"),
        (String(repeating: "x", count: 62) + "\n", String(repeating: "x", count: 62) + "\\n"),
        (String(repeating: "x", count: 63) + "\n", String(repeating: "x", count: 63) + "…"),
        (String(repeating: "\u{1}", count: 40), String(repeating: "\\u{1}", count: 12) + "…"),
    ])
    func `a value is shown in 64 visible characters at most`(_ value: String, shown: String) {
        #expect(shownValue(Array(value.utf8)) == shown)
    }
}
