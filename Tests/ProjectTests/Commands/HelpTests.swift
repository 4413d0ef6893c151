// Every command has `--help` and refuses wrong usage, and no option takes a secret as text.

import Foundation
import Testing

extension Processes {
    @Suite struct Help {
        static let commands: [[String]] = [
            [], ["init"], ["serve"], ["demo"], ["check"], ["status"], ["bills"], ["bills", "add"],
            ["bills", "list"], ["bills", "show"], ["bills", "cancel"], ["bills", "import"],
            ["bills", "export"], ["bills", "reopen"], ["bills", "quote"], ["bills", "edit"],
            ["bills", "forget"], ["imports"], ["imports", "list"], ["imports", "show"],
            ["imports", "rows"], ["imports", "undo"], ["payments"], ["payments", "list"],
            ["payments", "show"],
            ["payments", "resolve"], ["payments", "reopen"], ["payments", "totals"],
            ["payments", "export"], ["bills", "timeline"], ["bills", "cancel-many"], ["attention"],
            ["attention", "list"],
            ["attention", "resolve"], ["quarantine"], ["quarantine", "list"],
            ["quarantine", "retry"], ["notifications"], ["notifications", "list"],
            ["notifications", "show"], ["find"], ["why"], ["inquiries"], ["tail"], ["events"],
            ["pauses"],
            ["webhooks"], ["webhooks", "add"], ["webhooks", "list"], ["webhooks", "show"],
            ["webhooks", "edit"], ["webhooks", "remove"], ["webhooks", "pause"],
            ["webhooks", "resume"], ["webhooks", "replay"], ["webhooks", "rotate"],
            ["webhooks", "test"], ["webhooks", "skipped"],
            ["keys"], ["keys", "create"], ["keys", "list"], ["keys", "show"],
            ["keys", "revoke"], ["keys", "reset"], ["pause"], ["resume"], ["backup"],
            ["restore"], ["simulate"], ["simulate", "inquiry"],
            ["simulate", "notification"], ["simulate", "scenario"], ["reconcile"], ["sign"],
            ["verify"],
        ]

        @Test(arguments: commands)
        func `--help gives 0, describes the command and takes no secret as text`(
            _ words: [String]
        ) async throws {
            try await withSite { site in
                let outcome = try await site.run(words + ["--help"])
                #expect(outcome.code == 0)
                #expect(outcome.errors.isEmpty)
                let first = outcome.output.split(separator: "\n").first ?? ""
                #expect(first.hasPrefix("OVERVIEW: ") && first.count > 20, "\(outcome)")
                #expect(outcome.output.contains("USAGE: loket"))
                let options = outcome.output.matches(of: /--[a-z-]+/).map { String($0.output) }
                let telling = options.filter { $0.contains("secret") || $0.contains("key") }
                #expect(Set(telling).isSubset(of: ["--secret-file", "--key-file"]), "\(telling)")
                #expect(!options.contains { $0.contains("password") || $0.contains("token") })
            }
        }

        @Test func `--version prints the program's name and its build`() async throws {
            try await withSite { site in
                let outcome = try await site.run(["--version"])
                #expect(outcome.code == 0)
                let form =
                    /loket \d+\.\d+\.\d+ \(commit \S+, Swift \S+, SQLite 3\.\S+, OpenSSL 3\.\S+\)\n/
                #expect(outcome.output.wholeMatch(of: form) != nil, "\(outcome)")
            }
        }

        @Test(arguments: [[], ["serve"], ["bills", "list"], ["keys", "list"]])
        func `an unknown option gives 2`(_ words: [String]) async throws {
            try await withSite { site in
                let outcome = try await site.run(words + ["--no-such-option"])
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.output.isEmpty)
                #expect(outcome.errors.contains("--no-such-option"), "\(outcome)")
            }
        }

        @Test(arguments: [[], ["bills"], ["imports"], ["keys"], ["simulate"]])
        func `a group without a command gives 2 and lists its commands`(
            _ words: [String]
        ) async throws {
            try await withSite { site in
                let outcome = try await site.run(words)
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.output.isEmpty)
                let help = try await site.run(words + ["--help"])
                #expect(outcome.errors == help.output)
            }
        }

        @Test(arguments: [["pay"], ["bills", "pay"], ["simulate", "rain"], ["serve", "now"]])
        func `an unknown subcommand or argument gives 2`(_ words: [String]) async throws {
            try await withSite { site in
                let outcome = try await site.run(words)
                #expect(outcome.code == 2, "\(outcome)")
                #expect(!outcome.errors.isEmpty)
            }
        }
    }
}
