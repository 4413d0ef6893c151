// `kill -9` under load, and a restart on the same port: what was answered is in the journal, save
// the last group.

import DokuSimulator
import Foundation
import Synchronization
import Testing

extension Processes {
    @Suite struct Crash {
        private static let code = "88965112345678"
        private static let connections = 4

        private final class Load: Sendable {
            let answered = Mutex(0)
        }

        /// Asks one after the other until the service is gone or told to stop.
        ///
        /// - Returns: the Request-Ids that were answered, in their order.
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

        @Test func `kill -9 under load loses at most the last of the journal`() async throws {
            try await withSite { site in
                let ports = (try Listener.freePort(), try Listener.freePort())
                try site.writeSettings(gatewayPort: ports.0, adminPort: ports.1)
                let service = try await site.serve()
                try await service.addBill(Self.code, invoice: "INV-1")
                let doku = site.doku()

                // What has once been read back from the journal may never be missing again.
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
                    // Rows are committed in the order of their answers: only an end can be lost.
                    let kept = ids.prefix { journal.contains($0) }
                    #expect(!kept.isEmpty)
                    #expect(!ids.dropFirst(kept.count).contains { journal.contains($0) })
                }
                #expect(try await restarted.stop().code == 0)
            }
        }
    }
}
