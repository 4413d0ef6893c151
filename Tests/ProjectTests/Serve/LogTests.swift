// The log of `serve`: one JSON object per line without secrets. The service continues to answer
// if the log cannot be written.

import DokuSimulator
import Foundation
import LoketJSON
import TestSupport
import Testing

extension Processes {
    @Suite struct Log {
        private static let code = "88965112345678"

        @Test func `the log is one JSON object per line without secrets`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let key = try site.key
                let request = Service.inquiry(Self.code, by: site.doku())
                let answer = try await Connection.ask(request, port: service.gatewayPort)
                #expect(answer.status == 200)
                let stranger = site.doku(secret: Site.newSecret())
                #expect(try await service.ask(Self.code, by: stranger).status == 401)
                var odd = request
                odd.headers = [Header("Client-Id", "a\u{1B}[31mb")]
                _ = try? await Connection.ask(odd, port: service.gatewayPort)
                try site.write("secret: \(site.secret)", to: "loket.yaml")
                service.child.send(SIGHUP)
                try await service.logged("reload refused")
                let log = try await service.stop().output

                for line in log.split(separator: "\n") {
                    let entry = try StrictJSON(Array(line.utf8)).root
                    #expect(entry.isObject && entry["at"]?.string != nil, "\(line)")
                    #expect(entry["level"]?.string != nil && entry["message"]?.string != nil)
                    #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
                }
                let secrets = [
                    site.secret, key, "HMACSHA256=", request.header("Signature") ?? "",
                    answer.header("Signature") ?? "", "Anton Budiman",
                ]
                for secret in secrets { #expect(!log.contains(secret)) }
            }
        }

        /// Runs `serve` with a `cat` that reads its log through a pipe.
        private func serveIntoPipe(on site: Site) async throws -> (service: Service, reader: pid_t)
        {
            let line = #"exec "$0" serve > >(echo $BASHPID > reader; exec cat)"#
            let child = try site.start(["-c", line, Project.command().path], program: "bash")
            let service = try await Service(child, on: site)
            let id = try String(contentsOfFile: site.path("reader"), encoding: .utf8)
            return (service, try #require(pid_t(id.trimmingCharacters(in: .newlines))))
        }

        private func lostLines(_ service: Service) async throws -> Int {
            let request = DokuRequest(method: "GET", target: "/metrics", headers: [], body: [])
            let answer = try await Connection.ask(request, port: service.adminPort)
            let text = String(decoding: answer.body, as: UTF8.self)
            let count = try #require(text.firstMatch(of: /\nloket_log_lines_lost_total (\d+)\n/))
            return Int(count.1) ?? 0
        }

        /// Reloads settings with so many errors that one log line has a megabyte.
        private func loseLines(_ service: Service, on site: Site) async throws -> Int {
            try site.write(
                "accounts: [\(String(repeating: "x, ", count: 10_000))]", to: "loket.yaml")
            let before = try await lostLines(service)
            return try await eventually("lost lines") {
                service.child.send(SIGHUP)
                let lost = try await lostLines(service)
                return lost > before ? lost : nil
            }
        }

        @Test func `a log that is not read blocks neither the service nor its end`() async throws {
            try await withSite { site in
                let (service, reader) = try await serveIntoPipe(on: site)
                defer { kill(reader, SIGKILL) }
                kill(reader, SIGSTOP)
                _ = try await loseLines(service, on: site)

                let desk = try PaymentDesk(site, service)
                let bill = try await desk.addBills(0..<1)[0]
                #expect(try await service.ask(bill.code).status == 200)
                try await desk.expectTaken(desk.request(bill.notice()), of: bill)
                try await desk.expectPaidOnce(bill)
                let ready = DokuRequest(method: "GET", target: "/ready", headers: [], body: [])
                try await eventually("the finding") {
                    let answer = try await Connection.ask(ready, port: service.adminPort)
                    return String(decoding: answer.body, as: UTF8.self).contains("log_lost")
                }

                kill(reader, SIGCONT)
                try await service.logged("log lines were lost")
                kill(reader, SIGSTOP)
                _ = try await loseLines(service, on: site)
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `a log on a full disk does not prevent answers`() async throws {
            try await withSite { site in
                let ports = (try Listener.freePort(), try Listener.freePort())
                try site.writeSettings(gatewayPort: ports.0, adminPort: ports.1)
                let child = try site.start(["serve"], output: "/dev/full")
                let health = DokuRequest(method: "GET", target: "/health", headers: [], body: [])
                let answer: DokuAnswer? = try await eventually("an answer, or the end") {
                    let answer = try? await Connection.ask(health, port: ports.0)
                    return answer?.status == 200 || !child.isRunning ? .some(answer) : nil
                }
                #expect(answer?.status == 200)
                child.send(SIGTERM)
                #expect(try await child.end().code == 0)
            }
        }
    }
}
