// Columns with names of their own, columns that are not read, and lines and rows that are no bills.

import BillFiles
import Testing

struct ColumnOptionTests {
    @Test(arguments: cases)
    func `columns, lines and rows are read as the options say`(_ file: OptionCase) throws {
        try file.check()
    }

    private static let bill = "8899650001,INV-1,150000,Anton"

    private static let cases: [OptionCase] = [
        OptionCase(
            "names with every character",
            [
                "map=Kode, bayar: a=b \"x\"=payment_code", "map=No. Faktur=invoice_number",
                "map= Nama\n  Siswa =customer_name", "ignore=Tgl Faktur",
            ],
            "\"Kode, bayar: a=b \"\"x\"\"\",Tgl Faktur,No. Faktur,total,\"Nama\nSiswa\"\n"
                + "8899650001,31/12/2026,INV-1,150000,Anton\n",
            "3: 8899650001 INV-1 150000 Anton"),
        OptionCase(
            "a mapped name that has another meaning", ["map=total=customer_name"],
            "payment_code,invoice_number,amount,total\n\(bill)\n", "2: \(read)"),
        OptionCase(
            "amounts by date", ["map=Lama=amount_1", "map=Sampai=until_1", "map=Baru=amount_2"],
            "code,invoice,Lama,Sampai,Baru,name\n8899650001,INV-1,150,2026-12-31,200,Anton\n",
            "2: 8899650001 INV-1 150 until 2026-12-31T16:59:59Z, then 200 Anton"),
        OptionCase(
            "an ignored column with faults, and columns without a name",
            ["ignore=Catatan", "ignore="],
            "payment_code,invoice_number,amount,customer_name,Catatan,,\n"
                + "\(bill),bad \"quote\",,\n8899650002,INV-2,1,Budi,,x,y\n",
            "2: \(read)\n3: 8899650002 INV-2 1 Budi"),
        OptionCase(
            "an ignored column that is absent", ["ignore=Warna"], "\(header)\(bill)\n",
            "2: \(read)"),
        OptionCase(
            "lines before the header", ["skip_lines=3"],
            "{\"Laporan\"\r\nper 1 Januari\r\r\n\(header)\(bill)\n", "5: \(read)"),
        OptionCase(
            "sep= after the lines", ["skip_lines=1"],
            "Laporan\nsep=;\n\(header.replacing(",", with: ";"))8899650001;INV-1;150000;Anton\n",
            "4: \(read)"),
        OptionCase(
            "more lines than the file has", ["skip_lines=5"], header,
            "file: the file has no line after the 5 that skip_lines skips"),
        OptionCase(
            "as many lines as the file has", ["skip_lines=3"], "a\nb\nc\n",
            "file: the file has no line after the 3 that skip_lines skips"),
        OptionCase(
            "a mapped column that has another name", ["map=Terhutang=amount"],
            "payment_code,invoice_number,customer_name,Terhutang (Rp)\n",
            """
            file line 1 "Terhutang (Rp)": the header has the unknown column "Terhutang (Rp)", has \
            no column "Terhutang", which map gives as amount; \(Reason.columns)\(Reason.advice)\
            --map 'Terhutang (Rp)=amount' in place of --map 'Terhutang=amount'
            """),
        OptionCase(
            "a mapped column beside one of that name", ["map=Terhutang=amount"],
            "payment_code,invoice_number,customer_name,Total,Terhutang\n",
            """
            file line 1: the header has amount twice, as "Total" and as "Terhutang"; \
            \(Reason.columns)\(Reason.advice)--ignore 'Total'
            """),
        OptionCase(
            "a padded title above mapped columns", ["map=Terhutang=amount"], "SMP HARAPAN;;;;;;\n",
            """
            file line 1 "SMP HARAPAN      ": the file has no header: the first line must name at \
            least the columns "Terhutang", which map gives as amount, payment_code, \
            invoice_number, customer_name; if the header is on a later line, set skip_lines to \
            the number of lines before it
            """),
        OptionCase(
            "a file of refused rows", ["ignore=loket_reason"],
            "payment_code,invoice_number,amount,customer_name,loket_reason\n",
            """
            file line 1 "loket_reason": is the column of a file of refused rows: set rows_of to \
            the id of the import that refused them
            """),
        OptionCase(
            "rows that are no bills", ["skip_rows=Total", "skip_rows=Kepala Sekolah"],
            "\(header)\(bill)\n,,Total,1\n Total ,9,9\nKepala  Sekolah\n8899650002,Total,1,Total\n",
            """
            2: \(read)
            3: skipped "Total"
            4: skipped "Total"
            5: skipped "Kepala Sekolah"
            6: 8899650002 Total 1 Total
            """),
        OptionCase(
            "members of JSON objects",
            [
                "map=name=invoice_number", "map=custom_va=payment_code", "map=total=amount",
                "ignore=doctype", "ignore=items",
            ], format: .ndjson,
            """
            {"doctype":"SI","name":"INV-1","custom_va":"8899650001","total":150000,\
            "customer_name":"Anton","items":[{"a":1}]}
            """, "1: \(read)"),
        OptionCase(
            "amounts by date under another name", ["map=Cicilan=amounts"], format: .ndjson,
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","customer_name":"Anton",\
            "Cicilan":"2026-12-31=150;200"}
            """, "1: 8899650001 INV-1 150 until 2026-12-31T16:59:59Z, then 200 Anton"),
        OptionCase(
            "a mapped member that is absent", ["map=No. VA=payment_code"], format: .ndjson,
            """
            {"invoice_number":"INV-1","amount":1,"customer_name":"Anton"}
            """, "1: payment_code: is missing; map gives \"No. VA\" as payment_code"),
    ]

    private static let read = "8899650001 INV-1 150000 Anton"

    @Test func `a header that lacks a mapped column names it`() throws {
        let options = try FileOptions("map=Terhutang=amount", "map=Warna=info")
        let reading = Reading.sure(Array("\(header)8899650001,INV-1,1,Anton\n".utf8), options)
        #expect(
            reading.description == """
                file line 1: the header has no column "Terhutang", which map gives as amount, has \
                no column "Warna", which map gives as info; \(Reason.columns)
                """)
    }

    @Test func `options that are added replace those of the same name or column`() throws {
        var options = try FileOptions(
            "map=A=amount", "map=B=invoice_number", "ignore=C", "skip_rows=Total", "delimiter=tab",
            "clean_codes=true")
        try options.take([
            "map": ["D=amount", "C=info"], "ignore": ["B", "E"], "skip_rows": ["Total", "Jumlah"],
            "clean_codes": ["false"],
        ])
        let expected = try FileOptions(
            "map=D=amount", "map=C=info", "ignore=B", "ignore=E", "skip_rows=Total",
            "skip_rows=Jumlah", "delimiter=tab")
        #expect(options == expected)
    }

    @Test(arguments: [
        (["map=Terhutang"], "map must be the column's name in the file, = and the bill's column"),
        (["map==amount"], "map needs the column's name in the file before =amount"),
        (["map=A=ammount"], "map gives \"A\" as \"ammount\", which is not a column of a bill; did"),
        (["map=A=x"], "map gives \"A\" as \"x\", which is not a column of a bill; the columns are"),
        (
            ["map=A=amount", "map=A =info"],
            "map gives the column \"A\" twice, as amount and as info"
        ),
        (["map=A=amount", "map=B=amount"], "map gives amount twice, as \"A\" and as \"B\""),
        (["map=A=amount", "ignore=A"], "ignore gives the column \"A\", which map gives as amount"),
        (["skip_lines=101"], "skip_lines must be 0 to 100"),
        (["skip_lines=-1"], "skip_lines must be 0 to 100"),
        (["skip_lines="], "skip_lines must be 0 to 100"), (["skip_rows= "], "skip_rows must be"),
        (["delimiter=;"], "delimiter must be one of comma, semicolon, tab, bar"),
        (["encoding=latin1"], "encoding must be one of utf-8, windows-1252, utf-16, utf-16le"),
        (["date_format=mdy"], "date_format must be one of iso, dmy"),
        (["clean_codes=yes"], "clean_codes must be one of true, false"),
    ])
    func `a wrong option is refused with its name and what to write`(
        _ parameters: [String], _ reason: String
    ) {
        let fault = #expect(throws: FileOptions.Fault.self) { _ = try FileOptions(parameters) }
        let text = fault.map { "\($0.parameter) \($0.reason)" } ?? ""
        #expect(text.hasPrefix(reason), "\(text)")
    }

    @Test(arguments: ["skip_lines=1", "delimiter=tab", "skip_rows=Total", "map=A=amount_1"])
    func `an option of CSV is refused for JSON`(_ parameter: String) {
        for format in [ImportFormat.ndjson, .json] {
            #expect(throws: FileOptions.Fault.self) {
                try FileOptions([parameter], format: format)
            }
        }
    }
}
