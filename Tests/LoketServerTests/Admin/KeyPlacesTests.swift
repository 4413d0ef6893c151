// The admin listener's places for requests, by key: a key may use only a share of them, whatever it
// sends, and each place is free again when its request has ended.

import LoketCore
import LoketRuntime
import TestSupport
import Testing

struct KeyPlacesTests {
    private static let more = Limits.adminConnectionsMax + 20
    private static let patient: @Sendable (inout Settings) -> Void = {
        $0.limits.bodyGraceMilliseconds = 600_000
    }

    @Test(arguments: [HalfBody.short, HalfBody.long, HalfBody.chunked], [false, true])
    func `unfinished bodies of one key do not block other keys`(
        _ framing: String, isBehindAnother: Bool
    ) async throws {
        try await withService(Self.patient) { service in
            let other = try await service.client("other", scopes: ["read"])
            let first = service.head("GET", "/admin/v1/bills", key: service.adminKey) + "\r\n"
            let half =
                service.head("POST", "/admin/v1/bills", key: service.adminKey) + framing
            var held: [RawConnection] = []
            for _ in 0..<Self.more {
                held.append(try await service.begin(isBehindAnother ? first + half : half))
            }
            try await eventually {
                #expect(try await service.statusOfGet(by: other) == 200)
                return try await service.statusOfGet(by: service.admin) == 429
            }
            for _ in 0..<10 { #expect(try await service.statusOfGet(by: other) == 200) }
            for connection in held { await connection.close() }
        }
    }

    @Test func `a key beyond its share is answered 429 with Retry-After`() async throws {
        try await withService(Self.patient) { service in
            let held = try await service.holdShare(of: service.admin)
            #expect(held.count >= Limits.connectionsMin / 4)
            let refused = try await service.begin(
                service.head("GET", "/admin/v1/bills", key: service.adminKey) + "\r\n")
            let answer = try await refused.answer()
            #expect(answer.status == 429)
            #expect(answer.header("Retry-After") == "1")
            #expect(answer.text.contains("urn:loket:problem:too_many_requests"))
            // Pages without a key are still answered.
            #expect(try await service.admin.get("/ready").status == 200)
            for connection in held { await connection.close() }
            // The refused connection is used again.
            try await eventually {
                try await refused.send(
                    service.head("GET", "/admin/v1/bills", key: service.adminKey) + "\r\n")
                return try await refused.answer().status == 200
            }
            await refused.close()
        }
    }

    /// What a client sends, and the status of the answer.
    private static let ends: [(method: String, rest: String, status: Int)] = [
        ("GET", "\r\n", 200),
        ("HEAD", "\r\n", 200),
        ("GET", "Connection: close\r\n\r\n", 200),
        ("POST", "Content-Length: 1\r\n\r\n{", 400),
        ("POST", "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        ("POST", "Content-Length: 9000000\r\n\r\n", 408),
    ]

    @Test(arguments: ends)
    func `a place is given back with the answer`(
        method: String, rest: String, status: Int
    ) async throws {
        try await withService {
            $0.limits.bodyGraceMilliseconds = 20
        } _: { service in
            let request =
                service.head(method, "/admin/v1/bills", key: service.adminKey) + rest
            for _ in 0..<Self.more / 3 {
                let connection = try await service.begin(request)
                let line = try await connection.headOfAnswer().prefix { $0 != "\r" }
                #expect(line.hasPrefix("HTTP/1.1 \(status)"), "\(line)")
                await connection.close()
            }
            #expect(try await service.statusOfGet(by: service.admin) == 200)
        }
    }

    @Test func `a place is given back at once where the scope is missing`() async throws {
        try await withService(Self.patient) { service in
            let reader = try await service.client("reader", scopes: ["read"])
            let request = service.head("POST", "/admin/v1/bills", key: reader.key)
            for framing in [HalfBody.short, HalfBody.long] {
                for _ in 0..<Self.more / 3 {
                    let connection = try await service.begin(request + framing)
                    #expect(try await connection.answer().status == 403)
                    await connection.close()
                }
                #expect(try await service.statusOfGet(by: reader) == 200)
            }
        }
    }

    @Test func `a place is given back by a connection that ends`() async throws {
        try await withService(Self.patient) { service in
            for _ in 0..<3 {
                let held = try await service.holdShare(of: service.admin)
                for connection in held { await connection.close() }
                try await eventually {
                    try await service.statusOfGet(by: service.admin) == 200
                }
            }
        }
    }

    @Test func `pipelined requests on one connection need one place`() async throws {
        try await withService(Self.patient) { service in
            let request =
                service.head("GET", "/admin/v1/bills", key: service.adminKey) + "\r\n"
            let connection = try await service.begin(
                String(repeating: request, count: Self.more))
            for _ in 0..<Self.more { #expect(try await connection.answer().status == 200) }
            await connection.close()
        }
    }
}
