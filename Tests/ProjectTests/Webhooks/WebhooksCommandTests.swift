// `loket webhooks`: a walk through its commands with a receiver on this machine, and what is
// refused.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct WebhooksCommand {
        private func way(_ service: Service) -> [String] {
            ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
        }

        @Test func `a webhook is made, tried, shown, changed and removed`() async throws {
            try await withSite { site in
                let program = Project.url("Tests/ProjectTests/Webhooks/webhook_receiver.py").path
                let receiver = try site.start(
                    [program, site.path("received"), "9"], program: "python3")
                let port = try await eventually("the receiver's port") {
                    Int(receiver.output.trimmingCharacters(in: .newlines))
                }
                let service = try await site.serve(
                    environment: ["LOKET_WEBHOOKS_ALLOW_PRIVATE_ADDRESSES": "true"])
                func webhooks(_ words: String...) async throws -> Child.Outcome {
                    try await site.run(["webhooks"] + words + way(service))
                }

                let made = try await webhooks(
                    "add", "http://127.0.0.1:\(port)/slow", "--types", "bill.created")
                #expect(made.code == 0, "\(made)")
                #expect(made.output.wholeMatch(of: /whsec_[A-Za-z0-9+\/]{43}=\n/) != nil)
                #expect(made.errors.contains("loket webhooks test 1"))
                try await service.addBill("88965112345678", invoice: "INV-1")
                try await eventually("the delivery") {
                    let shown = try await webhooks("show", "1")
                    return shown.output.contains("last attempt: ")
                        && shown.output.contains(": HTTP 204")
                }
                let listed = try await webhooks("list")
                #expect(listed.output.contains("#1\ton\t"), "\(listed)")
                #expect(listed.output.contains("\tbill.created\thttp://127.0.0.1:\(port)/slow\n"))

                #expect(try await webhooks("pause", "1").output.contains("off: operator"))
                #expect(try await webhooks("resume", "1").output.hasPrefix("#1  on  "))
                let replayed = try await webhooks("replay", "1", "--since", "2020-01-01")
                #expect(replayed.code == 0, "\(replayed)")
                let rotated = try await webhooks("rotate", "1")
                #expect(rotated.code == 0 && rotated.output != made.output, "\(rotated)")
                #expect(try await webhooks("show", "1").output.contains("drop-old-secret 1"))
                #expect(try await webhooks("drop-old-secret", "1").code == 0)
                let edited = try await webhooks("edit", "1", "--types", "", "--note", "ERP")
                #expect(edited.output.contains("types: every type\n"), "\(edited)")
                #expect(edited.output.contains("note: ERP\n"), "\(edited)")
                let skipped = try await webhooks("skipped", "1")
                #expect(skipped.errors.contains("no event was skipped"), "\(skipped)")
                let removed = try await webhooks("remove", "1")
                #expect(removed.output == "webhook 1 is removed\n", "\(removed)")
                #expect(try await webhooks("show", "1").code == 1)
            }
        }

        @Test func `a URL that is not https or not public is refused with the reason`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                let refused = try await site.run(
                    ["webhooks", "add", "http://erp.example/"] + way(service))
                #expect(refused.code == 1)
                #expect(refused.errors.contains("/url: must begin with https://"), "\(refused)")
                let own = try await site.run(
                    ["webhooks", "add", "https://127.0.0.1/"] + way(service))
                #expect(own.errors.contains("webhooks.allow_private_addresses"), "\(own)")
                let usage = try await site.run(["webhooks", "replay", "1"] + way(service))
                #expect(usage.code == 2, "\(usage)")
            }
        }
    }
}
