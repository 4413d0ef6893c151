// `kill -9` and SIGTERM at every stage of an import: before the end of the comparison it has no
// effect, afterwards it is applied completely and once.

import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct ImportKills {
        private static let rows = PaymentSize.of(500_000, otherwise: 20_000)
        private static let rounds = PaymentSize.of(30, otherwise: 4)
        private static let signals = [SIGKILL, SIGTERM]

        @Test(arguments: signals)
        func `a process that ends during the upload leaves nothing`(
            _ signal: Int32
        ) async throws {
            try await withSite { site in
                try PaymentDesk.fixPorts(of: site)
                let service = try await site.serve()
                let counter = try ImportCounter(site, service)
                let file = ImportCounter.file(0..<1_000)
                let upload = try await counter.sendPart(file, of: file.count + 10)
                try await eventually("receiving") {
                    (try? await counter.report("1").phase) == "receiving"
                }
                #expect(site.stagingFiles.contains("1.db"))
                try await end(service, by: signal)
                _ = upload
                try await expectNothing(of: "1", on: site)
            }
        }

        @Test(arguments: signals)
        func `a process that ends while it compares leaves nothing`(_ signal: Int32) async throws {
            try await withSite { site in
                try PaymentDesk.fixPorts(of: site)
                var service = try await site.serve()
                // The moment is random, so the test repeats until it is the right one.
                for attempt in 1...20 {
                    let counter = try ImportCounter(site, service)
                    let id = try await counter.send(
                        ImportCounter.file(0..<Self.rows) + Array("x,y,z,\n".utf8))
                    let phase = try await counter.report(id).phase
                    try await end(service, by: signal)
                    if phase == "checking", try await failed(id, on: site) {
                        return try await expectNothing(of: id, on: site)
                    }
                    service = try await site.serve()
                    #expect(attempt < 20, "no process ended while it compared")
                }
            }
        }

        /// The process ended before the comparison did.
        private func failed(_ id: String, on site: Site) async throws -> Bool {
            let state = try await site.python(
                """
                import sqlite3, sys
                database = sqlite3.connect(sys.argv[1])
                print(database.execute(
                    "SELECT state FROM import WHERE id = ?", sys.argv[2:]).fetchone()[0])
                """, id)
            return state.hasPrefix("running")
        }

        private func expectNothing(of id: String, on site: Site) async throws {
            let service = try await site.serve()
            let counter = try ImportCounter(site, service)
            let fate = try await counter.ended(id)
            #expect(fate.state == "failed")
            #expect(fate.failure.contains("nothing was applied"), "\(fate.failure)")
            #expect(!site.stagingFiles.contains { $0.hasPrefix("\(id).db") })
            #expect(try await counter.events().isEmpty)
            #expect(try await service.stop().code == 0)
            #expect(try await site.importCounts()["bills"] == 0)
            let check = try await site.run(["check"])
            #expect(check.code == 0, "\(check)")
        }

        @Test(arguments: signals)
        func `an import whose process ends repeatedly while it applies completes`(
            _ signal: Int32
        ) async throws {
            var random = PaymentSize.random(for: "signal \(signal) while applying")
            try await withSite { site in
                try PaymentDesk.fixPorts(of: site)
                var service = try await site.serve()
                var counter = try ImportCounter(site, service)
                let id = try await counter.send(ImportCounter.file(0..<Self.rows))
                var reached: Int64 = 0
                var resumed = 0
                for _ in 0..<Self.rounds {
                    let step = Int64.random(in: 1...Int64(Self.rows / Self.rounds), using: &random)
                    try await eventually("further") {
                        let fate = try await counter.report(id)
                        return fate.state != "running" || fate.created >= reached + step
                    }
                    let before = try await counter.report(id)
                    try await end(service, by: signal)
                    service = try await site.serve()
                    counter = try ImportCounter(site, service)
                    let after = try await counter.report(id)
                    #expect(after.created >= before.created)
                    #expect(["running", "applied"].contains(after.state), "\(after.failure)")
                    reached = after.created
                    if before.state == "running" { resumed += 1 }
                }
                #expect(resumed > 0)
                try await expectComplete(id, counter, service, on: site)
            }
        }

        private func expectComplete(
            _ id: String, _ counter: ImportCounter, _ service: Service, on site: Site
        ) async throws {
            let fate = try await counter.ended(id)
            #expect(fate.state == "applied")
            #expect(fate.created == Int64(Self.rows))
            #expect(fate.overtaken == 0)
            #expect(try await counter.events() == ["import.applied"])
            #expect(try await service.stop().code == 0)
            let counts = try await site.importCounts()
            for name in ["bills", "invoices", "open", "batched"] {
                #expect(counts[name] == Self.rows, "\(name): \(counts)")
            }
            #expect(counts["outside"] == 0 && counts["gaps"] == 0, "\(counts)")
            #expect((counts["widest"] ?? 0) <= 8_000)
            let check = try await site.run(["check"])
            #expect(check.code == 0, "\(check)")
        }

        @Test(arguments: signals)
        func `an undo whose process ends repeatedly completes`(
            _ signal: Int32
        ) async throws {
            try await withSite { site in
                try PaymentDesk.fixPorts(of: site)
                var service = try await site.serve()
                var counter = try ImportCounter(site, service)
                let id = try await counter.send(ImportCounter.file(0..<Self.rows))
                #expect(try await counter.ended(id).created == Int64(Self.rows))
                try await counter.undo(id)
                var reached: Int64 = 0
                for _ in 0..<Self.rounds {
                    let step = Int64(Self.rows / Self.rounds / 2)
                    try await eventually("further") {
                        let fate = try await counter.report(id)
                        return fate.state != "running" || fate.cancelled >= reached + step
                    }
                    try await end(service, by: signal)
                    service = try await site.serve()
                    counter = try ImportCounter(site, service)
                    reached = try await counter.report(id).cancelled
                }
                let fate = try await counter.ended(id)
                #expect(fate.state == "undone")
                #expect(fate.cancelled == Int64(Self.rows))
                #expect(fate.kept == 0)
                #expect(try await counter.events() == ["import.applied", "import.undone"])
                #expect(try await service.stop().code == 0)
                let counts = try await site.importCounts()
                #expect(counts["cancelled"] == Self.rows, "\(counts)")
            }
        }

        private func end(_ service: Service, by signal: Int32) async throws {
            service.child.send(signal)
            let code = try await service.child.end().code
            #expect(code == (signal == SIGKILL ? -SIGKILL : 0))
        }
    }
}
