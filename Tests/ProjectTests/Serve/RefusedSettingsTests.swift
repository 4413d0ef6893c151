// `serve` with settings that are wrong: every mistake is told, and nothing is created.

import Foundation
import Testing

extension Processes {
    @Suite struct RefusedSettings {
        /// What is written instead of what, and how the mistake is told.
        private static let mistakes: [(of: String, with: String, told: String)] = [
            ("timestamp_seconds: 3600", "timestamp_seconds: 0", "limits.timestamp_seconds"),
            ("keep_days: 400", "keep_dayz: 400", "journal.keep_dayz"),
            ("customer_name: full", "customer_name: shouted", "answer.customer_name"),
            ("bin: \"889651\"", "bin: \"88965\"", "accounts[0].bins[0]"),
            ("file: secret }", "file: secret-of-nobody }", "accounts[0].secrets[0]"),
        ]

        @Test func `five mistakes are all five listed and nothing is created`() async throws {
            try await withSite { site in
                try site.writeSettings(Self.mistakes.map { (of: $0.of, with: $0.with) })
                let before = try site.listing()
                let outcome = try await site.run(["serve"])
                #expect(outcome.code == 1)
                for mistake in Self.mistakes {
                    #expect(outcome.errors.contains(": \(mistake.told)"), "\(outcome)")
                }
                let lines = outcome.errors.split(separator: "\n").filter { $0.contains("line ") }
                #expect(lines.count == Self.mistakes.count, "\(outcome)")
                #expect(try site.listing() == before)
                #expect(outcome.output.isEmpty)
            }
        }

        @Test func `a missing settings file is told in one line`() async throws {
            try await withSite { site in
                let before = try site.listing()
                let outcome = try await site.run(["serve", "--config", "nowhere.yaml"])
                #expect(outcome.code == 1)
                #expect(outcome.errors.contains("nowhere.yaml: there is no such file"))
                #expect(try site.listing() == before)
            }
        }

        @Test func `a broken secret is told without its text`() async throws {
            try await withSite { site in
                let short = "SK-tooshort"
                try site.write(short, to: "secret")
                let outcome = try await site.run(["serve"])
                #expect(outcome.code == 1)
                #expect(outcome.errors.contains("fewer than"))
                #expect(!outcome.errors.contains(short))
            }
        }

        @Test func `a variable that names no setting is refused`() async throws {
            try await withSite { site in
                let outcome = try await site.run(
                    ["serve"], environment: ["LOKET_GATEWAY_PROT": "1"])
                #expect(outcome.code == 1)
                #expect(outcome.errors.contains("LOKET_GATEWAY_PORT"), "\(outcome)")
            }
        }

        @Test func `an admin listener beyond loopback needs a key first`() async throws {
            try await withSite { site in
                let environment = [
                    "LOKET_ADMIN_HOST": "0.0.0.0", "LOKET_ADMIN_TLS_BY_PROXY": "true",
                ]
                let before = try site.listing()
                let refused = try await site.run(["serve"], environment: environment)
                #expect(refused.code == 1)
                #expect(refused.errors.contains("no admin key is in place"), "\(refused)")
                #expect(try site.listing() == before)

                let first = try await site.serve()
                #expect(try await first.stop().code == 0)
                let second = try await site.serve(environment: environment)
                #expect(try await second.stop().code == 0)
            }
        }
    }
}
