// Values at and beyond their limits, column by column.

import Testing

struct ValueTests {
    @Test(arguments: cases)
    func `a value is read or refused`(_ cell: CellCase) {
        #expect(Reading.sure(cell.file).description == "2: " + cell.reading)
    }

    private static let cases: [CellCase] = [
        CellCase(.paymentCode, "1", "1 INV-1 150000 Anton"),
        CellCase(.paymentCode, "0001", "0001 INV-1 150000 Anton"),
        CellCase(
            .paymentCode, "8888888888888888888888888",
            "8888888888888888888888888 INV-1 150000 Anton"),
        CellCase(
            .paymentCode, "88888888888888888888888888",
            """
            payment_code "88888888888888888888888888": has 26 digits, but a payment code has at \
            most 25
            """),
        CellCase(.paymentCode, "8899 650001", "payment_code \"8899 650001\": \(Reason.code)"),
        CellCase(.paymentCode, "8899-650001", "payment_code \"8899-650001\": \(Reason.code)"),
        CellCase(.paymentCode, " 8899650001", "payment_code \" 8899650001\": \(Reason.space)"),
        CellCase(.paymentCode, "8899650001 ", "payment_code \"8899650001 \": \(Reason.space)"),
        CellCase(.paymentCode, "88٩", "payment_code \"88٩\": \(Reason.script)"),
        CellCase(.paymentCode, "INV-1", "payment_code \"INV-1\": \(Reason.code)"),
        CellCase(.paymentCode, "88€", "payment_code \"88€\": \(Reason.code)"),
        CellCase(.invoiceNumber, "a", "8899650001 a 150000 Anton"),
        CellCase(
            .invoiceNumber, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            """
            8899650001 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 150000 \
            Anton
            """),
        CellCase(
            .invoiceNumber, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            """
            invoice_number "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…": \
            has 65 characters; at most 64 are allowed
            """),
        CellCase(.invoiceNumber, "INV 1", "invoice_number \"INV 1\": \(Reason.invoice)"),
        CellCase(.invoiceNumber, "INV-é", "invoice_number \"INV-é\": \(Reason.invoice)"),
        CellCase(.invoiceNumber, "INV\t1", "invoice_number \"INV\\t1\": \(Reason.invoice)"),
        CellCase(.invoiceNumber, "!\"#$%&/(=?", "8899650001 !\"#$%&/(=? 150000 Anton"),
        CellCase(.reusable, "true", "8899650001 INV-1 150000 Anton reusable"),
        CellCase(.reusable, "TRUE", "8899650001 INV-1 150000 Anton reusable"),
        CellCase(.reusable, "False", "8899650001 INV-1 150000 Anton"),
        CellCase(.reusable, "yes", "8899650001 INV-1 150000 Anton reusable"),
        CellCase(.reusable, "No", "8899650001 INV-1 150000 Anton"),
        CellCase(.reusable, "Ya", "8899650001 INV-1 150000 Anton reusable"),
        CellCase(.reusable, "tidak", "8899650001 INV-1 150000 Anton"),
        CellCase(.reusable, "1", "8899650001 INV-1 150000 Anton reusable"),
        CellCase(.reusable, "0", "8899650001 INV-1 150000 Anton"),
        CellCase(.reusable, "2", "reusable \"2\": \(Reason.flag)"),
        CellCase(.reusable, "maybe", "reusable \"maybe\": \(Reason.flag)"),
        CellCase(.reusable, "01", "reusable \"01\": \(Reason.flag)"),
        CellCase(.reusable, "\u{11}", "reusable \"\\u{11}\": \(Reason.flag)"),
        CellCase(.reusable, " ya", "reusable \" ya\": \(Reason.space)"),
        CellCase(.reusable, "truefalse", "reusable \"truefalse\": \(Reason.flag)"),
        CellCase(.reusable, "benar", "reusable \"benar\": \(Reason.flag)"),
        CellCase(.customerName, "A", "8899650001 INV-1 150000 A"),
        CellCase(.customerName, "Zoë 北京 😀", "8899650001 INV-1 150000 Zoë 北京 😀"),
        CellCase(
            .customerName, "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé",
            """
            8899650001 INV-1 150000 \
            éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé
            """),
        CellCase(
            .customerName, "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé",
            """
            customer_name "ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé…": \
            has 65 characters; at most 64 are allowed
            """),
        CellCase(
            .customerName, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            """
            8899650001 INV-1 150000 \
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
            """),
        CellCase(
            .customerName, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            """
            customer_name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…": \
            has 65 characters; at most 64 are allowed
            """),
        CellCase(.customerName, " ", "customer_name \" \": contains only spaces"),
        CellCase(.customerName, "\u{A0}", "customer_name \"\\u{A0}\": contains only spaces"),
        CellCase(
            .customerName, "\u{3000}", "customer_name \"\\u{3000}\": contains only spaces"),
        CellCase(.customerName, "\t", "customer_name \"\\t\": \(Reason.control)"),
        CellCase(.customerName, "An\u{7}ton", "customer_name \"An\\u{7}ton\": \(Reason.control)"),
        CellCase(
            .customerName, "An\u{85}ton",
            "customer_name \"An\\u{85}ton\": \(Reason.control)"),
        CellCase(
            .customerName, "An\u{2028}ton", "customer_name \"An\\u{2028}ton\": \(Reason.lineBreak)"),
        CellCase(
            .customerName, "Ant\u{202E}on", "customer_name \"Ant\\u{202E}on\": \(Reason.direction)"),
        CellCase(.info, "SPP\u{200F}", "info \"SPP\\u{200F}\": \(Reason.direction)"),
        CellCase(.customerName, " Anton ", "8899650001 INV-1 150000  Anton "),
        CellCase(.customerName, "O'Brien", "8899650001 INV-1 150000 O'Brien"),
        CellCase(.customerName, "'Aisyah", "8899650001 INV-1 150000 'Aisyah"),
        CellCase(.customerName, "-", "8899650001 INV-1 150000 -"),
        CellCase(.customerName, "@toko", "8899650001 INV-1 150000 @toko"),
        CellCase(.customerName, "+62 812", "8899650001 INV-1 150000 +62 812"),
        CellCase(.customerName, "O\u{2019}Brien", "8899650001 INV-1 150000 O\u{2019}Brien"),
        CellCase(
            .customerName, "\u{201C}Anton\u{201D}",
            "8899650001 INV-1 150000 \u{201C}Anton\u{201D}"),
        CellCase(.customerName, "A,B;C\"D", "8899650001 INV-1 150000 A,B;C\"D"),
        CellCase(.customerEmail, "a@b", "8899650001 INV-1 150000 Anton <a@b>"),
        CellCase(.customerEmail, "a.b+c@d.co.id", "8899650001 INV-1 150000 Anton <a.b+c@d.co.id>"),
        CellCase(.customerEmail, "nobody", "customer_email \"nobody\": \(Reason.email)"),
        CellCase(.customerEmail, "@b", "customer_email \"@b\": \(Reason.email)"),
        CellCase(.customerEmail, "a@", "customer_email \"a@\": \(Reason.email)"),
        CellCase(.customerEmail, "a@b@c", "customer_email \"a@b@c\": \(Reason.email)"),
        CellCase(.customerEmail, "a b@c", "customer_email \"a b@c\": \(Reason.email)"),
        CellCase(
            .customerEmail, String(repeating: "x", count: 126) + "@b",
            "8899650001 INV-1 150000 Anton <\(String(repeating: "x", count: 126))@b>"),
        CellCase(
            .customerEmail, String(repeating: "x", count: 127) + "@b",
            """
            customer_email "\(String(repeating: "x", count: 63))…": has 129 characters; at most \
            128 are allowed
            """),
        CellCase(.customerEmail, "=a@b", "customer_email \"=a@b\": \(Reason.formula)"),
        CellCase(.customerEmail, "a@b ", "customer_email \"a@b \": \(Reason.email)"),
        CellCase(
            .info, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "8899650001 INV-1 150000 Anton (xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx)"),
        CellCase(
            .info, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            """
            info "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": has 31 characters; at most 30 are allowed
            """),
        CellCase(.info, "SPP\nJanuari", "info \"SPP\\nJanuari\": \(Reason.lineBreak)"),
    ]
}
