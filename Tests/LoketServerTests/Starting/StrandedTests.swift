// Stranded bills are open bills under BINs that no account has any more: the start is refused with
// each BIN, unless the settings allow stranded bills.

import Foundation
import LoketCore
import LoketServer
import LoketStore
import TestSupport
import Testing

struct StrandedTests {
    /// A database with open bills under a BIN that is not in the settings.
    private func fill(_ folder: URL) async throws {
        try await withService(in: folder) { service in
            try service.seed(
                try (0..<3).map { try .sample("9999990000\($0)", "S-\($0)") }
                    + [.sample("88965110000001", "INV-1")])
            try service.seed([.sample("99999900009", "S-9")], state: .paid)
        }
    }

    @Test func `stranded bills refuse the start, with their count and BIN`() async throws {
        try await withFolder { folder in
            try await fill(folder)
            let settings = try Shop.settings(in: folder)
            let refused = await #expect(throws: StartRefused.self) {
                _ = try await LoketService(
                    settings: settings, environment: [:], log: LogLines().logger,
                    rereadSettings: { settings })
            }
            let problems = try #require(refused).problems
            #expect(problems.count == 1)
            #expect(problems[0].contains("3 open bills of \(Shop.clientID)"))
            #expect(problems[0].contains("999999"))
            // The database is unlocked again, so that the operator can correct it.
            try Store(path: settings.database).close()
        }
    }

    @Test func `allow_stranded starts with stranded bills`() async throws {
        try await withFolder { folder in
            try await fill(folder)
            try await withService(in: folder, more: "allow_stranded: true") { service in
                let stranded = try await service.ask(Shop.doku.inquiry("99999900000"))
                let other = try await service.ask(Shop.doku.inquiry("88965110000001"))
                #expect(stranded.status == 404)
                #expect(other.status == 200)
            }
        }
    }

    @Test func `one database has one service`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { service in
                let settings = try Shop.settings(in: folder)
                let refused = await #expect(throws: StartRefused.self) {
                    _ = try await LoketService(
                        settings: settings, environment: [:], log: LogLines().logger,
                        rereadSettings: { settings })
                }
                let problems = try #require(refused).problems
                #expect(problems.count == 1)
                #expect(problems[0].contains("is in use by another loket"))
                #expect(problems[0].contains("\(ProcessInfo.processInfo.processIdentifier)"))
                let answer = try await service.ask(Shop.doku.inquiry("88965110000001"))
                #expect(answer.status == 404)
            }
        }
    }
}
