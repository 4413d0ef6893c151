// The grammar of CSV: line ends, delimiters, quotes, blank lines.

import Testing

struct CSVGrammarTests {
    @Test(arguments: cases)
    func `a CSV file reads the same however it is divided into chunks`(_ file: FileCase) {
        let reading = Reading.sure(file.bytes, file.format)
        #expect(reading.description == file.reading)
    }

    private static let cases: [FileCase] = [
        FileCase(
            "LF", "\(header)8899650001,INV-1,150000,Anton\n",
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "CRLF",
            """
            payment_code,invoice_number,amount,customer_name\r
            8899650001,INV-1,150000,Anton\r

            """,
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "lone CR",
            """
            payment_code,invoice_number,amount,customer_name\r8899650001,INV-1,150000,\
            Anton\r8899650002,INV-2,1,Budi\r
            """,
            """
            2: 8899650001 INV-1 150000 Anton
            3: 8899650002 INV-2 1 Budi
            """),
        FileCase(
            "mixed line ends",
            """
            payment_code,invoice_number,amount,customer_name\r
            8899650001,INV-1,150000,Anton\r8899650002,INV-2,1,Budi
            8899650003,INV-3,2,Citra\r

            """,
            """
            2: 8899650001 INV-1 150000 Anton
            3: 8899650002 INV-2 1 Budi
            4: 8899650003 INV-3 2 Citra
            """),
        FileCase(
            "no line end at the end", "\(header)8899650001,INV-1,150000,Anton",
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "CR at the end",
            "payment_code,invoice_number,amount,customer_name\r8899650001,INV-1,150000,Anton\r",
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "semicolons",
            "payment_code;invoice_number;amount;customer_name\n8899650001;INV-1;150000;Anton\n",
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "byte order mark", latin1: "\u{EF}\u{BB}\u{BF}\(header)8899650001,INV-1,150000,Anton\n",
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "byte order mark before a quoted header",
            latin1: """
                \u{EF}\u{BB}\u{BF}"payment_code","invoice_number","amount","customer_name"
                8899650001,INV-1,150000,Anton

                """,
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "sep= line",
            """
            sep=;
            payment_code;invoice_number;amount;customer_name
            8899650001;INV-1;150000;Anton

            """,
            "3: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "sep= line with CRLF and BOM",
            latin1: """
                \u{EF}\u{BB}\u{BF}sep=,\r
                payment_code,invoice_number,amount,customer_name\r
                8899650001,INV-1,150000,Anton\r

                """,
            "3: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "sep= decides, not the header",
            """
            SEP=;
            "payment_code";"invoice_number";amount;customer_name
            8899650001;INV-1;150000;"a,b,c,d"

            """,
            "3: 8899650001 INV-1 150000 a,b,c,d"),
        FileCase(
            "sep= line in quotes", "\"SEP=,\"\n\(header)8899650001,INV-1,150000,Anton\n",
            "3: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "quoted cells", "\(header)\"8899650001\",\"INV-1\",\"150000\",\"Anton\"\n",
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "doubled quotes", "\(header)8899650001,INV-1,150000,\"Anton \"\"Toni\"\" Budiman\"\n",
            "2: 8899650001 INV-1 150000 Anton \"Toni\" Budiman"),
        FileCase(
            "nothing but a doubled quote", "\(header)8899650001,INV-1,150000,\"\"\"\"\n",
            "2: 8899650001 INV-1 150000 \""),
        FileCase(
            "delimiter in quotes", "\(header)8899650001,INV-1,150000,\"Budiman, Anton\"\n",
            "2: 8899650001 INV-1 150000 Budiman, Anton"),
        FileCase(
            "other delimiter unquoted", "\(header)8899650001,INV-1,150000,Budiman; Anton\n",
            "2: 8899650001 INV-1 150000 Budiman; Anton"),
        FileCase(
            "line break in quotes keeps the lines true",
            "\(header)8899650001,INV-1,150000,\"Anton\nBudiman\"\n8899650002,INV-2,1,Budi\n",
            """
            2: customer_name "Anton\\nBudiman": \(Reason.lineBreak)
            4: 8899650002 INV-2 1 Budi
            """),
        FileCase(
            "CRLF in quotes counts once",
            "\(header)8899650001,INV-1,150000,\"Anton\r\nBudiman\"\r\n8899650002,INV-2,1,Budi\n",
            """
            2: customer_name "Anton\\r\\nBudiman": \(Reason.lineBreak)
            4: 8899650002 INV-2 1 Budi
            """),
        FileCase(
            "two CR in quotes count twice",
            "\(header)8899650001,INV-1,150000,\"A\r\rB\"\n8899650002,INV-2,1,Budi\n",
            """
            2: customer_name "A\\r\\rB": \(Reason.lineBreak)
            5: 8899650002 INV-2 1 Budi
            """),
        FileCase(
            "CR ends quotes, LF ends the row",
            "\(header)8899650001,INV-1,150000,\"A\r\"\n8899650002,INV-2,1,Budi\n",
            """
            2: customer_name "A\\r": \(Reason.lineBreak)
            4: 8899650002 INV-2 1 Budi
            """),
        FileCase(
            "blank lines",
            "\n\n\(header)\n8899650001,INV-1,150000,Anton\n\n\r\n8899650002,INV-2,1,Budi\n\n",
            """
            5: 8899650001 INV-1 150000 Anton
            8: 8899650002 INV-2 1 Budi
            """),
        FileCase(
            "empty rows of a sheet",
            "\(header)8899650001,INV-1,150000,Anton\n,,,\n , ,,\n8899650002,INV-2,1,Budi\n,,,\n",
            """
            2: 8899650001 INV-1 150000 Anton
            5: 8899650002 INV-2 1 Budi
            """),
    ]
}
