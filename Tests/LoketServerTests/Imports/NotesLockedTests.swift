// An import's report while another process has locked its file of notes: never a 500.

import TestSupport
import Testing

struct NotesLockedTests {
    @Test func `a report whose notes are locked is answered 503 with Retry-After`() async throws {
        try await withService { service in
            let report = try await service.importText(ImportCase.head + ImportCase.row(1))
            // The file of notes has been replaced by now.
            try await eventually { service.log.importsApplied == ["\(report.id)"] }
            let name = try #require(service.stagingFiles.first)
            let hand = try ForeignHand(
                holding: service.folder.file("loket.db.imports/" + name), exclusively: true)
            let path = "/admin/v1/imports/\(report.id)"
            try expectProblem(try await service.admin.get(path), 503, "store_failed")
            #expect(try await service.admin.header("Retry-After", of: path) == "1")
            #expect(try await service.imports() == ["\(report.id) applied"])
            try hand.letGo()
            #expect(try await service.admin.get(path).status == 200)
        }
    }
}
