// The column `amounts`: each amount with its end, the last alone; and the other dates of a bill.

import BillFiles
import Testing

struct DatedAmountsCellTests {
    @Test(arguments: cases)
    func `a list of dated amounts is read, or its fault is named with its place`(
        _ cell: CellCase
    ) {
        #expect(Reading.sure(cell.file).description == "2: " + cell.reading)
    }

    private static let twelve =
        (1...11).map { "2026-01-\($0 < 10 ? "0" : "")\($0)=\($0)" }.joined(separator: ";")

    private static let cases: [CellCase] = [
        CellCase(
            .amounts, "2026-12-10=150000;2026-12-31=165000;175000",
            """
            8899650001 INV-1 150000 until 2026-12-10T16:59:59Z, then 165000 until \
            2026-12-31T16:59:59Z, then 175000 Anton
            """),
        CellCase(.amounts, "150000", "8899650001 INV-1 150000 Anton"),
        CellCase(
            .amounts, "2026-12-10T09:30:00+07:00=150000;2026-12-10T02:30:00.001Z=150000;1",
            """
            8899650001 INV-1 150000 until 2026-12-10T02:30:00Z, then 150000 until \
            2026-12-10T02:30:00.001Z, then 1 Anton
            """),
        CellCase(
            .amounts, "2026-12-10=150000; 2026-12-31=165000; 175000",
            """
            8899650001 INV-1 150000 until 2026-12-10T16:59:59Z, then 165000 until \
            2026-12-31T16:59:59Z, then 175000 Anton
            """),
        CellCase(
            .amounts, "2026-12-31=150000;2026-12-10=165000;175000",
            """
            amounts "2026-12-31=150000;2026-12-10=165000;175000": amount 2 ends before amount 1: \
            order the amounts by their ends
            """),
        CellCase(
            .amounts, "2026-12-10=150000;2026-12-10T16:59:59Z=165000;175000",
            """
            amounts "2026-12-10=150000;2026-12-10T16:59:59Z=165000;175000": amount 2 ends at the \
            same time as amount 1
            """),
        CellCase(
            .amounts, "2026-12-10=150000;165000;175000",
            """
            amounts "2026-12-10=150000;165000;175000": amount 2 needs its end before it, such as \
            2026-12-10=
            """),
        CellCase(
            .amounts, "2026-12-10=150000;2026-12-31=165000",
            """
            amounts "2026-12-10=150000;2026-12-31=165000": amount 2 is the last and has no end: \
            write the amount alone
            """),
        CellCase(
            .amounts, "2026-12-10=150000;",
            "amounts \"2026-12-10=150000;\": amount 2: is missing"),
        CellCase(
            .amounts, "31/12/2026=150000;165000",
            """
            amounts "31/12/2026=150000;165000": amount 1: is day/month/year (2026-12-31): \
            \(Reason.date)\(Reason.dayFirst())
            """),
        CellCase(
            .amounts, "=150000;165000",
            "amounts \"=150000;165000\": amount 1: is not a date: \(Reason.date)"),
        CellCase(
            .amounts, "2026-12-10=0;165000",
            "amounts \"2026-12-10=0;165000\": amount 1: \(Reason.range)"),
        CellCase(
            .amounts, "2026-12-10=150000;1000000000000",
            "amounts \"2026-12-10=150000;1000000000000\": amount 2: \(Reason.range)"),
        CellCase(
            .amounts, "2026-12-10=150000=165000;175000",
            "amounts \"2026-12-10=150000=165000;175000\": amount 1: \(Reason.plain)"),
        CellCase(
            .amounts, twelve + ";150000",
            """
            8899650001 INV-1 \
            \((1...11).map { "\($0) until 2026-01-\($0 < 10 ? "0" : "")\($0)T16:59:59Z, then " }
                .joined())150000 Anton
            """),
        CellCase(
            .amounts, twelve + ";2026-02-01=12;150000",
            """
            amounts "\(twelve.prefix(63))…": a bill has at most 12 amounts
            """),
        // The row's `amount` is 150000.
        CellCase(
            .amounts, "2026-12-10=165000;175000",
            "amount: is not one of the row's dated amounts"),
        CellCase(
            .validFrom, "2026-12-01",
            "8899650001 INV-1 150000 Anton from 2026-11-30T17:00:00.000Z"),
        CellCase(
            .validFrom, "2026-12-01T08:00:00+07:00",
            "8899650001 INV-1 150000 Anton from 2026-12-01T01:00:00.000Z"),
        CellCase(
            .validFrom, "31/12/2026",
            "valid_from \"31/12/2026\": is day/month/year (2026-12-31): \(Reason.beginning)"
                + Reason.dayFirst()),
        CellCase(
            .dueAt, "2026-12-10",
            "8899650001 INV-1 150000 Anton due 2026-12-10T16:59:59.000Z"),
        CellCase(.dueAt, "123", "due_at \"123\": is not a date: \(Reason.date)"),
    ]

    @Test(arguments: [
        (AmountFormat.indonesian, "2026-12-10=Rp150.000,00;165.000"),
        (.english, "2026-12-10=Rp150,000.00;165,000"),
    ])
    func `dated amounts have the declared format`(_ format: AmountFormat, cell: String) {
        let file = CellCase(.amounts, cell, "").file
        #expect(
            Reading.sure(file, .csv, format).description
                == "2: 8899650001 INV-1 150000 until 2026-12-10T16:59:59Z, then 165000 Anton")
        let plain = "2: amounts \"\(cell)\": amount 1: \(Reason.plain); amount_format="
        #expect(Reading.sure(file).description.hasPrefix(plain + format.rawValue))
    }
}
