// `kill -9` under load, and a restart on the same port: the journal has all answered inquiries
// except the last group.

import DokuSimulator
import Foundation
import Synchronization
import TestSupport
import Testing

extension Processes {
    @Suite struct Crash {
        private static let code = "88965112345678"
        private static let connections = 4

        private final class Load: Sendable {
            let answered = Mutex(0)
        }

        /// Sends inquiries until the service ends or the caller stops it.
        ///
        /// - Returns: The Request-Ids of the answered inquiries, in order.
        private static func ask(
            port: Int, by doku: Doku, while isWanted: @escaping @Sendable (Int) -> Bool
        ) async throws -> [String] {
            try await blocking {
                let connection = try Connection(port: port)
                var answered: [String] = []
                while isWanted(answered.count) {
                    let request = Service.inquiry(Self.code, by: doku)
                    guard let answer = try? connection.ask(request) else { break }
                    #expect(answer.status == 200)
                    answered.append(request.header("Request-Id") ?? "")
                }
                return answered
            }
        }

        /// Started as by a user, because the tests' own processes are set to print no backtrace.
        @Test func `a crash ends at once and leaves the ports free`() async throws {
            try await withSite { site in
                let ports = (try Listener.freePort(), try Listener.freePort())
                try site.writeSettings(gatewayPort: ports.0, adminPort: ports.1)
                let child = try site.start(
                    ["-u", "SWIFT_BACKTRACE", Project.command().path, "serve"], program: "env")
                let first = try await Service(child, on: site)
                try await first.addBill(Self.code, invoice: "INV-1")
                let held = try Connection(port: first.gatewayPort)
                first.child.send(SIGSEGV)
                let outcome = try await first.child.end()
                #expect(outcome.code == -SIGSEGV)
                #expect(!outcome.errors.contains("Backtrace"), "\(outcome)")
                let second = try await site.serve()
                #expect(try await second.ask(Self.code).status == 200)
                withExtendedLifetime(held) {}
            }
        }

        @Test func `no socket is inherited by a child process`() async throws {
            try await withSite { site in
                let service = try await site.serve()
                let held = try [service.gatewayPort, service.adminPort].map {
                    try Connection(port: $0)
                }
                try await service.addBill(Self.code, invoice: "INV-1")
                let folder = "/proc/\(service.child.id)"
                let sockets = try FileManager.default.contentsOfDirectory(atPath: folder + "/fd")
                    .filter { name in
                        let target = try? FileManager.default.destinationOfSymbolicLink(
                            atPath: "\(folder)/fd/\(name)")
                        return target?.hasPrefix("socket:") == true
                    }
                #expect(sockets.count >= 4)
                for name in sockets {
                    // A socket that is gone had no owner; Unix sockets came from the test.
                    guard
                        let info = try? String(
                            contentsOfFile: "\(folder)/fdinfo/\(name)", encoding: .utf8),
                        !info.contains("scm_fds")
                    else { continue }
                    let flags = try #require(info.firstMatch(of: /flags:\s+([0-7]+)/)?.1)
                    let isClosed = (Int(flags, radix: 8) ?? 0) & Int(O_CLOEXEC) != 0
                    #expect(isClosed, "\(info)")
                }
                withExtendedLifetime(held) {}
                #expect(try await service.stop().code == 0)
            }
        }

        @Test func `kill -9 under load loses at most the last of the journal`() async throws {
            try await withSite { site in
                let ports = (try Listener.freePort(), try Listener.freePort())
                try site.writeSettings(gatewayPort: ports.0, adminPort: ports.1)
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let doku = site.doku()

                // Entries that were read from the journal once must not be missing later.
                let early = try await Self.ask(port: ports.0, by: doku) { $0 < 50 }
                try await eventually("the journal has the first inquiries") {
                    try await service.journal().count >= early.count
                }

                let load = Load()
                let late = try await withThrowingTaskGroup(of: [String].self) { group in
                    for _ in 0..<Self.connections {
                        group.addTask {
                            try await Self.ask(port: ports.0, by: doku) { _ in
                                load.answered.withLock { $0 += 1 }
                                return true
                            }
                        }
                    }
                    try await eventually("load") { load.answered.withLock { $0 } > 400 }
                    service.child.send(SIGKILL)
                    return try await group.reduce(into: [[String]]()) { $0.append($1) }
                }
                #expect(try await service.child.end().code == -SIGKILL)

                let restarted = try await site.serve()
                #expect(restarted.gatewayPort == ports.0)
                #expect(try await restarted.ask(Self.code).status == 200)
                let journal = Set(try await restarted.journal())
                #expect(early.allSatisfy(journal.contains))
                for ids in late {
                    // Rows are committed in the order of answers, so only the last can be lost.
                    let kept = ids.prefix { journal.contains($0) }
                    #expect(!kept.isEmpty)
                    #expect(!ids.dropFirst(kept.count).contains { journal.contains($0) })
                }
                #expect(try await restarted.stop().code == 0)
            }
        }
    }
}
