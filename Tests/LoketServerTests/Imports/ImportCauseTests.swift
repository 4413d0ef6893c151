// The refused rows of an import by cause, and the warnings of an import that lowers much.

import LoketJSON
import Testing

struct ImportCauseTests {
    /// `3 amount: reason [2, 3, 4]`.
    private func causes(_ report: ImportReport) -> [String] {
        (report.json["causes"]?.elements ?? []).map { cause in
            let lines = cause["lines"]?.elements.compactMap(\.integer) ?? []
            let column = cause["column"]?.string.map { " \($0)" } ?? ""
            return "\(cause["count"]?.integer ?? 0)\(column): \(cause["reason"]?.string ?? "") "
                + "\(lines)"
        }
    }

    @Test func `refused rows are counted by cause with their first lines`() async throws {
        try await withService { service in
            let rows = (1...300).map { number in
                "8896510000\(9_000 + number),INV-\(number),\(number).500,"
                    + "\(13 + number % 15)/12/2099,A\n"
            }
            let file =
                "payment_code,invoice_number,amount,expires_at,customer_name\n"
                + rows.joined() + "8896510000\u{200B}1,INV-1,1,,A\n"
            let report = try await service.importText(file)
            #expect(report.summary == "refused: 301 rows, 301 refused")
            let expected = [
                "300 amount: is not an amount of digits only, such as 150000; "
                    + "amount_format=indonesian reads it as 1500: set this option if it fits all "
                    + "amounts in the file [2, 3, 4, 5, 6]",
                "300 expires_at: is day/month/year (2099-12-14): write YYYY-MM-DD, which means "
                    + "the end of that day in Jakarta, or an RFC 3339 time; date_format=dmy reads "
                    + "it as 2099-12-14: set this option if it fits all dates in the file "
                    + "[2, 3, 4, 5, 6]",
                "1 payment_code: contains an invisible character: type the value again [302]",
            ]
            let found = causes(report)
            #expect(found == expected, "\(found.joined(separator: "\n"))")
        }
    }

    @Test func `rows that the comparison refuses have causes too`() async throws {
        try await withService { service in
            _ = try await service.importText(ImportCase.head + ImportCase.row(1))
            let report = try await service.importText(
                ImportCase.head + "88965100000001,INV-2,1,A\n88965100000003,INV-3,1,A\n"
                    + "88965100000004,INV-3,1,A\n")
            let found = causes(report)
            #expect(
                found == [
                    "1 payment_code: is in use by bill INV-1 [2]",
                    "1 invoice_number: is already on line 3 [4]",
                ], "\(found)")
            let clean = try await service.importText(ImportCase.head + ImportCase.row(1))
            #expect(causes(clean).isEmpty)
        }
    }

    @Test func `the most frequent causes are kept, and the others counted as one`() async throws {
        try await withService { service in
            // Each object has a member of another name, and the last three lines have one cause.
            func word(_ number: Int) -> String {
                let letter = { (place: Int) in String(UnicodeScalar(UInt8(97 + place))) }
                return letter(number / 26) + letter(number % 26)
            }
            let rows = (0..<60).map { "{\"\(word($0))\":1}\n" } + ["5\n", "6\n", "7\n"]
            let report = try await service.importText(
                rows.joined(), type: "application/x-ndjson")
            let found = report.json["causes"]?.elements ?? []
            #expect(found.count == 51)
            let counts = found.map { $0["count"]?.integer ?? 0 }
            #expect(counts.prefix(5) == [60, 60, 60, 60, 3], "\(counts)")
            #expect(counts.last == 15)
            #expect(found.last?["reason"]?.string == "other causes")
        }
    }

    @Test func `an amount that falls at a later time counts as lowered`() async throws {
        try await withService { service in
            let head = "payment_code,invoice_number,amounts,customer_name\n"
            func file(_ last: Int) -> String {
                head
                    + (10...19).map {
                        "889651000000\($0),INV-\($0),2099-12-10=150000;\(last),Anton\n"
                    }.joined()
            }
            _ = try await service.importText(file(165_000))
            let dry = try await service.importText(file(1_650), "?dry_run=true")
            #expect(dry.json["diff"]?["lowered"]?.integer == 10)
            #expect(dry.json["diff"]?["lowered_by"]?.integer == 1_633_500)
        }
    }

    // MARK: Warnings

    private func file(_ count: Int, _ amount: (Int) -> Int) -> String {
        ImportCase.head
            + (0..<count).map { number in
                "8896510000\(1_000 + number),INV-\(number),\(amount(number)),Anton\n"
            }.joined()
    }

    private func warnings(_ report: ImportReport) -> [String] {
        (report.json["warnings"]?.elements ?? []).map {
            "\($0["kind"]?.string ?? ""): \($0["text"]?.string ?? "")"
        }
    }

    private static let tenth =
        "lowers_many: 10 of 99 changed bills get a lower amount, 10 rupiah less in all"

    @Test func `an import that lowers many amounts needs accept_warnings`() async throws {
        try await withService { service in
            _ = try await service.importText(file(100) { _ in 1_000 })
            let lowering = file(100) { $0 < 10 ? 999 : $0 < 99 ? 1_001 : 1_000 }
            let dry = try await service.importText(lowering, "?dry_run=true")
            #expect(dry.state == "checked")
            #expect(warnings(dry) == [Self.tenth])
            #expect(dry.json["diff"]?["lowered"]?.integer == 10)
            #expect(dry.json["diff"]?["lowered_by"]?.integer == 10)

            let refused = try await service.importText(lowering)
            #expect(
                refused.summary == "refused: 100 rows, 99 changed, 1 unchanged; nothing was "
                    + "applied because of the warnings: if the lower amounts are intended, send "
                    + "the file again with accept_warnings=true")
            #expect(warnings(refused) == [Self.tenth])
            let accepted = try await service.importText(lowering, "?accept_warnings=true")
            #expect(
                accepted.summary
                    == "applied: 100 rows, 99 changed, 1 unchanged, 99 applied changed")
            #expect(warnings(accepted) == [Self.tenth])
        }
    }

    @Test func `an import that lowers few amounts has no warning`() async throws {
        for amount in [{ $0 < 9 ? 1 : 1_000 }, { $0 < 10 ? 900 : 1_001 }] as [(Int) -> Int] {
            try await withService { service in
                _ = try await service.importText(file(100) { _ in 1_000 })
                let report = try await service.importText(file(100, amount))
                #expect(report.state == "applied", "\(report.text)")
                #expect(warnings(report).isEmpty)
            }
        }
    }

    @Test func `an import by which bills owe less than half needs accept_warnings`()
        async throws
    {
        try await withService { service in
            _ = try await service.importText(file(110) { $0 < 10 ? 10_000 : 1 })
            let less = file(110) { $0 < 10 ? 5_004 : 2 }
            let half = try await service.importText(less, "?dry_run=true")
            #expect(warnings(half).isEmpty, "\(warnings(half))")
            let refused = try await service.importText(file(110) { $0 < 10 ? 4_000 : 2 })
            #expect(refused.state == "refused")
            #expect(
                warnings(refused) == [
                    "halves: the open bills in the file owe 100100 rupiah and would owe 40200, "
                        + "less than half"
                ], "\(warnings(refused))")
        }
    }

    @Test func `a correction of a few bills has no warning, however much it lowers them`()
        async throws
    {
        try await withService { service in
            _ = try await service.importText(file(9) { _ in 1_000 })
            let report = try await service.importText(file(9) { _ in 1 })
            #expect(report.state == "applied")
            #expect(warnings(report).isEmpty)
        }
    }
}
