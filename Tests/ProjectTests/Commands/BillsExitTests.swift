// The exit codes of `bills` other than 0: unknown bill, wrong usage, no service. An invalid key
// is never shown.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct BillsExits {
        private func bills(_ words: String..., at service: Service) -> [String] {
            ["bills"] + words + ["--url", service.adminURL, "--key-file", "loket.db.admin-key"]
        }

        @Test func `an unknown bill is 1 and wrong usage is 2`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                for command in ["show", "cancel"] {
                    let unknown = try await site.run(bills(command, "7", at: service))
                    #expect(unknown.code == 1)
                    #expect(unknown.errors.contains("there is no bill 7"))
                    // A text that is not an id may be an invoice number.
                    let other = try await site.run(bills(command, "seven", at: service))
                    #expect(other.code == (command == "show" ? 1 : 2))
                }
                let fraction = try await site.run(
                    bills("add", "--amount", "1.5", "--code", "88965112345678", at: service)
                        + ["--invoice", "INV-1", "--name", "Anton"])
                #expect(fraction.code == 2)
            }
        }

        @Test func `without a service the code is 3, without repeated attempts`() async throws {
            try await withSite { site in
                let port = try Listener.freePort()
                let refused = try site.start(
                    ["bills", "list", "--url", "http://127.0.0.1:\(port)"],
                    environment: ["LOKET_ADMIN_KEY": String(repeating: "k", count: 40)])
                // The bound is the time that a dozen starts take on this machine now.
                for _ in 0..<12 { #expect(try await site.run(["--help"]).code == 0) }
                #expect(!refused.isRunning)
                let outcome = try await refused.end()
                #expect(outcome.code == 3, "\(outcome)")
                #expect(outcome.errors.contains("127.0.0.1:\(port) does not answer"))
                #expect(outcome.errors.lowercased().contains("refused"), "\(outcome)")
            }
        }

        @Test(arguments: ["127.0.0.1:1", "ftp://127.0.0.1", "", "http://"])
        func `an invalid URL gives 2`(_ url: String) async throws {
            try await withSite { site in
                let outcome = try await site.run(
                    ["bills", "list", "--url", url, "--key-file", "secret"])
                #expect(outcome.code == 2, "\(outcome)")
            }
        }

        @Test(arguments: ["line one\nline two", "key-with-return\r", "k\u{7}y"])
        func `an invalid key gives 2 and is not shown`(_ key: String) async throws {
            try await withSite { site in
                let outcome = try await site.run(
                    ["bills", "list", "--url", "http://127.0.0.1:1"],
                    environment: ["LOKET_ADMIN_KEY": key])
                #expect(outcome.code == 2, "\(outcome)")
                for part in key.split(whereSeparator: \.isNewline) {
                    #expect(!outcome.errors.contains(part.prefix(8)), "\(outcome)")
                }
            }
        }
    }
}
