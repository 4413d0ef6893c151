// Every command and option in the documents exists, according to the program's help.

import Foundation
import Testing

extension Processes {
    @Suite struct DocumentCommands {
        /// A command of `loket`, from its `--experimental-dump-help`.
        private struct Command: Decodable {
            struct Argument: Decodable {
                struct Name: Decodable { let name: String }
                let names: [Name]?
            }

            let commandName: String
            let defaultSubcommand: String?
            let subcommands: [Command]?
            let arguments: [Argument]?

            var options: [String] {
                (arguments ?? []).flatMap { ($0.names ?? []).map { "--\($0.name)" } }
                    + ["--help", "--version"]
            }

            func flattened() -> [Command] {
                [self] + (subcommands ?? []).flatMap { $0.flattened() }
            }

            /// Returns the command that these words name; nil if they name none.
            func named(by words: [Substring]) -> Command? {
                guard let subcommands, let word = words.first, !word.hasPrefix("-") else {
                    return self
                }
                if let next = subcommands.first(where: { $0.commandName == word }) {
                    return next.named(by: Array(words.dropFirst()))
                }
                return defaultSubcommand == nil ? nil : self
            }
        }

        private struct Help: Decodable { let command: Command }

        private func help(_ site: Site, _ program: String) async throws -> Command {
            let path = try Project.command().deletingLastPathComponent()
                .appendingPathComponent(program).path
            let outcome = try await site.run(["--experimental-dump-help"], program: path)
            return try JSONDecoder().decode(Help.self, from: Data(outcome.output.utf8)).command
        }

        /// Returns the words of each line that runs the program with an argument.
        private func runs(of program: String, in document: Document) -> [[Substring]] {
            document.shell.compactMap { line in
                let words = line.replacing(
                    /^(sudo -u \w+ |runuser -u \w+ -- )?([^ ]*\/)?/, with: ""
                ).split(separator: " ")
                return words.first == program[...] && words.count > 1 ? words : nil
            }
        }

        @Test func `every command and option of the documents exists`() async throws {
            let programs = try Project.text("Package.swift")
                .matches(of: /\.executable\(name: "([a-z-]+)"/).map { String($0.output.1) }
            let documents = try Document.all()
            var (options, count): (Set<String>, Int) = ([], 0)
            try await withSite { site in
                for program in programs {
                    let all = try await help(site, program)
                    options.formUnion(all.flattened().flatMap(\.options))
                    for document in documents {
                        for words in runs(of: program, in: document) {
                            let line = "\(document.path): \(words.joined(separator: " "))"
                            count += 1
                            guard let command = all.named(by: Array(words.dropFirst())) else {
                                Issue.record("\(line)")
                                continue
                            }
                            for word in words where word.wholeMatch(of: /--[a-z-]+/) != nil {
                                #expect(command.options.contains(String(word)), "\(line)")
                            }
                        }
                    }
                }
            }
            #expect(count > 80)
            for document in documents {
                for word in document.quoted where word.wholeMatch(of: /--[a-z-]+/) != nil {
                    let exists = options.contains(word)
                    #expect(exists, "\(document.path): \(word)")
                }
            }
        }
    }
}
