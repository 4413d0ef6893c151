// What a graceful stop does to connected clients and to the answers already given.

import DokuSimulator
import Foundation
import LoketCore
import LoketStore
import TestSupport
import Testing

struct StoppingTests {
    private static let code = "88965110000001"

    @Test func `a half-sent request is completed and answered, and is the last`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            let request = Shop.doku.inquiry(Self.code)
            let busy = try await service.connect()
            let idle = try await service.connect()
            try await busy.send(Shop.doku.inquiry(Self.code).wire)
            #expect(try await busy.answer().status == 200)
            try await idle.send(Shop.doku.inquiry(Self.code).wire)
            #expect(try await idle.answer().status == 200)

            // The bytes have arrived once a later connection has been answered on each thread.
            try await busy.send(request.wire.prefix(120))
            for _ in 0..<20 { _ = try await service.ask(Shop.doku.inquiry(Self.code)) }

            await service.stop()
            #expect(try await idle.answersUntilEnd().isEmpty)
            #expect(!idle.wasReset)
            try await eventually {
                guard let late = try? await service.connect() else { return true }
                await late.close()
                return false
            }
            try await busy.send(request.wire.dropFirst(120))
            let answer = try await busy.answer()
            #expect(answer.status == 200)
            #expect(answer.header("Connection") == "close")
            #expect(Shop.doku.signature(of: answer, to: request) == .verified)
            #expect(try await busy.answersUntilEnd().isEmpty)
        }
    }

    @Test func `every answer is in the journal when the service has stopped`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { service in
                try service.seed([.sample(Self.code, "INV-1")])
                let connection = try await service.connect()
                let wires = (0..<500).map { Shop.doku.inquiry(Self.code, requestID: "\($0)").wire }
                try await connection.send(Array(wires.joined()))
                for _ in 0..<500 {
                    #expect(try await connection.answer().status == 200)
                }
            }
            // The write-ahead log was merged into the database file.
            let log = try? FileManager.default.attributesOfItem(
                atPath: folder.file("loket.db-wal"))
            #expect(((log?[.size] as? NSNumber)?.intValue ?? 0) == 0)
            let store = try Store(path: folder.file("loket.db"))
            let ids = try await store.inquiries(before: .max, limit: 1000).map(\.entry.requestID)
            #expect(ids == (0..<500).reversed().map { "\($0)" })
            try store.close()
        }
    }

    @Test func `a stopped service has no file of its database open`() async throws {
        try await withFolder { folder in
            try await withService(in: folder) { service in
                let answer = try await service.ask(Shop.doku.inquiry(Self.code))
                #expect(answer.status == 404)
                #expect(!folder.openFiles.isEmpty)
            }
            try await eventually { folder.openFiles.isEmpty }
        }
    }

    @Test func `the same ports can be taken immediately`() async throws {
        try await withFolder { folder in
            var ports = (gateway: 0, admin: 0)
            try await withService(in: folder) { service in
                ports = (service.gatewayPort, service.adminPort)
                // The service closes first, which leaves the address in TIME_WAIT.
                let closing = Shop.doku.inquiry(Self.code).adding("Connection", "close")
                let answer = try await service.ask(closing)
                let ready = try await service.admin.get("/ready")
                #expect(answer.status == 404)
                #expect(ready.status == 200)
            }
            try await withService(
                in: folder,
                {
                    $0.gateway.listener.port = ports.gateway
                    $0.admin.listener.port = ports.admin
                }
            ) { service in
                let answer = try await service.ask(Shop.doku.inquiry(Self.code))
                #expect(answer.status == 404)
                #expect(service.gatewayPort == ports.gateway)
            }
        }
    }

    @Test func `health fails from the moment the stop begins`() async throws {
        try await withService { service in
            let health = DokuRequest(method: "GET", target: "/health", headers: [], body: [])
            let busy = try await service.connect()
            try await busy.send(Array(health.head.utf8).dropLast(2))
            _ = try await service.ask(health)
            await service.stop()
            try await eventually { !service.service.runtime.readiness.isUp }
            try await busy.send("\r\n")
            #expect(try await busy.answer().status == 503)
        }
    }

    @Test func `a request that never ends does not hold up the stop for ever`() async throws {
        try await withService({ $0.limits.requestMilliseconds = 300 }) { service in
            let stuck = try await service.connect()
            try await stuck.send("POST /doku/inquiry HTTP/1.1\r\n")
            await service.stop()
            #expect(try await stuck.answersUntilEnd().allSatisfy { $0.status == 408 })
        }
    }
}
