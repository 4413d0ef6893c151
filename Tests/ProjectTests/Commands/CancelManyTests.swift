// `loket bills cancel-many`: a file of invoice numbers or a filter, with a dry run first.

import TestSupport
import Testing

extension Processes {
    @Suite struct CancelMany {
        private func withBills(
            _ body: (Site, (String) async throws -> Child.Outcome) async throws -> Void
        ) async throws {
            try await withSite { site in
                let service = try await site.serve()
                for place in 1...3 {
                    try await service.addBill("8896511234567\(place)", invoice: "SPP-\(place)")
                }
                try await service.addBill("88965112345679", invoice: "INV-9")
                let way = ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
                try await body(site) { words in
                    try await site.run(words.split(separator: " ").map(String.init) + way)
                }
            }
        }

        private static let command = "bills cancel-many "

        @Test func `a filter is tried first, and then applied`() async throws {
            try await withBills { _, run in
                let command = Self.command + "--prefix SPP- --reason left"
                let sum = "3 bills, Rp450.000 in all"
                let tried = try await run(command + " --dry-run")
                #expect(tried.code == 0 && tried.errors == "would cancel \(sum)\n", "\(tried)")
                // Without a terminal, nobody can be asked.
                let asked = try await run(command)
                #expect(asked.code == 2, "\(asked)")
                #expect(asked.errors.contains("this would cancel \(sum); give --yes"), "\(asked)")
                let open = try await run("bills list --state open --prefix SPP-")
                #expect(open.output.split(separator: "\n").count == 3, "\(open)")
                let done = try await run(command + " --yes")
                #expect(done.code == 0 && done.errors == "3 bills cancelled\n", "\(done)")
                let left = try await run("bills list --state open")
                #expect(left.output.contains("INV-9"), "\(left)")
                #expect(!left.output.contains("SPP-"), "\(left)")
                let none = try await run(command + " --yes")
                #expect(none.code == 0 && none.errors.hasPrefix("would cancel 0 bills"), "\(none)")
            }
        }

        @Test func `on a terminal, the command asks before it cancels`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "SPP-1")
                let command =
                    ["bills", "cancel-many", "--prefix", "SPP-", "--url", service.adminURL]
                    + ["--key-file", "loket.db.admin-key"]
                let question = "cancel 1 bill, Rp150.000 in all? Type yes"
                let refused = try await site.talk(command, [(question, "no\n")])
                #expect(refused.code == 1, "\(refused)")
                #expect(refused.output.contains("nothing was cancelled"), "\(refused)")
                let done = try await site.talk(command, [(question, "yes\n")])
                #expect(done.code == 0 && done.output.contains("1 bill cancelled"), "\(done)")
            }
        }

        @Test func `a file's numbers are cancelled, and the others are listed`() async throws {
            try await withBills { site, run in
                try site.write("SPP-1\r\n\nSPP-404\n SPP-2 \n", to: "left.txt")
                let done = try await run(Self.command + "--file left.txt")
                #expect(done.code == 1, "\(done)")
                #expect(done.output == "SPP-404\tunknown\t-\t-\n", "\(done)")
                #expect(done.errors.hasPrefix("2 bills cancelled\n"), "\(done)")
                #expect(done.errors.contains("1 unknown"), "\(done)")
                try site.write("SPP-3\nSPP 4\n", to: "wrong.txt")
                let wrong = try await run(Self.command + "--file wrong.txt")
                #expect(wrong.code == 2, "\(wrong)")
                #expect(wrong.errors.contains("wrong.txt, line 2: `SPP 4`"), "\(wrong)")
                for words in ["", "--file left.txt --prefix S", "--prefix S --state paid"] {
                    let outcome = try await run(Self.command + words)
                    #expect(outcome.code == 2, "\(outcome)")
                }
            }
        }

        /// Runs the command against a stub with these answers.
        private func run(
            _ words: String, answers: [String], on site: Site
        ) async throws -> Child.Outcome {
            try site.write(String(repeating: "k", count: 40), to: "key")
            let url = try await site.startStub(answers, then: .leaves)
            return try await site.run(
                (Self.command + words).split(separator: " ").map(String.init)
                    + ["--url", url, "--key-file", "key"])
        }

        private static func page(_ outcomes: [String], stop: String = "null") -> String {
            let items = outcomes.enumerated().map { place, outcome in
                """
                {"invoice_number":"SPP-\(place + 1)","outcome":"\(outcome)","bill_id":null,\
                "state":null}
                """
            }.joined(separator: ",")
            return #"{"dry_run":false,"items":[\#(items)],"stopped_by":\#(stop)}"#
        }

        @Test func `a file that stops half way is shown with what is left`() async throws {
            try await withSite { site in
                try site.write("SPP-1\nSPP-2\nSPP-3\n", to: "left.txt")
                let page = Self.page(["cancelled", "left", "left"], stop: #""no room""#)
                let half = try await run("--file left.txt", answers: [page], on: site)
                #expect(half.code == 1, "\(half)")
                #expect(half.output == "SPP-2\tleft\t-\t-\nSPP-3\tleft\t-\t-\n", "\(half)")
                #expect(half.errors.hasPrefix("1 bill cancelled\n"), "\(half)")
                #expect(half.errors.contains("half way (2 left)"), "\(half)")
                #expect(half.errors.contains("no room; run the command again"), "\(half)")
            }
        }

        @Test func `what was cancelled is shown if a later request has no answer`() async throws {
            try await withSite { site in
                let numbers = (1...1_002).map { "SPP-\($0)" }.joined(separator: "\n")
                try site.write(numbers, to: "left.txt")
                let page = Self.page(["cancelled", "refused"])
                let half = try await run("--file left.txt", answers: [page, ""], on: site)
                #expect(half.code == 3, "\(half)")
                #expect(
                    half.output == """
                        SPP-2\trefused\t-\t-
                        SPP-1001\tunanswered\t-\t-
                        SPP-1002\tunanswered\t-\t-

                        """, "\(half)")
                #expect(half.errors.hasPrefix("1 bill cancelled\n"), "\(half)")
                #expect(half.errors.contains("(1 refused, 2 unanswered)"), "\(half)")
            }
        }

        @Test func `a filter that stops half way is shown with what is left`() async throws {
            try await withSite { site in
                func answer(_ rest: String) -> String {
                    #"{"matched":5,"amount":5,\#(rest)}"#
                }
                let dry = answer(#""dry_run":true,"cancelled":5,"left":0,"damaged":[]"#)
                let half = try await run(
                    "--prefix SPP- --yes",
                    answers: [
                        dry,
                        answer(
                            #""dry_run":false,"cancelled":2,"left":3,"damaged":["7"],"#
                                + #""stopped_by":"no room""#),
                    ], on: site)
                #expect(half.code == 1, "\(half)")
                #expect(half.errors.hasPrefix("2 bills cancelled\n"), "\(half)")
                #expect(half.errors.contains("bill 7 is damaged"), "\(half)")
                #expect(half.errors.contains("3 of 5 bills are left"), "\(half)")
                #expect(half.errors.contains("no room; run the command again"), "\(half)")
            }
        }
    }
}
