// NDJSON lines with dated amounts: the array of the admin API, or the text of a CSV cell.

import Testing

struct DatedAmountsLineTests {
    @Test(arguments: cases)
    func `dated amounts of a line are read, or each fault is named with its place`(
        _ file: FileCase
    ) {
        #expect(Reading.sure(file.bytes, file.format).description == file.reading)
    }

    private static func line(_ name: String, _ fields: String, _ reading: String) -> FileCase {
        FileCase(
            name,
            """
            {"payment_code":"8899650001","invoice_number":"INV-1","customer_name":"Anton",\(fields)}
            """, format: .ndjson, "1: " + reading)
    }

    private static let dated = """
        8899650001 INV-1 150000 until 2026-12-10T16:59:59Z, then 165000 Anton
        """
    private static let array = #"[{"until":"2026-12-10","amount":150000},{"amount":165000}]"#

    private static let cases: [FileCase] = [
        line("an array", #""amounts":\#(array)"#, dated),
        line("a text", #""amounts":"2026-12-10=150000;165000""#, dated),
        line("an array of one amount", #""amounts":[{"amount":150000,"until":null}]"#, plain),
        line("an amount that is one of them", #""amount":165000,"amounts":\#(array)"#, dated),
        line("an amount of null", #""amount":null,"amounts":\#(array)"#, dated),
        line("a null, and one amount", #""amounts":null,"amount":150000"#, plain),
        line(
            "the other dates",
            #""amount":150000,"valid_from":"2026-12-01","due_at":"2026-12-10","expires_at":null"#,
            plain + " from 2026-11-30T17:00:00.000Z due 2026-12-10T16:59:59.000Z"),
        line("a null alone", #""amounts":null"#, "amount: \(Reason.missing)"),
        line("an empty text", #""amounts":"""#, "amount: \(Reason.noAmount)"),
        line(
            "an amount that is none of them", #""amount":7,"amounts":\#(array)"#,
            "amount: is not one of the row's dated amounts"),
        line(
            "a text that cannot be read", #""amounts":"2026-12-10=150000;2026-12-31=165000""#,
            """
            amounts "2026-12-10=150000;2026-12-31=165000": amount 2 is the last and has no end: \
            write the amount alone
            """),
        line(
            "another kind of value", #""amounts":150000"#,
            "amounts \"150000\": must be an array of 1 to 12 amounts"),
        line("no amount", #""amounts":[]"#, "amounts \"[]\": must be an array of 1 to 12 amounts"),
        line(
            "thirteen amounts", #""amounts":[\#(String(repeating: "1,", count: 12))1]"#,
            "amounts \"[1,1,1,1,1,1,1,1,1,1,1,1,1]\": must be an array of 1 to 12 amounts"),
        line(
            "fields of the amounts",
            #""amounts":[{"until":"soon","amount":0},{"amount":1},{"until":"2027-01-01","x":1}]"#,
            """
            amounts/0/amount \(shown): must be a JSON integer from 1 to 999999999999; \
            amounts/0/until \(shown): \(end); amounts/1/until \(shown): \(end); \
            amounts/2/x \(shown): is not a field of an amount: send `until` and `amount`; \
            amounts/2/amount \(shown): must be a JSON integer from 1 to 999999999999; \
            amounts/2/until \(shown): must be absent: the last amount has no end
            """),
        line(
            "the order",
            #""amounts":[{"until":"2026-12-31","amount":1},{"until":"2026-12-10","amount":2},"#
                + #"{"until":"2026-12-10T16:59:59Z","amount":3},{"amount":4}]"#,
            """
            amounts/1/until \(shownOrder): amount 2 ends before amount 1: order the amounts by \
            their ends; amounts/2/until \(shownOrder): amount 3 ends at the same time as amount 2
            """),
        line(
            "a beginning after the last end", #""amounts":\#(array),"valid_from":"2026-12-11""#,
            """
            valid_from: must be before 2026-12-10T23:59:59+07:00, when the last of the dated \
            amounts begins
            """),
    ]

    private static let plain = "8899650001 INV-1 150000 Anton"
    private static let end =
        "must be RFC 3339 with an offset, or a date, which means the end of that day in Jakarta"
    /// The array as a message shows it.
    private static let shown =
        #""[{"until":"soon","amount":0},{"amount":1},{"until":"2027-01-01"…""#
    private static let shownOrder =
        #""[{"until":"2026-12-31","amount":1},{"until":"2026-12-10","amoun…""#
}
