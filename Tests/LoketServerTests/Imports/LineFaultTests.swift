// NDJSON that is wrong: values of another kind, members that do not exist, lines that are no JSON.

import Testing

struct LineFaultTests {
    private static let wrong: [ImportCase] = [
        ImportCase(
            "values of another kind", type: "application/x-ndjson",
            text: """
                {"payment_code":88965100000001,"invoice_number":1,"amount":"150.000",\
                "customer_name":2}
                {"payment_code":"88965100000002","invoice_number":"INV-2","amount":150000.5,\
                "customer_name":"A"}
                {"payment_code":"88965100000003","invoice_number":"INV-3","amount":1.5e5,\
                "customer_name":"A"}
                {"payment_code":"88965100000004","invoice_number":"INV-4","amount":-1,\
                "customer_name":""}
                {"payment_code":"88965100000005","invoice_number":"INV-5","amount":null,\
                "customer_name":null}
                {"payment_code":"88965100000006","invoice_number":"INV-6","amount":150000,\
                "customer_name":"Anton Budiman","reusable":"ya","info":5,"expires_at":20991231}
                {"payment_code":"88965100000007","invoice_number":"INV-7","amount":150000,\
                "customer_name":"Anton Budiman","customer_email":"","info":""}
                {"payment_code":"88965100000008","invoice_number":"INV-8","amount":150000,\
                "customer_name":"Anton Budiman","metadata":[1]}
                {"payment_code":"88965100000009","invoice_number":"INV-9","amount":150000,\
                "customer_name":"Anton Budiman","metadata":"x"}

                """,
            report: """
                refused: 9 rows, 9 refused
                1 payment_code <88965100000001> refused: must be a string, in quotes: a number \
                loses its zeros
                1 invoice_number <1> refused: must be a string, in quotes: a number loses its zeros
                1 amount <150.000> refused: is not an amount of digits alone, such as 150000; \
                amount_format=indonesian reads it as 150000: declare the form if all amounts of the \
                file are written so
                1 customer_name <2> refused: must be a string, in quotes: a number loses its zeros
                2 amount <150000.5> refused: must be whole rupiah, a JSON integer from 1 to \
                999999999999
                3 amount <1.5e5> refused: must be whole rupiah, a JSON integer from 1 to \
                999999999999
                4 amount <-1> refused: must be whole rupiah, a JSON integer from 1 to 999999999999
                4 customer_name <> refused: is empty: leave it out, or null, if there is none
                5 amount <null> refused: must be whole rupiah, a JSON integer from 1 to 999999999999
                5 customer_name <null> refused: must be a string
                6 reusable <ya> refused: must be true or false
                6 info <5> refused: must be a string, in quotes: a number loses its zeros
                6 expires_at <20991231> refused: must be a string, in quotes: a number loses its \
                zeros
                7 customer_email <> refused: is empty: leave it out, or null, if there is none
                7 info <> refused: is empty: leave it out, or null, if there is none
                8 metadata <[1]> refused: must be an object of at most 4096 bytes
                9 metadata <x> refused: must be an object of at most 4096 bytes
                """),
        ImportCase(
            "members that are missing, unknown or there twice", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000}
                {"payment_code":"88965100000002","invoice_number":"INV-2","amount":150000,\
                "customer_name":"Anton Budiman","colour":"red","Amount":1}
                {"payment_code":"88965100000003","invoice_number":"INV-3","amount":150000,\
                "customer_name":"Anton Budiman","customer":{"name":"B"}}
                {"payment_code":"88965100000004","invoice_number":"INV-4","amount":1,"amount":2,\
                "customer_name":"A"}
                {"payment_code":"88965100000005","invoice_number":"INV-5","amount":1,\
                "customer":{"name":"A","phone":"1"}}
                {"payment_code":"88965100000006","invoice_number":"INV-6","amount":1,"customer":"A"}
                {"payment_code":"88965100000007","invoice_number":"INV-7","amount":1,"customer":{}}
                {"payment_code":"88965100000008","invoice_number":"INV-8","amount":150000,\
                "customer_name":"Anton Budiman","state":"paid","id":"7"}

                """,
            report: """
                refused: 8 rows, 8 refused
                1 customer_name refused: is missing, every bill needs one
                2 colour <red> refused: is no field of a bill
                2 Amount <1> refused: is no field of a bill; is it amount?
                3 customer_name <B> refused: stands in the row twice
                4 <{"payment_code":"88965100000004","invoice_number":"INV-4","amou\u{2026}> \
                refused: is not strict JSON: a key stands twice in one object at byte 69
                5 customer/phone <1> refused: is no field of a customer
                6 customer <A> refused: must be an object of name and email
                6 customer_name refused: is missing, every bill needs one
                7 customer_name refused: is missing, every bill needs one
                8 state <paid> refused: is no field of a bill
                8 id <7> refused: is no field of a bill
                """),
        ImportCase(
            "lines that are no strict JSON", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"Anton Budiman"}
                {"payment_code":"88965100000002","invoice_number":"INV-2","amount":150000,\
                "customer_name":"Anton Budiman",}
                {'payment_code':1}
                {"payment_code":"88965100000004","invoice_number":"INV-4","amount":150000,\
                "customer_name":"Anton Budiman"}{"payment_code":"88965100000005",\
                "invoice_number":"INV-5","amount":150000,"customer_name":"Anton Budiman"}
                []
                null
                {"payment_code":"88965100000007","invoice_number":"INV-7","amount":150000,\
                "customer_name":"Anton Budiman"
                // x
                {"payment_code":"88965100000009","invoice_number":"INV-9","amount":01}

                """,
            report: """
                refused: 9 rows, 1 new, 8 refused
                2 <{"payment_code":"88965100000002","invoice_number":"INV-2","amou\u{2026}> \
                refused: is not strict JSON: unexpected byte at byte 106
                3 <{'payment_code':1}> refused: is not strict JSON: unexpected byte at byte 1
                4 <{"payment_code":"88965100000004","invoice_number":"INV-4","amou\u{2026}> \
                refused: is not strict JSON: something follows the value at byte 106
                5 <[]> refused: must be one JSON object
                6 <null> refused: must be one JSON object
                7 <{"payment_code":"88965100000007","invoice_number":"INV-7","amou\u{2026}> \
                refused: is not strict JSON: ends too early at byte 105
                8 <// x> refused: is not strict JSON: unexpected byte at byte 0
                9 <{"payment_code":"88965100000009","invoice_number":"INV-9","amou\u{2026}> \
                refused: is not strict JSON: not a JSON number at byte 68
                """),
        ImportCase(
            "metadata of 17 KiB", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"Anton Budiman","metadata":{"a":"\
                \(String(repeating: "x", count: 17_000))"}}

                """,
            report: """
                refused: 1 rows, 1 refused
                1 metadata \
                <{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\u{2026}> refused: \
                must be an object of at most 4096 bytes
                """),
        ImportCase(
            "a deep one", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"Anton Budiman","metadata":{"a":\
                \(String(repeating: "[", count: 600))\(String(repeating: "]", count: 600))}}

                """,
            report: """
                refused: 1 rows, 1 refused
                1 <{"payment_code":"88965100000001","invoice_number":"INV-1","amou\u{2026}> \
                refused: is not strict JSON: too many containers inside each other at byte 136
                """),
        ImportCase(
            "a line of 65 KiB", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"Anton Budiman"}
                \(String(repeating: "x", count: 65_600))

                """,
            report: """
                refused: 1 rows, 1 new, 1 refused
                2 refused: the line is longer than 64 KiB, which no bill needs: is this one JSON \
                object a line?
                """),
        ImportCase(
            "an array of lines", type: "application/x-ndjson",
            text: """
                [{"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"Anton Budiman"},
                {"payment_code":"88965100000002","invoice_number":"INV-2","amount":150000,\
                "customer_name":"Anton Budiman"}]

                """,
            report: """
                refused: 0 rows, 1 refused
                1 refused: is a JSON array: send one object a line (NDJSON), without brackets \
                around them and commas between them
                """),
        ImportCase(
            "CSV as NDJSON", type: "application/x-ndjson",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman


                """,
            report: """
                refused: 0 rows, 1 refused
                1 <payment_code,invoice_number,amount,customer_name> refused: is no JSON object: \
                send one object a line, or CSV with format=csv
                """),
        ImportCase(
            "no line", type: "application/x-ndjson",
            text: "",
            report: """
                refused: 0 rows, 1 refused
                refused: the file is empty
                """),
        ImportCase(
            "blank lines alone", type: "application/x-ndjson",
            text: """

                 \u{20}


                """,
            report: """
                refused: 0 rows, 1 refused
                refused: the file is empty
                """),
        ImportCase(
            "a line of Latin-1", type: "application/x-ndjson",
            bytes: Array(line.utf8) + [0x0A, 0x7B, 0x22, 0xE9, 0x22, 0x3A, 0x31, 0x7D, 0x0A],
            report: """
                refused: 2 rows, 1 new, 1 refused
                2 <{"�":1}> refused: is not UTF-8: save the file as CSV UTF-8
                """),
        ImportCase(
            "lines of UTF-16", type: "application/x-ndjson",
            bytes: [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00],
            report: """
                refused: 0 rows, 1 refused
                refused: is UTF-16 ("Unicode text"): save it as CSV UTF-8
                """),
        ImportCase(
            "cut off in a line", type: "application/x-ndjson",
            text: """
                {"payment_code":"88965100000001","invoice_number":"INV-1","amount":150000,\
                "customer_name":"Anton Budiman"}
                {"payment_code":"88965100000002","invoic
                """,
            report: """
                refused: 2 rows, 1 new, 1 refused
                2 <{"payment_code":"88965100000002","invoic> refused: is not strict JSON: ends too \
                early at byte 40
                """),
    ]

    @Test(arguments: wrong)
    func `a line that is no bill is refused, each for itself`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }

    private static let line = #"""
        {"payment_code":"88965100000001","invoice_number":"INV-1","amount":1,"customer_name":"A"}
        """#
}
