// `payments reopen` over a running service: a decision on real money is taken back.

import Foundation
import Testing

extension Processes {
    @Suite struct PaymentsCommand {
        private static let code = "88965112345678"

        @Test func `a decision is taken back, and the bill is held again`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let paid = try await site.run([
                    "simulate", "notification",
                    "http://127.0.0.1:\(service.gatewayPort)/doku/notification", "--client-id",
                    Site.clientID, "--secret-file", "secret", "--invoice", "INV-1", "--amount",
                    "7", "--code", Self.code,
                ])
                #expect(paid.code == 0, "\(paid)")
                let reopen =
                    ["payments", "reopen", "1", "--note", "a mistake", "--url", service.adminURL]
                    + ["--key-file", "loket.db.admin-key"]
                let early = try await site.run(reopen)
                #expect(early.code == 1, "\(early)")
                #expect(early.errors.contains("nobody has resolved it"), "\(early)")
                _ = try await service.admin(
                    "POST", "/admin/v1/payments/1/resolve", #"{"action":"refunded"}"#)
                #expect(try await service.ask(Self.code).status == 200)
                let done = try await site.run(reopen)
                #expect(done.code == 0, "\(done)")
                #expect(
                    done.output == "payment 1 reopened: amount_mismatch, needs a decision\n")
                #expect(try await service.ask(Self.code).status == 400)
                let payment = try await service.admin("GET", "/admin/v1/payments/1")
                let decision = payment["decisions"]?.elements.first
                #expect(decision?["action"]?.string == "refunded")
                #expect(decision?["reopened"]?["note"]?.string == "a mistake")
                #expect(payment["resolution"]?.isNull == true)
            }
        }
    }
}
