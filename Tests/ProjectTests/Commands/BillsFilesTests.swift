// `bills add` with generated codes, `list` with its filters, `forget`, and `export`.

import Foundation
import LoketJSON
import Testing

extension Processes {
    @Suite struct BillsFiles {
        private static let rest = ["--amount", "150000", "--name", "Anton Budiman"]

        private func bills(_ words: String..., at service: Service) -> [String] {
            ["bills"] + words + ["--url", service.adminURL]
                + ["--key-file", "loket.db.admin-key"]
        }

        private func json(_ outcome: Child.Outcome) throws -> JSONValue {
            try StrictJSON(Array(outcome.output.trimmingCharacters(in: .newlines).utf8)).root
        }

        @Test func `a code is generated, or composed of its parts`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let made = try await site.run(
                    bills("add", "--json", "--bin", "889651", "--check-digit", at: service)
                        + ["--invoice", "INV-1", "--metadata", #"{"a": [1]}"#] + Self.rest)
                #expect(made.code == 0, "\(made)")
                let bill = try json(made)
                let code = try #require(bill["payment_code"]?.string)
                #expect(code.hasPrefix("889651") && code.utf8.count == 16)
                #expect(bill["metadata"]?.minified == Array(#"{"a":[1]}"#.utf8))
                #expect(bill["created_by"]?.string == "first")
                #expect(try await service.ask(code).status == 200)
                let put = try await site.run(
                    bills("add", "--bin", "889651", "--unique-code", "12345678", at: service)
                        + ["--invoice", "INV-2"] + Self.rest)
                #expect(put.output.contains("88965112345678"), "\(put)")
            }
        }

        @Test(arguments: [
            [], ["--code", "88965112345678", "--bin", "889651"], ["--unique-code", "1"],
            ["--code", "88965112345678", "--check-digit"],
            ["--bin", "889651", "--unique-code", "1", "--check-digit"],
            ["--bin", "889651", "--metadata", "[]"], ["--bin", "889651", "--metadata", "{"],
        ])
        func `an inconsistent code option is wrong usage`(_ words: [String]) async throws {
            try await withSite { site in
                let outcome = try await site.run(
                    ["bills", "add", "--invoice", "INV-1", "--key-file", "x"] + Self.rest + words)
                #expect(outcome.code == 2, "\(outcome)")
            }
        }

        @Test func `bills are filtered, listed in full, and forgotten`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                for index in 1...5 {
                    try await service.addBill("8896511234567\(index)", invoice: "INV-\(index)")
                }
                let cancelled = try await site.run(bills("cancel", "2", at: service))
                #expect(cancelled.code == 0)
                for (words, ids) in [
                    (["--state", "open"], ["#5", "#4", "#3", "#1"]),
                    (["--prefix", "INV-"], ["#1", "#2", "#3", "#4", "#5"]),
                    (["--prefix", "INV-", "--sort", "newest", "--all"], ["#5", "#4", "#3"]),
                    (["--customer", "BUDIMAN", "--state", "cancelled"], ["#2"]),
                    (["--account", Site.clientID, "--sort", "oldest"], ["#1", "#2"]),
                ] {
                    let outcome = try await site.run(bills("list", at: service) + words)
                    let lines = outcome.output.split(separator: "\n")
                    let found = lines.compactMap {
                        $0.split(separator: "\t").first.map(String.init)
                    }
                    #expect(Array(found.prefix(ids.count)) == ids, "\(words): \(outcome)")
                }
                let none = try await site.run(
                    bills("list", "--expires-to", "2030-01-01", "--all", at: service))
                #expect(none.errors == "no bills\n")
                let wrong = try await site.run(bills("list", "--state", "lost", at: service))
                #expect(wrong.code == 1)
                #expect(wrong.errors.contains("`state` must be one of"))

                let open = try await site.run(bills("forget", "1", at: service))
                #expect(open.code == 1 && open.errors.contains("cancel the bill first"), "\(open)")
                let forgotten = try await site.run(bills("forget", "2", at: service))
                #expect(forgotten.code == 0, "\(forgotten)")
                #expect(!forgotten.output.contains("Anton"))
                #expect(forgotten.output.contains("forgotten by first"))
            }
        }

        @Test func `bills are exported with the columns of an import`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let name = "=1+1; \\\"quoted\\\""
                _ = try await service.admin(
                    "POST", "/admin/v1/bills",
                    """
                    {"payment_code":"88965112345671","invoice_number":"INV-1","amount":5,
                     "customer":{"name":"\(name)"},"metadata":{"a":1},"reusable":true,
                     "expires_at":"2099-12-31"}
                    """)
                try await service.addBill("88965112345672", invoice: "INV-2")
                let csv = try await site.run(
                    bills("export", "--sort", "oldest", at: service))
                #expect(csv.code == 0, "\(csv)")
                let lines = csv.output.components(separatedBy: "\r\n")
                #expect(
                    lines == [
                        "payment_code,invoice_number,amount,amounts,reusable,valid_from,"
                            + "expires_at,due_at,customer_name,customer_email,info",
                        "88965112345671,INV-1,5,,true,,2099-12-31T16:59:59Z,,"
                            + "\"'=1+1; \"\"quoted\"\"\",,",
                        "88965112345672,INV-2,150000,,false,,,,Anton Budiman,,", "",
                    ])

                let file = try await site.run(
                    bills("export", "--format", "ndjson", "--prefix", "INV-1", at: service)
                        + ["--output", "out.ndjson"])
                #expect(
                    file.code == 0 && file.output == "1 bills written to out.ndjson\n", "\(file)")
                let text = try String(contentsOfFile: site.path("out.ndjson"), encoding: .utf8)
                let bill = try StrictJSON(Array(text.dropLast().utf8)).root
                #expect(bill["customer_name"]?.string == "=1+1; \"quoted\"")
                #expect(bill["metadata"]?.minified == Array(#"{"a":1}"#.utf8))
                let mode =
                    try FileManager.default.attributesOfItem(
                        atPath: site.path("out.ndjson"))[.posixPermissions] as? NSNumber
                #expect(mode?.intValue == 0o600)
            }
        }

        @Test func `an export overwrites nothing and leaves no partial file`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try site.write("mine", to: "out.csv")
                let there = try await site.run(
                    bills("export", "--output", "out.csv", at: service))
                #expect(there.code == 1 && there.errors.contains("out.csv already exists"))
                let kept = try String(contentsOfFile: site.path("out.csv"), encoding: .utf8)
                #expect(kept == "mine")
                let refused = try await site.run(
                    bills("export", "--state", "lost", "--output", "new.csv", at: service))
                #expect(refused.code == 1)
                #expect(try !site.listing().contains("new.csv"))
                let empty = try await site.run(bills("export", at: service))
                #expect(empty.output.split(separator: "\r\n").count == 1)
                let usage = try await site.run(bills("export", "--format", "xls", at: service))
                #expect(usage.code == 2)
            }
        }

        @Test func `more bills than one page are exported, each once`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                for part in 0..<3 {
                    let list = (0..<700).map { place in
                        """
                        {"bin":"889651","invoice_number":"INV-\(part * 700 + place)",\
                        "amount":\(place + 1),"customer":{"name":"A"}}
                        """
                    }
                    _ = try await service.admin(
                        "POST", "/admin/v1/bills", "[" + list.joined(separator: ",") + "]")
                }
                let csv = try await site.run(bills("export", at: service))
                let rows = csv.output.split(separator: "\r\n").dropFirst()
                #expect(rows.count == 2_100)
                #expect(Set(rows.map { $0.split(separator: ",")[1] }).count == 2_100)
            }
        }
    }
}
