// Helpful output: bills and inquiries found by any name, the payments that hold a bill, the
// resumed accounts, the state after Ctrl-C, and suggested corrections.

import DokuSimulator
import Foundation
import LoketCore
import TestSupport
import Testing

extension Processes {
    @Suite struct Answers {
        private static let code = "88965120260070"

        private func way(_ service: Service) -> [String] {
            ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
        }

        @Test func `bills and inquiries are found by code, number and id`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                for digit in 0...2 {
                    try await service.addBill("8896512026007\(digit)", invoice: "INV-\(digit)")
                }
                for name in ["8896 5120 2600 70", "INV-0", "1", "#1", Self.code] {
                    let shown = try await site.run(["bills", "show", name] + way(service))
                    #expect(shown.code == 0, "\(name): \(shown)")
                    #expect(shown.output.hasPrefix("#1  \(Self.code)  INV-0"), "\(shown)")
                }
                for command in [["bills", "show"], ["why"]] {
                    let short = try await site.run(command + ["8896512026007"] + way(service))
                    #expect(short.code == 1, "\(short)")
                    #expect(
                        short.output.hasPrefix(
                            "no bill has the code 8896512026007, of 13 digits; 3 bills have a "
                                + "code with one more digit:\n  88965120260072  "
                                + "digit missing  #3  INV-2  open\n"), "\(short)")
                }
                let quiet = try await site.run(["why", "INV-1"] + way(service))
                #expect(quiet.code == 0 && quiet.output.contains("has no inquiry"), "\(quiet)")
                let inquiry = Service.inquiry(Self.code, by: site.doku())
                let port = service.gatewayPort
                #expect(try await Connection.ask(inquiry, port: port).status == 200)
                for name in ["8896 5120 2600 70", "INV-0", "1"] {
                    let why = try await eventually("the inquiry is in the journal") {
                        let outcome = try await site.run(["why", name] + way(service))
                        return outcome.output.contains("guard payable") ? outcome : nil
                    }
                    #expect(why.output.contains("DOKU's clock was "), "\(why)")
                }
                let met = try await site.run(
                    ["bills", "show", inquiry.header("Request-Id") ?? ""] + way(service))
                #expect(met.output.hasPrefix("#1  "), "\(met)")
                let list = try await site.run(
                    ["bills", "list", "--code", "8896.5120-2600 70"] + way(service))
                #expect(list.output.hasPrefix("#1\t"), "\(list)")
            }
        }

        @Test func `a held bill names the payment that holds it, with WIB times`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1", amount: 75_000)
                _ = try await Connection.ask(
                    DokuRequest(
                        method: "PATCH", target: "/admin/v1/bills/1",
                        headers: [
                            Header("Authorization", "Bearer \(try site.key)"),
                            Header("Content-Type", "application/json"), Header("If-Match", "*"),
                        ], body: Array(#"{"expires_at":"2099-12-31"}"#.utf8)),
                    port: service.adminPort)
                let paid = try await site.run([
                    "simulate", "notification",
                    "http://127.0.0.1:\(service.gatewayPort)/doku/notification", "--client-id",
                    Site.clientID, "--secret-file", "secret", "--invoice", "INV-1", "--amount",
                    "74000", "--code", Self.code,
                ])
                #expect(paid.code == 0, "\(paid)")
                let shown = try await site.run(["bills", "show", "1"] + way(service))
                for text in [
                    "held by   payment 1: Rp74.000 of Rp75.000, amount_mismatch; decide: "
                        + "`loket payments show 1 --url ",
                    ", payment 1: Rp74.000, amount_mismatch",
                    "expires_at never to 2099-12-31T23:59:59+07:00",
                ] { #expect(shown.output.contains(text), "\(text) in \(shown)") }
            }
        }

        @Test func `resume reports what was resumed`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let paused = try await site.run(["pause", "--reason", "kas"] + way(service))
                #expect(paused.output.hasPrefix("paused: every account, "), "\(paused)")
                let resumed = try await site.run(["resume"] + way(service))
                #expect(resumed.output.hasPrefix("resumed: every account, paused 2"), "\(resumed)")
                #expect(resumed.output.hasSuffix(" by first (kas)\n"), "\(resumed)")
                let again = try await site.run(["resume"] + way(service))
                #expect(
                    again.output == "no such pause was active, so nothing is resumed\n", "\(again)")
            }
        }

        @Test func `an amount with dots is refused with the correct form`() async throws {
            try await withSite { site in
                for (text, words) in [
                    ("150.000", "write 150000, with digits only"),
                    ("Rp150,000.00", "write 150000,"),
                    ("1.5", "write whole rupiah with digits only"),
                ] {
                    let outcome = try await site.run([
                        "bills", "add", "--code", Self.code, "--invoice", "I", "--name", "A",
                        "--amount", text,
                    ])
                    #expect(outcome.code == 2 && outcome.errors.contains(words), "\(outcome)")
                }
            }
        }

        @Test(arguments: ["applying", "undoing"])
        func `Ctrl-C reports what continues, and how to follow, cancel or undo it`(
            _ phase: String
        ) async throws {
            try await withSite { site in
                try site.write("payment_code\n", to: "bills.csv")
                try site.write(String(repeating: "k", count: 40), to: "key")
                let running =
                    #"{"id":"7","state":"running","phase":"\#(phase)","failure":"no room"}"#
                let url = try await site.startStub([running], then: .repeats)
                let command =
                    phase == "undoing"
                    ? ["imports", "undo", "7"] : ["bills", "import", "bills.csv"]
                let child = try site.start(command + ["--url", url, "--key-file", "key"])
                try await eventually("it waits") { child.errors.contains("waits: no room") }
                child.send(SIGINT)
                let outcome = try await child.end()
                #expect(outcome.code == 130, "\(outcome)")
                let texts =
                    phase == "undoing"
                    ? ["the service continues to undo import 7", "loket imports show 7"]
                    : [
                        "the service continues import 7", "loket imports show 7",
                        "loket imports cancel 7", "loket imports undo 7",
                    ]
                for text in texts { #expect(outcome.errors.contains(text), "\(text): \(outcome)") }
            }
        }

        private func interrupt(
            _ site: Site, _ words: [String], held: String
        ) async throws -> (child: Child, way: String) {
            try site.write(String(repeating: "k", count: 40), to: "key")
            let running = #"{"id":"7","state":"running","phase":"checking"}"#
            let url = try await site.startStub([running], then: .repeats, until: held)
            let child = try site.start(
                ["bills", "import"] + words + ["--url", url, "--key-file", "key"])
            try await eventually("the request is there") {
                FileManager.default.fileExists(atPath: site.path(held + ".arrived"))
            }
            child.send(SIGINT)
            return (child, "--url \(url) --key-file key")
        }

        @Test func `Ctrl-C after a complete upload waits for the id of its import`()
            async throws
        {
            try await withSite { site in
                try site.write("payment_code\n", to: "bills.csv")
                let (child, way) = try await interrupt(site, ["bills.csv"], held: "go")
                try await eventually("the answer is awaited") {
                    child.errors.contains("waiting for the import's id")
                }
                try site.write("", to: "go")
                let outcome = try await child.end()
                #expect(outcome.code == 130, "\(outcome)")
                for command in ["show", "cancel", "undo"] {
                    let line = "`loket imports \(command) 7 \(way)`"
                    #expect(outcome.errors.contains(line), "\(line): \(outcome)")
                }
            }
        }

        @Test func `Ctrl-C before a complete upload reports that nothing is applied`()
            async throws
        {
            try await withSite { site in
                #expect(try await site.run(["pipe"], program: "mkfifo").code == 0)
                let writer = """
                    import time
                    pipe = open("pipe", "wb", buffering=0)
                    pipe.write(b"payment_code\\n")
                    time.sleep(600)
                    """
                _ = try site.start(["-c", writer], program: "python3")
                let (child, _) = try await interrupt(
                    site, ["pipe", "--format", "csv"], held: "never")
                let outcome = try await child.end()
                #expect(outcome.code == 130, "\(outcome)")
                #expect(outcome.errors.contains("not sent completely, so no row"), "\(outcome)")
                #expect(!outcome.errors.contains("waiting"), "\(outcome)")
            }
        }

        @Test func `an import that has ended is not cancelled`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let head = "payment_code,invoice_number,amount,customer_name\n"
                try site.write(head + "\(Self.code),INV-1,150000,Anton\n", to: "bills.csv")
                let made = try await site.run(["bills", "import", "bills.csv"] + way(service))
                #expect(made.code == 0, "\(made)")
                let outcome = try await site.run(["imports", "cancel", "1"] + way(service))
                #expect(outcome.code == 1, "\(outcome)")
                #expect(outcome.errors.contains("import 1 is applied; undo it"), "\(outcome)")
            }
        }

        @Test func `TLS to a port without TLS is explained`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let host = "127.0.0.1:\(service.adminPort)"
                let outcome = try await site.run(
                    ["bills", "list", "--url", "https://\(host)", "--key-file", "secret"])
                #expect(outcome.code == 3, "\(outcome)")
                #expect(
                    outcome.errors
                        == "loket: https://\(host) does not use TLS; try http://\(host)\n")
            }
        }
    }
}
