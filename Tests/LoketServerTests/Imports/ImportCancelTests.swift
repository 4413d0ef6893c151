// Cancelling an import in each of its phases: nothing more is applied, applied rows stay until they
// are undone, and a restart does not continue the import.

import LoketAdmin
import LoketCore
import LoketStore
import TestSupport
import Testing

struct ImportCancelTests {
    private static let path = "/admin/v1/imports/1/cancel"

    private func cancel(_ service: RunningService) async throws -> ImportReport {
        let answer = try await service.admin.post(Self.path, "{}")
        try #require(answer.status == 200, "\(answer.text)")
        return ImportReport(json: try answer.json())
    }

    /// An import that the test drives to the end of its first phase.
    private func receiving(
        _ count: Int, in service: RunningService
    ) async throws -> ImportRecord {
        let wish = Store.NewImport(
            accountID: nil, actor: "test", format: .csv, amountFormat: "plain", isDryRun: false)
        let (record, stage) = try #require(
            try await service.store.beginImport(wish, now: .now))
        let rows = try (1...count).map { number in
            StagedRow(
                line: Int64(number), accountID: 1,
                draft: try .sample("8896511000000\(number)", "INV-\(number)"), given: [])
        }
        try stage.add(rows, notes: [])
        return record
    }

    @Test func `an import being received or compared is cancelled without a trace`() async throws {
        try await withService { service in
            let store = service.store
            let record = try await receiving(3, in: service)
            let cancelled = try await cancel(service)
            #expect(
                cancelled.text == "failed: 0 rows; cancelled by first; nothing was applied")
            // The rest of the file and the comparison do not change the import.
            try await store.importReceived(record.id, bytes: 1, rows: 3, refused: 0)
            _ = try await store.checkImport(record, unreadable: 0, now: .now) { _ in }
            let again = try await cancel(service)
            #expect(again.text == cancelled.text)
            #expect(try await service.billCount == 0)
            #expect(try await service.events().isEmpty)
        }
    }

    @Test func `applied rows stay until they are undone`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { service in
                let store = service.store
                let record = try await receiving(3, in: service)
                try await store.importReceived(record.id, bytes: 1, rows: 3, refused: 0)
                _ = try await store.checkImport(record, unreadable: 0, now: .now) { _ in }
                let first = try await store.applyBatch(of: record.id, now: .now)
                #expect(first.state == .running && first.created == 3)
                let cancelled = try await cancel(service)
                #expect(
                    cancelled.summary.hasSuffix(
                        "3 applied created; cancelled by first; 3 created and 0 changed bills "
                            + "remain: to revert them, undo the import"), "\(cancelled.text)")
                let after = try await store.applyBatch(of: record.id, now: .now)
                #expect(after.state == .failed)
                #expect(try await service.events() == ["import.applied"])
            }
            try await withService(in: folder) { service in
                #expect(try await service.report("1").state == "failed")
                let undone = try await service.undo("1")
                #expect(undone.summary.contains("3 undone cancelled"), "\(undone.text)")
                try expectProblem(
                    try await service.admin.post(Self.path, "{}"), 409, "import_not_cancellable")
            }
        }
    }

    @Test func `the runner stops at a cancelled import and continues with the next`() async throws {
        try await withService { service in
            let rows = (10_000..<40_000).map { "889651\($0),INV-\($0),150000,Anton Budiman\n" }
            let file = Array((ImportCase.head + rows.joined()).utf8)
            let sent = try await service.admin.send(
                "POST", "/admin/v1/imports", body: file, type: "text/csv")
            try #require(sent.status == 202, "\(sent.text)")
            let cancelled = try await cancel(service)
            #expect(cancelled.json["failure"]?.string?.hasPrefix("cancelled by first") == true)
            let next = try await service.importText(ImportCase.head + ImportCase.row(1))
            #expect(next.state == "applied")
            #expect(try await service.report("1").text == cancelled.text)
            let made = cancelled.json["applied"]?["created"]?.integer ?? -1
            let all = try await service.items("/admin/v1/imports").count
            #expect(all == 2 && made < 30_000)
        }
    }
}
