// Date formats that people and spreadsheets use, two of which are read.

import Testing

struct ExpiryTests {
    @Test(arguments: cases)
    func `a date in another format is recognised and not guessed`(_ cell: CellCase) {
        #expect(Reading.sure(cell.file).description == "2: " + cell.reading)
    }

    private static let cases: [CellCase] = [
        CellCase(
            .expiresAt, "2026-12-31",
            "8899650001 INV-1 150000 Anton 2026-12-31T16:59:59.000Z"),
        CellCase(
            .expiresAt, "2028-02-29",
            "8899650001 INV-1 150000 Anton 2028-02-29T16:59:59.000Z"),
        CellCase(
            .expiresAt, "2026-12-31T23:59:59+07:00",
            "8899650001 INV-1 150000 Anton 2026-12-31T16:59:59.000Z"),
        CellCase(
            .expiresAt, "2026-12-31T16:59:59Z",
            "8899650001 INV-1 150000 Anton 2026-12-31T16:59:59.000Z"),
        CellCase(
            .expiresAt, "2026-12-31T16:59:59.5Z",
            "8899650001 INV-1 150000 Anton 2026-12-31T16:59:59.500Z"),
        CellCase(
            .expiresAt, "2026-02-30",
            "expires_at \"2026-02-30\": is a day that does not exist"),
        CellCase(
            .expiresAt, "2026-13-01",
            "expires_at \"2026-13-01\": is a day that does not exist"),
        CellCase(
            .expiresAt, "31/12/2026",
            "expires_at \"31/12/2026\": is day/month/year (2026-12-31): \(Reason.date)"
                + Reason.dayFirst()),
        CellCase(
            .expiresAt, "12/31/2026",
            "expires_at \"12/31/2026\": is month/day/year (2026-12-31): \(Reason.date)"),
        CellCase(
            .expiresAt, "05/06/2026",
            """
            expires_at "05/06/2026": is ambiguous: 2026-06-05 as day/month/year, \
            2026-05-06 as month/day/year: \(Reason.date)\(Reason.dayFirst("2026-06-05"))
            """),
        CellCase(
            .expiresAt, "05/05/2026",
            "expires_at \"05/05/2026\": is a date with the year last: \(Reason.date)"
                + Reason.dayFirst("2026-05-05")),
        CellCase(
            .expiresAt, "12-31-2026",
            "expires_at \"12-31-2026\": is month/day/year (2026-12-31): \(Reason.date)"),
        CellCase(
            .expiresAt, "31.12.2026",
            "expires_at \"31.12.2026\": is day/month/year (2026-12-31): \(Reason.date)"
                + Reason.dayFirst()),
        CellCase(
            .expiresAt, "31/12/26",
            "expires_at \"31/12/26\": is day/month/year (2026-12-31): \(Reason.date)"),
        CellCase(
            .expiresAt, "1/2/2026",
            """
            expires_at "1/2/2026": is ambiguous: 2026-02-01 as day/month/year, \
            2026-01-02 as month/day/year: \(Reason.date)\(Reason.dayFirst("2026-02-01"))
            """),
        CellCase(
            .expiresAt, "99/99/2026",
            "expires_at \"99/99/2026\": is a date with the year last: \(Reason.date)"),
        CellCase(
            .expiresAt, "2026/12/31",
            "expires_at \"2026/12/31\": is a date in another form: \(Reason.date)"),
        CellCase(
            .expiresAt, "2026.12.31",
            "expires_at \"2026.12.31\": is a date in another form: \(Reason.date)"),
        CellCase(
            .expiresAt, "20261231",
            "expires_at \"20261231\": is a date without its hyphens: \(Reason.date)"),
        CellCase(.expiresAt, "46387", "expires_at \"46387\": \(Reason.dayCount); \(Reason.date)"),
        CellCase(
            .expiresAt, "46387.5",
            "expires_at \"46387.5\": \(Reason.dayCount); \(Reason.date)"),
        CellCase(
            .expiresAt, "46387.99999",
            "expires_at \"46387.99999\": \(Reason.dayCount); \(Reason.date)"),
        CellCase(.expiresAt, "123", "expires_at \"123\": is not a date: \(Reason.date)"),
        CellCase(
            .expiresAt, "31 Desember 2026",
            "expires_at \"31 Desember 2026\": is not a date written in digits: \(Reason.date)"),
        CellCase(
            .expiresAt, "31-Dec-2026",
            "expires_at \"31-Dec-2026\": is not a date written in digits: \(Reason.date)"),
        CellCase(
            .expiresAt, "Dec 31, 2026",
            "expires_at \"Dec 31, 2026\": is not a date written in digits: \(Reason.date)"),
        CellCase(
            .expiresAt, "31 12 2026",
            "expires_at \"31 12 2026\": is day/month/year (2026-12-31): \(Reason.date)"),
        CellCase(
            .expiresAt, "2026-12-31 23:59:59",
            "expires_at \"2026-12-31 23:59:59\": \(Reason.time)"),
        CellCase(
            .expiresAt, "2026-12-31T23:59:59",
            "expires_at \"2026-12-31T23:59:59\": \(Reason.time)"),
        CellCase(
            .expiresAt, "2026-12-31T23:59",
            "expires_at \"2026-12-31T23:59\": \(Reason.time)"),
        CellCase(
            .expiresAt, "2026-12-31t23:59:59z",
            "8899650001 INV-1 150000 Anton 2026-12-31T23:59:59.000Z"),
        CellCase(.expiresAt, "2026-12-31 ", "expires_at \"2026-12-31 \": \(Reason.space)"),
        CellCase(.expiresAt, " 2026-12-31", "expires_at \" 2026-12-31\": \(Reason.space)"),
        CellCase(
            .expiresAt, "31/12/2026 23:59",
            "expires_at \"31/12/2026 23:59\": is day/month/year (2026-12-31): \(Reason.date)"),
        CellCase(
            .expiresAt, "besok",
            "expires_at \"besok\": is not a date written in digits: \(Reason.date)"),
        CellCase(.expiresAt, "12:00", "expires_at \"12:00\": is not a date: \(Reason.date)"),
        CellCase(.expiresAt, "2026-12", "expires_at \"2026-12\": is not a date: \(Reason.date)"),
        CellCase(.expiresAt, "-", "expires_at \"-\": is not a date: \(Reason.date)"),
        CellCase(
            .expiresAt, "2026-12-31T24:00:00Z",
            "expires_at \"2026-12-31T24:00:00Z\": \(Reason.time)"),
        CellCase(.expiresAt, "0", "expires_at \"0\": is not a date: \(Reason.date)"),
    ]
}
