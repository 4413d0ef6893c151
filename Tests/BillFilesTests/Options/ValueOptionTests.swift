// Dates with the day first, codes and values that are cleaned, and amounts as programs write them.

import BillFiles
import Testing

struct ValueOptionTests {
    @Test(arguments: cases)
    func `values are read in the forms that the options declare`(_ file: OptionCase) throws {
        try file.check()
    }

    private static let dated = "payment_code,invoice_number,amount,customer_name,expires_at\n"
    private static let bill = "8899650001,INV-1,150000,Anton"
    private static let read = "8899650001 INV-1 150000 Anton"
    private static let wanted =
        "is not day, month and a year of four digits: write 31/12/2026, which means the end of "
        + "that day in Jakarta"

    private static let cases: [OptionCase] = [
        OptionCase(
            "dates with the day first", ["date_format=dmy"],
            dated + "\(bill),31/12/2026\n\(bill),1.2.2027\n\(bill),05-11-2026\n\(bill),\n",
            """
            2: \(read) 2026-12-31T16:59:59.000Z
            3: \(read) 2027-02-01T16:59:59.000Z
            4: \(read) 2026-11-05T16:59:59.000Z
            5: \(read)
            """),
        OptionCase(
            "the beginning and the amounts by date", ["date_format=dmy"],
            "payment_code,invoice_number,amounts,customer_name,valid_from,due_at\n"
                + "8899650001,INV-1,10/12/2026=150;200,Anton,01/12/2026,10/12/2026\n",
            """
            2: 8899650001 INV-1 150 until 2026-12-10T16:59:59Z, then 200 Anton from \
            2026-11-30T17:00:00.000Z due 2026-12-10T16:59:59.000Z
            """),
        OptionCase(
            "dates that are not day, month, year", ["date_format=dmy"],
            dated
                + ["2026-12-31", "31/12/26", "31/12-2026", "31/12/2026 10:00", "1/2", "//2026"]
                .map { "\(bill),\($0)\n" }.joined() + "\(bill),31/02/2026\n\(bill),12/31/2026\n",
            """
            2: expires_at "2026-12-31": \(wanted)
            3: expires_at "31/12/26": \(wanted)
            4: expires_at "31/12-2026": \(wanted)
            5: expires_at "31/12/2026 10:00": \(wanted)
            6: expires_at "1/2": \(wanted)
            7: expires_at "//2026": \(wanted)
            8: expires_at "31/02/2026": is a day that does not exist, read as day/month/year
            9: expires_at "12/31/2026": is a day that does not exist, read as day/month/year
            """),
        OptionCase(
            "codes that are cleaned", ["clean_codes=true"],
            header
                + [
                    "8899 6500 01,INV-1", "'8899650001,'0012", "=\"8899650001\",\"=\"\"0012\"\"\"",
                    "8.899.650-001,INV-1", " 8899650001\u{A0},INV-1", "8899650001,INV-1",
                ].map { "\($0),150000,Anton\n" }.joined(),
            """
            2: \(read) {clean_codes payment_code "8899 6500 01"}
            3: 8899650001 0012 150000 Anton {clean_codes payment_code "'8899650001"} {clean_codes \
            invoice_number "'0012"}
            4: 8899650001 0012 150000 Anton {clean_codes payment_code "="8899650001""} \
            {clean_codes invoice_number "="0012""}
            5: \(read) {clean_codes payment_code "8.899.650-001"}
            6: \(read) {clean_codes payment_code " 8899650001\\u{A0}"}
            7: \(read)
            """),
        OptionCase(
            "codes that stay unreadable", ["clean_codes=true"],
            header
                + [
                    "8899650001.0", "8899650001.00", "-8899650001", "8.9E+13", "8899/650001",
                    "8899650001,00", "8899650001.000",
                ].map { "\"\($0)\",INV-1,150000,Anton\n" }.joined(),
            """
            2: payment_code "8899650001.0": \(Reason.decimalPart)
            3: payment_code "8899650001.00": \(Reason.decimalPart)
            4: payment_code "-8899650001": begins with -, like a formula: remove it
            5: payment_code "8.9E+13": \(Reason.scientific)
            6: payment_code "8899/650001": \(Reason.code)
            7: payment_code "8899650001,00": \(Reason.decimalPart)
            8: payment_code "8899650001.000": \(Reason.decimalPart)
            """),
        OptionCase(
            "spaces that are cleaned", ["clean_spaces=true", "amount_format=indonesian"],
            dated
                + " 8899650001 ,INV-1 , Rp\u{A0}150.000 ,\"Anton\r\n  Budiman \",2026-12-31\u{A0}\n"
                + "8899650002,INV-2,1,Budi  S.,   \n",
            """
            2: 8899650001 INV-1 150000 Anton Budiman 2026-12-31T16:59:59.000Z {clean_spaces \
            payment_code " 8899650001 "} {clean_spaces invoice_number "INV-1 "} {clean_spaces \
            amount " Rp\\u{A0}150.000 "} {clean_spaces customer_name "Anton\\r\\n  Budiman "} \
            {clean_spaces expires_at "2026-12-31\\u{A0}"}
            4: 8899650002 INV-2 1 Budi S. {clean_spaces customer_name "Budi  S."}
            """),
        OptionCase(
            "a cleaned value that stays unreadable", ["clean_spaces=true"],
            header + " 8899650001 ,INV-1, x ,Anton\n", "2: amount \" x \": \(Reason.plain)"),
        OptionCase(
            "amounts in JSON that are cleaned", ["clean_spaces=true"], format: .ndjson,
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","amount":" 150000 ",\
            "customer_name":"Anton"}
            """, "1: \(read) {clean_spaces amount \" 150000 \"}"),
        OptionCase(
            "amounts with a dot after Rp", ["amount_format=indonesian"],
            "\(header)8899650001,INV-1,\"Rp. 1.500.000,00\",Anton\n"
                + "8899650002,INV-2,Rp.1.500,Budi\n",
            "2: 8899650001 INV-1 1500000 Anton\n3: 8899650002 INV-2 1500 Budi"),
        OptionCase(
            "a JSON number with a fraction of zeros", ["amount_format=english"], format: .ndjson,
            [
                "150000.0", "150000.00", "150000.5", "1.5e5", "-1.0",
            ].map {
                """
                {"payment_code":"8899650001","invoice_number":"INV-1","amount":\($0),\
                "customer_name":"Anton"}

                """
            }.joined(),
            """
            1: \(read)
            2: \(read)
            3: amount "150000.5": \(Reason.whole)
            4: amount "1.5e5": \(Reason.whole)
            5: amount "-1.0": \(Reason.whole)
            """),
    ]
}
