// Output that cannot be written: a full disk, and a pipe whose reader has closed.

import Foundation
import Testing

extension Processes {
    @Suite struct OutputOfCommands {
        private func words(_ words: [String], at service: Service) -> [String] {
            words + ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
        }

        /// Runs the command with its output on a device without space.
        private func runOnFullDisk(
            _ words: [String], on site: Site
        ) async throws -> Child.Outcome {
            let line = "exec \"$0\" \"$@\" >/dev/full"
            return try await site.run(["-c", line, Project.command().path] + words, program: "sh")
        }

        /// Runs the command with a pipe that nothing reads, and prints the end of its output.
        private func runWithoutReader(
            _ words: [String], on site: Site
        ) async throws -> Child.Outcome {
            let program = """
                import os, subprocess, sys
                reader, writer = os.pipe()
                os.close(reader)
                print(subprocess.run(sys.argv[1:], stdout=writer).returncode)
                """
            return try await site.run(
                ["-c", program, Project.command().path] + words, program: "python3")
        }

        private static let commands = [
            ["bills", "list"], ["bills", "list", "--all", "--json"], ["bills", "export"],
            ["bills", "show", "1"], ["events"], ["keys", "list"], ["keys", "revoke", "2"],
            ["pause", "--reason", "x"], ["backup", "copy.db"],
        ]

        @Test func `output to a full disk gives 1 and the reason`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                _ = try await site.run(
                    words(["keys", "create", "till", "--scope", "read"], at: service))
                for command in Self.commands {
                    let outcome = try await runOnFullDisk(words(command, at: service), on: site)
                    #expect(outcome.code == 1, "\(command): \(outcome)")
                    #expect(
                        outcome.errors
                            == "loket: cannot write the output: No space left on device\n",
                        "\(command): \(outcome)")
                }
            }
        }

        @Test func `a closed reader ends a command, which prints nothing`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                _ = try await site.run(
                    words(["keys", "create", "till", "--scope", "read"], at: service))
                for command in Self.commands {
                    let outcome = try await runWithoutReader(words(command, at: service), on: site)
                    #expect(outcome.output == "-\(SIGPIPE)\n", "\(command): \(outcome)")
                    #expect(outcome.errors.isEmpty, "\(command): \(outcome)")
                }
            }
        }

        @Test(arguments: [["bills", "list", "--all"], ["bills", "export"]])
        func `the end of a reader ends an endless list`(_ command: [String]) async throws {
            try await withSite { site in
                let url = try await site.startStub([Self.page], then: .repeats)
                try site.write(String(repeating: "k", count: 40), to: "key")
                let loket = try ([Project.command().path] + command)
                    .joined(separator: " ")
                let line = "set -o pipefail; \(loket) --url \(url) --key-file key | head -n 1"
                let outcome = try await site.run(["-c", line], program: "bash")
                #expect(outcome.code == 128 + SIGPIPE, "\(outcome)")
                #expect(outcome.output.split(whereSeparator: \.isNewline).count == 1)
                #expect(outcome.errors.isEmpty, "\(outcome)")
            }
        }

        /// A page with one bill and a cursor to another page.
        static let page = """
            {"items":[{"id":"1","payment_code":"88965112345671","invoice_number":"INV-1",\
            "amount":5,"customer":{"name":"Anton"}}],"next_cursor":"c"}
            """

        @Test func `a key that could not be shown is named by its id, to be revoked`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                let create = ["keys", "create", "--scope", "read"]
                let full = try await runOnFullDisk(words(create + ["a"], at: service), on: site)
                #expect(full.code == 1, "\(full)")
                #expect(full.errors.contains("loket keys revoke 2\n"), "\(full)")
                #expect(full.errors.contains("No space left on device"), "\(full)")
                let gone = try await runWithoutReader(words(create + ["b"], at: service), on: site)
                #expect(gone.output == "-\(SIGPIPE)\n")
                #expect(
                    gone.errors.contains(
                        "key 3 was created but not shown; revoke it: "
                            + "loket keys revoke 3\n"), "\(gone)")
                #expect(!(full.errors + gone.errors).contains("loket_"))
            }
        }

        @Test func `sign, verify and simulate check their output too`() async throws {
            let vector = try #require(try SignatureVector.requests().first)
            try await withSite { site in
                let service = try await site.serve()
                try site.write(vector.saved(), to: "request.txt")
                try site.write(vector.secret, to: "its-secret")
                for command in [
                    ["sign", "request.txt", "--secret-file", "its-secret"],
                    ["verify", "request.txt", "--secret-file", "its-secret", "--json"],
                    ["simulate", "inquiry", service.url, "--client-id", Site.clientID]
                        + ["--secret-file", "secret", "--code", "88965112345678"],
                ] {
                    let full = try await runOnFullDisk(command, on: site)
                    #expect(full.code == 1 && full.errors.contains("No space"), "\(full)")
                    let gone = try await runWithoutReader(command, on: site)
                    #expect(gone.output == "-\(SIGPIPE)\n" && gone.errors.isEmpty, "\(gone)")
                }
                // The key is reset nevertheless, and its place is known.
                #expect(try await service.stop().code == 0)
                let reset = try await runOnFullDisk(["keys", "reset"], on: site)
                #expect(reset.code == 1 && reset.errors.contains("No space"), "\(reset)")
                #expect(!reset.errors.contains("no key was changed"), "\(reset)")
            }
        }

        @Test func `unwritable error output leaves the exit code unchanged`() async throws {
            try await withSite { site in
                let line = "exec \"$0\" sign no-such-file --secret-file secret 2>/dev/full"
                let outcome = try await site.run(
                    ["-c", line, Project.command().path], program: "sh")
                #expect(outcome.code == 2, "\(outcome)")
            }
        }
    }
}
