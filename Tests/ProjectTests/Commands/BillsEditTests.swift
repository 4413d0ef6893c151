// `loket bills edit`: changes what is given, clears what is empty, and edits nothing that changed
// since it was read.

import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct BillsEditCommand {
        private func edit(_ words: String..., at url: String) -> [String] {
            ["bills", "edit", "1"] + words + ["--url", url, "--key-file", "loket.db.admin-key"]
        }

        @Test func `a bill's terms are changed and its optional values cleared`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                let first = try await site.run(
                    edit(
                        "--amount", "175000", "--expires", "2099-12-31", "--valid-from",
                        "2020-01-01", "--due-at", "2099-12-01", "--name", "Siti Rahayu",
                        "--email", "siti@example.com", "--info", "Les piano", "--metadata",
                        #"{"class":"6a"}"#, at: service.adminURL))
                #expect(first.code == 0, "\(first)")
                for text in ["Rp175.000", "Siti Rahayu", "until 2099-12-31T23:59:59+07:00"] {
                    #expect(first.output.contains(text), "\(text) in \(first)")
                }
                let cleared = try await site.run(
                    edit(
                        "--expires", "", "--email", "", "--info", "", "--metadata", "",
                        at: service.adminURL))
                #expect(cleared.code == 0, "\(cleared)")
                let bill = try await service.admin("GET", "/admin/v1/bills/1")
                #expect(bill["amount"]?.integer == 175_000)
                #expect(bill["customer"]?["name"]?.string == "Siti Rahayu")
                #expect(bill["due_at"]?.isNull == false)
                for name in ["expires_at", "info", "metadata"] as [StaticString] {
                    #expect(bill[name]?.isNull == true, "\(name)")
                }
                #expect(bill["customer"]?["email"]?.isNull == true)
                let dated = try await site.run(
                    edit("--amounts", "2099-12-10=150000;165000", at: service.adminURL))
                #expect(dated.code == 0, "\(dated)")
                #expect(dated.output.contains("Rp165.000 after that"), "\(dated)")
            }
        }

        @Test func `a wrong edit names its field, or the option`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill("88965112345671", invoice: "INV-1")
                for (words, code, said) in [
                    (["--amount", "0"], 1, "/amount"), (["--name", ""], 1, "/customer/name"),
                    (["--expires", "2020-01-01"], 1, "/expires_at"), ([], 2, "--amount"),
                    (["--amount", "1", "--amounts", "1"], 2, "--amounts"),
                    (["--metadata", "x"], 2, "--metadata"),
                ] as [([String], Int32, String)] {
                    let outcome = try await site.run(edit(at: service.adminURL) + words)
                    #expect(outcome.code == code, "\(words): \(outcome)")
                    #expect(outcome.errors.contains(said), "\(words): \(outcome)")
                }
            }
        }

        /// Answers as the service does if another operator edits between the two requests.
        private static let raced = """
            import http.server, sys
            old = '{"id":"1","amount":150000,"state":"open","customer":{"name":"Anton"}}'
            new = '{"id":"1","amount":160000,"state":"open","customer":{"name":"Anton"}}'
            problem = '{"type":"urn:loket:problem:precondition_failed","title":"changed"}'
            log = []
            class Stub(http.server.BaseHTTPRequestHandler):
                def reply(self, status, body):
                    self.rfile.read(int(self.headers.get("Content-Length", "0")))
                    log.append(self.command + " " + self.headers.get("If-Match", "-"))
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("ETag", '"v%d"' % len(log))
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body.encode())
                def do_GET(self):
                    self.reply(200, new if log else old)
                def do_PATCH(self):
                    self.reply(412, problem)
            server = http.server.HTTPServer(("127.0.0.1", 0), Stub)
            print(server.server_port, flush=True)
            for _ in range(3):
                server.handle_request()
            print(log, flush=True)
            """

        @Test func `a bill that changed meanwhile is left, and the change is shown`() async throws {
            try await withSite { site in
                let stub = try site.start(["-c", Self.raced], program: "python3")
                let port = try await eventually("a port") {
                    Int(stub.output.trimmingCharacters(in: .newlines))
                }
                try site.write("loket_key", to: "stub.key")
                let url = "http://127.0.0.1:\(port)"
                let outcome = try await site.run([
                    "bills", "edit", "1", "--amount", "175000", "--url", url, "--key-file",
                    "stub.key",
                ])
                #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome)")
                #expect(
                    outcome.errors == """
                        loket: bill 1 has changed since it was read, so nothing was edited:
                          amount      Rp150.000 → Rp160.000
                        if the edit is still right, give the command again

                        """, "\(outcome)")
                let asked = try await stub.end().output
                #expect(asked.hasSuffix("['GET -', 'PATCH \"v1\"', 'GET -']\n"), "\(asked)")
            }
        }
    }
}
