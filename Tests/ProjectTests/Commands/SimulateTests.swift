// `simulate inquiry` against a service, against a server that signs wrong, and without a service.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct SimulateCommand {
        private static let code = "88965112345678"

        private func arguments(_ url: String, code: String = code) -> [String] {
            [
                "simulate", "inquiry", url, "--client-id", Site.clientID, "--secret-file",
                "secret", "--code", code,
            ]
        }

        @Test func `a payable bill gives 0, and request and answer are printed`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let plain = try await site.run(arguments(service.url))
                #expect(plain.code == 0, "\(plain)")
                for text in [
                    "> POST /doku/inquiry HTTP/1.1", "> Signature: HMACSHA256=",
                    "< HTTP/1.1 200", "< Signature: HMACSHA256=", "\"INV-1\"",
                    "signature of the answer: verified",
                ] {
                    #expect(plain.output.contains(text), "\(text) in \(plain)")
                }

                let pretty = try await site.run(
                    ["--pretty", "--request-id", "our-own-1"].reduce(arguments(service.url)) {
                        $0 + [$1]
                    })
                #expect(pretty.code == 0)
                #expect(pretty.output.contains("> Request-Id: our-own-1"))
                #expect(pretty.output.contains(">   \"service\": {"))
            }
        }

        @Test func `the secret may come from LOKET_SECRET`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                var words = arguments(service.url)
                words.removeAll { ["--secret-file", "secret"].contains($0) }
                let outcome = try await site.run(
                    words, environment: ["LOKET_SECRET": site.secret])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(!outcome.output.contains(site.secret))
            }
        }

        @Test func `a refusal gives 1, and request and answer are printed`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let unknown = try await site.run(arguments(service.url))
                #expect(unknown.code == 1)
                #expect(unknown.output.contains("billing_not_found"))
                #expect(unknown.output.contains("signature of the answer: verified"))

                let stale = try await site.run(
                    arguments(service.url) + ["--timestamp", "2020-08-11T08:45:42Z"])
                #expect(stale.code == 1)
                #expect(stale.output.contains("signature of the answer: not signed"))
            }
        }

        @Test func `200 with a wrong signature gives 1`() async throws {
            try await withSite { site in
                let impostor = try site.start(
                    [
                        "-c",
                        """
                        import http.server
                        class Impostor(http.server.BaseHTTPRequestHandler):
                            def do_POST(self):
                                self.rfile.read(int(self.headers["Content-Length"]))
                                body = b'{"online_to_offline_inquiry":{"status":"success"}}'
                                self.send_response(200)
                                for name in ("Client-Id", "Request-Id"):
                                    self.send_header(name, self.headers[name])
                                self.send_header("Response-Timestamp", "2020-08-11T08:45:42Z")
                                self.send_header("Signature", self.headers["Signature"])
                                self.send_header("Content-Length", str(len(body)))
                                self.end_headers()
                                self.wfile.write(body)
                        server = http.server.HTTPServer(("127.0.0.1", 0), Impostor)
                        print(server.server_port, flush=True)
                        server.serve_forever()
                        """,
                    ], program: "python3")
                let port = try await eventually("a port") {
                    Int(impostor.output.trimmingCharacters(in: .newlines))
                }
                let outcome = try await site.run(
                    arguments("http://127.0.0.1:\(port)\(Site.path)"))
                #expect(outcome.code == 1, "\(outcome)")
                #expect(outcome.output.contains("< HTTP/1.1 200"))
                #expect(outcome.output.contains("WRONG: the HMAC does not match"))
            }
        }

        @Test(arguments: ["127.0.0.1:8080/doku/inquiry", "ftp://127.0.0.1/x", "http://", "", "x y"])
        func `an invalid URL gives 2`(_ url: String) async throws {
            try await withSite { site in
                let outcome = try await site.run(arguments(url))
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.output.isEmpty && !outcome.errors.isEmpty)
            }
        }

        @Test(arguments: ["--client-id", "--code", "--secret-file"])
        func `a missing option gives 2 and is named`(_ option: String) async throws {
            try await withSite { site in
                var words = arguments("http://127.0.0.1:1/doku/inquiry")
                if let place = words.firstIndex(of: option) {
                    words.removeSubrange(place...place + 1)
                }
                let outcome = try await site.run(words)
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.errors.contains(option))
            }
        }

        @Test func `without a service the code is 3 and the connection was refused`() async throws {
            try await withSite { site in
                let port = try Listener.freePort()
                let outcome = try await site.run(
                    arguments("http://127.0.0.1:\(port)\(Site.path)"))
                #expect(outcome.code == 3, "\(outcome)")
                #expect(outcome.errors.contains("127.0.0.1:\(port) does not answer"))
                #expect(outcome.errors.lowercased().contains("refused"), "\(outcome)")
            }
        }
    }
}
