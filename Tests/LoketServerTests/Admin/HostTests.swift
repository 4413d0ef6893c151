// The hosts for which the admin listener answers, over real sockets: a foreign name that resolves
// to this machine is refused, whatever the request.

import DokuSimulator
import Foundation
import LoketRuntime
import NIOCore
import TestSupport
import Testing

struct HostTests {
    private static let evil = "evil.example"

    /// The answer to a request with these lines; the first is the request line.
    private func ask(
        _ service: RunningService, at address: String = "127.0.0.1", key: String? = nil,
        _ lines: String...
    ) async throws -> DokuAnswer {
        let connection = try await RawConnection.open(host: address, port: service.adminPort)
        let key = "Authorization: Bearer \(key ?? service.adminKey)"
        let all = lines + [key, "Connection: close"]
        try await connection.send(all.map { $0 + "\r\n" }.joined() + "\r\n")
        let answer = try await connection.answer()
        await connection.close()
        return answer
    }

    private func expect(
        _ service: RunningService, _ host: String, _ status: Int, at address: String = "127.0.0.1",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await ask(
            service, at: address, "GET /admin/v1/bills HTTP/1.1", "Host: \(host)")
        #expect(
            answer.status == status, "\(host): \(answer.text)", sourceLocation: sourceLocation)
        if status == 421 {
            #expect(answer.text.contains("host_unknown"), sourceLocation: sourceLocation)
        }
    }

    private static let requests = [
        "GET /ready", "GET /metrics", "GET /docs", "GET /openapi.json", "GET /admin/v1/bills",
        "GET /admin/v1/bills?no=1", "GET /nowhere", "PUT /admin/v1/bills", "POST /admin/v1/pause",
        "OPTIONS /admin/v1/bills", "GET /", "OPTIONS *",
    ]

    @Test func `a foreign name is refused before anything else`() async throws {
        try await withService { service in
            for request in Self.requests {
                let answer = try await ask(
                    service, key: "wrong", "\(request) HTTP/1.1", "Host: \(Self.evil):8081")
                #expect(answer.status == 421, "\(request): \(answer.text)")
                #expect(answer.header("Content-Type") == "application/problem+json")
                #expect(answer.header("WWW-Authenticate") == nil && answer.header("Allow") == nil)
                for part in ["host_unknown", "the host \(Self.evil):", "`admin.hosts`"] {
                    #expect(answer.text.contains(part), "\(request): \(answer.text)")
                }
            }
        }
    }

    @Test func `HEAD is refused without a body, and a body is not waited for`() async throws {
        try await withService { service in
            let connection = try await RawConnection.open(port: service.adminPort)
            try await connection.send(
                "HEAD /ready HTTP/1.1\r\nHost: \(Self.evil)\r\n\r\n"
                    + "GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await connection.headOfAnswer().hasPrefix("HTTP/1.1 421 "))
            #expect(try await connection.answer().status == 200)
            await connection.close()

            let slow = try await RawConnection.open(port: service.adminPort)
            try await slow.send(
                "POST /admin/v1/imports HTTP/1.1\r\nHost: \(Self.evil)\r\n"
                    + "Content-Length: 8000000\r\n\r\n")
            #expect(try await slow.answer().status == 421)
            #expect(try await slow.answersUntilEnd().isEmpty)
        }
    }

    @Test func `localhost and loopback addresses are answered, under any port`() async throws {
        try await withService { service in
            for host in [
                "localhost", "LocalHost", "localhost.", "localhost:1", "localhost:", "localhost \t",
                "127.0.0.1", "127.0.0.1:65535", "127.0.0.1.", "127.8.9.10", "[::1]", "[::1]:8081",
                "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
            ] {
                try await expect(service, host, 200)
            }
            for host in [
                "localhost.evil.example", "evil.localhost", "localhost.localdomain", "0.0.0.0",
                "[::]", "10.0.0.1", "128.0.0.1", "[::2]", "[::ffff:10.0.0.1]", "0x7f000001",
            ] {
                try await expect(service, host, 421)
            }
        }
    }

    @Test func `hosts of the settings are answered, and similar names are not`() async throws {
        let hosts = ["Loket.Internal.", "my_loket", "192.0.2.7", "2001:db8::1"]
        try await withService {
            $0.admin.hosts = hosts.compactMap { HostName($0) }
        } _: { service in
            for host in [
                "loket.internal", "LOKET.internal.", "loket.internal:80", "my_loket:8081",
                "192.0.2.7", "192.0.2.7:9", "[2001:db8::1]", "[2001:DB8:0::1]:80", "localhost",
            ] {
                try await expect(service, host, 200)
            }
            for host in [
                "x.loket.internal", "internal", "loket.internal.evil.example", "192.0.2.8",
                "[2001:db8::2]", "loket",
            ] {
                try await expect(service, host, 421)
            }
        }
    }

    /// Addresses at which other machines reach this machine.
    private static let ownAddresses: [String] = {
        let devices = (try? System.enumerateDevices()) ?? []
        return devices.compactMap(\.address?.ipAddress)
            .filter { !$0.hasPrefix("127.") && $0 != "::1" && !$0.hasPrefix("fe80") }
    }()

    private static func bracketed(_ address: String) -> String {
        address.contains(":") ? "[\(address)]" : address
    }

    @Test(.enabled(if: !ownAddresses.isEmpty), arguments: ["0.0.0.0", "::"])
    func `the address at which a connection arrives is answered, there only`(
        _ listening: String
    ) async throws {
        try await withFolder { folder in
            try await withService(in: folder) { _ in }
            try await withService(in: folder, { $0.admin.isOpen(on: listening) }) { service in
                for own in Self.ownAddresses where listening == "::" || !own.contains(":") {
                    let host = Self.bracketed(own)
                    try await expect(service, host, 200, at: own)
                    try await expect(service, host + ":1", 200, at: own)
                    try await expect(service, "localhost:8081", 200, at: own)
                    try await expect(service, "192.0.2.1", 421, at: own)
                    try await expect(service, Self.bracketed(listening), 421, at: own)
                    try await expect(service, host, 421)
                }
            }
        }
    }

    /// This machine's name and its address, if it has one.
    private static let ownName: (name: String, address: String)? = {
        let name = ProcessInfo.processInfo.hostName
        let address = try? SocketAddress.makeAddressResolvingHost(name, port: 0).ipAddress
        guard let address, HostName(name) != HostName("localhost") else { return nil }
        return (name, address)
    }()

    @Test(.enabled(if: ownName != nil))
    func `the name that the listener is bound to is answered`() async throws {
        let (name, address) = try #require(Self.ownName)
        try await withFolder { folder in
            try await withService(in: folder) { service in
                try await expect(service, name, 421)
            }
            try await withService(in: folder, { $0.admin.isOpen(on: name) }) { service in
                try await expect(service, name.uppercased() + ":80", 200, at: address)
            }
        }
    }

    @Test func `an invalid host is refused, and so is a missing one in HTTP/1.1`() async throws {
        try await withService { service in
            for host in [
                "", "a b", "user@localhost", "http://localhost", "localhost/", "localhost:x",
                "localhost:1:2", "localhost:123456", "::1", "[::1", "[::1]x", "[127.0.0.1]", "[]",
                "-a", "a..b", ".", "*", "1234", "10.0.0", "10.0.0.300", "a%2e", "ü",
                String(repeating: "a.", count: 127) + "a", String(repeating: "a", count: 64),
            ] {
                let answer = try await ask(service, "GET /ready HTTP/1.1", "Host: \(host)")
                #expect(answer.status == 400, "\(host): \(answer.text)")
                #expect(answer.text.contains("host_malformed"), "\(host)")
            }
            for lines in [["X: y"], ["Host: localhost", "Host: localhost"]] {
                let answer = try await ask(
                    service, "GET /ready HTTP/1.1", lines.joined(separator: "\r\n"))
                #expect(answer.status == 400, "\(lines): \(answer.text)")
            }
            let longest = String(repeating: "a.", count: 126) + "a"
            try await expect(service, longest, 421)
        }
    }

    @Test func `HTTP/1.0 needs no host, but a host that is sent must be right`() async throws {
        try await withService { service in
            let without = try await ask(service, "GET /admin/v1/bills HTTP/1.0", "X: y")
            #expect(without.status == 200, "\(without.text)")
            let with = try await ask(
                service, "GET /admin/v1/bills HTTP/1.0", "Host: \(Self.evil)")
            #expect(with.status == 421)
        }
    }

    /// RFC 9112 §3.2.2.
    @Test func `the host of an absolute target counts, whatever Host says`() async throws {
        try await withService { service in
            for (target, host, status) in [
                ("http://\(Self.evil):80/ready", "localhost", 421),
                ("http://user@localhost/ready", "localhost", 400),
                ("http://localhost:80/ready", Self.evil, 200),
            ] {
                let answer = try await ask(service, "GET \(target) HTTP/1.1", "Host: \(host)")
                #expect(answer.status == status, "\(target) \(host): \(answer.text)")
            }
        }
    }
}
