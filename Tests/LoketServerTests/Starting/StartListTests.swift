// The list of checks at a start, which `loket check` also prints: its items, and that only a
// problem keeps a service from starting.

import Foundation
import LoketCore
import LoketStore
import LoketSystem
import TestSupport
import Testing
@testable import LoketRuntime
@testable import LoketServer

struct StartListTests {
    private func list(in folder: URL, _ change: (inout Settings) -> Void = { _ in }) throws
        -> StartList
    {
        var settings = try Shop.settings(in: folder)
        change(&settings)
        return StartList(settings, environment: [:])
    }

    @Test func `the list has at most 25 items, each once where all is well`() async throws {
        #expect(CheckItem.allCases.count <= 25)
        // The other two are in the list only where something is wrong.
        let expected = CheckItem.allCases.filter { $0.isOfStart && ![.lock, .schema].contains($0) }
        try await withFolder { folder in
            for _ in ["before the first start", "after it"] {
                let found = try list(in: folder)
                #expect(found.problems.isEmpty, "\(found.problems)")
                #expect(Set(found.entries.map(\.item)) == Set(expected))
                try await withService(in: folder) { service in
                    let ready = try await service.admin.get("/ready")
                    #expect(ready.status == 200, "\(ready.text)")
                }
            }
        }
    }

    @Test func `the checks create no file`() throws {
        try withFolder { folder in
            #expect(try list(in: folder).inspection == nil)
            #expect(folder.files.isEmpty)
            // An empty file is left by an interrupted start.
            try Data().write(to: URL(fileURLWithPath: folder.file("loket.db")))
            #expect(try list(in: folder).problems.isEmpty)
        }
    }

    @Test func `the ports of a running service are no problem, only its lock is`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { service in
                let found = try list(in: folder) {
                    $0.gateway.listener.port = service.gatewayPort
                    $0.admin.listener.port = service.adminPort
                }
                #expect(found.problems.map(\.item) == [.lock])
                #expect(found.holder == "process \(ProcessInfo.processInfo.processIdentifier)")
                let ports = found.entries.filter { [.gateway, .admin].contains($0.item) }
                #expect(
                    ports.allSatisfy { $0.text.contains("in use by the running service") },
                    "\(ports)")
            }
        }
    }

    @Test func `a port is searched for among the files of the listening process`() async throws {
        let own = Int(ProcessInfo.processInfo.processIdentifier)
        try await withService { service in
            for port in [service.gatewayPort, service.adminPort] {
                #expect(PortOwner.listens(process: own, port: port) == true)
                #expect(PortOwner.listens(process: Int(getppid()), port: port) != true)
            }
        }
        #expect(PortOwner.listens(process: .max, port: 1) == nil)
    }

    @Test func `a note is logged and does not keep a service from starting`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { _ in }
            let path = folder.file("loket.db")
            #expect(chmod(path, 0o644) == 0 && chmod(folder.path, 0o755) == 0)
            try await withService(in: folder) { service in
                #expect(service.log.text.contains("chmod o-rwx '\(path)'"))
            }
        }
    }

    @Test func `a schema that differs refuses the start`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { _ in }
            try ForeignHand.run(folder.file("loket.db"), "DROP INDEX bill_by_code")
            let found = try list(in: folder).problems
            #expect(found.map(\.item) == [.schema])
            #expect(found.first?.text.contains("bill_by_code is missing") == true)
            let settings = try Shop.settings(in: folder)
            let refused = await #expect(throws: StartRefused.self) {
                _ = try await LoketService(
                    settings: settings, environment: [:], log: LogLines().logger,
                    rereadSettings: { settings })
            }
            #expect(refused?.problems == found.map(\.sentence))
        }
    }

    @Test func `too few descriptors for any service are refused with the limit`() {
        let reserved = Limits.filesReserved + 2 * Limits.filesReservedPerCore
        let least = reserved + 2 * Limits.connectionsMin
        #expect(ConnectionRoom(openFilesMax: least, cores: 2).refusal == nil)
        let refusal = ConnectionRoom(openFilesMax: least - 1, cores: 2).refusal
        #expect(refusal?.contains("ulimit -n \(least)") == true)
    }
}
