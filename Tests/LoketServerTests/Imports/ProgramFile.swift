// Files as ERPs and spreadsheets write them, with the options that read them, unedited.

import Foundation

enum ProgramFile {
    /// A query such as `?map=No.%20Faktur%3Dinvoice_number&date_format=dmy`.
    static func query(_ parameters: String...) -> String {
        let pairs = parameters.map { parameter in
            let halves = parameter.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = String(halves[1]).addingPercentEncoding(
                withAllowedCharacters: .alphanumerics)
            return "\(halves[0])=\(value ?? "")"
        }
        return "?" + pairs.joined(separator: "&")
    }

    static let accurate = ImportCase(
        "Accurate Online",
        query: query(
            "map=No. Faktur=invoice_number", "map=No. VA=payment_code", "map=Terhutang=amount",
            "ignore=Tgl Faktur", "ignore=Nilai Faktur", "amount_format=indonesian",
            "date_format=dmy"),
        text: """
            No. Faktur;Tgl Faktur;Tgl Jatuh Tempo;No. VA;Nama Pelanggan;Nilai Faktur;Terhutang\r
            SI.2099.12.00001;01/12/2099;31/12/2099;88965100000001;"PT Maju; Jaya";250.000;150.000\r
            SI.2099.12.00002;02/12/2099;;88965100000002;CV Sinar;1.500.000;1.500.000\r

            """,
        report: """
            applied: 2 rows, 2 new, 2 applied created
            SI.2099.12.00001 88965100000001 150000 "PT Maju; Jaya" until=2099-12-31T16:59:59Z
            SI.2099.12.00002 88965100000002 1500000 "CV Sinar"
            """)

    static let jurnal = ImportCase(
        "Jurnal by Mekari",
        query: query(
            "map=Nomor=invoice_number", "map=Kode VA=payment_code",
            "map=Sisa Tagihan(dalam IDR)=amount", "ignore=Tanggal", "ignore=Status",
            "ignore=Total(dalam IDR)", "amount_format=indonesian", "date_format=dmy"),
        text: """
            "Tanggal","Nomor","Kode VA","Pelanggan","Tanggal Jatuh Tempo","Status",\
            "Sisa Tagihan(dalam IDR)","Total(dalam IDR)"
            "01/12/2099","INV/10001","88965100000001","Toko Abadi","31/12/2099","Open",\
            "Rp. 1.500.000,00","Rp. 2.000.000,00"

            """,
        report: """
            applied: 1 rows, 1 new, 1 applied created
            INV/10001 88965100000001 1500000 "Toko Abadi" until=2099-12-31T16:59:59Z
            """)

    static let odoo = ImportCase(
        "Odoo",
        query: query(
            "map=x_payment_code=payment_code", "map=Number=invoice_number",
            "map=Invoice Partner Display Name=customer_name", "map=Amount Due=amount",
            "ignore=Invoice/Bill Date", "ignore=Payment Status", "amount_format=english"),
        text: """
            "Number","Invoice Partner Display Name","Invoice/Bill Date","Due Date","Amount Due",\
            "Payment Status","x_payment_code"
            "INV/2099/00001","Azure Interior, Brandon","2099-12-01","2099-12-31",\
            "Rp 150,000.00","Not Paid","88965100000001"

            """,
        report: """
            applied: 1 rows, 1 new, 1 applied created
            INV/2099/00001 88965100000001 150000 "Azure Interior, Brandon" \
            until=2099-12-31T16:59:59Z
            """)

    static let excel = ImportCase(
        "Excel in Indonesian, CSV UTF-8",
        query: query("amount_format=indonesian", "date_format=dmy", "clean_spaces=true"),
        text: """
            \u{FEFF}kode bayar;no tagihan;nominal;tgl jatuh tempo;nama\r
            88965100000001;INV-1; Rp\u{A0}150.000 ;31/12/2099;Anton Budiman\r
            88965100000002;INV-2; Rp\u{A0}75.500 ;05/01/2100;Siti\u{A0}Rahayu \r
            ;;;;\r

            """,
        report: """
            applied: 2 rows, 2 new, 2 applied created
            2 amount < Rp\\u{A0}150.000 > cleaned: is read as Rp 150.000, by clean_spaces; this \
            column is cleaned in 1 more row
            3 customer_name cleaned: is cleaned, by clean_spaces
            INV-1 88965100000001 150000 "Anton Budiman" until=2099-12-31T16:59:59Z
            INV-2 88965100000002 75500 "Siti Rahayu" until=2100-01-05T16:59:59Z
            """)

    static let sap = ImportCase(
        "an SAP list",
        query: query(
            "encoding=utf-16", "delimiter=tab", "date_format=dmy", "amount_format=indonesian",
            "clean_spaces=true", "skip_lines=2", "map=Beleg=invoice_number",
            "map=Zahlcode=payment_code", "map=Name 1=customer_name",
            "map=Betrag in HW=amount", "map=Nettofällig=expires_at", "ignore=", "ignore=Hw"),
        bytes: utf16(
            """
            Offene Posten\t\t\t\t\t\t\t\r
            \r
            \tBeleg     \tZahlcode      \tName 1\tNettofällig\tBetrag in HW\tHw\t\r
            \t1800000017\t88965100000001\tToko Müller \t31.12.2099\t    150.000,00\tIDR\t\r
            \t1800000018\t88965100000002\tUD Sari\t05.01.2100\t    75.000,00\tIDR\t\r

            """),
        report: """
            applied: 2 rows, 2 new, 2 applied created
            4 customer_name cleaned: is cleaned, by clean_spaces
            4 amount <    150.000,00> cleaned: is read as 150.000,00, by clean_spaces; this \
            column is cleaned in 1 more row
            1800000017 88965100000001 150000 "Toko Müller" until=2099-12-31T16:59:59Z
            1800000018 88965100000002 75000 "UD Sari" until=2100-01-05T16:59:59Z
            """)

    static let sheets = ImportCase(
        "Google Sheets",
        query: query("amount_format=english", "date_format=dmy", "clean_spaces=true"),
        text: """
            Kode Pembayaran,No. Invoice,Jumlah,Jatuh Tempo,Nama\r
            88965100000001,INV-1,"150,000",31/12/2099,"Anton\nBudiman"\r
            88965100000002,INV-2,"75,500",31/12/2099,Siti\r
            ,,,,\r
            ,,,,
            """,
        report: """
            applied: 2 rows, 2 new, 2 applied created
            2 customer_name cleaned: is cleaned, by clean_spaces
            INV-1 88965100000001 150000 "Anton Budiman" until=2099-12-31T16:59:59Z
            INV-2 88965100000002 75500 "Siti" until=2099-12-31T16:59:59Z
            """)

    static let erpNext = ImportCase(
        "ERPNext",
        query: query(
            "map=name=invoice_number", "map=custom_kode_bayar=payment_code",
            "map=outstanding_amount=amount", "map=due_date=expires_at", "ignore=owner",
            "ignore=docstatus", "ignore=items", "amount_format=english"),
        type: "application/json",
        text: """
            [{"name":"ACC-SINV-2099-00001","owner":"Administrator","docstatus":1,
              "customer_name":"Grant Plastics Ltd.","custom_kode_bayar":"88965100000001",
              "outstanding_amount":150000.0,"due_date":"2099-12-31","items":[{"qty":1.0}]},
             {"name":"ACC-SINV-2099-00002","owner":"Administrator","docstatus":1,
              "customer_name":"West View","custom_kode_bayar":"88965100000002",
              "outstanding_amount":75500.0,"due_date":null,"items":[]}]
            """,
        report: """
            applied: 2 rows, 2 new, 2 applied created
            ACC-SINV-2099-00001 88965100000001 150000 "Grant Plastics Ltd." \
            until=2099-12-31T16:59:59Z
            ACC-SINV-2099-00002 88965100000002 75500 "West View"
            """)

    static let school = ImportCase(
        "a school's fee sheet",
        query: query(
            "skip_lines=3", "skip_rows=Total", "skip_rows=Mengetahui,", "ignore=No", "ignore=NIS",
            "ignore=Kelas", "map=Kode SPP=invoice_number", "map=Nama Siswa=customer_name",
            "map=Tagihan SPP (Rp)=amount", "map=Kode Bayar=payment_code",
            "amount_format=indonesian", "date_format=dmy"),
        text: """
            SMP HARAPAN BANGSA;;;;;;;
            DAFTAR SPP DESEMBER 2099;;;;;;;
            ;;;;;;;
            No;NIS;Nama Siswa;Kelas;Kode SPP;Kode Bayar;Tagihan SPP (Rp);Batas Waktu
            1;20991;Ahmad Fauzi;VII-A;SPP-2099-12-001;88965100000001;150.000;10/12/2099
            2;20992;Dewi Lestari;VII-A;SPP-2099-12-002;88965100000002;175.000;10/12/2099
            ;;Total;;;;325.000;
            ;;;;;;;
            Mengetahui,;;;;;;;

            """,
        report: """
            applied: 2 rows, 2 new, 2 applied created
            7 <Total> skipped: the row begins with a text of skip_rows, so it is not read as a bill
            9 <Mengetahui,> skipped: the row begins with a text of skip_rows, so it is not read as \
            a bill
            SPP-2099-12-001 88965100000001 150000 "Ahmad Fauzi" until=2099-12-10T16:59:59Z
            SPP-2099-12-002 88965100000002 175000 "Dewi Lestari" until=2099-12-10T16:59:59Z
            """)

    static let guarded = ImportCase(
        "codes that are guarded as text", query: query("clean_codes=true"),
        text: """
            payment_code,invoice_number,amount,customer_name
            '88965100000001,'0001,150000,Anton
            ="88965100000002",="0002",75000,Budi
            "=""88965100000003""\",INV-3,50000,Citra
            8896 5100 0000 04,INV-4,25000,Dewi
            8896-5100-0000-05,INV-5,25000,Eka
            88965100000006,INV-6,25000,Fajar

            """,
        report: """
            applied: 6 rows, 6 new, 6 applied created
            2 payment_code <'88965100000001> cleaned: is read as 88965100000001, by clean_codes; \
            this column is cleaned in 4 more rows
            2 invoice_number <'0001> cleaned: is read as 0001, by clean_codes; this column \
            is cleaned in 1 more row
            0001 88965100000001 150000 "Anton"
            0002 88965100000002 75000 "Budi"
            INV-3 88965100000003 50000 "Citra"
            INV-4 88965100000004 25000 "Dewi"
            INV-5 88965100000005 25000 "Eka"
            INV-6 88965100000006 25000 "Fajar"
            """)

    static let tabs = ImportCase(
        "tab-separated, in Windows-1252", query: query("delimiter=tab", "encoding=windows-1252"),
        bytes: Array("payment code\tinvoice no\tamount\tname\r\n".utf8)
            + Array("88965100000001\tINV-1\t150000\tJos".utf8) + [0xE9]
            + Array(" Pepe\r\n".utf8),
        report: """
            applied: 1 rows, 1 new, 1 applied created
            INV-1 88965100000001 150000 "José Pepe"
            """)

    static let all = [
        accurate, jurnal, odoo, excel, sap, sheets, erpNext, school, guarded, tabs,
    ]

    /// The bytes of a text in UTF-16 with a byte order mark.
    private static func utf16(_ text: String) -> [UInt8] {
        ("\u{FEFF}" + text).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }
}
