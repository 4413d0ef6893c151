// `simulate notification` against a service, against a server that does not sign, and without a
// service.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct SimulateNotificationCommand {
        private static let code = "88965112345678"
        private static let path = "/doku/notification"

        private func url(_ port: Int) -> String { "http://127.0.0.1:\(port)\(Self.path)" }

        private func arguments(_ url: String, _ more: String...) -> [String] {
            [
                "simulate", "notification", url, "--client-id", Site.clientID, "--secret-file",
                "secret", "--invoice", "INV-1", "--amount", "150000", "--code", Self.code,
            ] + more
        }

        private func state(_ service: Service) async throws -> String? {
            let list = try await service.admin("GET", "/admin/v1/bills?invoice_number=INV-1")
            return list["items"]?.elements.first?["state"]?.string
        }

        @Test func `a payment is accepted with 0, request and answer are printed`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let outcome = try await site.run(arguments(url(service.gatewayPort)))
                #expect(outcome.code == 0, "\(outcome)")
                for text in [
                    "> POST /doku/notification HTTP/1.1", "> Signature: HMACSHA256=",
                    "\"status\":\"SUCCESS\"", "\"amount\":150000}",
                    "\"id\":\"ONLINE_TO_OFFLINE_ALFA\"", "< HTTP/1.1 200",
                    "< Signature: HMACSHA256=", "< {\"order\":{\"invoice_number\":\"INV-1\"}",
                    "signature of the answer: verified",
                ] {
                    #expect(outcome.output.contains(text), "\(text) in \(outcome)")
                }
                #expect(!outcome.output.contains("AGENT_TRX_ID"))
                #expect(!outcome.output.contains(site.secret))
                #expect(try await state(service) == "paid")
            }
        }

        @Test func `the request has every option`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let outcome = try await site.run(
                    arguments(
                        url(service.gatewayPort), "--status", "FAILED", "--date",
                        "20210812140628", "--trx", "1246", "--channel", "indomaret",
                        "--request-id", "our-own-1", "--timestamp", "2021-08-12T07:06:28Z"))
                #expect(outcome.code == 0, "\(outcome)")
                for text in [
                    "\"status\":\"FAILED\"", "\"date\":\"20210812140628\"",
                    "{\"name\":\"AGENT_TRX_ID\",\"value\":\"1246\"}", "\"id\":\"INDOMARET\"",
                    "> Request-Id: our-own-1", "> Request-Timestamp: 2021-08-12T07:06:28Z",
                ] {
                    #expect(outcome.output.contains(text), "\(text) in \(outcome)")
                }
                #expect(try await state(service) == "open")
            }
        }

        @Test(arguments: [
            ("integer", "150000}"), ("decimal", "150000.00}"), ("string", "\"150000\"}"),
        ])
        func `an amount is sent in each form`(_ form: String, text: String) async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let outcome = try await site.run(
                    arguments(url(service.gatewayPort), "--amount-form", form))
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains("\"amount\":" + text), "\(outcome)")
                #expect(try await state(service) == "paid")
            }
        }

        @Test func `a path or secret other than the service's gives 1`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let other = try await site.run(
                    arguments(url(service.gatewayPort), "--signed-path", "/elsewhere"))
                #expect(other.code == 1)
                #expect(other.output.contains("< HTTP/1.1 401"), "\(other)")
                #expect(other.output.contains("signature of the answer: not signed"))
                try site.write(Site.newSecret(), to: "secret-2")
                let words = arguments(url(service.gatewayPort)).map {
                    $0 == "secret" ? "secret-2" : $0
                }
                #expect(try await site.run(words).code == 1)
                #expect(try await state(service) == "open")
            }
        }

        @Test func `200 without a signature gives 1`() async throws {
            try await withSite { site in
                let port = try await site.startYesSayer()
                let outcome = try await site.run(arguments(url(port)))
                #expect(outcome.code == 1, "\(outcome)")
                #expect(outcome.output.contains("< HTTP/1.1 200"))
                #expect(outcome.output.contains("signature of the answer: not signed"))
            }
        }

        @Test(arguments: [
            ["--amount-form", "float"], ["--amount", "1.5"], ["--channel", "lawson"],
        ])
        func `a wrong value gives 2 and is named`(_ words: [String]) async throws {
            try await withSite { site in
                let outcome = try await site.run(arguments(url(1)) + words)
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.errors.contains(words[0]))
            }
        }

        @Test(arguments: ["--client-id", "--secret-file", "--invoice", "--amount", "--code"])
        func `a missing option gives 2 and is named`(_ option: String) async throws {
            try await withSite { site in
                var words = arguments(url(1))
                if let place = words.firstIndex(of: option) {
                    words.removeSubrange(place...place + 1)
                }
                let outcome = try await site.run(words)
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.errors.contains(option))
            }
        }

        @Test func `without a service the code is 3, and with an invalid URL 2`() async throws {
            try await withSite { site in
                let port = try Listener.freePort()
                let nobody = try await site.run(arguments(url(port)))
                #expect(nobody.code == 3, "\(nobody)")
                #expect(nobody.errors.contains("127.0.0.1:\(port) does not answer"))
                #expect(try await site.run(arguments("127.0.0.1:8080/x")).code == 2)
            }
        }
    }
}

extension Site {
    /// Starts a server that answers every request with 200 and `{}`, unsigned.
    ///
    /// - Returns: The server's port.
    func startYesSayer() async throws -> Int {
        let child = try start(
            [
                "-c",
                """
                import http.server
                class YesSayer(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.rfile.read(int(self.headers.get("Content-Length", "0")))
                        self.send_response(200)
                        self.send_header("Content-Type", "application/json")
                        self.send_header("Content-Length", "2")
                        self.end_headers()
                        self.wfile.write(b"{}")
                    do_POST = do_PATCH = do_GET
                server = http.server.HTTPServer(("127.0.0.1", 0), YesSayer)
                print(server.server_port, flush=True)
                server.serve_forever()
                """,
            ], program: "python3")
        return try await eventually("a port") {
            Int(child.output.trimmingCharacters(in: .newlines))
        }
    }
}
