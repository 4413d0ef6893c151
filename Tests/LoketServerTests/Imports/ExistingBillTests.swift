// Rows for existing bills: equal, changed, paid, held, cancelled, replaced. The result of the
// comparison for each row, and the bill afterwards.

import DokuSimulator
import LoketCore
import Testing

struct ExistingBillTests {
    private static let head =
        "payment_code,invoice_number,amount,reusable,expires_at,customer_name,customer_email,info\n"
    private static let first =
        head + "88965110000001,INV-1,150000,no,2099-12-31,Anton,a@b.id,SPP\n"
    private static let code = "88965110000001"

    /// Imports one file, then another, and compares the second report and the bills.
    private func second(
        _ first: String = Self.first, then file: String, type: String = "text/csv",
        between: (RunningService) async throws -> Void = { _ in },
        expect lines: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await withTill { service in
            let before = try await service.importText(first)
            #expect(before.state == "applied", "\(before.text)", sourceLocation: sourceLocation)
            try await between(service)
            let report = try await service.importText(file, type: type)
            let told = report.text.split(separator: "\n").map(String.init)
            let found = told + (try await service.billLines())
            #expect(
                found == lines, "\(found.joined(separator: "\n"))", sourceLocation: sourceLocation)
        }
    }

    private func bill(_ cells: String) -> String { Self.head + cells + "\n" }

    @Test func `an equal row changes nothing`() async throws {
        try await second(
            then: Self.first,
            expect: "applied: 1 rows, 1 unchanged",
            "INV-1 \(Self.code) 150000 \"Anton\" a@b.id info=SPP until=2099-12-31T16:59:59Z")
    }

    @Test func `everything except code, number and use may change, and changes are named`()
        async throws
    {
        try await second(
            then: bill("\(Self.code),INV-1,160000,0,2098-12-31,Budi,,SPP Juni"),
            expect: "applied: 1 rows, 1 changed, 1 applied changed",
            "2 changed INV-1: amount 150000 to 160000, expires_at 2099-12-31T16:59:59Z to "
                + "2098-12-31T16:59:59Z, info, customer.name, customer.email",
            "INV-1 \(Self.code) 160000 \"Budi\" info=SPP Juni until=2098-12-31T16:59:59Z")
    }

    @Test func `a missing column keeps the value, an empty cell clears it`() async throws {
        let kept = "INV-1 \(Self.code) 150000 \"Anton\" a@b.id info=SPP"
        try await second(
            then: ImportCase.head + "\(Self.code),INV-1,150000,Anton\n",
            expect: "applied: 1 rows, 1 unchanged", kept + " until=2099-12-31T16:59:59Z")
        try await second(
            then: bill("\(Self.code),INV-1,150000,,,Anton,,"),
            expect: "applied: 1 rows, 1 changed, 1 applied changed",
            "2 changed INV-1: expires_at 2099-12-31T16:59:59Z to never, info, customer.email",
            "INV-1 \(Self.code) 150000 \"Anton\"")
    }

    @Test func `a missing field of an object keeps the value, a null clears it`() async throws {
        let type = "application/x-ndjson"
        let line =
            #"{"payment_code":"88965110000001","invoice_number":"INV-1","amount":150000,"#
            + #""customer_name":"Anton""#
        try await second(
            then: line + #","metadata":{"a": 1}}"#, type: type,
            expect: "applied: 1 rows, 1 changed, 1 applied changed", "1 changed INV-1: metadata",
            #"INV-1 88965110000001 150000 "Anton" a@b.id info=SPP "#
                + #"until=2099-12-31T16:59:59Z {"a":1}"#)
        // Each line is read on its own.
        try await second(
            then: line + "}\n" + line.replacing("01\"", with: "02\"").replacing("V-1", with: "V-2")
                + #","expires_at":null,"info":null,"customer_email":null}"#, type: type,
            expect: "applied: 2 rows, 1 new, 1 unchanged, 1 applied created",
            #"INV-1 88965110000001 150000 "Anton" a@b.id info=SPP until=2099-12-31T16:59:59Z"#,
            #"INV-2 88965110000002 150000 "Anton""#)
        try await second(
            then: line + #","expires_at":null,"info":null,"customer_email":null}"#, type: type,
            expect: "applied: 1 rows, 1 changed, 1 applied changed",
            "1 changed INV-1: expires_at 2099-12-31T16:59:59Z to never, info, customer.email",
            #"INV-1 88965110000001 150000 "Anton""#)
        try await second(
            Self.first.replacing(",no,", with: ",ya,"), then: line + "}", type: type,
            expect: "applied: 1 rows, 1 unchanged",
            #"INV-1 88965110000001 150000 "Anton" a@b.id info=SPP until=2099-12-31T16:59:59Z "#
                + "reusable")
    }

    @Test func `a CSV file keeps a bill's metadata`() async throws {
        try await withTill { service in
            let body = BillJSON(Self.code).with("metadata", #"{"a":1}"#).text
            #expect(try await service.admin.post("/admin/v1/bills", body).status == 201)
            let report = try await service.importText(
                ImportCase.head + "\(Self.code),INV-1,1,Anton\n")
            #expect(report.state == "applied", "\(report.text)")
            #expect(
                try await service.billLines() == [
                    #"INV-1 88965110000001 1 "Anton" {"a":1}"#
                ])
        }
    }

    @Test func `a bill keeps its code and its use`() async throws {
        let bill = "INV-1 \(Self.code) 150000 \"Anton\" a@b.id info=SPP until=2099-12-31T16:59:59Z"
        try await second(
            then: ImportCase.head + "88965110000002,INV-1,150000,Anton\n",
            expect: "refused: 1 rows, 1 refused",
            "2 payment_code <88965110000002> refused INV-1: the bill has the code "
                + "88965110000001, which cannot change: cancel the bill and give the new bill "
                + "another invoice number",
            bill)
        try await second(
            then: Self.first.replacing(",no,", with: ",ya,"),
            expect: "refused: 1 rows, 1 refused",
            "2 reusable <true> refused INV-1: the bill is not reusable, which cannot "
                + "change: cancel the bill and give the new bill another invoice number",
            bill)
    }

    @Test func `a code that another bill holds is refused`() async throws {
        let bill = "INV-1 \(Self.code) 150000 \"Anton\" a@b.id info=SPP until=2099-12-31T16:59:59Z"
        try await second(
            then: ImportCase.head + "\(Self.code),INV-2,150000,Budi\n"
                + "88965110000003,INV-3,150000,Cici\n",
            expect: "refused: 2 rows, 1 new, 1 refused",
            "2 payment_code <\(Self.code)> refused INV-2: is in use by bill INV-1", bill)
    }

    @Test func `a number that looks like another bill's inquiry number is refused`() async throws {
        try await second(
            ImportCase.head + "\(Self.code),INV-1,1,A\n88965110000002,INV-2-0123456789,1,B\n",
            then: ImportCase.head + "88965110000003,INV-1-0123456789,1,C\n"
                + "88965110000004,INV-2,1,D\n",
            expect: "refused: 2 rows, 2 refused",
            "2 invoice_number <INV-1-0123456789> refused INV-1-0123456789: differs from INV-1 "
                + "only by a suffix of the form that loket adds in inquiries",
            "3 invoice_number <INV-2> refused INV-2: differs from INV-2-0123456789 only by a "
                + "suffix of the form that loket adds in inquiries",
            "INV-1 \(Self.code) 1 \"A\"", "INV-2-0123456789 88965110000002 1 \"B\"")
    }

    // MARK: Bills that are closed

    private static let closed =
        "INV-1 \(code) 150000 \"Anton\" a@b.id info=SPP"
        + " until=2099-12-31T16:59:59Z"

    @Test func `a paid bill is skipped, and its code is free for another`() async throws {
        try await second(
            then: Self.first.replacing("150000", with: "1") + "\(Self.code),INV-2,7,no,,Budi,,\n",
            between: { try await $0.pay(Till.notice(code: Self.code)) },
            expect: "applied: 2 rows, 1 new, 1 skipped, 1 applied created",
            "2 skipped INV-1: the bill is paid", Self.closed + " paid",
            "INV-2 \(Self.code) 7 \"Budi\"")
    }

    @Test func `an equal row of a paid bill is unchanged`() async throws {
        try await second(
            then: Self.first, between: { try await $0.pay(Till.notice(code: Self.code)) },
            expect: "applied: 1 rows, 1 unchanged", Self.closed + " paid")
    }

    @Test func `a held bill is skipped and keeps its code`() async throws {
        try await second(
            then: Self.first.replacing("150000", with: "1") + "\(Self.code),INV-2,7,no,,Budi,,\n",
            between: { try await $0.pay(Till.notice(amount: 99, code: Self.code)) },
            expect: "refused: 2 rows, 1 skipped, 1 refused",
            "2 skipped INV-1: the bill is held",
            "3 payment_code <\(Self.code)> refused INV-2: is in use by bill INV-1",
            Self.closed + " held")
    }

    @Test func `a cancelled bill is skipped and stays cancelled`() async throws {
        try await second(
            then: Self.first.replacing("SPP", with: "Buku"),
            between: { service in
                let answer = try await service.admin.post(
                    "/admin/v1/bills/1/cancel", #"{"reason":"no longer"}"#)
                #expect(answer.status == 200)
            },
            expect: "applied: 1 rows, 1 skipped", "2 skipped INV-1: the bill is cancelled",
            Self.closed + " cancelled no longer")
    }

    @Test func `an equal row of a cancelled bill is reported too`() async throws {
        try await second(
            then: Self.first,
            between: { service in
                let answer = try await service.admin.post("/admin/v1/bills/1/cancel", "{}")
                #expect(answer.status == 200)
            },
            expect: "applied: 1 rows, 1 skipped", "2 skipped INV-1: the bill is cancelled",
            Self.closed + " cancelled")
    }
}
