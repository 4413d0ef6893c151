// `simulate scenario` against the real service, against faulty services, and without a service.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct ScenarioCommand {
        private func arguments(
            gateway: Int, admin: Int, bin: String = "889651", _ more: String...
        ) -> [String] {
            [
                "simulate", "scenario", "http://127.0.0.1:\(gateway)/doku/inquiry",
                "http://127.0.0.1:\(gateway)/doku/notification", "--url",
                "http://127.0.0.1:\(admin)", "--key-file", "loket.db.admin-key", "--client-id",
                Site.clientID, "--secret-file", "secret", "--bin", bin,
            ] + more
        }

        private func expectRight(
            _ outcome: Child.Outcome, location: SourceLocation = #_sourceLocation
        ) {
            #expect(outcome.code == 0, "\(outcome)", sourceLocation: location)
            #expect(!outcome.output.contains("WRONG"), sourceLocation: location)
            let right = outcome.output.split(separator: "\n").filter { $0.hasPrefix("ok  ") }
            #expect(
                outcome.output.contains("all \(right.count) steps were right"),
                sourceLocation: location)
            #expect(right.count > 60 && outcome.errors.isEmpty, sourceLocation: location)
        }

        @Test func `every step is right, and again with the same service`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let words = arguments(gateway: service.gatewayPort, admin: service.adminPort)
                for _ in 0..<2 { expectRight(try await site.run(words)) }
                let open = try await service.admin("GET", "/admin/v1/bills?limit=1000")
                let states = open["items"]?.elements.compactMap { $0["state"]?.string } ?? []
                #expect(states.count == 2 * 15)
                #expect(Set(states) == ["paid", "cancelled"], "a payable bill remains")
            }
        }

        @Test func `a direct BIN at Indomaret works too`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                expectRight(
                    try await site.run(
                        arguments(
                            gateway: service.gatewayPort, admin: service.adminPort, bin: "12345",
                            "--channel", "indomaret", "--code-length", "25")))
            }
        }

        @Test func `paths that a proxy rewrites are signed as registered`() async throws {
            try await withSite { site in
                try site.writeSettings([
                    (of: "# inquiry_signed_path", with: "inquiry_signed_path"),
                    (of: "# notification_signed_path", with: "notification_signed_path"),
                    (of: "invoice_per_inquiry: reusable", with: "invoice_per_inquiry: always"),
                ])
                let service = try await site.serve()
                let words = arguments(gateway: service.gatewayPort, admin: service.adminPort)
                expectRight(
                    try await site.run(
                        words + [
                            "--signed-inquiry-path", "/pay/doku/inquiry",
                            "--signed-notification-path", "/pay/doku/notification",
                        ]))
                let wrong = try await site.run(words)
                #expect(wrong.code == 1)
                #expect(wrong.output.contains("401 empty, not signed; no payment"))
            }
        }

        @Test func `a service with another secret is wrong, and the place is named`()
            async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(Site.newSecret(), to: "secret")
                let outcome = try await site.run(
                    arguments(gateway: service.gatewayPort, admin: service.adminPort))
                #expect(outcome.code == 1)
                #expect(
                    outcome.output.contains(
                        "WRONG  the counter sends an inquiry: expected `200 success 150000, "
                            + "verified`, got `401 invalid_signature, not signed"), "\(outcome)")
                #expect(outcome.errors.contains("steps were wrong"))
            }
        }

        @Test func `a service that accepts everything is wrong`() async throws {
            try await withSite { site in
                let port = try await site.startYesSayer()
                try site.write(String(repeating: "k", count: 40), to: "loket.db.admin-key")
                let outcome = try await site.run(arguments(gateway: port, admin: port))
                #expect(outcome.code == 1, "\(outcome)")
                #expect(!outcome.output.contains("ok  "), "\(outcome)")
            }
        }

        @Test func `the gateway of another service with our admin API is wrong`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let port = try await site.startYesSayer()
                let outcome = try await site.run(
                    arguments(gateway: port, admin: service.adminPort))
                #expect(outcome.code == 1, "\(outcome)")
                #expect(
                    outcome.output.contains(
                        "got `200 {}, not signed; no payment, not recorded; "
                            + "bill open, 0 received`"), "\(outcome)")
            }
        }

        @Test func `without a service the code is 3`() async throws {
            try await withSite { site in
                let port = try Listener.freePort()
                try site.write(String(repeating: "k", count: 40), to: "loket.db.admin-key")
                let outcome = try await site.run(arguments(gateway: port, admin: port))
                #expect(outcome.code == 3, "\(outcome)")
                #expect(outcome.errors.contains("127.0.0.1:\(port) does not answer"))
            }
        }

        @Test(arguments: [
            ["--code-length", "6"], ["--bin", "88965A"], ["--bin", ""], ["--code-length", "x"],
            ["--key-file", "no-such-file"], ["--url", "nowhere"],
        ])
        func `a wrong value gives 2`(_ words: [String]) async throws {
            try await withSite { site in
                try site.write(String(repeating: "k", count: 40), to: "loket.db.admin-key")
                let outcome = try await site.run(arguments(gateway: 1, admin: 1) + words)
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.output.isEmpty && !outcome.errors.isEmpty)
            }
        }
    }
}
