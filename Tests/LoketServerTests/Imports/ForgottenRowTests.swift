// What the files of imports keep of a customer who is forgotten: no row, and no value in a note.

import Foundation
import TestSupport
import Testing

struct ForgottenRowTests {
    /// Everything that the service shows of an import.
    private func shown(_ id: String, of service: RunningService) async throws -> String {
        let rows = try await service.admin.get("/admin/v1/imports/\(id)/rows")
        try #require(rows.status == 200, "\(rows.text)")
        return rows.text + (try await service.admin.get("/admin/v1/imports/\(id)?limit=1000").text)
    }

    private func forget(_ id: Int = 1, of service: RunningService) async throws {
        _ = try await service.admin.post("/admin/v1/bills/\(id)/cancel", "{}")
        let forgotten = try await service.admin.post("/admin/v1/bills/\(id)/forget", "{}")
        #expect(forgotten.status == 200, "\(forgotten.text)")
    }

    private static let head =
        "payment_code,invoice_number,amount,customer_name,customer_email\n"

    @Test(arguments: [
        "88965100000001,INV-1,x,Rahasia,\n", "88965100000002,INV-1,1,Rahasia,\n",
        "88965100000001,INV-1,1,Anton,rahasia@@x\n", "88965100000001,INV-1,Rahasia\n",
        "88965100000001,INV 1,1,Rahasia,rahasia@@x\n", "x,x y,1,Rahasia,\n",
    ])
    func `a refused row and the values in its notes are deleted`(_ row: String) async throws {
        try await withService { service in
            _ = try await service.importText(ImportCase.head + ImportCase.row(1))
            let report = try await service.importText(
                Self.head + row + "88965100000003,INV-3,x,Budi,b@@x\n")
            #expect(try await shown(report.id, of: service).lowercased().contains("rahasia"))
            try await forget(of: service)
            let found = try await shown(report.id, of: service)
            #expect(!found.lowercased().contains("rahasia"), "\(found)")
            #expect(found.contains("Budi") && found.contains("\"b@@x\""), "\(found)")
        }
    }

    @Test func `metadata and cleaned values are in no note after it`() async throws {
        try await withService { service in
            let cleaned = try await service.importText(
                Self.head + "88965100000001,INV-1,1,  Rahasia,\n", "?clean_spaces=true")
            let refused = try await service.importText(
                #"{"payment_code":"88965100000001","invoice_number":"INV-1","amount":1,"#
                    + #""customer_name":"A","metadata":["Rahasia"]}"#,
                type: "application/x-ndjson")
            try await forget(of: service)
            for id in [cleaned.id, refused.id] {
                let found = try await shown(id, of: service)
                #expect(!found.contains("Rahasia"), "\(found)")
            }
        }
    }

    @Test func `a customer who is forgotten while an import runs is in no row after it`()
        async throws
    {
        try await withService { service in
            _ = try await service.importText(ImportCase.head + ImportCase.row(1))
            let part = Self.head + "88965100000001,INV-1,x,Rahasia,\n"
            let upload = try await service.beginUpload(part)
            try await forget(of: service)
            let rest = "88965100000003,INV-3,x,Budi,"
            try await upload.send(rest + String(repeating: "\n", count: 1_000 - rest.utf8.count))
            _ = try await service.ended("2")
            try await eventually {
                try await !shown("2", of: service).contains("Rahasia")
            }
            #expect(try await shown("2", of: service).contains("Budi"))
        }
    }

    @Test func `a damaged file is deleted, and the others are cleaned`() async throws {
        try await withService { service in
            _ = try await service.importText(ImportCase.head + ImportCase.row(1))
            let row = Self.head + "88965100000001,INV-1,x,Rahasia,\n"
            let first = try await service.importText(row)
            let second = try await service.importText(row)
            let place = service.folder.file("loket.db.imports/\(second.id).db")
            try Data(repeating: 0x78, count: 8_192).write(to: URL(fileURLWithPath: place))
            try await forget(of: service)
            #expect(!FileManager.default.fileExists(atPath: place))
            #expect(try await !shown(first.id, of: service).contains("Rahasia"))
        }
    }
}
