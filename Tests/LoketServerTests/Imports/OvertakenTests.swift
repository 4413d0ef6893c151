// Bills that change between the comparison and the applying: a payment, an edit or a new bill in
// that time wins, and the import reports it. The test drives the two phases one by one.

import DokuSimulator
import LoketAdmin
import LoketCore
import LoketStore
import Testing

struct OvertakenTests {
    private static func code(_ number: Int) -> String { "8896511000000\(number)" }

    /// Compares rows with these amounts, runs `meanwhile`, and applies the rows.
    private func overtaken(
        _ rows: [(number: Int, amount: Int64)], in service: RunningService,
        meanwhile: () async throws -> Void
    ) async throws -> ImportReport {
        let store = service.store
        let wish = Store.NewImport(
            accountID: nil, actor: "test", format: .csv, amountFormat: "plain", isDryRun: false)
        let (record, stage) = try #require(try await store.beginImport(wish, now: .now))
        let staged = try rows.map { row in
            StagedRow(
                line: Int64(row.number), accountID: 1,
                draft: try .sample(Self.code(row.number), "INV-\(row.number)", amount: row.amount),
                given: [])
        }
        try stage.add(staged, notes: [])
        try await store.importReceived(
            record.id, bytes: 1, rows: Int64(rows.count), refused: 0)
        let state = try await store.checkImport(record, unreadable: 0, now: .now) { _ in }
        #expect(state == .running)
        try await meanwhile()
        var after = try await store.applyBatch(of: record.id, now: .now)
        while after.state == .running {
            after = try await store.applyBatch(of: record.id, now: .now)
        }
        try store.tidyImport(after)
        return try await service.report("\(record.id)")
    }

    @Test func `what was paid or edited meanwhile wins and is reported`() async throws {
        try await withTill { service in
            let file =
                ImportCase.head
                + (1...6).map { "\(Self.code($0)),INV-\($0),150000,Anton Budiman\n" }.joined()
            _ = try await service.importText(file)
            let report = try await overtaken(
                (1...8).map { ($0, 7) }, in: service
            ) {
                try await service.pay(Till.notice("INV-1", code: Self.code(1)))
                try await service.pay(Till.notice("INV-2", amount: 9, code: Self.code(2)))
                #expect(
                    try await service.admin.post("/admin/v1/bills/3/cancel", "{}").status == 200)
                #expect(try await service.edit(#"{"amount":7}"#, of: "4").status == 200)
                #expect(try await service.edit(#"{"amount":8}"#, of: "5").status == 200)
                let taken = BillJSON(Self.code(7), "OTHER").text
                #expect(try await service.admin.post("/admin/v1/bills", taken).status == 201)
            }
            #expect(
                report.summary == "applied: 8 rows, 2 new, 6 changed, 1 applied created, "
                    + "2 applied changed, 4 applied overtaken")
            #expect(
                report.notes.filter { $0.contains("overtaken") } == [
                    "1 overtaken INV-1: the bill is paid", "2 overtaken INV-2: the bill is held",
                    "3 overtaken INV-3: the bill is cancelled",
                    "7 overtaken INV-7: is in use by bill OTHER",
                ])
            let amounts = try await service.items("/admin/v1/bills?limit=100").reversed()
                .map { "\($0["invoice_number"]?.string ?? "") \($0["amount"]?.integer ?? 0)" }
            #expect(
                amounts == [
                    "INV-1 150000", "INV-2 150000", "INV-3 150000", "INV-4 7", "INV-5 7",
                    "INV-6 7", "OTHER 150000", "INV-8 7",
                ])
        }
    }

    @Test func `the same bill created by hand meanwhile is not a conflict`() async throws {
        try await withTill { service in
            let report = try await overtaken([(1, 150_000), (2, 7)], in: service) {
                try await make(1, in: service)
                try await make(2, in: service)
            }
            #expect(report.summary == "applied: 2 rows, 2 new, 1 applied changed")
            let undone = try await service.undo(report.id)
            #expect(undone.summary.hasSuffix("1 undone restored"))
            #expect(try await service.bill("2")["amount"]?.integer == 150_000)
            #expect(try await service.state("1") == "open")
        }
    }

    private func make(_ number: Int, in service: RunningService) async throws {
        let body = BillJSON(Self.code(number), "INV-\(number)").text
        let answer = try await service.admin.post("/admin/v1/bills", body)
        #expect(answer.status == 201)
    }
}
