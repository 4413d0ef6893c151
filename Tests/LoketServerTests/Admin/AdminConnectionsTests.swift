// The admin listener's connections: many silent open connections do not block other clients.

import LoketCore
import Testing

struct AdminConnectionsTests {
    @Test(arguments: ["", "GET /admin/v1/bills HTTP/1.1\r\nHost: lo"])
    func `silent connections do not block other clients`(_ beginning: String) async throws {
        try await withService { service in
            var held: [RawConnection] = []
            for _ in 0..<(Limits.adminConnectionsMax + 20) {
                let connection = try await RawConnection.open(port: service.adminPort)
                // A connection that was closed to make room refuses the bytes.
                try? await connection.send(beginning)
                held.append(connection)
            }
            let answer = try await service.admin.get("/admin/v1/bills")
            #expect(answer.status == 200)
            for connection in held { await connection.close() }
        }
    }

    /// A refused connection whose long body is not read stays open for a moment.
    @Test func `refused connections do not block other clients`() async throws {
        try await withService { service in
            let request = service.head("POST", "/admin/v1/bills", key: nil) + HalfBody.long
            var held: [RawConnection] = []
            for _ in 0..<(Limits.adminConnectionsMax + 20) {
                held.append(try await service.begin(request))
            }
            #expect(try await service.statusOfGet(by: service.admin) == 200)
            for connection in held { await connection.close() }
        }
    }

    @Test func `the address with most connections makes room first`() async throws {
        try await withService { service in
            let quiet = try await RawConnection.open(
                port: service.adminPort, from: "127.0.0.2")
            // This connection is accepted before the others.
            try await quiet.send("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await quiet.answer().status == 200)
            var held: [RawConnection] = []
            for _ in 0..<(Limits.adminConnectionsMax + 20) {
                held.append(try await service.begin(""))
            }
            #expect(try await service.statusOfGet(by: service.admin) == 200)
            try await quiet.send("GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await quiet.answer().status == 200)
            await quiet.close()
            for connection in held { await connection.close() }
        }
    }

    @Test func `connections that do not read their answers do not block other clients`()
        async throws
    {
        try await withService { service in
            let request = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
            var held: [RawConnection] = []
            for _ in 0..<(Limits.adminConnectionsMax + 20) {
                let connection = try await RawConnection.open(
                    port: service.adminPort, reads: false)
                try? await connection.send(String(repeating: request, count: 40))
                held.append(connection)
            }
            let answer = try await service.admin.get("/admin/v1/bills")
            #expect(answer.status == 200)
            for connection in held { await connection.close() }
        }
    }

    @Test func `a client that expects 100 Continue receives it`() async throws {
        try await withService { service in
            let connection = try await RawConnection.open(port: service.adminPort)
            let body = BillJSON().text
            try await connection.send(
                "POST /admin/v1/bills HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                    + "Authorization: Bearer \(service.adminKey)\r\n"
                    + "Content-Type: application/json ; charset=utf-8\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n")
            let head = try await connection.headOfAnswer()
            #expect(head.hasPrefix("HTTP/1.1 100 "), "\(head)")
            try await connection.send(body)
            #expect(try await connection.answer().status == 201)
            await connection.close()
        }
    }
}
