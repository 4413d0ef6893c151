// The same file again, several files at once, and a dry run: nothing is applied twice, and a dry
// run applies nothing.

import Foundation
import TestSupport
import Testing

struct ImportTwiceTests {
    private static let file = ImportCase.head + (1...9).map(ImportCase.row).joined()

    @Test func `the same file again changes nothing and reports nothing`() async throws {
        try await withService { service in
            let first = try await service.importText(Self.file)
            #expect(first.text == "applied: 9 rows, 9 new, 9 applied created")
            let before = try service.everything()
            for _ in 0..<2 {
                let again = try await service.importText(Self.file)
                #expect(again.text == "applied: 9 rows, 9 unchanged")
            }
            #expect(try service.everything() == before)
            #expect(try await service.events() == ["import.applied"])
        }
    }

    @Test func `a dry run gives the same report and changes nothing`() async throws {
        let other = ImportCase.head + "88965100000001,INV-1,7,Budi\n" + ImportCase.row(3)
        try await withService { service in
            _ = try await service.importText(ImportCase.head + ImportCase.row(1))
            let before = try service.everything()
            let dry = try await service.importText(other, "?dry_run=true")
            let note = "2 changed INV-1: amount 150000 to 7, customer.name"
            #expect(dry.text == "checked: 2 rows, 1 new, 1 changed\n" + note)
            #expect(dry.json["dry_run"]?.bool == true)
            #expect(try service.everything() == before)
            let refused = try await service.importText(
                other + "x,INV-4,1,A\n", "?dry_run=true")
            #expect(refused.state == "refused")
            #expect(try service.everything() == before)
            let real = try await service.importText(other, "?dry_run=false")
            #expect(
                real.text == "applied: 2 rows, 1 new, 1 changed, 1 applied created, "
                    + "1 applied changed\n" + note)
        }
    }

    @Test func `a bill paid between dry run and import is skipped and reported`() async throws {
        let file = ImportCase.head + "88965110000001,INV-1,7,Budi\n" + ImportCase.row(3)
        try await withTill { service in
            _ = try await service.importText(
                ImportCase.head + "88965110000001,INV-1,150000,Anton\n")
            let dry = try await service.importText(file, "?dry_run=true")
            #expect(dry.summary == "checked: 2 rows, 1 new, 1 changed")
            try await service.pay(Till.notice())
            let real = try await service.importText(file)
            #expect(
                real.text == "applied: 2 rows, 1 new, 1 skipped, 1 applied created\n"
                    + "2 skipped INV-1: the bill is paid")
            #expect(try await service.bill()["amount"]?.integer == 150_000)
        }
    }

    @Test func `two files at once are both imported correctly`() async throws {
        try await withService { service in
            let common = (1...300).map { Self.row($0, of: 0) }.joined()
            let files = (1...2).map { part in
                ImportCase.head + common + (1...300).map { Self.row($0, of: part) }.joined()
            }
            let reports = try await withThrowingTaskGroup(of: ImportReport.self) { group in
                for file in files { group.addTask { try await service.importText(file) } }
                return try await group.reduce(into: [ImportReport]()) { $0.append($1) }
            }
            let summaries = Set(reports.map(\.summary))
            #expect(
                summaries == [
                    "applied: 600 rows, 600 new, 600 applied created",
                    "applied: 600 rows, 300 new, 300 unchanged, 300 applied created",
                ])
            let bills = try await service.billLines()
            #expect(bills.count == 900)
            #expect(Set(bills).count == 900)
            #expect(try await service.events() == ["import.applied", "import.applied"])
        }
    }

    private static func row(_ number: Int, of part: Int) -> String {
        let digits = String(format: "%d%07d", part, number)
        return "889651\(digits),INV-\(digits),150000,Anton Budiman\n"
    }

    @Test func `two files that fight for a code: one gets it, the other is refused`() async throws {
        try await withService { service in
            let files = (1...2).map { ImportCase.head + "88965100000001,INV-\($0),150000,A\n" }
            let states = try await withThrowingTaskGroup(of: String.self) { group in
                for file in files { group.addTask { try await service.importText(file).state } }
                return try await group.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(states.sorted() == ["applied", "refused"])
            #expect(try await service.billLines().count == 1)
        }
    }

    @Test func `a fifth import at the same time is answered 429`() async throws {
        try await withService { service in
            var uploads: [RawConnection] = []
            for _ in 0..<4 { uploads.append(try await service.beginUpload()) }
            let fifth = try await service.admin.post(
                "/admin/v1/imports", Self.file, type: "text/csv")
            try expectProblem(fifth, 429, "too_many_imports")
            // The refusal does not wait for a gigabyte.
            let sixth = try await RawConnection.open(port: service.adminPort)
            try await sixth.send(
                "POST /admin/v1/imports HTTP/1.1\r\nHost: localhost\r\n"
                    + "Authorization: Bearer \(service.adminKey)\r\nContent-Type: text/csv\r\n"
                    + "Content-Length: 1000000000\r\n\r\n")
            #expect(try await sixth.answer().status == 429)
            #expect(try await service.imports().count == 4)
            #expect(service.stagingFiles.filter { $0.hasSuffix(".db") }.count == 4)

            await uploads.removeLast().close()
            try await eventually { try await service.imports()[0] == "4 failed" }
            #expect(try await service.importText(Self.file).state == "applied")
            for upload in uploads { await upload.close() }
            try await eventually {
                try await service.imports().count { $0.hasSuffix("failed") } == 4
            }
        }
    }
}
