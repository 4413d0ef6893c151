// `check` and `serve` start with the same list of checks: `serve` refuses every problem that
// `check` reports, in the same words.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct StartLists {
        enum Obstacle: String, CaseIterable, Sendable {
            case openAdmin, badKey, missingFolder, lockIsLink, fewDescriptors, everything

            /// - Returns: The items that then have a problem.
            func lay(on site: Site, _ listeners: [Listener]) throws -> Set<String> {
                switch self {
                case .openAdmin: return ["admin", "keys"]
                case .badKey: return ["keys"]
                case .missingFolder:
                    try site.writeSettings([(of: "database: loket.db", with: "database: no/x.db")])
                    return ["folder"]
                case .lockIsLink:
                    try FileManager.default.createSymbolicLink(
                        atPath: site.path("loket.db.lock"), withDestinationPath: "elsewhere")
                    return ["database"]
                case .fewDescriptors: return ["openfiles"]
                case .everything:
                    try site.writeSettings(
                        gatewayPort: listeners[0].port, adminPort: listeners[1].port,
                        [(of: "database: loket.db", with: "database: no/x.db")])
                    return ["gateway", "admin", "folder", "keys", "openfiles"]
                }
            }

            var environment: [String: String] {
                switch self {
                case .openAdmin, .everything: ["LOKET_ADMIN_HOST": "0.0.0.0"]
                case .badKey: ["LOKET_ADMIN_KEY": "short"]
                case .missingFolder, .lockIsLink, .fewDescriptors: [:]
                }
            }

            /// The shell's limits.
            var limit: String {
                [.fewDescriptors, .everything].contains(self) ? "ulimit -n 60; " : ""
            }
        }

        @Test(arguments: Obstacle.allCases)
        func `check names what serve refuses, in the same words`(_ obstacle: Obstacle)
            async throws
        {
            try await withSite { site in
                let listeners = try [Listener(), Listener()]
                let items = try obstacle.lay(on: site, listeners)
                let before = try site.listing()
                func run(_ command: String) async throws -> Child.Outcome {
                    let program = try Project.command().path
                    let outcome = try await site.run(
                        ["-c", "\(obstacle.limit)exec '\(program)' \(command)"], program: "sh",
                        environment: obstacle.environment)
                    #expect(outcome.code == 1, "\(outcome)")
                    return outcome
                }
                let check = try await run("check")
                let problems = check.output.split(separator: "\n")
                    .filter { $0.hasPrefix("problem ") }
                    .map { line -> String in
                        let rest = line.dropFirst(8)
                        let item = rest.prefix(10).trimmingCharacters(in: .whitespaces)
                        return item + ": " + rest.dropFirst(10)
                    }
                let found = Set(problems.compactMap { $0.split(separator: ":").first })
                #expect(found == Set(items.map { Substring($0) }), "\(check)")
                let serve = try await run("serve")
                let refused = serve.errors.split(separator: "\n").dropFirst().map(String.init)
                #expect(refused == problems, "\(serve)")
                #expect(try site.listing() == before)
                withExtendedLifetime(listeners) {}
            }
        }

        @Test(.enabled(if: RefusedDatabase.isRoot))
        func `a read-only folder is a problem for check too`() async throws {
            try await withSite { site in
                for name in try site.listing() { chmod(site.path(name), 0o644) }
                let asNobody = [
                    "--reuid=65534", "--regid=65534", "--clear-groups",
                    try Project.command().path, "check",
                ]
                let outcome = try await site.run(asNobody, program: "setpriv")
                #expect(outcome.code == 1)
                #expect(outcome.output.contains("problem folder "), "\(outcome)")
            }
        }
    }
}
