// Files over HTTP: one for each way to send a valid file, and one for each class of fault, with the
// complete report. BillFilesTests tests the grammar itself.

import Testing

struct FileTests {
    private static let right: [ImportCase] = [
        ImportCase(
            "CSV as a spreadsheet in Indonesia saves it", query: "?amount_format=indonesian",
            text: """
                \u{FEFF}sep=;\r
                Kode Pembayaran;Nomor Tagihan;Jumlah;Nama;Jatuh Tempo;Surel;Keterangan;Berulang\r
                88965100000001;INV-1;Rp150.000,00;"Anton; ""Toni""\";2099-12-31;a@b.id;SPP;ya\r
                \r
                88965100000002;INV-2;1;Renée 王小明 🎉;2099-12-31T23:59:59.5Z;;;\r
                ;;;;;;;
                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton; "Toni"" a@b.id info=SPP \
                until=2099-12-31T16:59:59Z reusable
                INV-2 88965100000002 1 "Renée 王小明 🎉" until=2099-12-31T23:59:59.500Z
                """),
        ImportCase(
            "English amounts", query: "?amount_format=english",
            text: ImportCase.head + "88965100000001,INV-1,\"150,000.00\",Anton\n",
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton"
                """),
        ImportCase(
            "the bill of the admin API, and a flat one",
            query: "?amount_format=indonesian", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer":{"name":"Anton","email":"a@b.id"},"reusable":true,\
                "expires_at":"2099-12-31","info":"SPP","metadata":{"a": [1, {"b": null}]}}
                {"payment_code":"88965100000002","invoice_number":"INV-2","amount":"Rp150.000",\
                "customer_name":"=A1","info":null}

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton" a@b.id info=SPP until=2099-12-31T16:59:59Z \
                reusable {"a":[1,{"b":null}]}
                INV-2 88965100000002 150000 "=A1"
                """),
        ImportCase(
            "NDJSON by another type", type: "application/jsonl", text: line,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 1 "A"
                """),
        ImportCase(
            "NDJSON by the parameter", query: "?format=ndjson", type: "application/octet-stream",
            text: line,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 1 "A"
                """),
        ImportCase("a header alone", text: ImportCase.head, report: "applied: 0 rows"),
    ]

    private static let line = """
        {"payment_code":"88965100000001","invoice_number":"INV-1","amount":1,"customer_name":"A"}
        """

    @Test(arguments: right)
    func `a file becomes bills in the form and format that it is sent in`(
        _ file: ImportCase
    ) async throws {
        try await expectReport(file)
    }

    private static let faults: [ImportCase] = [
        ImportCase(
            "cells, and lines that are counted past them",
            bytes: Array(
                """
                payment_code,invoice_number,amount,customer_name
                8896510000\u{200B}0001,INV-1,1.500,"Anton\r
                Budiman"
                88965100000002,INV-2,150000,\(String(repeating: "é", count: 65))
                88965100000003,INV-3,150000
                88965100000004,INV-4,150000,"Anton" B
                88965100000005,INV-5,150000,Anton
                88965100000006,INV-6,150000,Ren
                """.utf8) + [0xE9],
            report: """
                refused: 6 rows, 1 new, 5 refused
                2 payment_code <8896510000\\u{200B}0001> refused: contains an invisible \
                character: type the value again
                2 amount <1.500> refused: is not an amount of digits only, such as 150000; \
                amount_format=indonesian reads it as 1500: set this option if it fits all amounts \
                in the file
                2 customer_name <Anton\\r\\nBudiman> refused: contains a line break: write the \
                text in one line
                4 customer_name \
                <ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\u{2026}> refused: \
                has 65 characters; at most 64 are allowed
                5 <88965100000003,INV-3,150000> refused: the row has 3 cells, but the header has 4
                6 customer_name <Anton B> refused: has text after its closing quote: put the \
                whole cell in quotes, and write each quote inside the text twice
                8 customer_name <Ren�> refused: is not UTF-8: save the file as CSV UTF-8, or set \
                encoding=windows-1252 if a Windows program saved it as plain CSV
                """),
        ImportCase(
            "lines of NDJSON", type: "application/x-ndjson",
            text: """
                {"payment_code":88965100000001,"invoice_number":"INV-1","amount":1.5e5,\
                "customer":{"name":"A","phone":"1"},"colour":"red"}
                []
                {"payment_code":"88965100000004","invoice_number":"INV-4","amount":1,"amount":2}
                {"payment_code":"88965100000005","invoice_number":"INV-5","amount":1,\
                "customer_name":"A"}
                """,
            report: """
                refused: 4 rows, 1 new, 3 refused
                1 payment_code <88965100000001> refused: must be a string in quotes: a number \
                loses its leading zeros
                1 amount <1.5e5> refused: must be whole rupiah, a JSON integer from 1 to \
                999999999999
                1 customer/phone <1> refused: is not a field of a customer
                1 colour <red> refused: is not a field of a bill
                2 <[]> refused: must be one JSON object
                3 <{"payment_code":"88965100000004","invoice_number":"INV-4","amou\u{2026}> \
                refused: is not strict JSON: a key appears twice in one object at byte 69
                """),
        ImportCase(
            "a header",
            text: "payment_code,invoice_number,ammount,customer_name\n" + ImportCase.row(1),
            report: """
                refused: 0 rows, 1 refused
                1 amount <ammount> refused: the header has the unknown column "ammount" (did you \
                mean amount?), lacks amount; the valid columns are payment_code, invoice_number, \
                amount, \
                amounts, reusable, valid_from, expires_at, due_at, customer_name, customer_email, \
                info; to read the file as it is, for example: --map 'ammount=amount'
                """),
        ImportCase(
            "a fault that ends the reading after right rows",
            text: ImportCase.head + ImportCase.row(1) + "88965100000002,INV-2,150000,\"Budi\n"
                + ImportCase.row(3),
            report: """
                refused: 1 rows, 1 new, 1 refused
                3 refused: the quote opened on line 3 is never closed: close the quote, or write \
                it twice if it is part of the text
                """),
        ImportCase(
            "a file of another kind", bytes: [0x50, 0x4B, 3, 4, 20, 0, 6, 0],
            report: """
                refused: 0 rows, 1 refused
                refused: is an Excel workbook (.xlsx) or another zip archive: save it as CSV UTF-8
                """),
    ]

    @Test(arguments: faults)
    func `a file is refused with the line, the column and the value of each fault`(
        _ file: ImportCase
    ) async throws {
        try await expectReport(file)
    }
}
