// NDJSON lines that are not a bill.

import Testing

struct NDJSONFaultTests {
    @Test(arguments: cases)
    func `an NDJSON line that is not a bill is refused with the reason`(_ file: FileCase) {
        let reading = Reading.sure(file.bytes, file.format)
        #expect(reading.description == file.reading)
    }

    private static let cases: [FileCase] = [
        FileCase(
            "an amount as text in another form",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":"150.000",\
            "customer_name":"Anton"}
            """, format: .ndjson,
            """
            1: amount "150.000": \(Reason.plain); amount_format=indonesian reads it as 150000: \
            \(Reason.declare)
            """),
        FileCase(
            "a fraction",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000.00,\
            "customer_name":"Anton"}
            """, format: .ndjson,
            "1: amount \"150000.00\": \(Reason.whole)"),
        FileCase(
            "an exponent",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":15e4,\
            "customer_name":"Anton"}
            """, format: .ndjson,
            "1: amount \"15e4\": \(Reason.whole)"),
        FileCase(
            "a null amount",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":null,\
            "customer_name":"Anton"}
            """, format: .ndjson,
            "1: amount \"null\": \(Reason.whole)"),
        FileCase(
            "a code as a number",
            """
            {"payment_code":8899650001,"invoice_number":1,"amount":150000,"customer_name":null}
            """, format: .ndjson,
            """
            1: payment_code "8899650001": must be a string in quotes: a number loses its leading \
            zeros;\
             invoice_number "1": must be a string in quotes: a number loses its leading zeros; \
            customer_name "null": must be a string
            """),
        FileCase(
            "a flag as text",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer_name":"Anton","reusable":"ya"}
            """, format: .ndjson,
            "1: reusable \"ya\": must be true or false"),
        FileCase(
            "empty texts",
            """
            {"payment_code":"","invoice_number":"INV-1","amount":150000,"customer_name":"Anton",\
            "info":""}
            """, format: .ndjson,
            """
            1: payment_code "": is empty: leave out the field, or send null; info "": is empty: \
            leave out the field, or send null
            """),
        FileCase(
            "nothing", "{}", format: .ndjson,
            """
            1: payment_code: \(Reason.missing); invoice_number: \(Reason.missing); amount: \
            \(Reason.missing); customer_name: \(Reason.missing)
            """),
        FileCase(
            "unknown fields",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer_name":"Anton","color":1,"ammount":2,"kode bayar":3,"account":"x"}
            """, format: .ndjson,
            """
            1: color "1": is not a field of a bill; ammount "2": is not a field of a bill; did \
            you mean amount?; kode bayar "3": is not a field of a bill; did you mean \
            payment_code?; account "x": \
            is not a field of a bill
            """),
        FileCase(
            "unknown fields of the customer",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer":{"name":"Anton","phone":"1"}}
            """, format: .ndjson,
            "1: customer/phone \"1\": is not a field of a customer"),
        FileCase(
            "a name twice",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer_name":"Anton","customer":{"name":"Budi"}}
            """, format: .ndjson,
            "1: customer_name \"Budi\": appears twice in the row"),
        FileCase(
            "a customer that is no object",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer":"Anton"}
            """, format: .ndjson,
            """
            1: customer "Anton": must be an object with name and email; customer_name: \
            \(Reason.missing)
            """),
        FileCase(
            "metadata that is no object",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer_name":"Anton","metadata":[1]}
            """, format: .ndjson,
            "1: metadata \"[1]\": must be a JSON object of at most 4096 bytes"),
        FileCase(
            "metadata of 4096 bytes and one more",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer_name":"Anton","metadata":{"a": \
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}}
            """, format: .ndjson,
            """
            1: metadata "{"a": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…": \
            must be a JSON object of at most 4096 bytes
            """),
        FileCase(
            "a key twice", "{\"payment_code\":\"8899650001\",\"payment_code\":\"8899650001\"}",
            format: .ndjson,
            """
            1: "{"payment_code":"8899650001","payment_code":"8899650001"}": is not strict JSON: \
            a key appears twice in one object at byte 29
            """),
        FileCase(
            "a trailing comma", "{\"payment_code\":\"8899650001\",}", format: .ndjson,
            """
            1: "{"payment_code":"8899650001",}": is not strict JSON: unexpected byte at byte 29
            """),
        FileCase(
            "too deep",
            "{\"metadata\":\(String(repeating: "[", count: 600))\(String(repeating: "]", count: 600))}",
            format: .ndjson,
            """
            1: "{"metadata":\(String(repeating: "[", count: 51))…": is not strict JSON: too many \
            containers inside each other at byte 27
            """),
        FileCase(
            "cut off in a line", "{\"payment_code\":\"8899650001\",\"invoic", format: .ndjson,
            """
            1: "{"payment_code":"8899650001","invoic": is not strict JSON: ends too early at byte 36
            """),
        FileCase(
            "two objects in a line", "{} {}", format: .ndjson,
            "1: \"{} {}\": is not strict JSON: something follows the value at byte 3"),
        FileCase(
            "no object behind the first",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer_name":"Anton"}
            []
            "x"
            17
            """, format: .ndjson,
            """
            1: 8899650001 INV-1 150000 Anton
            2: "[]": must be one JSON object
            3: "x": must be one JSON object
            4: "17": must be one JSON object
            """),
        FileCase(
            "a control character",
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":150000,\
            "customer_name":"An\\u0007ton"}
            """, format: .ndjson,
            "1: customer_name \"An\\u{7}ton\": \(Reason.control)"),
        FileCase(
            "every wrong field at once",
            """
            {"payment_code":"88x","invoice_number":"INV 1","amount":0,"reusable":1,\
            "expires_at":"31/12/2026","customer_name":" ","customer_email":"nobody","info":"a \
            line that is longer than thirty"}
            """, format: .ndjson,
            """
            1: payment_code "88x": \(Reason.code); invoice_number "INV 1": \(Reason.invoice); \
            amount "0": \(Reason.whole); reusable "1": must be true or false; expires_at \
            "31/12/2026": is day/month/year (2026-12-31): \(Reason.date)\(Reason.dayFirst()); customer_name " ": \
            contains only spaces; customer_email "nobody": \(Reason.email); info "a line \
            that is longer than thirty": has 33 characters; at most 30 are allowed
            """),
    ]
}
