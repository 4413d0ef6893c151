// CSV headers: the names accepted for each column, and every fault that a header can have.

import Testing

struct CSVHeaderTests {
    @Test(arguments: cases)
    func `a header is read, or each of its faults is named`(_ file: FileCase) {
        let reading = Reading.sure(file.bytes, file.format)
        #expect(reading.description == file.reading)
    }

    private static let cases: [FileCase] = [
        FileCase(
            "an export of Accurate",
            """
            No. Faktur;Tgl Faktur;No. VA;Nama Pelanggan;Nilai Faktur;Terhutang

            """,
            """
            file line 1: the header has the unknown column "Tgl Faktur", has the unknown column \
            "No. VA", has the unknown column "Nilai Faktur", has the unknown column "Terhutang", \
            lacks payment_code, amount; \(Reason.columns)\(Reason.advice)--map \
            'No. VA=payment_code' --map 'Terhutang=amount' --ignore 'Tgl Faktur' --ignore \
            'Nilai Faktur'
            """),
        FileCase(
            "Indonesian",
            """
            Kode Pembayaran;Nomor Invoice;Jumlah;Dapat dipakai ulang;Jatuh Tempo;Nama Pelanggan;\
            Email;Keterangan
            8899650001;INV-1;150000;ya;2026-12-31;Anton;a@b.id;SPP

            """,
            "2: 8899650001 INV-1 150000 Anton reusable 2026-12-31T16:59:59.000Z <a@b.id> (SPP)"),
        FileCase(
            "Indonesian, other words",
            """
            KODE BAYAR,No. Tagihan,Nominal,Berulang,Kedaluwarsa,Nama,Surel Pelanggan,Info
            8899650001,INV-1,150000,tidak,,Anton,,

            """,
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "Indonesian, more words",
            """
            kode_bayar,no_invoice,Tagihan,Berlaku Sampai,nama
            8899650001,INV-1,150000,2026-12-31,Anton

            """,
            "2: 8899650001 INV-1 150000 Anton 2026-12-31T16:59:59.000Z"),
        FileCase(
            "Indonesian, total and date",
            """
            kode-pembayaran,nomor-tagihan,TOTAL,Tanggal Jatuh Tempo,nama
            8899650001,INV-1,150000,2026-12-31,Anton

            """,
            "2: 8899650001 INV-1 150000 Anton 2026-12-31T16:59:59.000Z"),
        FileCase(
            "English variants",
            """
            Payment Code,Invoice No.,Total Amount,Due Date,Name,E-mail,Notes
            8899650001,INV-1,150000,2026-12-31,Anton,a@b.id,SPP

            """,
            "2: 8899650001 INV-1 150000 Anton 2026-12-31T16:59:59.000Z <a@b.id> (SPP)"),
        FileCase(
            "case and marks do not count",
            "PAYMENT_CODE,Invoice-Number, AMOUNT (Rp) ,customer.name\n8899650001,INV-1,150000,Anton\n",
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "two languages in one header",
            "kode bayar,invoice,nominal,customer\n8899650001,INV-1,150000,Anton\n",
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "a misspelt column",
            "payment_code,invoice_number,ammount,customer_name\n8899650001,INV-1,150000,Anton\n",
            """
            file line 1 amount "ammount": the header has the unknown column "ammount" (did you \
            mean amount?), lacks amount; \(Reason.columns)\(Reason.advice)--map 'ammount=amount'
            """),
        FileCase(
            "an unknown column",
            """
            payment_code,invoice_number,amount,customer_name,Alamat
            8899650001,INV-1,150000,Anton,Jakarta

            """,
            """
            file line 1 "Alamat": the header has the unknown column "Alamat"; \(Reason.columns)\
            \(Reason.advice)--ignore 'Alamat'
            """),
        FileCase(
            "metadata, which CSV has no column for",
            "payment_code,invoice_number,amount,customer_name,metadata\n",
            """
            file line 1 "metadata": the header has the unknown column "metadata"; \
            \(Reason.columns)\(Reason.advice)--ignore 'metadata'
            """),
        FileCase(
            "a letter that only looks like one",
            "payment_code,invoice_number,\u{430}mount,customer_name\n",
            """
            file line 1: the header has the unknown column "\u{430}mount", lacks amount; \
            \(Reason.columns)\(Reason.advice)--map '…=amount' --ignore '\u{430}mount'
            """),
        FileCase(
            "two byte order marks", latin1: "\u{EF}\u{BB}\u{BF}\u{EF}\u{BB}\u{BF}\(header)",
            """
            file line 1 payment_code "\\u{FEFF}payment_code": the header has the unknown column \
            "\\u{FEFF}payment_code" (did you mean payment_code?), lacks payment_code; \
            \(Reason.columns)\(Reason.advice)--map '\u{FEFF}payment_code=payment_code'
            """),
        FileCase(
            "a column without a name",
            "payment_code,invoice_number,amount,customer_name,\n8899650001,INV-1,150000,Anton,\n",
            "file line 1 \"\": the header has a column without a name; \(Reason.columns)"
                + "\(Reason.advice)--ignore ''"),
        FileCase(
            "a column twice",
            """
            payment_code,invoice_number,amount,jumlah,customer_name
            8899650001,INV-1,150000,150000,Anton

            """,
            """
            file line 1: the header has amount twice, as "amount" and as "jumlah"; \
            \(Reason.columns)\(Reason.advice)--ignore 'jumlah'
            """),
        FileCase(
            "a missing column",
            "payment_code,invoice_number,customer_name\n8899650001,INV-1,Anton\n",
            "file line 1 amount: the header lacks amount; \(Reason.columns)\(Reason.advice)"
                + "--map '…=amount'"),
        FileCase(
            "everything wrong", "kode bayar,no invoice,nama,customer_name,ammount,Warna\n",
            """
            file line 1 amount "ammount": the header has customer_name twice, as "nama" and as \
            "customer_name", has the unknown column "ammount" (did you mean amount?), has the \
            unknown column "Warna", lacks amount; \(Reason.columns)\(Reason.advice)\
            --map 'ammount=amount' --ignore 'Warna' --ignore 'customer_name'
            """),
        FileCase(
            "columns without a name", "payment_code,invoice_number,amount,customer_name,,\n",
            "file line 1: the header has a column without a name; \(Reason.columns)"
                + "\(Reason.advice)--ignore ''"),
        FileCase(
            "two equal names", "payment_code,invoice_number,amount,amount,customer_name\n",
            """
            file line 1: the header has amount twice, as "amount" and as "amount"; \
            \(Reason.columns)
            """),
        FileCase(
            "tabs",
            """
            payment_code\tinvoice_number\tamount\tcustomer_name
            8899650001\tINV-1\t150000\tAnton

            """,
            """
            file line 1 "payment_code\\tinvoice_number\\tamount\\tcustomer_name": the columns are \
            separated by a tab: set delimiter=tab
            """),
        FileCase(
            "vertical bars",
            "payment_code|invoice_number|amount|customer_name\n8899650001|INV-1|150000|Anton\n",
            """
            file line 1 "payment_code|invoice_number|amount|customer_name": the columns are \
            separated by a vertical bar: set delimiter=bar
            """),
        FileCase(
            "sep= with a tab", "sep=\t\n\(header)8899650001,INV-1,150000,Anton\n",
            """
            file line 1 "sep=\\t": is not supported: separate the columns by commas or \
            semicolons, or set delimiter=tab
            """),
        FileCase(
            "sep= with another mark than the header",
            "sep=,\npayment_code;invoice_number;amount;customer_name\n",
            """
            file line 2 "payment_code;invoice_number;amount;customer_name": the file has no \
            header: the first line must name at least the columns payment_code, invoice_number, \
            amount, \
            customer_name\(Reason.skipLines)
            """),
        FileCase(
            "sep= without a mark", "sep=\n\(header)8899650001,INV-1,150000,Anton\n",
            """
            file line 1 "sep=": is not supported: separate the columns by commas or semicolons
            """),
        FileCase(
            "a quote in a name", "payment_code,invoice_number,amo\"unt\",customer_name\n",
            """
            file line 1 "payment_code,invoice_number,amo"unt",customer_name": a column name in \
            the header has a quote in the middle: remove the quote
            """),
        FileCase(
            "an unclosed quote in the header",
            "payment_code,\"invoice_number,amount,customer_name\n8899650001,INV-1,150000,Anton\n",
            "file line 1: the quote opened on line 1 \(Reason.neverClosed)"),
        FileCase(
            "a header that is not UTF-8",
            latin1: "payment_code,invoice_number,amount,nama \u{E9}\n",
            "file line 1 \"nama �\": \(Reason.noUTF8)"),
        FileCase(
            "one column", "payment_code\n8899650001\n",
            """
            file line 1: the header lacks invoice_number, amount, customer_name; \
            \(Reason.columns)\(Reason.advice)--map '…=invoice_number' --map '…=amount' \
            --map '…=customer_name'
            """),
    ]
}
