// The header: names in English and Indonesian in any order, and what it may not be.

import Testing

struct HeaderTests {
    private static let names: [ImportCase] = [
        ImportCase(
            "Indonesian names",
            text: """
                Kode Pembayaran,Nomor Tagihan,Jumlah Tagihan,Nama Pelanggan,Jatuh Tempo,Surel,\
                Keterangan,Dipakai Ulang
                88965100000001,INV-1,150000,Anton,2099-12-31,a@b.id,SPP Mei,ya

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton" a@b.id info=SPP Mei until=2099-12-31T16:59:59Z \
                reusable
                """),
        ImportCase(
            "every column in another order",
            text: """
                info,reusable,customer_email,expires_at,customer_name,amount,invoice_number,\
                payment_code
                SPP,false,a@b.id,2099-12-31T10:00:00Z,Anton,150000,INV-1,88965100000001

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton" a@b.id info=SPP until=2099-12-31T10:00:00Z
                """),
        ImportCase(
            "capitals, spaces and hyphens",
            text: """
                 PAYMENT-CODE , Invoice Number,AMOUNT (Rp),customer.name
                88965100000001,INV-1,150000,Anton Budiman

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                """),
        ImportCase(
            "names in quotes",
            text: """
                "payment_code","invoice_number","amount","customer_name"
                88965100000001,INV-1,150000,Anton Budiman

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                """),
        ImportCase(
            "two languages in one header",
            text: """
                kode bayar,invoice,nominal,customer
                88965100000001,INV-1,150000,Anton Budiman

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                """),
    ]

    @Test(arguments: names)
    func `columns go by many names in any order`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }

    private static let faults: [ImportCase] = [
        ImportCase(
            "a column is missing",
            text: "payment_code,invoice_number,customer_name\u{A}",
            report: """
                refused: 0 rows, 1 refused
                1 amount refused: the header lacks amount; the columns are payment_code, \
                invoice_number, amount, reusable, expires_at, customer_name, customer_email, info
                """),
        ImportCase(
            "one column alone",
            text: """
                payment_code
                88965100000001

                """,
            report: """
                refused: 0 rows, 1 refused
                1 invoice_number refused: the header lacks invoice_number, amount, customer_name; \
                the columns are payment_code, invoice_number, amount, reusable, expires_at, \
                customer_name, customer_email, info
                """),
        ImportCase(
            "a column twice",
            text: "payment_code,invoice_number,amount,customer_name,amount\u{A}",
            report: """
                refused: 0 rows, 1 refused
                1 refused: the header has amount twice, as "amount" and as "amount"; the columns \
                are payment_code, invoice_number, amount, reusable, expires_at, customer_name, \
                customer_email, info
                """),
        ImportCase(
            "a column twice by two names",
            text: "payment_code,invoice_number,amount,customer_name,Nominal\u{A}",
            report: """
                refused: 0 rows, 1 refused
                1 refused: the header has amount twice, as "amount" and as "Nominal"; the columns \
                are payment_code, invoice_number, amount, reusable, expires_at, customer_name, \
                customer_email, info
                """),
        ImportCase(
            "a slip of the pen",
            text: """
                payment_code,invoice_nubmer,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman

                """,
            report: """
                refused: 0 rows, 1 refused
                1 invoice_number <invoice_nubmer> refused: the header has the unknown column \
                "invoice_nubmer" (is it invoice_number?), lacks invoice_number; the columns are \
                payment_code, invoice_number, amount, reusable, expires_at, customer_name, \
                customer_email, info
                """),
        ImportCase(
            "an unknown column",
            text: "payment_code,invoice_number,amount,customer_name,warna\u{A}",
            report: """
                refused: 0 rows, 1 refused
                1 <warna> refused: the header has the unknown column "warna"; the columns are \
                payment_code, invoice_number, amount, reusable, expires_at, customer_name, \
                customer_email, info
                """),
        ImportCase(
            "a column without a name",
            text: "payment_code,invoice_number,amount,customer_name,\u{A}",
            report: """
                refused: 0 rows, 1 refused
                1 <> refused: the header has a column without a name; the columns are payment_code, \
                invoice_number, amount, reusable, expires_at, customer_name, customer_email, info
                """),
        ImportCase(
            "no header",
            text: """
                88965100000001,INV-1,150000,Anton Budiman
                88965100000002,INV-2,150000,Anton Budiman

                """,
            report: """
                refused: 0 rows, 1 refused
                1 <88965100000001 INV-1 150000 Anton Budiman> refused: there is no header: the \
                first line must name the columns, at least payment_code, invoice_number, amount, \
                customer_name
                """),
        ImportCase(
            "a letter that only looks like one",
            text: """
                payment_code,invoice_number,\u{430}mount,customer_name
                88965100000001,INV-1,150000,Anton Budiman

                """,
            report: """
                refused: 0 rows, 1 refused
                1 amount <\u{430}mount> refused: the header has the unknown column "\u{430}mount", \
                lacks amount; the columns are payment_code, invoice_number, amount, reusable, \
                expires_at, customer_name, customer_email, info
                """),
        ImportCase(
            "a metadata column",
            text: "payment_code,invoice_number,amount,customer_name,metadata\u{A}",
            report: """
                refused: 0 rows, 1 refused
                1 <metadata> refused: the header has the unknown column "metadata"; the columns are \
                payment_code, invoice_number, amount, reusable, expires_at, customer_name, \
                customer_email, info
                """),
        ImportCase(
            "a quote within a name",
            text: "payment_code,invoice\"number,amount,customer_name\u{A}",
            report: """
                refused: 0 rows, 1 refused
                1 <payment_code,invoice"number,amount,customer_name> refused: the header has a \
                quote in the middle of a name
                """),
        ImportCase(
            "a title above the header",
            text: """
                Tagihan Mei
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman

                """,
            report: """
                refused: 0 rows, 1 refused
                1 <Tagihan Mei> refused: there is no header: the first line must name the columns, \
                at least payment_code, invoice_number, amount, customer_name
                """),
    ]

    @Test(arguments: faults)
    func `a header that is not whole is refused with all of its faults`(_ file: ImportCase)
        async throws
    {
        try await expectReport(file)
    }
}
