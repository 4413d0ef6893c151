// The suggested next command if the service does not answer, is another service, or refuses.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct Advice {
        private func list(_ url: String, key: String = "loket.db.admin-key") -> [String] {
            ["bills", "list", "--url", url, "--key-file", key]
        }

        /// 0.0.0.0 reaches this machine, but is not a loopback address.
        @Test(arguments: ["http://0.0.0.0:1", "http://loket.example:1", "http://[2001:db8::1]:1"])
        func `a key is not sent over http to another machine`(_ url: String) async throws {
            try await withSite { site in
                try site.write(String(repeating: "k1", count: 16), to: "key")
                let way = ["status", "--url", url, "--key-file", "key"]
                let refused = try await site.run(way)
                #expect(refused.code == 2, "\(refused)")
                #expect(refused.errors.contains("unencrypted; give the https URL"), "\(refused)")
                guard url.contains("0.0.0.0") else { return }
                #expect(try await site.run(way + ["--allow-http"]).code == 3)
            }
        }

        @Test func `if no service answers the message asks whether it runs`() async throws {
            try await withSite { site in
                let url = "http://127.0.0.1:\(try Listener.freePort())"
                try site.write(String(repeating: "k", count: 40), to: "key")
                try site.write("a", to: "bills.csv")
                let way = ["--url", url, "--key-file", "key"]
                for command in [
                    ["bills", "list"], ["bills", "import", "bills.csv"], ["backup", "copy.db"],
                ] {
                    let outcome = try await site.run(command + way)
                    #expect(outcome.code == 3, "\(outcome)")
                    let text =
                        "\(url) does not answer: connection refused; check that `loket serve` runs "
                        + "there, or give another --url\n"
                    #expect(outcome.errors == "loket: " + text, "\(outcome)")
                }
            }
        }

        @Test func `a name with several addresses is refused in few words`() async throws {
            try await withSite { site in
                try site.write(String(repeating: "k", count: 40), to: "key")
                let port = try Listener.freePort()
                let outcome = try await site.run(list("http://localhost:\(port)", key: "key"))
                #expect(outcome.code == 3, "\(outcome)")
                #expect(
                    outcome.errors.contains(
                        "localhost:\(port) does not answer: connection refused;"),
                    "\(outcome)")
            }
        }

        @Test func `the gateway's port is distinguished from the admin port`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try site.write("a", to: "bills.csv")
                let gateway = "http://127.0.0.1:\(service.gatewayPort)"
                let way = ["--url", gateway, "--key-file", "loket.db.admin-key"]
                for command in [["bills", "list"], ["keys", "list"], ["backup", "copy.db"]] {
                    let outcome = try await site.run(command + way)
                    #expect(outcome.code == 1, "\(outcome)")
                    #expect(outcome.errors.contains("HTTP 404 without JSON"), "\(outcome)")
                    #expect(outcome.errors.contains("http://127.0.0.1:8081"), "\(outcome)")
                    #expect(outcome.errors.contains("not the gateway"), "\(outcome)")
                }
            }
        }

        @Test func `for an unknown key the message names the ways to get another`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                try site.write(String(repeating: "k", count: 40), to: "key")
                let way = ["--url", service.adminURL, "--key-file", "key"]
                for command in [["bills", "list"], ["backup", "copy.db"]] {
                    let outcome = try await site.run(command + way)
                    #expect(outcome.code == 1, "\(outcome)")
                    for text in ["--key-file", "LOKET_ADMIN_KEY", "`loket keys reset`"] {
                        #expect(outcome.errors.contains(text), "\(outcome)")
                    }
                }
            }
        }

        @Test func `after a restore, resume names the next commands`() async throws {
            try await withSite { site in
                let first = try await site.serve()
                let key = ["--key-file", "loket.db.admin-key"]
                let taken = try await site.run(
                    ["backup", "copy.db", "--url", first.adminURL] + key)
                #expect(taken.code == 0, "\(taken)")
                #expect(try await first.stop().code == 0)
                try FileManager.default.removeItem(atPath: site.database)
                #expect(try await site.run(["restore", "copy.db"]).code == 0)

                let second = try await site.serve()
                let resume = ["resume", "--url", second.adminURL] + key
                let refused = try await site.run(resume)
                #expect(refused.code == 1, "\(refused)")
                let way = " --url \(second.adminURL) --key-file loket.db.admin-key`"
                for text in [
                    "this database is a backup", "`loket reconcile\(way), then `loket resume\(way)",
                    "`loket resume --accept-risk\(way)",
                ] {
                    #expect(refused.errors.contains(text), "\(refused)")
                }
                #expect(!refused.errors.contains("accept_risk"), "\(refused)")
                #expect(!refused.errors.contains("POST"), "\(refused)")
                let accepted = try await site.run(resume + ["--accept-risk"])
                #expect(accepted.code == 0, "\(accepted)")
            }
        }

        @Test func `revoking a key without a name is wrong usage`() async throws {
            try await withSite { site in
                let outcome = try await site.run(["keys", "revoke", "", "--key-file", "secret"])
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.errors.contains("id or name"), "\(outcome)")
            }
        }

        @Test(arguments: [
            ("http://127.0.0.1:1/prefix", "/prefix"),
            ("http://127.0.0.1:1/admin/v1/", "/admin/v1/"),
            ("http://anton:geheim@127.0.0.1:1", "password"), ("http://anton@127.0.0.1:1", "user"),
        ])
        func `surplus parts of a URL are refused and not cut off`(
            _ url: String, told: String
        ) async throws {
            try await withSite { site in
                let outcome = try await site.run(list(url, key: "secret"))
                #expect(outcome.code == 2, "\(outcome)")
                #expect(outcome.errors.contains(told), "\(outcome)")
                #expect(!outcome.errors.contains("geheim"), "\(outcome)")
            }
        }

        @Test func `a service lost while it receives a file has not received it`() async throws {
            try await withSite { site in
                try site.write("payment_code\n", to: "bills.csv")
                try site.write(String(repeating: "k", count: 40), to: "key")
                let url = try await site.startStub([""], then: .leaves)
                let outcome = try await site.run(
                    ["bills", "import", "bills.csv", "--url", url, "--key-file", "key"])
                #expect(outcome.code == 3, "\(outcome)")
                #expect(outcome.errors.contains("while the file was sent"), "\(outcome)")
                #expect(outcome.errors.contains("loket imports list"), "\(outcome)")
            }
        }

        /// After a restart, an import continues only if its comparison was complete.
        @Test(arguments: [
            ("checking", "send the file again"), ("applying", "continues when the service runs"),
            ("undoing", "continues when the service runs"),
        ])
        func `after the loss of a service an import's fate depends on its phase`(
            _ phase: String, told: String
        ) async throws {
            try await withSite { site in
                try site.write("payment_code\n", to: "bills.csv")
                try site.write(String(repeating: "k", count: 40), to: "key")
                let running = #"{"id":"7","state":"running","phase":"\#(phase)"}"#
                let url = try await site.startStub([running], then: .leaves)
                let command =
                    phase == "undoing"
                    ? ["imports", "undo", "7"] : ["bills", "import", "bills.csv"]
                let outcome = try await site.run(command + ["--url", url, "--key-file", "key"])
                #expect(outcome.code == 3, "\(outcome)")
                #expect(outcome.errors.contains("import 7 was last seen \(phase)"), "\(outcome)")
                #expect(outcome.errors.contains(told), "\(outcome)")
                #expect(outcome.errors.contains("loket imports show 7"), "\(outcome)")
            }
        }
    }
}
