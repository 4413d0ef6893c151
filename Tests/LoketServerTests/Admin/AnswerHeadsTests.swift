// Header lines of every answer of the admin listener, whatever its origin: routes, refusals of any
// kind, streams, Hummingbird itself.

import LoketCore
import Testing

struct AnswerHeadsTests {
    private func expectSafe(
        _ head: String, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let lines = head.lowercased().split(separator: "\r\n").map(String.init)
        for line in ["cache-control: no-store", "x-content-type-options: nosniff"] {
            #expect(
                lines.count { $0 == line } == 1, "\(what): \(head)",
                sourceLocation: sourceLocation)
        }
    }

    private func head(_ service: RunningService, _ wire: [UInt8]) async throws -> String {
        let connection = try await RawConnection.open(port: service.adminPort)
        try await connection.send(wire)
        let head = try await connection.headOfAnswer()
        await connection.close()
        return head
    }

    @Test func `answers below /admin forbid caching and guessing the content type`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            for operation in try await service.keyedOperations() {
                let body = operation.value["requestBody"] == nil ? "" : "{}"
                let request = service.adminRequest(operation.method, operation.target("1"), body)
                expectSafe(try await head(service, request.wire), "\(operation)")
            }
        }
    }

    @Test func `a refusal of any kind has these headers too`() async throws {
        try await withService { service in
            let keyed = "Host: localhost\r\nAuthorization: Bearer \(service.adminKey)\r\n"
            let refusals: [(status: Int, wire: String)] = [
                (404, "GET /admin/v1/nowhere HTTP/1.1\r\n\(keyed)\r\n"),
                (404, "GET /admin HTTP/1.1\r\n\(keyed)\r\n"),
                (405, "PUT /admin/v1/bills HTTP/1.1\r\n\(keyed)\r\n"),
                (405, "HEAD /admin/v1/backup HTTP/1.1\r\n\(keyed)\r\n"),
                (400, "GET /admin/v1/bills HTTP/1.1\r\n\r\n"),
                (401, "GET /admin/v1/bills HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                (
                    401,
                    "GET /admin/v1/bills HTTP/1.1\r\nHost: localhost\r\n"
                        + "Authorization: Bearer wrong\r\n\r\n"
                ),
                (421, "GET /admin/v1/bills HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
                (
                    413,
                    "POST /admin/v1/imports HTTP/1.1\r\n\(keyed)Content-Type: text/csv\r\n"
                        + "Content-Length: \(Limits.importFileBytesMax + 1)\r\n\r\n"
                ),
                (400, "GET /admin/v1/bills HTTP/1.1\r\nno header\r\n\r\n"),
            ]
            for (status, wire) in refusals {
                let head = try await head(service, Array(wire.utf8))
                #expect(head.hasPrefix("HTTP/1.1 \(status) "), "\(wire): \(head)")
                expectSafe(head, wire)
            }
        }
    }

    @Test func `an answer to a fault of the service has these headers too`() async throws {
        try await Scene.damagedBill.run { service, _ in
            let request = service.adminRequest("GET", "/admin/v1/bills/1", "")
            let head = try await head(service, request.wire)
            #expect(head.hasPrefix("HTTP/1.1 500 "), "\(head)")
            expectSafe(head, "500")
        }
    }

    @Test func `a backup has these headers, 100 Continue does not`() async throws {
        try await withService { service in
            let backup = service.adminRequest("POST", "/admin/v1/backup", "{}")
            let taken = try await head(service, backup.wire)
            #expect(taken.hasPrefix("HTTP/1.1 200 "), "\(taken)")
            expectSafe(taken, "backup")

            let connection = try await RawConnection.open(port: service.adminPort)
            try await connection.send(backup.adding("Expect", "100-continue").wire)
            let hint = try await connection.headOfAnswer()
            #expect(hint.hasPrefix("HTTP/1.1 100 ") && !hint.contains("ache"), "\(hint)")
            expectSafe(try await connection.headOfAnswer(), "after 100")
            await connection.close()
        }
    }

    /// Pages that a browser may cache have headers of their own (DocsTests).
    @Test func `pages about the service's state forbid caching too`() async throws {
        try await withService { service in
            for path in ["/ready", "/metrics", "/nowhere"] {
                let request = "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n"
                expectSafe(try await head(service, Array(request.utf8)), path)
            }
        }
    }
}
