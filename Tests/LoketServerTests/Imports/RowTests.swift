// Rows checked against the settings and the clock: the account of the BIN, the length of the code,
// missing zeros, the limits of a channel, a past expiry.

import LoketCore
import Testing

struct RowTests {
    private static let codes: [ImportCase] = [
        ImportCase(
            "codes and BINs",
            text: """
                payment_code,invoice_number,amount,customer_name
                99999100000001,INV-1,150000,Anton Budiman
                889651,INV-2,150000,Anton Budiman
                8896511,INV-3,150000,Anton Budiman
                88965100000000000001,INV-4,150000,Anton Budiman
                889651000000000000001,INV-5,150000,Anton Budiman
                1234567,INV-6,150000,Anton Budiman
                12345678,INV-7,150000,Anton Budiman
                1234500000000000000000001,INV-8,150000,Anton Budiman
                7777712345,INV-9,150000,Anton Budiman
                77777,INV-10,150000,Anton Budiman

                """,
            report: """
                refused: 10 rows, 5 new, 5 refused
                2 payment_code <99999100000001> refused INV-1: does not begin with a configured BIN; see \
                `accounts` in the settings
                3 payment_code <889651> refused INV-2: has 6 digits; codes of BIN 889651 have 7 to \
                20
                6 payment_code <889651000000000000001> refused INV-5: has 21 digits; codes of BIN \
                889651 have 7 to 20
                7 payment_code <1234567> refused INV-6: has 7 digits; codes of BIN 12345 have 8 to \
                25
                11 payment_code <77777> refused INV-10: has 5 digits; codes of BIN 77777 have 6 to \
                25
                """),
        ImportCase(
            "right codes of both accounts",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000001,INV-1,150000,Anton Budiman
                7777712345,INV-1,150000,Anton Budiman

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 88965100000001 150000 "Anton Budiman"
                INV-1 7777712345 150000 "Anton Budiman"
                """),
        ImportCase(
            "a BIN of two accounts",
            text: """
                payment_code,invoice_number,amount,customer_name
                5432112345,INV-1,150000,Anton Budiman

                """,
            report: """
                refused: 1 rows, 1 refused
                2 account refused INV-1: is needed: two accounts have this BIN
                """),
        ImportCase(
            "a BIN of two accounts, and the account", query: "?account=BRN-0227-1754893463001",
            text: """
                payment_code,invoice_number,amount,customer_name
                5432112345,INV-1,150000,Anton Budiman
                7777712345,INV-2,150000,Anton Budiman

                """,
            report: """
                applied: 2 rows, 2 new, 2 applied created
                INV-1 5432112345 150000 "Anton Budiman"
                INV-2 7777712345 150000 "Anton Budiman"
                """),
        ImportCase(
            "a BIN of the other account", query: "?account=BRN-0227-1754893463001",
            text: """
                payment_code,invoice_number,amount,customer_name
                5432112345,INV-1,150000,Anton Budiman
                88965100000001,INV-2,150000,Anton Budiman

                """,
            report: """
                refused: 2 rows, 1 new, 1 refused
                3 payment_code <88965100000001> refused INV-2: does not begin with a configured BIN; see \
                `accounts` in the settings
                """),
    ]

    @Test(arguments: codes)
    func `a code belongs to a BIN and has its length`(_ file: ImportCase) async throws {
        try await expectReport(file)
    }

    private static let several: [ImportCase] = [
        ImportCase(
            "a row that is wrong in several ways",
            text: """
                payment_code,invoice_number,amount,customer_name
                8,,x,
                8896510000000100000000000,INV-2,x,Anton Budiman
                x,INV-3,1,

                """,
            report: """
                refused: 3 rows, 3 refused
                2 invoice_number <> refused: is empty, but every bill needs this field
                2 amount <x> refused: is not an amount of digits only, such as 150000
                2 customer_name <> refused: is empty, but every bill needs this field
                2 payment_code <8> refused: does not begin with a configured BIN; see `accounts` in the \
                settings
                3 amount <x> refused: is not an amount of digits only, such as 150000
                3 payment_code <8896510000000100000000000> refused: has 25 digits; codes of BIN \
                889651 have 7 to 20
                4 payment_code <x> refused: must be 1 to 25 digits and nothing else
                4 customer_name <> refused: is empty, but every bill needs this field
                """)
    ]

    @Test(arguments: several)
    func `everything that is wrong with a row is reported together`(_ file: ImportCase) async throws
    {
        try await expectReport(file)
    }

    private static let zeros: [ImportCase] = [
        ImportCase(
            "codes that lost their zeros",
            text: """
                payment_code,invoice_number,amount,customer_name
                123456789,INV-1,150000,Anton Budiman
                0123456789,INV-2,150000,Anton Budiman
                99123456,INV-3,150000,Anton Budiman

                """,
            report: """
                refused: 3 rows, 1 new, 2 refused
                2 payment_code <123456789> refused INV-1: does not begin with a configured BIN; see \
                `accounts` in the settings; a spreadsheet may have removed the leading zeros of \
                0123456789: format the column as text and enter the code again
                4 payment_code <99123456> refused INV-3: does not begin with a configured BIN; see \
                `accounts` in the settings
                """)
    ]

    @Test func `an amount outside the limits of a channel is refused`() async throws {
        let file = ImportCase(
            "amounts at a counter's bounds",
            text: """
                payment_code,invoice_number,amount,customer_name
                88965100000011,INV-11,9999,Anton Budiman
                88965100000012,INV-12,10000,Anton Budiman
                88965100000013,INV-13,5000000,Anton Budiman
                88965100000014,INV-14,5000001,Anton Budiman

                """,
            report: """
                refused: 4 rows, 2 new, 2 refused
                2 amount <9999> refused INV-11: is outside the limits of alfa; see `channels` in \
                the settings
                5 amount <5000001> refused INV-14: is outside the limits of alfa; see `channels` in \
                the settings
                """)
        try await expectReport(
            file, more: "channels: { alfa: { amount: { min: 10000, max: 5000000 } } }")
    }

    @Test func `a past date is refused`() async throws {
        let file = ImportCase(
            "past dates",
            text: """
                payment_code,invoice_number,amount,customer_name,expires_at
                88965100000011,INV-11,150000,Anton Budiman,2020-01-01
                88965100000012,INV-12,150000,Anton Budiman,2020-01-01T00:00:00Z
                88965100000013,INV-13,150000,Anton Budiman,2099-01-01

                """,
            report: """
                refused: 3 rows, 1 new, 2 refused
                2 expires_at <2020-01-01T23:59:59+07:00> refused INV-11: is in the past
                3 expires_at <2020-01-01T07:00:00+07:00> refused INV-12: is in the past
                """)
        try await expectReport(file)
    }

    @Test(arguments: zeros)
    func `a code without its leading zeros is suspected`(_ file: ImportCase) async throws {
        let zeros = try BIN(digits: "01234", type: .direct, channels: [.alfa])
        try await expectReport(file) { settings in
            let bins = settings.accounts[0].bins.bins.filter { $0.digits != Shop.direct }
            settings.accounts[0].bins = BINTable(bins + [zeros])
        }
    }
}
