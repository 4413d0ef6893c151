// CSV files whose columns give dated amounts: `amounts` or `amount_1`, `until_1`, `amount_2`, with
// or without `amount`.

import Testing

struct DatedAmountsColumnTests {
    @Test(arguments: cases)
    func `columns of dated amounts are read, or the faulty column is named`(_ file: FileCase) {
        #expect(Reading.sure(file.bytes, file.format).description == file.reading)
    }

    private static let only = "payment_code,invoice_number,customer_name,amounts\n"
    private static let steps = "payment_code,invoice_number,customer_name,amount_1,until_1,amount_2"
    private static let three = steps + ",until_2,amount_3\n"
    private static let row = "8899650001,INV-1,Anton,"
    private static let dated = """
        8899650001 INV-1 150000 until 2026-12-10T16:59:59Z, then 165000 Anton
        """

    private static let cases: [FileCase] = [
        FileCase("amounts alone", only + row + "2026-12-10=150000;165000\n", "2: \(dated)"),
        FileCase(
            "amounts alone, in a file with semicolons",
            """
            Kode Bayar;No Invoice;Nama;Jumlah Bertahap
            8899650001;INV-1;Anton;"2026-12-10=150000;165000"
            8899650002;INV-2;Budi;2026-12-10=150000;165000

            """,
            """
            2: \(dated)
            3: "8899650002;INV-2;Budi;2026-12-10=150000;165000": the row has 5 cells, but the \
            header has 4: put a value that contains a semicolon in quotes
            """),
        FileCase("amounts alone, empty", only + row + "\n", "2: amount: \(Reason.noAmount)"),
        FileCase(
            "amount_1 alone",
            "payment_code,invoice_number,customer_name,amount_1\n" + row + "150000\n" + row + "\n",
            """
            2: 8899650001 INV-1 150000 Anton
            3: amount: \(Reason.noAmount)
            """),
        FileCase(
            "two numbered amounts", steps + "\n" + row + "150000,2026-12-10,165000\n",
            "2: \(dated)"),
        FileCase(
            "other spellings, and another order",
            """
            Amount 2,UNTIL-1,kode bayar,amount.1,no invoice,nama
            165000,2026-12-10,8899650001,150000,INV-1,Anton

            """,
            "2: \(dated)"),
        FileCase(
            "fewer amounts than columns, and amount for the plain rows",
            """
            payment_code,invoice_number,customer_name,amount,amount_1,until_1,amount_2,until_2
            8899650001,INV-1,Anton,,150000,2026-12-10,165000,
            8899650002,INV-2,Budi,7,,,,
            8899650003,INV-3,Citra,8,8,,,

            """,
            """
            2: \(dated)
            3: 8899650002 INV-2 7 Budi
            4: 8899650003 INV-3 8 Citra
            """),
        FileCase(
            "an end is missing", three + row + "1,2026-12-10,2,,3\n" + row + "1,,2,,\n",
            """
            2: until_2: is empty, but a later amount is given
            3: until_1: is empty, but a later amount is given
            """),
        FileCase(
            "an amount is missing",
            three + row + "1,2026-12-10,,2026-12-31,3\n" + row + ",2026-12-10,2,,\n",
            """
            2: amount_2: is empty, but a later amount is given
            3: amount_1: is empty, but a later amount is given
            """),
        FileCase(
            "an end without its amount",
            three + row + "1,2026-12-10,,2026-12-31,\n" + row + ",2026-12-10,,,\n",
            """
            2: amount_2: is empty, but until_2 is given
            3: amount_1: is empty, but until_1 is given
            """),
        FileCase(
            "the last amount has an end", three + row + "1,2026-12-10,2,2026-12-31,\n",
            "2: until_2: must be empty: the last amount has no end"),
        FileCase(
            "ends in another order, and at one time",
            three + row + "1,2026-12-31,2,2026-12-10,3\n"
                + row + "1,2026-12-10,2,2026-12-10T16:59:59Z,3\n",
            """
            2: until_2: amount 2 ends before amount 1: order the amounts by their ends
            3: until_2: amount 2 ends at the same time as amount 1
            """),
        FileCase(
            "numbered cells that cannot be read",
            three + row + "0,2026-12-10,1.500,31/12/2026,3\n",
            """
            2: amount_1 "0": \(Reason.range); amount_2 "1.500": \(Reason.plain); \
            amount_format=indonesian reads it as 1500: \(Reason.declare); until_2 "31/12/2026": \
            is day/month/year (2026-12-31): \(Reason.date)\(Reason.dayFirst())
            """),
        FileCase(
            "both forms in one row",
            "payment_code,invoice_number,customer_name,amounts,amount_1,until_1,amount_2\n"
                + row + "2026-12-10=150000;165000,150000,2026-12-10,165000\n"
                + row + "2026-12-10=150000;165000,,,\n" + row + ",150000,2026-12-10,165000\n",
            """
            2: amount_1: must be empty if the row has `amounts`: give the amounts once
            3: \(dated)
            4: \(dated)
            """),
        FileCase(
            "an amount that is none of them",
            "payment_code,invoice_number,customer_name,amount,amount_1,until_1,amount_2\n"
                + row + "7,150000,2026-12-10,165000\n" + row + "165000,150000,2026-12-10,165000\n",
            """
            2: amount: is not one of the row's dated amounts
            3: \(dated)
            """),
        FileCase(
            "a beginning that leaves no time for the last amounts, or for any",
            "payment_code,invoice_number,customer_name,amounts,valid_from,expires_at\n"
                + row + "2026-12-10=150000;165000,2026-12-11,\n"
                + row + "2026-12-10=150000;165000,2026-12-10,\n"
                + row + "2026-12-10=1;2026-12-20=2;3,2026-12-20T16:59:59Z,2026-12-31\n"
                + row + "150000,2027-01-01,2026-12-31\n" + row + "150000,2026-12-31,2026-12-31\n",
            """
            2: valid_from: must be before 2026-12-10T23:59:59+07:00, when the last of the dated \
            amounts begins
            3: \(dated) from 2026-12-09T17:00:00.000Z
            4: valid_from: must be before 2026-12-20T23:59:59+07:00, when the last of the dated \
            amounts begins
            5: valid_from: must be before the bill's expiry, 2026-12-31T23:59:59+07:00
            6: 8899650001 INV-1 150000 Anton from 2026-12-30T17:00:00.000Z 2026-12-31T16:59:59.000Z
            """),
        FileCase(
            "faults of the amounts and of other columns in one row",
            "payment_code,invoice_number,customer_name,amounts\n"
                + "88x,INV-1,Anton,2026-12-10=0;165000\n" + "88x,INV-1,Anton,\n",
            """
            2: payment_code "88x": \(Reason.code); amounts "2026-12-10=0;165000": amount 1: \
            \(Reason.range)
            3: payment_code "88x": \(Reason.code); amount: \(Reason.noAmount)
            """),
        FileCase(
            "a thirteenth amount", steps + ",amount_13\n",
            """
            file line 1 "amount_13": the header has the unknown column "amount_13" (amounts are \
            numbered 1 to 12); \(Reason.columns)\(Reason.advice)--ignore 'amount_13'
            """),
        FileCase(
            "a numbered column twice, and one with a leading zero",
            "payment_code,invoice_number,customer_name,amount_1,Amount 1,until_01\n",
            """
            file line 1 "until_01": the header has amount_1 twice, as "amount_1" and as \
            "Amount 1", has the unknown column "until_01"; \(Reason.columns)\(Reason.advice)\
            --ignore 'until_01' --ignore 'Amount 1'
            """),
        FileCase(
            "an end without an amount in the header",
            "payment_code,invoice_number,customer_name,until_1\n" + row + "2026-12-10\n",
            "2: amount_1: is empty, but until_1 is given"),
    ]
}
