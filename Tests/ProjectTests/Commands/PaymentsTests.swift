// Payments, the attention list and the quarantine of a running service: unresolved entries are
// listed, shown and resolved with commands only, and a decision on a payment is revoked.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct PaymentsCommand {
        private static let code = "88965112345678"

        @Test func `a decision is revoked, and the bill is held again`() async throws {
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
                #expect(early.errors.contains("has no decision to take back"), "\(early)")
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

        private func notify(
            _ site: Site, _ service: Service, _ words: [String], secret: String = "secret"
        ) async throws -> Child.Outcome {
            try await site.run(
                [
                    "simulate", "notification",
                    "http://127.0.0.1:\(service.gatewayPort)/doku/notification", "--client-id",
                    Site.clientID, "--secret-file", secret, "--invoice", "INV-1", "--code",
                    Self.code,
                ] + words)
        }

        /// The commands are copied from the output, with the address of the service inserted.
        @Test func `payments to resolve are resolved with the printed commands`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                let way = "--url \(service.adminURL) --key-file loket.db.admin-key"
                func run(_ command: String) async throws -> Child.Outcome {
                    let line = command.replacing("loket ", with: "\(try Project.command().path) ")
                    return try await site.run(["-c", line], program: "sh")
                }
                let none = try await run("loket payments list --needs-attention \(way)")
                #expect(none.output.isEmpty, "\(none)")
                #expect(none.errors == "no payment needs a decision\n", "\(none)")
                try await service.addBill(Self.code, invoice: "INV-1")
                let paid = try await notify(
                    site, service, ["--amount", "7", "--request-id", "told"])
                #expect(paid.code == 0, "\(paid)")

                let waiting = try await run("loket payments list --needs-attention \(way)")
                let line = "amount_mismatch\t1\tneeds a decision\n"
                #expect(waiting.output.hasPrefix("#1\t"), "\(waiting)")
                #expect(waiting.output.hasSuffix(line), "\(waiting)")
                let status = try await run("loket status \(way)")
                #expect(
                    status.output.contains("next: loket payments list --needs-attention \(way)\n"),
                    "\(status)")
                let bill = try await run("loket bills show told \(way)")
                #expect(bill.output.contains("; decide: `loket payments show 1 \(way)`"), "\(bill)")
                let shown = try await run("loket payments show 1 \(way)")
                let resolve = "loket payments resolve 1 --action refunded \(way)"
                #expect(shown.output.contains("`\(resolve)`: the money was given"), "\(shown)")
                let done = try await run(resolve + " --note 'at the counter'")
                #expect(done.code == 0, "\(done)")
                #expect(done.output.contains("refunded by first "), "\(done)")
                #expect(done.output.hasSuffix(": at the counter\n"), "\(done)")
                let over = try await run("loket payments list --needs-attention \(way)")
                #expect(over.output.isEmpty && over.errors == none.errors, "\(over)")
                let other = try await run(resolve.replacing("refunded", with: "accept"))
                #expect(other.code == 1 && other.errors.contains("refunded"), "\(other)")
            }
        }

        @Test func `the attention list and the quarantine are resolved with commands`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                let way = ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
                let sent = try await notify(
                    site, service, ["--amount", "7", "--status", "REFUNDED"])
                #expect(sent.code == 0, "\(sent)")
                let entry = try await site.run(["attention", "list"] + way)
                for text in ["#1\t", "\tunknown_status\tREFUNDED\tRp7\tINV-1\t"] {
                    #expect(entry.output.contains(text), "\(text) in \(entry)")
                }
                let note = ["--note", "seen"]
                let resolved = try await site.run(["attention", "resolve", "1"] + note + way)
                #expect(resolved.output.contains("resolved by first: seen"), "\(resolved)")
                let open = try await site.run(["attention", "list"] + way)
                #expect(open.errors == "no report needs a review\n", "\(open)")
                let all = try await site.run(["attention", "list", "--all"] + way)
                #expect(all.output.contains("\tby first: seen\n"), "\(all)")

                try site.write(Site.newSecret(), to: "wrong")
                _ = try await notify(
                    site, service, ["--amount", "7", "--request-id", "strange"], secret: "wrong")
                let kept = try await eventually("it is in quarantine") {
                    let list = try await site.run(["quarantine", "list"] + way)
                    return list.output.hasPrefix("#1\t") ? list : nil
                }
                #expect(kept.errors.contains("`loket why strange --url "), "\(kept)")
                let retried = try await site.run(["quarantine", "retry"] + way)
                let told = "notifications: 0 recorded, 1 still in quarantine\n"
                #expect(retried.output == told, "\(retried)")
            }
        }
    }
}
