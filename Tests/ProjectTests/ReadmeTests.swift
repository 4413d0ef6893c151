// The README holds what it says: its commands and options are in the binary's help, its files are
// in the repository.

import Foundation
import Testing

extension Processes {
    @Suite struct Readme {
        /// Lines of the shell blocks, and what stands between backticks elsewhere.
        private func quotes() throws -> (shell: [Substring], inline: [Substring]) {
            var (shell, inline): ([Substring], [Substring]) = ([], [])
            for (index, part) in try Project.text("README.md").split(separator: "```").enumerated()
            {
                if index % 2 == 0 {
                    inline += part.matches(of: /`([^`\n]+)`/).map { $0.output.1 }
                } else if part.hasPrefix("sh\n") {
                    shell += part.split(separator: "\n").dropFirst()
                        .map { $0.split(separator: "#", omittingEmptySubsequences: false)[0] }
                }
            }
            return (shell, inline)
        }

        @Test func `every command and option of the README is in the help`() async throws {
            let (shell, inline) = try quotes()
            let commands = Set((shell + inline).filter { $0.hasPrefix("loket ") })
            #expect(commands.count > 5)
            try await withSite { site in
                for command in commands {
                    let words = command.split(separator: " ").dropFirst().map(String.init)
                    var path: [String] = []
                    var help = try await site.run(["--help"]).output
                    for word in words {
                        guard help.contains("SUBCOMMANDS:") else { break }
                        let isListed = help.contains("\n  \(word) ")
                        #expect(isListed, "`\(word)` of: \(command)")
                        guard isListed else { break }
                        path.append(word)
                        help = try await site.run(path + ["--help"]).output
                    }
                    for option in words where option.hasPrefix("--") {
                        #expect(help.contains("  \(option) "), "`\(option)` of: \(command)")
                    }
                }
            }
        }

        @Test func `every option named by itself in the README exists`() async throws {
            let options = try quotes().inline.filter { $0.hasPrefix("--") }
            try await withSite { site in
                var help = ""
                for words in Help.commands {
                    help += try await site.run(words + ["--help"]).output
                }
                for option in options { #expect(help.contains("\(option) "), "\(option)") }
            }
        }

        @Test func `every script, file and folder of the README exists`() throws {
            let (shell, inline) = try quotes()
            let words = (shell + inline).flatMap { $0.split(separator: " ") }
            let paths = words.compactMap { word -> String? in
                if word.wholeMatch(of: /(\.\/)?(scripts|migrations|Sources|Tests)\/.*/) != nil {
                    return String(word)
                }
                if word.wholeMatch(of: /(Loket|Doku)[A-Za-z]+\/.*/) != nil {
                    return "Sources/" + word
                }
                return word.hasSuffix(".example.yaml") ? String(word) : nil
            }
            #expect(paths.contains("./scripts/demo") && paths.count > 8, "\(paths)")
            for path in Set(paths) { #expect(Project.exists(path), "\(path)") }
        }

        @Test func `every guard that the README names is one that answers`() throws {
            let source = try Project.text("Sources/LoketCore/Inquiries/Decision.swift")
            let rows = try Project.text("README.md").split(separator: "\n")
                .filter { $0.hasPrefix("| ") && $0.contains(" | yes |") }
            let names = rows.flatMap { row in
                row.split(separator: "|").prefix(2).joined()
                    .matches(of: /`([a-z_]+)`/).map { $0.output.1 }
            }
            #expect(names.contains("payable") && names.count > 12)
            let fields: Set<Substring> = ["payment_code", "paid_elsewhere"]
            for name in names where !fields.contains(name) {
                let isGuard = source.contains("\"\(name)\"") || source.contains("case \(name)\n")
                #expect(isGuard, "\(name)")
            }
        }
    }
}
