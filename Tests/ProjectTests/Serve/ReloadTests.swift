// SIGHUP: accounts and secrets are read again and applied completely or not at all, and the log
// names the changes.

import DokuSimulator
import Foundation
import LoketCore
import TestSupport
import Testing

extension Processes {
    @Suite struct Reload {
        private static let code = "88965112345678"

        @Test func `SIGHUP applies a rotated secret`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let (old, new) = (site.doku(), Site.newSecret())
                #expect(try await service.ask(Self.code, by: site.doku(secret: new)).status == 401)

                try site.write(new, to: "secret")
                service.child.send(SIGHUP)
                try await service.logged("reloaded accounts, secrets and admin hosts: ")
                let request = Service.inquiry(Self.code, by: site.doku(secret: new))
                let answer = try await Connection.ask(request, port: service.gatewayPort)
                #expect(answer.status == 200)
                #expect(site.doku(secret: new).signature(of: answer, to: request) == .verified)
                #expect(try await service.ask(Self.code, by: old).status == 401)
                #expect(try await service.stop().code == 0)
            }
        }

        /// The notification was sent to the path of inquiries, and is recorded nevertheless.
        @Test func `SIGHUP tries the requests in quarantine again`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let new = Site.newSecret()
                let now = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).utcText
                let notice = PaymentNotice(
                    invoiceNumber: "INV-1", amount: 150_000, paymentCode: Self.code, date: now)
                let request = site.doku(secret: new).request(
                    body: notice.body, requestID: Doku.newRequestID(), timestamp: now)
                let refused = try await Connection.ask(request, port: service.gatewayPort)
                #expect(refused.status == 401)
                func count(_ list: String) async throws -> Int? {
                    try await service.admin("GET", "/admin/v1/\(list)")["items"]?.elements.count
                }
                try await eventually("the entry") { try await count("quarantine") == 1 }
                try site.write(new, to: "secret")
                service.child.send(SIGHUP)
                try await service.logged("notifications in quarantine verified")
                #expect(try await count("quarantine") == 0)
                #expect(try await count("payments") == 1)
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `SIGHUP applies the hosts of the admin listener`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let name = "loket.internal"
                func status() async throws -> Int {
                    let text = "GET /ready HTTP/1.1\r\nHost: \(name):80\r\n\r\n"
                    let port = service.adminPort
                    return try await blocking {
                        let connection = try Connection(port: port)
                        try connection.send(Array(text.utf8))
                        return try connection.answer().status
                    }
                }
                #expect(try await status() == 421)
                try site.writeSettings([(of: "hosts: []", with: "hosts: [\(name)]")])
                service.child.send(SIGHUP)
                try await service.logged("reloaded accounts, secrets and admin hosts: ")
                #expect(try await status() == 200)
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `SIGHUP reports the changes, and those that need a restart`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(Site.newSecret(), to: "secret")
                try site.writeSettings(
                    gatewayPort: try Listener.freePort(),
                    [
                        (of: "answer_ms: 2000", with: "answer_ms: 3000"),
                        (of: "min: 6, max: 25", with: "min: 7, max: 25"),
                    ])
                service.child.send(SIGHUP)
                try await service.logged(
                    "reloaded accounts, secrets and admin hosts: secrets of \(Site.clientID): "
                        + "1 added, 1 removed; BINs of \(Site.clientID): 12345 changed")
                for path in ["gateway.port", "limits.answer_ms"] {
                    try await service.logged("the setting \(path) was changed")
                }
                let warned = service.log.filter { $0["level"]?.string == "warning" }
                    .compactMap { $0["message"]?.string }.filter { $0.contains("restart") }
                #expect(warned.count == 2, "\(warned)")
                #expect(try await service.stop().code == 0)
            }
        }

        @Test(arguments: ["accounts: [", "accounts: []", "gateway: { prot: 1 }"])
        func `SIGHUP with broken settings keeps the old ones active`(_ text: String) async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                try site.write(text, to: "loket.yaml")
                service.child.send(SIGHUP)
                try await service.logged("reload refused, the old accounts stay")
                #expect(try await service.ask(Self.code).status == 200)
                #expect(try await service.stop().code == 0)
            }
        }

        @Test(arguments: ["secret", "loket.yaml"])
        func `a pipe in place of a file is refused, without waiting`(
            _ name: String
        ) async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                try FileManager.default.removeItem(atPath: site.path(name))
                #expect(mkfifo(site.path(name), 0o600) == 0)
                service.child.send(SIGHUP)
                try await service.logged("reload refused, the old accounts stay")
                #expect(service.child.output.contains("is a pipe or a device"))
                #expect(try await service.ask(Self.code).status == 200)
                #expect(try await service.stop().code == 0)
                let refused = try await site.run(["check"])
                #expect(refused.output.contains("is a pipe or a device"), "\(refused)")
            }
        }

        @Test func `SIGHUP that would strand open bills is refused`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                try site.writeSettings([(of: "\"889651\"", with: "\"889652\"")])
                service.child.send(SIGHUP)
                try await service.logged("reload refused, the old accounts stay")
                #expect(service.child.output.contains("1 open bills"))
                #expect(try await service.ask(Self.code).status == 200)
                #expect(try await service.stop().code == 0)
            }
        }
    }
}
