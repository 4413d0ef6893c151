// The output of `loket serve` on a terminal.

import Foundation
import Testing

extension Processes {
    @Suite struct Banner {
        @Test func `a terminal gets a banner and lines of text, and Ctrl-C ends it`() async throws {
            try await withSite { site in
                try site.write("\(site.secret)\n", to: "secret")
                #expect(chmod(site.path("secret"), 0o604) == 0)
                #expect(chmod(site.folder.path, 0o755) == 0)
                let outcome = try await site.talk(["serve"], [("The log follows.", "\u{3}")])
                #expect(outcome.code == 0, "\(outcome)")
                let banner = outcome.output
                for text in [
                    " listens\r\n", "127.0.0.1:", "inquiries at /doku/inquiry",
                    "notifications at /doku/notification", "/docs", site.database,
                    site.database + ".admin-key", "loket.yaml",
                    "\(Site.clientID), BIN 889651 (doku_exclusive) on alfa", "loket status",
                    "loket simulate inquiry --code 88965112345678", "Ctrl-C stops the service",
                ] {
                    #expect(banner.contains(text), "\(text) in \(banner)")
                }
                #expect(banner.firstMatch(of: /\+07:00 info    stopped/) != nil, "\(banner)")
                #expect(!banner.contains("\u{1B}") && !banner.contains("{\""), "\(banner)")
                #expect(!banner.contains(try site.key))
            }
        }
    }
}
