// Rows for expired bills: a code that is free again, a bill that another bill has replaced, a bill
// that gets more time.

import LoketCore
import Testing

struct ExpiredBillTests {
    private static let code = "88965110000001"
    private static let columns = "payment_code,invoice_number,amount,customer_name,expires_at\n"
    private static let past = Moment.now.adding(milliseconds: -60_000)

    /// Creates a bill that expired a minute ago, and then imports a file.
    private func expired(
        then file: String, expect lines: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1") { $0.expiresAt = Self.past }])
            let report = try await service.importText(file)
            let told = report.text.split(separator: "\n").map(String.init)
            let found = told + (try await service.billLines())
            let wanted = lines.map { $0.replacing("PAST", with: Self.past.exactUTCText) }
            #expect(
                found == wanted, "\(found.joined(separator: "\n"))",
                sourceLocation: sourceLocation)
        }
    }

    @Test func `the code of an expired bill is free for a row`() async throws {
        try await expired(
            then: ImportCase.head + "\(Self.code),INV-2,7,Budi\n",
            expect: "applied: 1 rows, 1 new, 1 applied created",
            "INV-1 \(Self.code) 150000 \"Anton Budiman\" until=PAST replaced",
            "INV-2 \(Self.code) 7 \"Budi\"")
    }

    @Test func `an equal row of an expired bill is unchanged`() async throws {
        try await expired(
            then: ImportCase.head + "\(Self.code),INV-1,150000,Anton Budiman\n",
            expect: "applied: 1 rows, 1 unchanged",
            "INV-1 \(Self.code) 150000 \"Anton Budiman\" until=PAST")
    }

    @Test func `an expired bill gets more time`() async throws {
        try await expired(
            then: Self.columns + "\(Self.code),INV-1,7,Anton Budiman,2099-12-31\n",
            expect: "applied: 1 rows, 1 changed, 1 applied changed",
            "2 changed INV-1: amount 150000 to 7, expires_at PAST to 2099-12-31T16:59:59Z",
            "INV-1 \(Self.code) 7 \"Anton Budiman\" until=2099-12-31T16:59:59Z")
    }

    @Test func `more time for one bill and its code for another do not go together`() async throws {
        try await expired(
            then: Self.columns + "\(Self.code),INV-1,150000,Anton Budiman,2099-12-31\n"
                + "\(Self.code),INV-2,7,Budi,\n",
            expect: "refused: 2 rows, 1 changed, 1 refused",
            "2 changed INV-1: expires_at PAST to 2099-12-31T16:59:59Z",
            "3 payment_code <\(Self.code)> refused INV-2: is already used by the row on "
                + "line 2",
            "INV-1 \(Self.code) 150000 \"Anton Budiman\" until=PAST")
    }

    @Test func `a replaced bill is skipped`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1") { $0.expiresAt = Self.past }])
            let taking = ImportCase.head + "\(Self.code),INV-2,7,Budi\n"
            #expect(try await service.importText(taking).state == "applied")
            let report = try await service.importText(
                Self.columns + "\(Self.code),INV-1,150000,Anton,2099-12-31\n")
            #expect(
                report.text == "applied: 1 rows, 1 skipped\n2 skipped INV-1: the bill is replaced")
        }
    }
}
