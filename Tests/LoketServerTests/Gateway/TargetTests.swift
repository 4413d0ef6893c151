// Which targets and methods exist on the gateway, byte by byte.

import DokuSimulator
import Testing

struct TargetTests {
    private static let unknown: [String] = [
        "/", "/doku", "/doku/inquiry/", "/doku/inquiry?", "/doku/inquiry?a=1", "/doku/inquiry#x",
        "/doku//inquiry", "/DOKU/inquiry", "/doku/Inquiry", "/doku/%69nquiry",
        "/doku/../doku/inquiry", "/doku/inquiry;x", Shop.signedTarget,
        "http://loket.test/doku/inquiry", "*", "//doku/inquiry", "/health/", "/health?x",
        "/HEALTH", "/metrics", "/ready", "/docs", "/openapi.json", "/admin/v1/bills",
        "/doku/inquiry%00", "/\(String(repeating: "a", count: 8000))",
    ]

    @Test func `every other target is answered 404 without a body`() async throws {
        try await withService { service in
            let connection = try await service.connect()
            for target in Self.unknown {
                var request = Shop.doku.inquiry("88965110000001")
                request.target = target
                try await connection.send(request.wire)
                let answer = try await connection.answer()
                #expect(answer.status == 404, "\(target)")
                #expect(answer.body.isEmpty)
                #expect(answer.header("Signature") == nil)
            }
        }
    }

    @Test func `another target is not found whatever its headers`() async throws {
        try await withService { service in
            let connection = try await service.connect()
            var request = DokuRequest(method: "POST", target: "/nowhere", headers: [], body: [65])
            for number in 0..<100 {
                request = request.adding("X-\(number)", String(repeating: "x", count: 300))
            }
            for _ in 0..<2 {
                try await connection.send(request.wire)
                let answer = try await connection.answer()
                #expect(answer.status == 404)
                #expect(answer.body.isEmpty)
            }
        }
    }

    private static let methods: [(String, String, String)] = [
        ("GET", Shop.target, "POST"), ("PUT", Shop.target, "POST"),
        ("DELETE", Shop.target, "POST"), ("OPTIONS", Shop.target, "POST"),
        ("PATCH", Shop.target, "POST"), ("TRACE", Shop.target, "POST"),
        ("POST", "/health", "GET, HEAD"), ("DELETE", "/health", "GET, HEAD"),
    ]

    @Test func `another method on a route is answered with the one allowed`() async throws {
        try await withService { service in
            let connection = try await service.connect()
            for (method, target, allowed) in Self.methods {
                let body = method == "PUT" ? Array("{}".utf8) : []
                let request = DokuRequest(
                    method: method, target: target, headers: [], body: body)
                try await connection.send(request.wire)
                let answer = try await connection.answer()
                #expect(answer.status == 405, "\(method) \(target)")
                #expect(answer.header("Allow") == allowed)
                #expect(answer.body.isEmpty)
            }
        }
    }

    @Test func `health is 200 on a running service`() async throws {
        try await withService { service in
            let health = DokuRequest(method: "GET", target: "/health", headers: [], body: [])
            let answer = try await service.ask(health)
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
        }
    }

    @Test func `an answer has a date and nothing about the software`() async throws {
        try await withService { service in
            let answer = try await service.ask(Shop.doku.inquiry("88965110000001"))
            #expect(answer.header("Date")?.hasSuffix(" GMT") == true)
            #expect(answer.header("Server") == nil)
            #expect(
                answer.headers.map(\.name) == [
                    "Date", "Content-Type", "Client-Id", "Request-Id", "Response-Timestamp",
                    "Signature", "Content-Length",
                ])
        }
    }

    @Test func `a request with a repeated header does not verify over a socket either`()
        async throws
    {
        try await withService { service in
            for name in ["Client-Id", "Request-Id", "Request-Timestamp", "Signature"] {
                let request = Shop.doku.inquiry("88965110000001")
                let doubled = request.adding(
                    name.uppercased(), request.header(name) ?? "")
                expectUnsigned(try await service.ask(doubled))
            }
        }
    }
}
