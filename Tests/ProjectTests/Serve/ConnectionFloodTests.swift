// A process with few file descriptors, and a client that keeps many connections open: DOKU and the
// merchant are answered, on existing and on new connections.

import DokuSimulator
import Foundation
import TestSupport
import Testing

extension Processes {
    @Suite struct ConnectionFlood {
        private static let code = "88965110000001"
        /// More connections than a limit of 256 descriptors permits.
        private static let many = 300

        /// Runs `loket serve` with a limit set by the shell's `ulimit`.
        private func serve(_ site: Site, _ limit: String) async throws -> Service {
            let command = try Project.command().path
            let child = try site.start(
                ["-c", "ulimit \(limit); exec '\(command)' serve --config loket.yaml"],
                program: "sh")
            return try await Service(child, on: site)
        }

        private func metric(_ name: String, of service: Service) async throws -> Int {
            let answer = try await Connection.ask(
                DokuRequest(method: "GET", target: "/metrics", headers: [], body: []),
                port: service.adminPort)
            let line = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
                .first { $0.hasPrefix(name + " ") }
            return try #require(line.flatMap { Int($0.dropFirst(name.count + 1)) })
        }

        @Test(arguments: [
            ("127.0.0.2", ""), ("127.0.0.1", ""),
            ("127.0.0.1", "GET /health HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"),
        ])
        func `idle connections block no other client`(
            from address: String, saying words: String
        ) async throws {
            try await withSite { site in
                let service = try await serve(site, "-n 256")
                try await service.addBill(Self.code, invoice: "INV-1")
                let kept = try Connection(port: service.gatewayPort)
                let doku = site.doku()
                #expect(try kept.ask(Service.inquiry(Self.code, by: doku)).status == 200)

                let silent = try (0..<Self.many).map { _ in
                    let connection = try Connection(port: service.gatewayPort, from: address)
                    // A connection may have been closed already to make room.
                    if !words.isEmpty { try? connection.send(Array(words.utf8)) }
                    return connection
                }
                #expect(try await service.ask(Self.code).status == 200)
                #expect(try kept.ask(Service.inquiry(Self.code, by: doku)).status == 200)
                let closed = #"loket_gateway_connections_closed_total{reason="silent"}"#
                #expect(try await metric(closed, of: service) > 0)
                #expect(try await metric("loket_accept_failures_total", of: service) == 0)
                try await service.logged("the gateway has many connections")
                withExtendedLifetime(silent) {}
            }
        }

        @Test func `connections of one address make room before another's`() async throws {
            try await withSite { site in
                let service = try await serve(site, "-n 256")
                let other = try Connection(port: service.gatewayPort, from: "127.0.0.3")
                let crowd = try (0..<Self.many).map { _ in
                    try Connection(port: service.gatewayPort, from: "127.0.0.2")
                }
                #expect(try other.ask(Service.inquiry(Self.code, by: site.doku())).status == 404)
                withExtendedLifetime(crowd) {}
            }
        }

        @Test func `the soft limit on open files is raised at start`() async throws {
            try await withSite { site in
                let service = try await serve(site, "-Sn 256")
                let limits = try String(
                    contentsOfFile: "/proc/\(service.child.id)/limits", encoding: .utf8)
                let line = try #require(
                    limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
                let soft = line.split(separator: " ").dropFirst(3).first.flatMap { Int($0) }
                #expect(try #require(soft) > 256)
            }
        }

        @Test func `a listener that cannot accept pauses and goes on afterwards`() async throws {
            try await withSite { site in
                let service = try await serve(site, "-Sn 1024")
                let waiting = try await withoutDescriptors(service, at: site) {
                    let ports = [service.gatewayPort, service.adminPort]
                    let connections = try ports.map { try Connection(port: $0) }
                    try await service.logged("a listener cannot accept connections")
                    // Long enough for a busy loop to fail thousands of times.
                    try await Task.sleep(for: .milliseconds(500))
                    return connections
                }
                let health = DokuRequest(method: "GET", target: "/health", headers: [], body: [])
                #expect(try waiting[0].ask(health).status == 200)
                #expect(try waiting[1].ask(health).status == 404)
                let failures = try await metric("loket_accept_failures_total", of: service)
                #expect((1..<100).contains(failures), "\(failures)")
            }
        }

        /// Runs the body while the process has no free file descriptor.
        private func withoutDescriptors<Result>(
            _ service: Service, at site: Site, _ body: () async throws -> Result
        ) async throws -> Result {
            let limit = """
                import os, resource, sys
                pid, limit = int(sys.argv[2]), int(sys.argv[3])
                files = limit or len(os.listdir(f"/proc/{pid}/fd"))
                hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]
                resource.prlimit(pid, resource.RLIMIT_NOFILE, (files, hard))
                """
            _ = try await site.python(limit, "\(service.child.id)", "0")
            let result = try await body()
            _ = try await site.python(limit, "\(service.child.id)", "1024")
            return result
        }
    }
}
