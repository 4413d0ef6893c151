// The file of refused rows: each cell comes back as the imported file had it, and runs in no
// spreadsheet.

import BillFiles
import LoketCore
import Testing

struct RefusedRowsTests {
    private struct Round {
        var faults: [String] = []
        var cells: [[String]] = []
        var written: [UInt8] = []

        init(_ file: [UInt8], _ options: FileOptions) throws {
            var reader = BillFileReader(options)
            var rows: [ImportRow] = []
            try reader.take(file) { rows.append($0) }
            try reader.finish { rows.append($0) }
            let header = try #require(reader.header)
            written = RefusedRows.opening(header)
            for row in rows {
                guard case .refused = row.reading else {
                    Issue.record("accepted: \(Reading.text(row))")
                    continue
                }
                faults.append(String(Reading.text(row).trimmingPrefix(#/\d+: /#)))
                cells.append(row.cells)
                RefusedRows.append(row.cells, reason: "=1", header, to: &written)
            }
        }
    }

    @Test(arguments: [
        OptionCase("in invoice numbers", [], "\(header)8899650001,8.9E+13,1,A\n", ""),
        OptionCase("of formulas", [], "\(header)8899650001,INV-1,1,=SUM(A1)\n", ""),
        OptionCase("of guarded formulas", [], "\(header)8899650001,'-1,x,''+62 A\n", ""),
        OptionCase(
            "of formulas after another delimiter", [],
            "\(header)8899650001;-2,INV-1;=1,x;+1,\"a;'=1;\"\"@b\"\n"
                + "x,INV-2,1,\"a;\"\"=1\"\";''-2\t'+3\r\n=4;'5;'\"\n", ""),
        OptionCase(
            "of objects with formulas after another delimiter", [], format: .ndjson,
            #"{"amount":"x","info":"a;=1;'-2","customer_name":";'\"@a"}"# + "\n", ""),
        OptionCase(
            "below a name with a formula", ["ignore=Kelas;=1", "ignore=a;'-b"],
            "\(header.dropLast()),Kelas;=1,a;'-b\n8899650001,INV-1,x,A,1,2\n", ""),
        OptionCase("with a text mark", [], "\(header)'8899650001,'0012,1,A\n", ""),
        OptionCase(
            "that are cleaned", ["clean_codes=true"],
            "\(header)\"=\"\"8899650001\"\"\",\"=\"\"0002\"\"\",x,A\n8899650001,'0012,x,A\n", ""),
        OptionCase("of spaces", ["clean_spaces=true"], "\(header) x ,INV-1, 1 ,@ A\n", ""),
        OptionCase("with too many", [], "\(header)8899650001,INV-1,1,A,=1,B\n", ""),
        OptionCase(
            "of a list", ["skip_lines=1", "encoding=windows-1252", "map=-Nama=customer_name"],
            bytes: Array("Laporan\npayment_code;invoice_number;amount;-Nama;\"info\"\n".utf8)
                + Array("8899650001;INV-1;x;Ren".utf8) + [0xE9, 0x3B] + Array("a,b\n".utf8), ""),
        OptionCase(
            "of objects", [], format: .json,
            "[{\"payment_code\":\n\"x\"},{\"amount\":tru},{\"info\":\"=1;\"}]", ""),
        OptionCase("of lines", [], format: .ndjson, "{\"info\":\"a\"}\n[=1]\n", ""),
    ])
    func `refused cells come back as they are, and are refused again`(_ file: OptionCase) throws {
        let options = try FileOptions(file.parameters, format: file.format)
        let first = try Round(file.bytes, options)
        let second = try Round(first.written, options.forRows(of: 1))
        #expect(!first.faults.isEmpty)
        #expect(second.faults == first.faults)
        #expect(second.cells == first.cells)
        #expect(second.written == first.written)
        let text =
            "\n"
            + String(decoding: first.written, as: UTF8.self).replacing("\r\n", with: "\n")
        #expect(text.firstMatch(of: /[,\n]"?[=+\-@\t\r]/) == nil, "\(text)")
        #expect(text.firstMatch(of: /[;\t\r\n]"*[=+\-@]/) == nil, "\(text)")
    }

    @Test(arguments: [
        "x;=cmd|'/C calc'!A1;y", "a;'-1", "a;''@b", "=1;+2", "'=a;=b", "a;\"=b\"", "#N/A;=1",
        "''90;'=1", ";=1", "a;b", "a;'b",
    ])
    func `a bill that a comparison refused has the same values when it goes in again`(
        _ name: String
    ) throws {
        let options = FileOptions()
        var reader = BillFileReader(options)
        try reader.take(wholeHeader.utf8) { _ in }
        let header = try #require(reader.header)
        var bill = try SomeBill.plain()
        (bill.customerName, bill.info) = (name, name)
        bill.invoiceNumber = InvoiceNumber("INV;-\(name.utf8.count)") ?? bill.invoiceNumber
        var file = RefusedRows.opening(header)
        let cells = header.cells(of: bill, given: .info, options, now: Moment(milliseconds: 0))
        RefusedRows.append(cells, reason: "is paid", header, to: &file)
        let text = String(decoding: file, as: UTF8.self)
        #expect(text.firstMatch(of: /[,;]"*[=+\-@]/) == nil, "\(text)")
        var read: [BillDraft] = []
        reader = BillFileReader(options.forRows(of: 1))
        let keep = { (row: ImportRow) in
            guard case .bill(let draft, _) = row.reading else {
                Issue.record("\(Reading.text(row))")
                return
            }
            read.append(draft)
        }
        try reader.take(file, row: keep)
        try reader.finish(row: keep)
        #expect(read == [bill])
    }

    @Test(arguments: [
        "8899650001,INV-1,1,\"Anton\" B\n", "8899650001,INV-1,1,An\"ton\n", "8899650001,INV-1,1\n",
        "8899650001,INV-1,1,Ren\u{E9}\n",
    ])
    func `what cannot be given back is refused until it is written`(_ row: String) throws {
        let options = FileOptions()
        let bytes = (header + row).unicodeScalars.map { UInt8($0.value & 0xFF) }
        let first = try Round(bytes, options)
        let second = try Round(first.written, options.forRows(of: 1))
        #expect(
            second.faults.first?.contains("has �, which stands for what could not be read") == true)
        let right = String(decoding: first.written, as: UTF8.self)
            .replacing(/"?[^,]*�"?/, with: "Budi")
        let reading = Reading(Array(right.utf8), options.forRows(of: 1))
        #expect(reading.rows == ["2: 8899650001 INV-1 1 Budi"])
    }
}
