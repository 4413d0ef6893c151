// `bills export --output`: the file appears complete or not at all.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct BillsExportFile {
        private func export(_ words: String..., url: String) -> [String] {
            ["bills", "export", "--url", url, "--key-file", "key"] + words
        }

        @Test func `an interrupted export leaves no file with its name`() async throws {
            try await withSite { site in
                try site.write(String(repeating: "k", count: 40), to: "key")
                let url = try await site.startStub([OutputOfCommands.page], then: .repeats)
                let child = try site.start(export("--output", "out.csv", url: url))
                try await eventually("a page in out.csv.part") {
                    let path = site.path("out.csv.part")
                    return FileManager.default.contents(atPath: path)?.isEmpty == false
                }
                child.send(SIGINT)
                let ended = try await child.end()
                #expect(ended.code == -SIGINT, "\(ended)")
                #expect(try !site.listing().contains("out.csv"))
                let again = try await site.run(export("--output", "out.csv", url: url))
                #expect(again.code == 1, "\(again)")
                #expect(again.errors.contains("out.csv.part already exists"), "\(again)")
                #expect(again.errors.contains("remove the file"), "\(again)")
            }
        }

        @Test func `an export whose service stops leaves nothing`() async throws {
            try await withSite { site in
                try site.write(String(repeating: "k", count: 40), to: "key")
                let url = try await site.startStub([OutputOfCommands.page], then: .leaves)
                let outcome = try await site.run(export("--output", "out.csv", url: url))
                #expect(outcome.code == 3, "\(outcome)")
                #expect(try !site.listing().contains { $0.hasPrefix("out") })
            }
        }

        @Test func `--json without an output file is wrong usage`() async throws {
            try await withSite { site in
                let outcome = try await site.run(
                    export("--json", url: "http://127.0.0.1:1"))
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.errors.contains("--format ndjson"), "\(outcome)")
            }
        }
    }
}
