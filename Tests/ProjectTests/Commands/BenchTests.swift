// `loket-bench` with its smallest sizes: each benchmark succeeds and prints its comparison.

import Foundation
import Testing

extension Processes {
    @Suite struct BenchCommand {
        private func bench(_ words: [String], on site: Site) async throws -> Child.Outcome {
            try await site.run(words, program: Project.executable("loket-bench").path)
        }

        @Test func `a small benchmark prints a ratio and leaves nothing behind`() async throws {
            try await withSite { site in
                let outcome = try await bench(
                    [
                        "inquiries", "--bills", "500", "--seconds", "0.2", "--rounds", "1",
                        "--connections", "4",
                    ], on: site)
                #expect(outcome.code == 0, "\(outcome)")
                let ratio = outcome.output.split(separator: "\n").first {
                    $0.contains("ratio of throughput")
                }
                #expect(ratio?.contains { $0.isNumber } == true, "\(outcome)")
                let left = try FileManager.default.contentsOfDirectory(
                    atPath: site.temporary.path)
                #expect(left.isEmpty)
            }
        }

        @Test func `payments with webhooks and without are compared`() async throws {
            try await withSite { site in
                let outcome = try await bench(
                    [
                        "webhooks", "--seconds", "0.1", "--rounds", "1", "--connections", "4",
                    ], on: site)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("with over without"), "\(outcome)")
            }
        }

        @Test func `payments by one sender and by many are compared`() async throws {
            try await withSite { site in
                let outcome = try await bench(
                    [
                        "payments", "--seconds", "0.1", "--rounds", "1",
                        "--connections", "4",
                    ], on: site)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("many over one"))
                #expect(outcome.output.contains("payments a commit"))
            }
        }

        @Test func `an import is compared with sqlite3, and other requests are timed`()
            async throws
        {
            try await withSite { site in
                let outcome = try await bench(
                    ["import", "--rows", "2000", "--rounds", "1", "--pace", "50"], on: site)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("median ratio"))
                #expect(outcome.output.contains("the longest wait"))
                let left = try FileManager.default.contentsOfDirectory(
                    atPath: site.temporary.path)
                #expect(left.isEmpty)
            }
        }

        @Test func `a running service is measured with its payable codes`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345678", invoice: "INV-1")
                try site.write("88965112345678\n", to: "codes")
                let words = [
                    "inquiries", "--url", service.url, "--codes", "codes", "--client-id",
                    Site.clientID, "--secret-file", "secret", "--seconds", "0.1", "--rounds",
                    "1", "--connections", "2",
                ]
                let outcome = try await bench(words, on: site)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("round 1: "))
                try site.write("88965199999999\n", to: "codes")
                let wrong = try await bench(words, on: site)
                #expect(wrong.code == 1, "\(wrong)")
                #expect(wrong.errors.contains("were not payable"))
                #expect(try await service.stop().code == 0)
                let gone = try await bench(words, on: site)
                #expect(gone.code == 1, "\(gone.code): \(gone.errors.prefix(200))")
            }
        }

        @Test func `a small search benchmark prints a line for each kind`() async throws {
            try await withSite { site in
                let outcome = try await bench(
                    ["search", "--bills", "300", "--rounds", "2"], on: site)
                #expect(outcome.code == 0, "\(outcome)")
                for kind in ["payment code", "state expired", "invoice prefix of all bills"] {
                    #expect(outcome.output.contains(kind))
                }
                let rare = outcome.output.split(separator: "\n").filter {
                    $0.contains(" 5 names ") && $0.hasSuffix("   5 bills")
                }
                #expect(rare.count == 2, "\(outcome)")
            }
        }

        @Test(arguments: [["--bills", "0"], ["--connections", "0"], ["--url", "http://x/"]])
        func `sizes too small to measure are wrong usage`(_ words: [String]) async throws {
            try await withSite { site in
                let outcome = try await bench(["inquiries"] + words, on: site)
                #expect(outcome.code == EX_USAGE, "\(outcome)")
            }
        }
    }
}
