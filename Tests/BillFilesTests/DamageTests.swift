// Values changed by spreadsheets and editors: each change is recognised and named, never repaired.

import Testing

struct DamageTests {
    @Test(arguments: cases)
    func `a value changed by a spreadsheet is recognised`(_ cell: CellCase) {
        #expect(Reading.sure(cell.file).description == "2: " + cell.reading)
    }

    private static let cases: [CellCase] = [
        CellCase(.paymentCode, "8.9E+19", "payment_code \"8.9E+19\": \(Reason.scientific)"),
        CellCase(.paymentCode, "8,9E+19", "payment_code \"8,9E+19\": \(Reason.scientific)"),
        CellCase(.paymentCode, "8E+19", "payment_code \"8E+19\": \(Reason.scientific)"),
        CellCase(.paymentCode, "8.89651E19", "payment_code \"8.89651E19\": \(Reason.scientific)"),
        CellCase(.paymentCode, "######", "payment_code \"######\": \(Reason.narrow)"),
        CellCase(
            .paymentCode, "#REF!",
            "payment_code \"#REF!\": is the spreadsheet error #REF!: \(Reason.fix)"),
        CellCase(
            .paymentCode, "#N/A",
            "payment_code \"#N/A\": is the spreadsheet error #N/A: \(Reason.fix)"),
        CellCase(
            .paymentCode, "#VALUE!",
            "payment_code \"#VALUE!\": is the spreadsheet error #VALUE!: \(Reason.fix)"),
        CellCase(
            .paymentCode, "#NAME?",
            "payment_code \"#NAME?\": is the spreadsheet error #NAME?: \(Reason.fix)"),
        CellCase(
            .paymentCode, "=\"0123456\"",
            "payment_code \"=\"0123456\"\": \(Reason.keptText)"),
        CellCase(.paymentCode, "=A1", "payment_code \"=A1\": \(Reason.formula)"),
        CellCase(
            .paymentCode, "+8899650001",
            "payment_code \"+8899650001\": begins with +, like a formula: remove it"),
        CellCase(
            .paymentCode, "-8899650001",
            "payment_code \"-8899650001\": begins with -, like a formula: remove it"),
        CellCase(
            .paymentCode, "@8899650001",
            "payment_code \"@8899650001\": begins with @, like a formula: remove it"),
        CellCase(
            .paymentCode, "'8899650001",
            "payment_code \"'8899650001\": \(Reason.apostrophe)"),
        CellCase(
            .paymentCode, "8899650001.0",
            "payment_code \"8899650001.0\": \(Reason.decimalPart)"),
        CellCase(
            .paymentCode, "8899650001,00",
            "payment_code \"8899650001,00\": \(Reason.decimalPart)"),
        CellCase(.paymentCode, "8899650001.5", "payment_code \"8899650001.5\": \(Reason.code)"),
        CellCase(
            .paymentCode, "8899\u{A0}650001",
            """
            payment_code "8899\\u{A0}650001": contains a non-breaking or other unusual space: \
            remove the space
            """),
        CellCase(
            .paymentCode, "\u{200B}8899650001",
            """
            payment_code "\\u{200B}8899650001": contains an invisible character: type the value \
            again
            """),
        CellCase(
            .paymentCode, "\u{FEFF}8899650001",
            """
            payment_code "\\u{FEFF}8899650001": contains an invisible character: type the value \
            again
            """),
        CellCase(
            .paymentCode, "８８９９",
            "payment_code \"８８９９\": contains fullwidth digits: write the digits 0 to 9"),
        CellCase(
            .paymentCode, "\u{201C}8899650001\u{201D}",
            "payment_code \"\u{201C}8899650001\u{201D}\": \(Reason.quotes)"),
        CellCase(
            .paymentCode, "\u{2018}8899650001",
            "payment_code \"\u{2018}8899650001\": \(Reason.quotes)"),
        CellCase(
            .paymentCode, "889965OOO1",
            "payment_code \"889965OOO1\": contains the letter O instead of the digit 0"),
        CellCase(
            .paymentCode, "88996500l1",
            "payment_code \"88996500l1\": contains the letter I or l instead of the digit 1"),
        CellCase(
            .paymentCode, "88996\u{2013}500",
            """
            payment_code "88996\u{2013}500": contains a typographic dash: write - or remove the \
            dash
            """),
        CellCase(
            .paymentCode, "\"8899650001\"",
            "payment_code \"\"8899650001\"\": is in quotes twice: remove the inner quotes"),
        CellCase(.paymentCode, "8899650000000000000", "8899650000000000000 INV-1 150000 Anton"),
        CellCase(
            .invoiceNumber, "#REF!",
            "invoice_number \"#REF!\": is the spreadsheet error #REF!: \(Reason.fix)"),
        CellCase(.invoiceNumber, "#####", "invoice_number \"#####\": \(Reason.narrow)"),
        CellCase(.invoiceNumber, "#1", "8899650001 #1 150000 Anton"),
        CellCase(.invoiceNumber, "=A1", "invoice_number \"=A1\": \(Reason.formula)"),
        CellCase(.invoiceNumber, "=\"0012\"", "invoice_number \"=\"0012\"\": \(Reason.keptText)"),
        CellCase(.invoiceNumber, "'0012", "invoice_number \"'0012\": \(Reason.apostrophe)"),
        CellCase(.invoiceNumber, "'x", "8899650001 'x 150000 Anton"),
        CellCase(.invoiceNumber, "1.2E+05", "invoice_number \"1.2E+05\": \(Reason.scientific)"),
        CellCase(
            .invoiceNumber, "8,89651E+13", "invoice_number \"8,89651E+13\": \(Reason.scientific)"),
        CellCase(.invoiceNumber, "1E+15", "invoice_number \"1E+15\": \(Reason.scientific)"),
        CellCase(.invoiceNumber, "1.2E+308", "invoice_number \"1.2E+308\": \(Reason.scientific)"),
        CellCase(.invoiceNumber, "7.00E-01", "invoice_number \"7.00E-01\": \(Reason.scientific)"),
        CellCase(.invoiceNumber, "7E-001", "8899650001 7E-001 150000 Anton"),
        CellCase(.invoiceNumber, "7E-01", "8899650001 7E-01 150000 Anton"),
        CellCase(.invoiceNumber, "7.0E-001", "8899650001 7.0E-001 150000 Anton"),
        CellCase(.invoiceNumber, "9E-2026", "8899650001 9E-2026 150000 Anton"),
        CellCase(.invoiceNumber, "9.5E+2026", "8899650001 9.5E+2026 150000 Anton"),
        CellCase(.invoiceNumber, "1E+5", "8899650001 1E+5 150000 Anton"),
        CellCase(.invoiceNumber, "12E5", "8899650001 12E5 150000 Anton"),
        CellCase(.invoiceNumber, "2026-01-01", "8899650001 2026-01-01 150000 Anton"),
        CellCase(.invoiceNumber, "-001", "8899650001 -001 150000 Anton"),
        CellCase(.invoiceNumber, "+1", "8899650001 +1 150000 Anton"),
        CellCase(.invoiceNumber, "@SUM(A1)", "8899650001 @SUM(A1) 150000 Anton"),
        CellCase(.invoiceNumber, "'#N/A", "8899650001 #N/A 150000 Anton"),
        CellCase(.invoiceNumber, "'##", "8899650001 ## 150000 Anton"),
        CellCase(.invoiceNumber, "'1.2E+05", "8899650001 1.2E+05 150000 Anton"),
        CellCase(.invoiceNumber, "''##", "8899650001 '## 150000 Anton"),
        CellCase(
            .customerName, "#N/A",
            "customer_name \"#N/A\": is the spreadsheet error #N/A: \(Reason.fix)"),
        CellCase(.customerName, "##", "8899650001 INV-1 150000 ##"),
        CellCase(.customerName, "'#N/A", "8899650001 INV-1 150000 #N/A"),
        CellCase(.customerName, "#1 Toko", "8899650001 INV-1 150000 #1 Toko"),
        CellCase(.customerName, "=A1", "customer_name \"=A1\": \(Reason.formula)"),
        CellCase(.customerName, "=SUM(A1:A2)", "customer_name \"=SUM(A1:A2)\": \(Reason.formula)"),
        CellCase(
            .customerName, "@dapur.mama (Bandung)",
            "8899650001 INV-1 150000 @dapur.mama (Bandung)"),
        CellCase(
            .customerName, "+62 812-3456 (WA)", "8899650001 INV-1 150000 +62 812-3456 (WA)"),
        CellCase(.customerName, "+a|b!", "8899650001 INV-1 150000 +a|b!"),
        CellCase(.customerName, "-1+2", "8899650001 INV-1 150000 -1+2"),
        CellCase(.customerName, "'=1+2", "8899650001 INV-1 150000 =1+2"),
        CellCase(.customerName, "''=1+2", "8899650001 INV-1 150000 '=1+2"),
        CellCase(.customerName, "'@toko", "8899650001 INV-1 150000 @toko"),
        CellCase(.customerName, "'Aisyah", "8899650001 INV-1 150000 'Aisyah"),
        CellCase(.customerName, "''0812", "8899650001 INV-1 150000 '0812"),
        CellCase(.customerName, "'0812", "customer_name \"'0812\": \(Reason.apostrophe)"),
        CellCase(
            .customerName, "#NAME?",
            "customer_name \"#NAME?\": is the spreadsheet error #NAME?: \(Reason.fix)"),
        CellCase(
            .customerEmail, "#REF!",
            "customer_email \"#REF!\": is the spreadsheet error #REF!: \(Reason.fix)"),
        CellCase(.customerEmail, "'+a@b", "8899650001 INV-1 150000 Anton <+a@b>"),
        CellCase(.customerEmail, "=x@y", "customer_email \"=x@y\": \(Reason.formula)"),
        CellCase(
            .info, "#VALUE!",
            "info \"#VALUE!\": is the spreadsheet error #VALUE!: \(Reason.fix)"),
        CellCase(.info, "- Diskon (10%)", "8899650001 INV-1 150000 Anton (- Diskon (10%))"),
        CellCase(.info, "=1+1", "info \"=1+1\": \(Reason.formula)"),
        CellCase(.amount, "1.5E+05", "amount \"1.5E+05\": \(Reason.scientific)"),
        CellCase(.amount, "1,5E+05", "amount \"1,5E+05\": \(Reason.scientific)"),
        CellCase(.amount, "#####", "amount \"#####\": \(Reason.narrow)"),
        CellCase(
            .amount, "#REF!",
            "amount \"#REF!\": is the spreadsheet error #REF!: \(Reason.fix)"),
        CellCase(.amount, "=A1*2", "amount \"=A1*2\": \(Reason.formula)"),
        CellCase(
            .amount, "15O000", "amount \"15O000\": contains the letter O instead of the digit 0"),
        CellCase(
            .amount, "150000\u{A0}",
            """
            amount "150000\\u{A0}": contains a non-breaking or other unusual space: remove the \
            space
            """),
        CellCase(
            .amount, "１５",
            "amount \"１５\": contains fullwidth digits: write the digits 0 to 9"),
        CellCase(
            .amount, "+5", "amount \"+5\": begins with +, like a formula: remove it"),
        CellCase(
            .amount, "\u{661}\u{665}\u{660}",
            "amount \"\u{661}\u{665}\u{660}\": \(Reason.script)"),
        CellCase(
            .amount, "#DIV/0!",
            "amount \"#DIV/0!\": is the spreadsheet error #DIV/0!: \(Reason.fix)"),
        CellCase(.amount, "'150000", "amount \"'150000\": \(Reason.apostrophe)"),
        CellCase(.expiresAt, "#####", "expires_at \"#####\": \(Reason.narrow)"),
        CellCase(.expiresAt, "=TODAY()", "expires_at \"=TODAY()\": \(Reason.formula)"),
        CellCase(
            .expiresAt, "#VALUE!",
            "expires_at \"#VALUE!\": is the spreadsheet error #VALUE!: \(Reason.fix)"),
        CellCase(.expiresAt, "'2026-12-31", "expires_at \"'2026-12-31\": \(Reason.apostrophe)"),
        CellCase(
            .expiresAt, "2026\u{2013}12\u{2013}31",
            "expires_at \"2026\u{2013}12\u{2013}31\": is a date in another form: \(Reason.date)"),
        CellCase(
            .reusable, "#N/A",
            "reusable \"#N/A\": is the spreadsheet error #N/A: \(Reason.fix)"),
        CellCase(.reusable, "=TRUE()", "reusable \"=TRUE()\": \(Reason.formula)"),
        CellCase(.reusable, "'1", "reusable \"'1\": \(Reason.apostrophe)"),
    ]
}
