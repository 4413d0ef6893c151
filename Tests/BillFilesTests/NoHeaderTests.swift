// First lines that are no header, but a bill or a title: no option maps their values.

import Testing

struct NoHeaderTests {
    @Test(arguments: cases)
    func `a first line is a header only if its cells are like names`(_ file: FileCase) {
        let reading = Reading.sure(file.bytes, file.format)
        #expect(reading.description == file.reading)
    }

    private static let cases: [FileCase] = [
        FileCase(
            "names of which none is known", "VA;Beleg;Betrag;It's\n",
            """
            file line 1 "VA Beleg Betrag It's": the file has no header: the first line must name \
            at least the columns payment_code, invoice_number, amount, customer_name; if these are \
            the names of its columns, for example: --map 'VA=payment_code' --map \
            '…=invoice_number' --map '…=amount' --map '…=customer_name' --ignore 'Beleg' --ignore \
            'Betrag' --ignore 'It'\\''s'\(Reason.skipLines)
            """),
        FileCase(
            "no header", "8899650001,INV-1,150000,Anton\n",
            """
            file line 1 "8899650001 INV-1 150000 Anton": the file has no header: the first line \
            must name at least the columns payment_code, invoice_number, amount, customer_name\
            \(Reason.skipLines)
            """),
        FileCase(
            "no header, with codes and amounts as people write them",
            "INV-1;8899-6500-01;Rp150.000;Nama Anton;Siswa 7B\n",
            """
            file line 1 "INV-1 8899-6500-01 Rp150.000 Nama Anton Siswa 7B": the file has no \
            header: the first line must name at least the columns payment_code, invoice_number, \
            amount, customer_name\(Reason.skipLines)
            """),
        FileCase(
            "no header, with a value that is also a name",
            "8899650001,INV-1,150000,Anton,2026-12-31,Catatan,a@b.id\n",
            """
            file line 1 "8899650001 INV-1 150000 Anton 2026-12-31 Catatan a@b.id": the file has \
            no header: the first line must name at least the columns payment_code, \
            invoice_number, amount, customer_name\(Reason.skipLines)
            """),
        FileCase(
            "no header, of texts that are like no name", "Beleg;Betrag;Kunde;Konto;It's\n",
            """
            file line 1 "Beleg Betrag Kunde Konto It's": the file has no header: the first line \
            must name at least the columns payment_code, invoice_number, amount, customer_name\
            \(Reason.skipLines)
            """),
        FileCase(
            "a header with a number for a name",
            "kode bayar,no invoice,nama,Sisa,2026\n",
            """
            file line 1: the header has the unknown column "Sisa", has the unknown column "2026", \
            lacks amount; \(Reason.columns)\(Reason.advice)--map 'Sisa=amount' --ignore '2026'
            """),
        FileCase(
            "a title above the header",
            "Daftar Tagihan SPP\n\(header)8899650001,INV-1,150000,Anton\n",
            """
            file line 1 "Daftar Tagihan SPP": the file has no header: the first line must name at \
            least the columns payment_code, invoice_number, amount, customer_name\(Reason.skipLines)
            """),
        FileCase(
            "a title that a spreadsheet padded", "SMP HARAPAN;;;;;;;\n\(header)",
            """
            file line 1 "SMP HARAPAN       ": the file has no header: the first line must name at \
            least the columns payment_code, invoice_number, amount, customer_name\(Reason.skipLines)
            """),
    ]
}
