// The admin listener's connections: whoever holds many open and says nothing keeps nobody out.

import LoketCore
import Testing

struct AdminConnectionsTests {
    @Test(arguments: ["", "GET /admin/v1/bills HTTP/1.1\r\nHost: lo"])
    func `connections that say nothing lock nobody out`(_ beginning: String) async throws {
        try await withService { service in
            var held: [RawConnection] = []
            for _ in 0..<(Limits.adminConnectionsMax + 20) {
                let connection = try await RawConnection.open(port: service.adminPort)
                // One that had to make room does not take it.
                try? await connection.send(beginning)
                held.append(connection)
            }
            let answer = try await service.admin.get("/admin/v1/bills")
            #expect(answer.status == 200)
            for connection in held { await connection.close() }
        }
    }

    /// A refusal that nobody reads the long body of stays open for a moment.
    @Test func `connections that are refused lock nobody out`() async throws {
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

    @Test func `the address that holds most makes room first`() async throws {
        try await withService { service in
            let quiet = try await RawConnection.open(
                port: service.adminPort, from: "127.0.0.2")
            // It has been accepted before the others are.
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

    @Test func `connections that take no answer lock nobody out`() async throws {
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

    @Test func `who asks before sending is told to go on`() async throws {
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
