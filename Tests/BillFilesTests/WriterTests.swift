// Files written for bills: how a spreadsheet opens them, and what the reader reads back.

import BillFiles
import LoketCore
import TestSupport
import Testing

struct WriterTests {
    private func file(_ bills: [BillDraft], _ format: BillFileFormat) -> [UInt8] {
        let writer = BillFileWriter(format: format, now: Moment(seconds: 0))
        return bills.reduce(into: writer.opening) { writer.write($1, to: &$0) }
    }

    private func row(_ change: (inout BillDraft) -> Void) throws -> String {
        var bill = try SomeBill.plain()
        change(&bill)
        let lines = String(decoding: file([bill], .csv), as: UTF8.self)
        return String(lines.dropFirst(wholeHeader.utf8.count))
    }

    @Test func `CSV has the columns of an import, and ends its lines as RFC 4180`() throws {
        let text = String(decoding: file([try SomeBill.plain()], .csv), as: UTF8.self)
        #expect(
            text == """
                payment_code,invoice_number,amount,amounts,reusable,valid_from,expires_at,due_at,\
                customer_name,customer_email,info\r
                88996500010001,INV-1,150000,,false,,,,Anton Budiman,,\r

                """)
    }

    @Test func `NDJSON is one object per line`() throws {
        var bill = try SomeBill.plain()
        bill.metadata = #"{"kelas":"7A"}"#
        bill.expiresAt = Moment(milliseconds: 1_798_736_399_250)
        let text = String(decoding: file([bill, try SomeBill.plain()], .ndjson), as: UTF8.self)
        #expect(
            text == """
                {"payment_code":"88996500010001","invoice_number":"INV-1","amount":150000,\
                "amounts":null,"reusable":false,"valid_from":null,\
                "expires_at":"2026-12-31T16:59:59.250Z","due_at":null,\
                "customer_name":"Anton Budiman","customer_email":null,"info":null,\
                "metadata":{"kelas":"7A"}}
                {"payment_code":"88996500010001","invoice_number":"INV-1","amount":150000,\
                "amounts":null,"reusable":false,"valid_from":null,"expires_at":null,\
                "due_at":null,"customer_name":"Anton Budiman","customer_email":null,"info":null}

                """)
    }

    @Test(arguments: [
        ("Budiman, Anton", "\"Budiman, Anton\""), ("A \"B\" C", "\"A \"\"B\"\" C\""),
        ("A;B", "\"A;B\""), (" A", "\" A\""), ("A ", "\"A \""), ("A B", "A B"),
        ("#N/A", "'#N/A"), ("1.2E+05", "'1.2E+05"), ("9E-2026", "9E-2026"),
        ("=A1", "'=A1"), ("+62 812", "'+62 812"), ("-", "'-"), ("@toko", "'@toko"),
        ("=SUM(A1,A2)", "\"'=SUM(A1,A2)\""), ("'Aisyah", "'Aisyah"), ("A=B", "A=B"),
        ("'=A1", "''=A1"), ("''+1", "'''+1"), ("'90s", "''90s"), ("90s", "90s"),
    ])
    func `a cell is quoted where necessary, and never run as a formula`(
        _ name: String, cell: String
    ) throws {
        let row = try row { $0.customerName = name }
        #expect(row == "88996500010001,INV-1,150000,,false,,,,\(cell),,\r\n")
    }

    @Test func `an invoice number and an e-mail address are never run as formulas`() throws {
        let row = try row {
            $0.invoiceNumber = InvoiceNumber("-1") ?? $0.invoiceNumber
            $0.customerEmail = "+a@b.id"
            $0.info = "=1"
        }
        #expect(row == "88996500010001,'-1,150000,,false,,,,Anton Budiman,'+a@b.id,'=1\r\n")
    }

    @Test(arguments: BillFileFormat.allCases, [1, 2, 3] as [UInt64])
    func `written bills are read back unchanged`(_ format: BillFileFormat, seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let bills = try (0..<400).map { _ in
            var bill = try SomeBill.any(&random)
            if format == .csv { bill.metadata = nil }
            return bill
        }
        let bytes = file(bills, format)
        var reader = BillFileReader(format: format, amountFormat: .plain)
        var read: [BillDraft] = []
        var rest = bytes[...]
        let keep = { (row: ImportRow) in
            guard case .bill(let bill, _) = row.reading else {
                Issue.record("seed \(seed): \(Reading.text(row))")
                return
            }
            read.append(bill)
        }
        while !rest.isEmpty {
            let cut = Int.random(in: 0...500, using: &random)
            try reader.take(rest.prefix(cut), row: keep)
            rest = rest.dropFirst(cut)
        }
        try reader.finish(row: keep)
        #expect(read.count == bills.count, "seed \(seed)")
        for (read, bill) in zip(read, bills) where read != bill {
            Issue.record("seed \(seed): \(bill) came back as \(read)")
        }
    }

    @Test(arguments: BillFileFormat.allCases)
    func `a stored name that would be refused now is reported with its row`(
        _ format: BillFileFormat
    ) throws {
        let bills = try ["A\u{2028}B", "A\u{202E}B"].map { name in
            var bill = try SomeBill.plain()
            bill.customerName = name
            return bill
        }
        let rows = Reading(file(bills, format), format).rows
        #expect(rows.count == 2)
        #expect(rows.first?.contains("customer_name \"A\\u{2028}B\": \(Reason.lineBreak)") == true)
        #expect(rows.last?.contains("customer_name \"A\\u{202E}B\": \(Reason.direction)") == true)
    }
}
