// Runs the transcripts of the documents: the `console` blocks of one document in order, in a
// folder that `loket init --trial` created.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct Transcripts {
        private static let isWriting = ProcessInfo.processInfo.environment["LOKET_WRITE"] == "1"

        /// Returns the lines without the parts that differ between runs.
        private static func steady(_ lines: [String]) -> [String] {
            lines.map {
                $0.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00/, with: "(time)")
                    .replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "(id)")
                    .replacing(/took +\d+ µs; .*/, with: "took (duration)")
            }
        }

        private func serveTrial(on site: Site) async throws {
            try FileManager.default.removeItem(atPath: site.path("loket.yaml"))
            let (gateway, admin) = (try Listener.freePort(), try Listener.freePort())
            let made = try await site.run([
                "init", "--trial", "--gateway", "127.0.0.1:\(gateway)",
                "--admin", "127.0.0.1:\(admin)",
            ])
            #expect(made.code == 0, "\(made)")
            _ = try await site.serve()
        }

        /// - Returns: The block with the current output of its commands.
        private func play(_ block: Document.Block, on site: Site) async throws -> [String] {
            let folder = try Project.command().deletingLastPathComponent().path
            var now: [String] = []
            for (index, line) in block.lines.enumerated() where line.hasPrefix("$ ") {
                let command = line.dropFirst(2)
                // The file that a transcript shows is the file that its commands read.
                if command.hasPrefix("cat ") {
                    let shown = block.lines[(index + 1)...].prefix { !$0.hasPrefix("$ ") }
                    try site.write(
                        shown.map { $0 + "\n" }.joined(), to: String(command.dropFirst(4)))
                }
                let outcome = try await site.run(
                    ["-c", "exec 2>&1; PATH=\(folder):$PATH; \(command)"], program: "sh")
                var printed = outcome.output.split(
                    separator: "\n", omittingEmptySubsequences: false)
                if printed.last?.isEmpty == true { printed.removeLast() }
                now += [line] + printed.map(String.init)
            }
            return now
        }

        /// With LOKET_WRITE=1 the document is updated with the current output of the commands.
        @Test(arguments: ["README.md", "docs/using.md"])
        func `a document's commands print the output that it shows`(_ path: String) async throws {
            let document = try Document(path)
            let blocks = document.blocks.filter { $0.kind == "console" }
            #expect(!blocks.isEmpty)
            var lines = document.lines
            try await withSite { site in
                try await serveTrial(on: site)
                var played: [(block: Document.Block, now: [String])] = []
                for block in blocks { played.append((block, try await play(block, on: site))) }
                for (block, now) in played.reversed() {
                    if !Self.isWriting { #expect(Self.steady(now) == Self.steady(block.lines)) }
                    lines.replaceSubrange(
                        block.first..<(block.first + block.lines.count), with: now)
                }
            }
            guard Self.isWriting else { return }
            try lines.joined(separator: "\n")
                .write(to: Project.url(path), atomically: true, encoding: .utf8)
        }
    }
}
