// The day on which a bill expires, as people and spreadsheets write it.

import Testing

struct ExpiryTests {
    private static let dates: [ImportCase] = [
        ImportCase(
            "right dates",
            text: """
                payment_code,invoice_number,amount,customer_name,expires_at
                88965100000011,INV-11,150000,Anton Budiman,2099-12-31
                88965100000012,INV-12,150000,Anton Budiman,2099-12-31T23:59:59+07:00
                88965100000013,INV-13,150000,Anton Budiman,2099-12-31T16:59:59Z
                88965100000014,INV-14,150000,Anton Budiman,2096-02-29
                88965100000015,INV-15,150000,Anton Budiman,
                88965100000016,INV-16,150000,Anton Budiman,2099-12-31T23:59:59.5Z

                """,
            report: """
                applied: 6 rows, 6 new, 6 applied created
                INV-11 88965100000011 150000 "Anton Budiman" until=2099-12-31T16:59:59Z
                INV-12 88965100000012 150000 "Anton Budiman" until=2099-12-31T16:59:59Z
                INV-13 88965100000013 150000 "Anton Budiman" until=2099-12-31T16:59:59Z
                INV-14 88965100000014 150000 "Anton Budiman" until=2096-02-29T16:59:59Z
                INV-15 88965100000015 150000 "Anton Budiman"
                INV-16 88965100000016 150000 "Anton Budiman" until=2099-12-31T23:59:59.500Z
                """),
        ImportCase(
            "wrong dates",
            text: """
                payment_code,invoice_number,amount,customer_name,expires_at
                88965100000011,INV-11,150000,Anton Budiman,31/12/2099
                88965100000012,INV-12,150000,Anton Budiman,12/31/2099
                88965100000013,INV-13,150000,Anton Budiman,05/06/2099
                88965100000014,INV-14,150000,Anton Budiman,31.12.99
                88965100000015,INV-15,150000,Anton Budiman,2099/12/31
                88965100000016,INV-16,150000,Anton Budiman,2099-12-31 23:59:59
                88965100000017,INV-17,150000,Anton Budiman,2099-12-31T23:59:59
                88965100000018,INV-18,150000,Anton Budiman,20991231
                88965100000019,INV-19,150000,Anton Budiman,73050
                88965100000020,INV-20,150000,Anton Budiman,73050.5
                88965100000021,INV-21,150000,Anton Budiman,2097-02-29
                88965100000022,INV-22,150000,Anton Budiman,2099-13-01
                88965100000023,INV-23,150000,Anton Budiman,besok
                88965100000024,INV-24,150000,Anton Budiman,31 Des 2099
                88965100000025,INV-25,150000,Anton Budiman,2099-12
                88965100000026,INV-26,150000,Anton Budiman,####
                88965100000027,INV-27,150000,Anton Budiman,0
                88965100000028,INV-28,150000,Anton Budiman,-
                88965100000029,INV-29,150000,Anton Budiman,2099-12-31T24:00:00Z

                """,
            report: """
                refused: 19 rows, 19 refused
                2 expires_at <31/12/2099> refused: is day/month/year (2099-12-31): write YYYY-MM-DD,\
                 which ends that day in Jakarta, or RFC 3339
                3 expires_at <12/31/2099> refused: is month/day/year (2099-12-31): write YYYY-MM-DD,\
                 which ends that day in Jakarta, or RFC 3339
                4 expires_at <05/06/2099> refused: is day/month/year or month/day/year (2099-06-05 \
                or 2099-05-06): write YYYY-MM-DD, which ends that day in Jakarta, or RFC 3339
                5 expires_at <31.12.99> refused: is day/month/year (2099-12-31): write YYYY-MM-DD, \
                which ends that day in Jakarta, or RFC 3339
                6 expires_at <2099/12/31> refused: is a date in another form: write YYYY-MM-DD, \
                which ends that day in Jakarta, or RFC 3339
                7 expires_at <2099-12-31 23:59:59> refused: is a time without its T, its seconds or \
                its offset from UTC: write it like 2026-12-31T23:59:59+07:00, or the date alone
                8 expires_at <2099-12-31T23:59:59> refused: is a time without its T, its seconds or \
                its offset from UTC: write it like 2026-12-31T23:59:59+07:00, or the date alone
                9 expires_at <20991231> refused: is a date without its hyphens: write YYYY-MM-DD, \
                which ends that day in Jakarta, or RFC 3339
                10 expires_at <73050> refused: is a spreadsheet's count of days (2099-12-31): \
                format the column as a date; write YYYY-MM-DD, which ends that day in Jakarta, or \
                RFC 3339
                11 expires_at <73050.5> refused: is a spreadsheet's count of days (2099-12-31): \
                format the column as a date; write YYYY-MM-DD, which ends that day in Jakarta, or \
                RFC 3339
                12 expires_at <2097-02-29> refused: is a day that no calendar has
                13 expires_at <2099-13-01> refused: is a day that no calendar has
                14 expires_at <besok> refused: is no date in digits: write YYYY-MM-DD, which ends \
                that day in Jakarta, or RFC 3339
                15 expires_at <31 Des 2099> refused: is no date in digits: write YYYY-MM-DD, which \
                ends that day in Jakarta, or RFC 3339
                16 expires_at <2099-12> refused: is no date: write YYYY-MM-DD, which ends that day \
                in Jakarta, or RFC 3339
                17 expires_at <####> refused: is what a spreadsheet shows where a column is too \
                narrow: widen the column and save the file again
                18 expires_at <0> refused: is no date: write YYYY-MM-DD, which ends that day in \
                Jakarta, or RFC 3339
                19 expires_at <-> refused: is no date: write YYYY-MM-DD, which ends that day in \
                Jakarta, or RFC 3339
                20 expires_at <2099-12-31T24:00:00Z> refused: is a time without its T, its seconds \
                or its offset from UTC: write it like 2026-12-31T23:59:59+07:00, or the date alone
                """),
        ImportCase(
            "past dates",
            text: """
                payment_code,invoice_number,amount,customer_name,expires_at
                88965100000011,INV-11,150000,Anton Budiman,2020-01-01
                88965100000012,INV-12,150000,Anton Budiman,2020-01-01T00:00:00Z
                88965100000013,INV-13,150000,Anton Budiman,2099-01-01

                """,
            report: """
                refused: 3 rows, 1 new, 2 refused
                2 expires_at <2020-01-01T23:59:59+07:00> refused INV-11: is past
                3 expires_at <2020-01-01T07:00:00+07:00> refused INV-12: is past
                """),
    ]

    @Test(arguments: dates)
    func `a date is RFC 3339 or a day, and nothing is guessed`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }
}
