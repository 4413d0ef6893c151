// HEAD is allowed wherever GET is (RFC 9110 §9.3.2): the same head, and no body.

import Testing

struct HeadTests {
    @Test(arguments: ["/ready", "/docs", "/openapi.json", "/admin/v1/bills", "/admin/v1/bills/9"])
    func `HEAD answers as GET does, without a body`(_ path: String) async throws {
        try await withService { service in
            let got = try await service.admin.get(path)
            let connection = try await RawConnection.open(port: service.adminPort)
            let lines =
                "Host: localhost\r\nAuthorization: Bearer \(service.adminKey)\r\n"
                + "Content-Length: 0\r\n\r\n"
            try await connection.send("HEAD \(path) HTTP/1.1\r\n" + lines)
            // A body would be read as the beginning of the next answer.
            try await connection.send("GET /ready HTTP/1.1\r\n" + lines)
            let head = try await connection.headOfAnswer()
            #expect(head.hasPrefix("HTTP/1.1 \(got.status) "), "\(head)")
            #expect(head.lowercased().contains("content-type: \(got.type ?? "-")"), "\(head)")
            #expect(try await connection.answer().status == 200)
            await connection.close()
        }
    }

    @Test func `where there is no GET there is no HEAD`() async throws {
        try await withService { service in
            let answer = try await service.admin.send("HEAD", "/admin/v1/backup", body: nil)
            #expect(answer.status == 405)
            #expect(answer.body.isEmpty)
        }
    }
}
