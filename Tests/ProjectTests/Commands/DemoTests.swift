// `demo`: the complete walk-through, which leaves nothing behind, however it ends.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct DemoCommand {
        /// Returns the process id that the demo prints for its service.
        private func serviceID(_ output: String) -> Int32? {
            output.firstMatch(of: /runs as process (\d+);/).flatMap { Int32($0.output.1) }
        }

        private func expectNothingLeft(
            by output: String, on site: Site, location: SourceLocation = #_sourceLocation
        ) async throws {
            let left = try FileManager.default.contentsOfDirectory(atPath: site.temporary.path)
            #expect(left.isEmpty, sourceLocation: location)
            let id = try #require(serviceID(output), sourceLocation: location)
            try await eventually("the demo's service ends") { kill(id, 0) != 0 }
        }

        /// The README's excerpt is lines of the demo's output in order; `…` replaces varying parts.
        private func expectShown(inReadme printed: [Substring]) throws {
            let blocks = try Document("README.md").blocks
            let excerpt = try #require(blocks.first { $0.kind == "text" })
            #expect(excerpt.lines.count > 3)
            var rest = printed[...]
            for line in excerpt.lines {
                let steady = line.split(separator: "…", omittingEmptySubsequences: false)
                let place = rest.firstIndex {
                    $0.hasPrefix(steady[0]) && $0.hasSuffix(steady[steady.count - 1])
                }
                rest = rest[(try #require(place, "\(line)") + 1)...]
            }
        }

        private func exchanges(in output: String) -> Int {
            output.split(separator: "\n").count { $0.hasPrefix("  > POST ") }
        }

        @Test func `every step is right and nothing remains`() async throws {
            try await withSite { site in
                let before = try site.listing()
                let outcome = try await site.run(["demo"])
                #expect(outcome.code == 0, "\(outcome)")
                let lines = outcome.output.split(separator: "\n")
                let script = Script(exclusive: "889651", direct: "12345")
                for scene in script.scenes {
                    #expect(lines.contains { $0.hasPrefix("ok   \(scene.title)  ") })
                }
                #expect(!outcome.output.contains("WRONG"))
                let journaled = script.scenes.count { $0.isVerified }
                #expect(outcome.output.contains("  \(journaled) inquiries  "))
                #expect(outcome.output.contains("all \(script.scenes.count) answers"))
                #expect(exchanges(in: outcome.output) == 1)
                let next = try #require(lines.firstIndex(of: "try next:"))
                #expect(lines[(next + 1)...].count { $0.contains("/loket ") } == 3)
                #expect(outcome.errors.isEmpty)
                try expectShown(inReadme: lines)
                #expect(try site.listing() == before)
                try await expectNothingLeft(by: outcome.output, on: site)
            }
        }

        @Test func `the user's variables do not affect it, and --verbose shows every byte`()
            async throws
        {
            try await withSite { site in
                let outcome = try await site.run(
                    ["demo", "--verbose"],
                    environment: [
                        "LOKET_ADMIN_KEY": String(repeating: "k", count: 40),
                        "LOKET_SECRET": site.secret, "LOKET_DATABASE": site.database,
                        "LOKET_GATEWAY_INQUIRY_PATH": "/elsewhere",
                    ])
                #expect(outcome.code == 0, "\(outcome.errors)")
                #expect(!FileManager.default.fileExists(atPath: site.database))
                #expect(exchanges(in: outcome.output) > 50)
            }
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func `--stay serves until it is stopped`(_ signal: Int32) async throws {
            try await withSite { site in
                let demo = try site.start(["demo", "--stay"])
                try await eventually("the demo's last line, seen while it runs") {
                    demo.output.contains(" status --url ")
                }
                let id = try #require(serviceID(demo.output))
                #expect(kill(id, 0) == 0)
                let key = try #require(
                    demo.output.split(separator: "\n").first { $0.contains("admin key") }?
                        .split(separator: " ").last)
                #expect(FileManager.default.fileExists(atPath: String(key)))
                demo.send(signal)
                let outcome = try await demo.end()
                #expect(outcome.code == 0, "\(outcome.errors)")
                try await expectNothingLeft(by: outcome.output, on: site)
            }
        }

        @Test func `an interrupted walk-through leaves nothing behind`() async throws {
            try await withSite { site in
                let demo = try site.start(["demo"])
                try await eventually("the first scene") {
                    demo.output.contains("ok   a payable bill")
                }
                demo.send(SIGINT)
                let outcome = try await demo.end()
                #expect(outcome.code != 0)
                try await expectNothingLeft(by: outcome.output, on: site)
            }
        }
    }
}
