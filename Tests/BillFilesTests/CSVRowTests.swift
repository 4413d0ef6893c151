// CSV rows: the number of cells, empty cells, misplaced quotes, column order, several faults.

import Testing

struct CSVRowTests {
    @Test(arguments: cases)
    func `a CSV row becomes a bill or is refused with the reason`(_ file: FileCase) {
        let reading = Reading.sure(file.bytes, file.format)
        #expect(reading.description == file.reading)
    }

    private static let cases: [FileCase] = [
        FileCase(
            "text behind a closing quote",
            "\(header)8899650001,INV-1,150000,\"Anton\" B\n8899650002,INV-2,1,Budi\n",
            """
            2: customer_name "Anton B": \(Reason.behindQuote)
            3: 8899650002 INV-2 1 Budi
            """),
        FileCase(
            "a space behind a closing quote", "\(header)8899650001,\"INV-1\" ,150000,Anton\n",
            "2: invoice_number \"INV-1 \": \(Reason.behindQuote)"),
        FileCase(
            "a quote inside",
            "\(header)8899650001,INV-1,150000,Anton \"Toni\"\n8899650002,INV-2,1,Budi\n",
            """
            2: customer_name "Anton "Toni"": \(Reason.middleQuote)
            3: 8899650002 INV-2 1 Budi
            """),
        FileCase(
            "a space before a quote", "\(header)8899650001,INV-1,150000, \"Anton\"\n",
            "2: customer_name \" \"Anton\"\": \(Reason.middleQuote)"),
        FileCase(
            "a quote that the next line's quote closes",
            "\(header)8899650001,INV-1,1,\"Anton\n8899650002,INV-2,1,\"Budi\n8899650003,INV-3,1,C\n",
            """
            2: customer_name "Anton\\n8899650002,INV-2,1,Budi": \(Reason.behindQuote)
            4: 8899650003 INV-3 1 C
            """),
        FileCase(
            "two flawed cells", "\(header)8899\"650001,\"INV\"-1,150000,Anton\n",
            """
            2: payment_code "8899"650001": \(Reason.middleQuote); invoice_number "INV-1": \
            \(Reason.behindQuote)
            """),
        FileCase(
            "a flaw and a wrong value", "\(header)8899\"650001,INV-1,0,Anton\n",
            """
            2: payment_code "8899"650001": \(Reason.middleQuote); amount "0": \(Reason.range)
            """),
        FileCase(
            "too few cells", "\(header)8899650001,INV-1,150000\n8899650001,INV-1,150000,Anton\n",
            """
            2: "8899650001,INV-1,150000": the row has 3 cells, but the header has 4
            3: 8899650001 INV-1 150000 Anton
            """),
        FileCase(
            "one cell", "\(header)Total 150000\n",
            "2: \"Total 150000\": the row has 1 cell, but the header has 4"),
        FileCase(
            "the other delimiter", "\(header)8899650001;INV-1;150000;Anton\n",
            "2: \"8899650001;INV-1;150000;Anton\": the row has 1 cell, but the header has 4"),
        FileCase(
            "too many cells", "\(header)8899650001,INV-1,150000,Budiman, Anton\n",
            """
            2: "8899650001,INV-1,150000,Budiman, Anton": the row has 5 cells, but the header \
            has 4: \
            put a value that contains a comma in quotes
            """),
        FileCase(
            "too many cells, semicolons",
            """
            payment_code;invoice_number;amount;customer_name
            8899650001;INV-1;150000;Budiman;Anton

            """,
            """
            2: "8899650001;INV-1;150000;Budiman;Anton": the row has 5 cells, but the header \
            has 4: \
            put a value that contains a semicolon in quotes
            """),
        FileCase(
            "header alone", "\(header)",
            ""),
        FileCase(
            "header alone without a line end", "payment_code,invoice_number,amount,customer_name",
            ""),
        FileCase(
            "empty optional cells", "\(wholeHeader)8899650001,INV-1,150000,,,,,,Anton,,\n",
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "empty quoted cells",
            "\(wholeHeader)8899650001,INV-1,150000,,\"\",,\"\",,Anton,\"\",\"\"\n",
            "2: 8899650001 INV-1 150000 Anton"),
        FileCase(
            "empty required cells", "\(wholeHeader),,,,,,,,,,x\n",
            """
            2: payment_code "": \(Reason.empty); invoice_number "": \(Reason.empty); \
            customer_name "": \(Reason.empty); amount: \(Reason.noAmount)
            """),
        FileCase(
            "an empty amount where no column has dated amounts",
            "\(header)8899650001,INV-1,,Anton\n",
            "2: amount \"\": \(Reason.empty)"),
        FileCase(
            "a whole bill",
            """
            \(wholeHeader)8899650001,INV-1,150000,2026-12-10=150000;165000,true,2026-12-01,\
            2026-12-31,2026-12-10,Anton Budiman,anton@example.co.id,SPP Januari

            """,
            """
            2: 8899650001 INV-1 150000 until 2026-12-10T16:59:59Z, then 165000 Anton Budiman \
            reusable from 2026-11-30T17:00:00.000Z 2026-12-31T16:59:59.000Z \
            due 2026-12-10T16:59:59.000Z <anton@example.co.id> (SPP Januari)
            """),
        FileCase(
            "columns in another order",
            """
            info,customer_name,amount,invoice_number,payment_code
            SPP,Anton,150000,INV-1,8899650001

            """,
            "2: 8899650001 INV-1 150000 Anton (SPP)"),
        FileCase(
            "every wrong cell at once",
            """
            \(wholeHeader)88x,INV 1,1.500,2026-12-10,maybe,1/12/2026,31/12/2026,10-12-2026,,\
            nobody,a line that is longer than thirty

            """,
            """
            2: payment_code "88x": \(Reason.code); invoice_number "INV 1": \(Reason.invoice); \
            amount "1.500": \(Reason.plain); amount_format=indonesian reads it as 1500: \
            \(Reason.declare); amounts "2026-12-10": amount 1: \(Reason.plain); \
            reusable "maybe": \(Reason.flag); valid_from "1/12/2026": is \
            ambiguous: 2026-12-01 as day/month/year, 2026-01-12 as month/day/year: \
            \(Reason.beginning)\(Reason.dayFirst("2026-12-01")); expires_at "31/12/2026": is \
            day/month/year (2026-12-31): \(Reason.date)\(Reason.dayFirst()); due_at \
            "10-12-2026": is ambiguous: 2026-12-10 as day/month/year, 2026-10-12 as \
            month/day/year: \(Reason.date)\(Reason.dayFirst("2026-12-10")); \
            customer_name "": \(Reason.empty); \
            customer_email "nobody": \(Reason.email); info "a line that is longer than thirty": \
            has 33 characters; at most 30 are allowed
            """),
    ]
}
