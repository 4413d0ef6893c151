// `demo`: the whole walk, and nothing left behind, however it ends.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct DemoCommand {
        /// The process of the service that the demo says it started.
        private func serviceID(_ output: String) -> Int32? {
            guard let words = output.split(separator: "service: process ").last,
                output.contains("service: process ")
            else { return nil }
            return Int32(words.prefix { $0.isNumber })
        }

        private func expectNothingLeft(
            by output: String, on site: Site, location: SourceLocation = #_sourceLocation
        ) async throws {
            let left = try FileManager.default.contentsOfDirectory(atPath: site.temporary.path)
            #expect(left.isEmpty, sourceLocation: location)
            let id = try #require(serviceID(output), sourceLocation: location)
            try await eventually("the demo's service ends") { kill(id, 0) != 0 }
        }

        /// The README's excerpt is what the demo prints, line by line and in its order.
        private func expectShown(inReadme printed: [Substring]) throws {
            let parts = try Project.text("README.md").split(separator: "```")
            let excerpt = try #require(parts.first { $0.hasPrefix("text\n") })
            let lines = excerpt.split(separator: "\n").dropFirst()
            #expect(lines.count == 5)
            var rest = printed[...]
            for line in lines {
                let place = try #require(rest.firstIndex(of: line), "\(line)")
                rest = rest[(place + 1)...]
            }
        }

        @Test func `every scene is right and nothing stays behind`() async throws {
            try await withSite { site in
                let before = try site.listing()
                let outcome = try await site.run(["demo"])
                #expect(outcome.code == 0, "\(outcome)")
                let script = Script(exclusive: "889651", direct: "12345")
                for (index, scene) in script.scenes.enumerated() {
                    #expect(outcome.output.contains("--- \(index + 1). \(scene.title)\n"))
                }
                let lines = outcome.output.split(separator: "\n")
                #expect(lines.filter { $0 == "  RIGHT" }.count == script.scenes.count)
                #expect(!outcome.output.contains("WRONG"))
                let journal = try #require(outcome.output.split(separator: "--- the journal").last)
                let rows = journal.split(separator: "\n").filter { $0.hasSuffix(" us") }
                #expect(rows.count == script.scenes.filter(\.isVerified).count)
                #expect(outcome.output.contains("all \(script.scenes.count) answers were right"))
                #expect(outcome.errors.isEmpty)
                try expectShown(inReadme: lines)
                #expect(try site.listing() == before)
                try await expectNothingLeft(by: outcome.output, on: site)
            }
        }

        @Test func `a user's own variables do not disturb it`() async throws {
            try await withSite { site in
                let outcome = try await site.run(
                    ["demo"],
                    environment: [
                        "LOKET_ADMIN_KEY": String(repeating: "k", count: 40),
                        "LOKET_SECRET": site.secret, "LOKET_DATABASE": site.database,
                        "LOKET_GATEWAY_INQUIRY_PATH": "/elsewhere",
                    ])
                #expect(outcome.code == 0, "\(outcome.errors)")
                #expect(!FileManager.default.fileExists(atPath: site.database))
            }
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func `--stay serves until it is told to stop`(_ signal: Int32) async throws {
            try await withSite { site in
                let demo = try site.start(["demo", "--stay"])
                try await eventually("the demo's last line, seen while it runs") {
                    demo.output.contains("settings  ")
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

        @Test func `an interrupted walk leaves nothing behind`() async throws {
            try await withSite { site in
                let demo = try site.start(["demo"])
                try await eventually("the first scene") { demo.output.contains("--- 1.") }
                demo.send(SIGINT)
                let outcome = try await demo.end()
                #expect(outcome.code != 0)
                try await expectNothingLeft(by: outcome.output, on: site)
            }
        }
    }
}
