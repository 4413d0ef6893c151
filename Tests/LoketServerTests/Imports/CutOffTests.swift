// Incomplete uploads: they leave neither a bill nor a file.

import TestSupport
import Testing

struct CutOffTests {
    @Test(arguments: [false, true])
    func `an upload that is cut off fails and leaves nothing`(_ chunked: Bool) async throws {
        try await withService { service in
            let before = try service.everything()
            let upload = try await service.beginUpload(
                ImportCase.head + ImportCase.row(1) + "889651", chunked: chunked)
            #expect(try await service.imports() == ["1 running"])
            let running = try await service.report("1")
            #expect(running.json["phase"]?.string == "receiving")
            #expect(running.json["finished_at"]?.isNull == true)
            #expect(service.stagingFiles.contains("1.db"))

            await upload.close()
            let report = try await service.ended("1")
            #expect(report.state == "failed")
            let failure = report.json["failure"]?.string ?? ""
            #expect(failure.hasPrefix("the file is incomplete"), "\(failure)")
            #expect(failure.hasSuffix("nothing was applied"), "\(failure)")
            #expect(report.notes.isEmpty)
            try await eventually { service.stagingFiles.isEmpty }
            #expect(try await service.billLines().isEmpty)
            #expect(try service.everything() == before)
            #expect(try await service.importText(ImportCase.head).state == "applied")
        }
    }

    @Test func `a malformed chunk ends the upload`() async throws {
        try await withService { service in
            let upload = try await service.beginUpload(chunked: true)
            try await upload.send("zz\r\n")
            let report = try await service.ended("1")
            #expect(report.state == "failed", "\(report.text)")
            try await eventually { service.stagingFiles.isEmpty }
            await upload.close()
        }
    }

    @Test func `a file that is refused early is still read to its end`() async throws {
        try await withService { service in
            let body = "payment_code\n" + String(repeating: "x\n", count: 200_000)
            let report = try await service.importText(body)
            #expect(report.state == "refused")
            #expect(report.json["bytes"]?.integer == Int64(body.utf8.count))
        }
    }

    @Test func `the service stops during a stuck upload, and the import has failed`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { service in
                _ = try await service.importText(ImportCase.head + ImportCase.row(1))
                let upload = try await service.beginUpload(ImportCase.head + ImportCase.row(2))
                await service.stop()
                _ = upload
            }
            try await withService(in: folder) { service in
                let report = try await service.ended("2")
                #expect(report.state == "failed")
                #expect(!service.stagingFiles.contains("2.db"))
                #expect(try await service.billLines().count == 1)
            }
        }
    }
}
