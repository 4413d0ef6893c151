// `loket find` with words of a customer's name, and `--rebuild`.

import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct FindNames {
        @Test func `find lists bills by a name, and writes the words again`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                let way = ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
                let bill = try await service.admin("GET", "/admin/v1/bills/1")
                let name = try #require(bill["customer"]?["name"]?.string)
                try await eventually("the name is read") {
                    try await site.run(["find", String(name.prefix(3))] + way).code == 0
                }
                let found = try await site.run(["find", name.uppercased()] + way)
                #expect(found.output.hasPrefix("#1\t88965112345671\tINV-1\t"), "\(found)")
                #expect(found.errors.isEmpty, "\(found)")
                let rebuilt = try await site.run(["find", "--rebuild"] + way)
                #expect(rebuilt.code == 0, "\(rebuilt)")
                #expect(rebuilt.output.contains("in the background"), "\(rebuilt)")
                try await eventually("the name is found again") {
                    try await site.run(["find", name] + way).code == 0
                }
                for words in [["--rebuild", "anton"], []] {
                    let wrong = try await site.run(["find"] + words + way)
                    #expect(wrong.code == 2, "\(wrong)")
                }
            }
        }
    }
}
