// NDJSON: the two shapes of a row, and what may come before and after a row.

import Testing

struct NDJSONTests {
    @Test(arguments: cases)
    func `an NDJSON line becomes a bill`(_ file: FileCase) {
        let reading = Reading.sure(file.bytes, file.format)
        #expect(reading.description == file.reading)
    }

    private static let cases: [FileCase] = [
        FileCase(
            "flat",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "reusable":true,"expires_at":"2026-12-31","customer_name":"Anton",\
            "customer_email":"a@b.id","info":"SPP"}
            """, format: .ndjson,
            "1: 8899650001 INV-1 150000 Anton reusable 2026-12-31T16:59:59.000Z <a@b.id> (SPP)"),
        FileCase(
            "as the API takes it",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer":{"name":"Anton","email":"a@b.id"},"metadata":{"kelas": [1, 2.50]}}
            """, format: .ndjson,
            "1: 8899650001 INV-1 150000 Anton <a@b.id> {\"kelas\":[1,2.50]}"),
        FileCase(
            "nulls",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "reusable":null,"expires_at":null,"customer":{"name":"Anton","email":null},\
            "info":null,"metadata":null}
            """, format: .ndjson,
            "1: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "escapes",
            """
            {"payment_code":"\\u0038899650001","invoice_number":"INV-1","amount":150000,\
            "customer_name":"Zo\\u00eb \\ud83d\\ude00"}
            """, format: .ndjson,
            "1: 8899650001 INV-1 150000 Zoë 😀"),
        FileCase(
            "an amount as text",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":"150000",\
            "customer_name":"Anton"}
            """, format: .ndjson,
            "1: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "texts that only a spreadsheet would run",
            """
            {"payment_code":"8899650001","invoice_number":"=A1","amount":150000,\
            "customer_name":"=A1","info":"#REF!"}
            """, format: .ndjson,
            "1: 8899650001 =A1 150000 =A1 (#REF!)"),
        FileCase(
            "blank lines and CRLF",
            """
            \r

            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer_name":"Anton"}\r
             \t\r
            {"payment_code":"8899650002","invoice_number":"INV-2","amount":1,\
            "customer_name":"Budi"}
            """, format: .ndjson,
            """
            3: 8899650001 INV-1 150000 Anton
            5: 8899650002 INV-2 1 Budi
            """),
        FileCase(
            "a byte order mark",
            latin1: """
                \u{EF}\u{BB}\u{BF}{"payment_code":"8899650001","invoice_number":"INV-1",\
                "amount":150000,"customer_name":"Anton"}
                """, format: .ndjson,
            "1: 8899650001 INV-1 150000 Anton"),
    ]
}
