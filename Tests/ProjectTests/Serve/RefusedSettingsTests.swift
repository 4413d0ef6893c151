// `serve` with wrong settings: every mistake is reported, and nothing is created. The individual
// mistakes are covered by the tests of settings.

import Foundation
import Testing

extension Processes {
    @Suite struct RefusedSettings {
        /// The replaced text, its replacement, and the message.
        private static let mistakes: [(of: String, with: String, told: String)] = [
            ("timestamp_seconds: 3600", "timestamp_seconds: 0", "limits.timestamp_seconds"),
            ("keep_days: 400", "keep_dayz: 400", "journal.keep_dayz"),
            ("customer_name: full", "customer_name: shouted", "answer.customer_name"),
            ("bin: \"889651\"", "bin: \"88965\"", "accounts[0].bins[0]"),
            ("file: secret }", "file: secret-of-nobody }", "accounts[0].secrets[0]"),
        ]

        @Test func `five mistakes are all listed and nothing is created`() async throws {
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
    }
}
