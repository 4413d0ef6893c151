// Why a start is refused, with one clear line for each reason; a refused start leaves nothing
// behind.

import Foundation
import LoketCore
import LoketRuntime
import LoketServer
import LoketStore
import NIOCore
import NIOPosix
import TestSupport
import Testing

struct StartRefusalTests {
    /// The problems of a start; fails if the start is not refused.
    private func problems(
        in folder: URL, more: String = "", environment: [String: String] = [:],
        log: LogLines = LogLines(), _ change: (inout Settings) -> Void = { _ in }
    ) async throws -> [String] {
        var settings = try Shop.settings(in: folder, more: more)
        change(&settings)
        let final = settings
        do {
            let service = try await LoketService(
                settings: final, environment: environment, log: log.logger,
                rereadSettings: { final })
            Issue.record("the start was not refused")
            try service.runtime.store.close()
            return []
        } catch let refused as StartRefused {
            #expect(refused.description == refused.problems.joined(separator: "\n"))
            return refused.problems
        }
    }

    private func listener() async throws -> any NIOCore.Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
    }

    @Test func `both ports in use are named, and nothing is created`() async throws {
        try await withFolder { folder in
            let others = [try await listener(), try await listener()]
            let ports = others.compactMap(\.localAddress?.port)
            let found = try await problems(in: folder) {
                $0.gateway.listener.port = ports[0]
                $0.admin.listener.port = ports[1]
            }
            #expect(found.count == 2)
            #expect(found[0].hasPrefix("gateway: port \(ports[0]) on 127.0.0.1 is in use"))
            #expect(found[1].hasPrefix("admin: port \(ports[1]) on 127.0.0.1 is in use"))
            #expect(folder.files.isEmpty)
            for other in others { try await other.close() }
        }
    }

    @Test func `a host that this machine does not have is named`() async throws {
        try await withFolder { folder in
            let found = try await problems(in: folder) {
                $0.gateway.listener.host = "192.0.2.1"
                $0.gateway.listener.port = 18_080
            }
            #expect(found.count == 1)
            #expect(found.first?.hasPrefix("gateway: cannot listen on 192.0.2.1") == true)
            #expect(folder.files.isEmpty)
        }
    }

    @Test func `a missing folder is named with the command that creates it`() async throws {
        try await withFolder { folder in
            let missing = folder.file("no/such")
            let found = try await problems(in: folder) { $0.database = missing + "/loket.db" }
            #expect(
                found == [
                    "folder: the folder \(missing) does not exist; create it: "
                        + "mkdir -p '\(missing)'"
                ])
            #expect(folder.files.isEmpty)
        }
    }

    @Test func `a file of another program is left unchanged`() async throws {
        try await withFolder { folder in
            let path = folder.file("loket.db")
            try Data("a letter to my aunt".utf8).write(to: URL(fileURLWithPath: path))
            let found = try await problems(in: folder)
            #expect(found.count == 1)
            #expect(found.first?.contains("is not a loket database") == true)
            let content = try String(contentsOfFile: path, encoding: .utf8)
            #expect(content == "a letter to my aunt")
        }
    }

    private static let hosts = ["0.0.0.0", "::", "192.0.2.1"]
    private static let openHost = "keys: the admin host 0.0.0.0 is not a loopback address"

    @Test(arguments: hosts)
    func `an admin listener open to the world needs a key`(_ host: String) async throws {
        try await withFolder { folder in
            let found = try await problems(in: folder) { $0.admin.isOpen(on: host) }
            let reason = "keys: the admin host \(host) is not a loopback address"
            #expect(found.contains { $0.hasPrefix(reason) }, "\(found)")
            #expect(folder.files.isEmpty)
        }
    }

    @Test func `an admin listener may be open to the world once there is a key`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { _ in }
            try await withService(in: folder, { $0.admin.isOpen(on: "0.0.0.0") }) { service in
                let answer = try await service.admin.get("/admin/v1/bills")
                #expect(answer.status == 200)
            }
        }
    }

    @Test(arguments: hosts)
    func `an admin listener beyond loopback needs a TLS proxy`(_ host: String) async throws {
        try await withFolder { folder in
            try await withService(in: folder) { _ in }
            let found = try await problems(in: folder) { $0.admin.listener.host = host }
            // An address that this machine does not have is a separate problem.
            #expect(
                found.contains { $0.hasPrefix("admin: keys and bills would cross the network") })
        }
    }

    @Test func `a database without a key counts as no key`() async throws {
        try await withFolder { folder in
            try Store(path: folder.file("loket.db")).close()
            let found = try await problems(in: folder) { $0.admin.isOpen(on: "0.0.0.0") }
            #expect(found.count == 1)
            #expect(found.first?.hasPrefix(Self.openHost) == true)
            #expect(!folder.files.contains("loket.db.admin-key"))
        }
    }

    @Test func `keys that are all revoked count as no key`() async throws {
        try await withFolder { folder in
            let store = try Store(path: folder.file("loket.db"))
            let key = UUID().uuidString
            try store.addKey(key, name: "first", scopes: [.keys], now: .now)
            try store.close()
            try ForeignHand.damage(
                folder.file("loket.db"), "UPDATE admin_key SET revoked_at = 1")
            for environment in [[:], ["LOKET_ADMIN_KEY": key]] {
                let found = try await problems(in: folder, environment: environment) {
                    $0.admin.isOpen(on: "0.0.0.0")
                }
                #expect(found.count == 1)
                #expect(found.first?.hasPrefix(Self.openHost) == true)
                #expect(found.first?.contains("loket keys reset") == true)
            }
            // On loopback the service runs, and names the fix.
            try await withService(in: folder) { service in
                #expect(service.log.text.contains("loket keys reset"))
                let answer = try await service.ask(Shop.doku.inquiry("88965110000001"))
                #expect(answer.status == 404)
            }
        }
    }

    private static let key = "0123456789abcdefghijklmnopqrstuv"
    private static let keys = [
        "short", String(key.dropLast()), String(repeating: key, count: 4) + "w", key + " ",
        key + "é", key + "\n", String(repeating: "k", count: 32),
        String(repeating: "1234", count: 8), String(repeating: "changeme", count: 4),
    ]

    @Test(arguments: keys)
    func `an invalid key in the environment is refused and not repeated`(
        _ key: String
    ) async throws {
        try await withFolder { folder in
            let log = LogLines()
            let found = try await problems(
                in: folder, environment: ["LOKET_ADMIN_KEY": key], log: log)
            #expect(
                found == [
                    "keys: LOKET_ADMIN_KEY must be 32 to 128 random visible ASCII characters: "
                        + "make it with openssl rand -hex 32"
                ])
            #expect(folder.files.isEmpty)
            #expect(!log.text.contains(key))
            // The same with a database that never had a key.
            try Store(path: folder.file("loket.db")).close()
            #expect(try await problems(in: folder, environment: ["LOKET_ADMIN_KEY": key]) == found)
        }
    }

    @Test func `an empty key in the environment counts as no key`() async throws {
        try await withFolder { folder in
            let empty = ["LOKET_ADMIN_KEY": ""]
            let found = try await problems(in: folder, environment: empty) {
                $0.admin.isOpen(on: "0.0.0.0")
            }
            #expect(found.count == 1)
            #expect(found.first?.hasPrefix(Self.openHost) == true)
            try await withService(in: folder, environment: empty) { service in
                let answer = try await service.admin.get("/admin/v1/bills")
                #expect(answer.status == 200)
            }
        }
    }

    @Test func `a key in the environment is ignored once there are keys`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { _ in }
            try await withService(
                in: folder, environment: ["LOKET_ADMIN_KEY": "short"],
                { $0.admin.isOpen(on: "0.0.0.0") }
            ) { service in
                let answer = try await service.admin.get("/admin/v1/bills")
                #expect(answer.status == 200)
            }
        }
    }

    @Test func `every problem is reported together`() async throws {
        try await withFolder { folder in
            let other = try await listener()
            let port = other.localAddress?.port ?? 0
            let found = try await problems(in: folder, environment: ["LOKET_ADMIN_KEY": "x"]) {
                $0.gateway.listener.port = port
                $0.database = folder.file("no/loket.db")
            }
            #expect(found.count == 3)
            try await other.close()
        }
    }
}
