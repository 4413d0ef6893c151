// `loket keys`: creating, using and revoking keys of a running service, and a reset of lost keys.

import Foundation
import LoketJSON
import Testing

extension Processes {
    @Suite struct KeysCommand {
        private func keys(
            _ words: String..., at service: Service, key: String = "loket.db.admin-key"
        ) -> [String] {
            ["keys"] + words + ["--url", service.adminURL, "--key-file", key]
        }

        private func bills(at service: Service, key: String) -> [String] {
            ["bills", "list", "--url", service.adminURL, "--key-file", key]
        }

        private func permissions(_ path: String) throws -> Int? {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            return (attributes[.posixPermissions] as? NSNumber)?.intValue
        }

        @Test func `a key is created, works, is listed, revoked and refused`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let made = try await site.run(
                    keys("create", "till", "--scope", "write", "--scope", "read", at: service))
                #expect(made.code == 0, "\(made)")
                #expect(made.output.wholeMatch(of: /loket_[0-9a-f]{48}\n/) != nil, "\(made)")
                #expect(made.errors.contains("loket keys revoke 2"))
                #expect(!made.errors.contains(made.output.dropFirst(6).dropLast()))
                try site.write(made.output, to: "till.key")
                let used = try await site.run(bills(at: service, key: "till.key"))
                #expect(used.code == 0, "\(used)")
                let listed = try await site.run(keys("list", at: service))
                #expect(listed.code == 0)
                let lines = listed.output.split(separator: "\n")
                #expect(lines.count == 2, "\(listed)")
                #expect(lines.first?.contains("#2\ttill\tread,write\tevery account") == true)
                #expect(lines.last?.contains("#1\tfirst\tread,write,keys,backup") == true)

                let revoked = try await site.run(keys("revoke", "till", at: service))
                #expect(revoked.code == 0, "\(revoked)")
                #expect(revoked.output.contains("REVOKED"))
                let refused = try await site.run(bills(at: service, key: "till.key"))
                #expect(refused.code == 1, "\(refused)")
                #expect(refused.errors.contains("An admin key is needed"))
                let again = try await site.run(keys("revoke", "2", at: service))
                #expect(again.code == 0 && again.output == revoked.output)
                let active = try await site.run(keys("list", "--active", at: service))
                #expect(!active.output.contains("till"))
            }
        }

        @Test func `--json prints the service's JSON, the key's binding too`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let outcome = try await site.run(
                    keys(
                        "create", "shop", "--scope", "read", "--account", Site.clientID,
                        "--json", at: service))
                let made = try StrictJSON(
                    Array(outcome.output.trimmingCharacters(in: .newlines).utf8)
                ).root
                #expect(made["account"]?.string == Site.clientID)
                #expect(made["key"]?.string?.hasPrefix("loket_") == true)
                let listed = try await site.run(
                    keys("list", "--json", "--limit", "1", at: service))
                #expect(!listed.output.contains(made["key"]?.string ?? "loket_"))
                #expect(listed.output.contains(/"next_cursor":"[0-9a-f]{12}-[0-9]+"/))
            }
        }

        /// The words after `keys`, the exit code, and the message.
        private static let wrong: [(words: [String], code: Int32, text: String)] = [
            (["create", "a", "--scope", "root"], 2, "scope"),
            (["create", "a"], 2, "--scope"), (["create", "--scope", "read"], 2, "name"),
            (["create", "first", "--scope", "read"], 1, "/name"),
            (["create", "a b", "--scope", "read"], 1, "/name"),
            (["create", "a", "--scope", "read", "--account", "MCH-9"], 1, "/account"),
            (["revoke", "nobody"], 1, "nobody"), (["revoke", "404"], 1, "404"),
            (["revoke", "first"], 1, "the same scopes as key 1"),
        ]

        @Test func `an impossible request is reported`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let way = ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
                for (words, code, text) in Self.wrong {
                    let outcome = try await site.run(["keys"] + words + way)
                    #expect(outcome.code == code, "\(outcome)")
                    #expect(outcome.errors.contains(text), "\(outcome)")
                    #expect(outcome.output.isEmpty)
                }
            }
        }

        @Test func `a reset during a running service is refused and changes nothing`() async throws
        {
            try await withSite { site in
                let service = try await site.serve()
                let (before, names) = (try site.key, try site.listing())
                let refused = try await site.run(["keys", "reset"])
                #expect(refused.code == 1, "\(refused)")
                let reason = "in use by another loket (process \(service.child.id))"
                #expect(refused.errors.contains(reason), "\(refused)")
                #expect(try site.key == before)
                #expect(try site.listing() == names)
                let used = try await site.run(bills(at: service, key: "loket.db.admin-key"))
                #expect(used.code == 0)
            }
        }

        @Test func `after a reset the old keys are refused and the new one works`() async throws {
            try await withSite { site in
                let first = try await site.serve()
                let made = try await site.run(
                    keys("create", "till", "--scope", "read", at: first))
                try site.write(made.output, to: "till.key")
                try site.write(try site.key, to: "old.key")
                let old = try site.key
                #expect(try await first.stop().code == 0)
                // The existing key file, which all users can read, is replaced.
                chmod(site.path("loket.db.admin-key"), 0o644)
                let reset = try await site.run(["keys", "reset", "--config", "loket.yaml"])
                #expect(reset.code == 0, "\(reset)")
                #expect(reset.output.hasPrefix("2 keys are revoked"))
                #expect(reset.output.contains("/loket.db.admin-key\n"), "\(reset)")
                let new = try site.key
                #expect(new != old && new.hasPrefix("loket_"))
                #expect(!(reset.output + reset.errors).contains(new))
                #expect(try permissions(site.path("loket.db.admin-key")) == 0o600)
                #expect(try !site.listing().contains { $0.hasSuffix(".part") })

                let second = try await site.serve()
                for key in ["old.key", "till.key"] {
                    let refused = try await site.run(bills(at: second, key: key))
                    #expect(refused.code == 1, "\(refused)")
                }
                let listed = try await site.run(keys("list", at: second))
                #expect(listed.code == 0, "\(listed)")
                let lines = listed.output.split(separator: "\n")
                #expect(lines.first?.contains("#3\tfirst") == true)
                #expect(lines.filter { !$0.hasSuffix("\t-") }.count == 2, "\(listed)")
            }
        }

        @Test func `a reset without a database or settings creates nothing`() async throws {
            try await withSite { site in
                let names = try site.listing()
                let none = try await site.run(["keys", "reset"])
                #expect(none.code == 1)
                #expect(none.errors.contains("there is no database at"), "\(none)")
                let lost = try await site.run(["keys", "reset", "--config", "no.yaml"])
                #expect(lost.code == 1)
                #expect(lost.errors.contains("no.yaml"), "\(lost)")
                #expect(try site.listing() == names)
            }
        }
    }
}
