// A part that fails after the checks ends the whole service, which neither hangs nor runs on.

import LoketServer
import NIOCore
import NIOPosix
import TestSupport
import Testing

struct BrokenStartTests {
    @Test func `a port that is taken between check and start ends the service`() async throws {
        try await withFolder { folder in
            let probe = try await listener(port: 0)
            let port = try #require(probe.localAddress?.port)
            try await probe.close()
            var settings = try Shop.settings(in: folder)
            settings.gateway.listener.port = port
            let final = settings
            let service = try await LoketService(
                settings: final, environment: [:], log: LogLines().logger,
                rereadSettings: { final })
            let other = try await listener(port: port)
            let ended = Task {
                do { try await service.run(stopOn: []) } catch { return }
                Issue.record("the service ran without its port")
            }
            try await eventually(whether: ended)
            try await other.close()
        }
    }

    @Test func `a service whose task is cancelled ends`() async throws {
        try await withFolder { folder in
            let settings = try Shop.settings(in: folder)
            let service = try await LoketService(
                settings: settings, environment: [:], log: LogLines().logger,
                rereadSettings: { settings })
            let running = Task { _ = try? await service.run(stopOn: []) }
            _ = try await eventually { service.runtime.readiness.ports }
            running.cancel()
            try await eventually(whether: running)
        }
    }

    private func listener(port: Int) async throws -> any NIOCore.Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port).get()
    }
}
