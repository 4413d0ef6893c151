// NDJSON: one bill a line, flat or as the admin API takes it; strict JSON and nothing else.

import Testing

struct LineTests {
    private static let bills: [ImportCase] = [
        ImportCase(
            "flat lines", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"Anton Budiman"}
                {"payment_code":"88965100000002","invoice_number":"INV-2","amount":150000,\
                "customer_name":"Anton Budiman"}

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "the bill of the admin API", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer":{"name":"Anton","email":"a@b.id"},"reusable":true,\
                "expires_at":"2099-12-31","info":"SPP","metadata":{"a": [1, {"b": null}]}}

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton" a@b.id info=SPP until=2099-12-31T16:59:59Z \
                reusable {"a":[1,{"b":null}]}
                """),
        ImportCase(
            "nothing where nothing may be", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"Anton Budiman","customer_email":null,"info":null,"expires_at":null,\
                "reusable":null,"metadata":null}

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                """),
        ImportCase(
            "blank lines, CRLF and a byte order mark", type: "application/jsonl",
            text: """
                \u{FEFF}\r
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"Anton Budiman"}\r
                 \r
                {"payment_code":"88965100000002","invoice_number":"INV-2","amount":150000,\
                "customer_name":"Anton Budiman"}
                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-2 88965100000002 150000 "Anton Budiman"
                """),
        ImportCase(
            "amounts as text", query: "?amount_format=indonesian", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":"Rp150.000",\
                "customer_name":"A"}
                {"payment_code":"88965100000002","invoice_number":"INV-2","amount":150000,\
                "customer_name":"B"}

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "A"
                INV-2 88965100000002 150000 "B"
                """),
        ImportCase(
            "texts that a spreadsheet never saw", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"=A1","info":"'x"}

                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "=A1" info='x
                """),
        ImportCase(
            "by its parameter", query: "?format=ndjson", type: "application/octet-stream",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"Anton Budiman"}
                """,
            report: """
                applied: 1 rows, 1 new, 1 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                """),
    ]

    @Test(arguments: bills)
    func `a line is a bill`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }
}
