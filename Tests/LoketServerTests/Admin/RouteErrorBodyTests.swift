// Every route of the API's document that reads a body, with a wrong body: not JSON, another type,
// an unknown field, too large, broken off. Each answer must be documented for its route.

import LoketCore
import Testing

struct RouteErrorBodyTests {
    private func withBodies(
        _ body: (RunningService, [OpenAPIReader.Operation]) async throws -> Void
    ) async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            try await body(service, try await service.keyedOperations().filter { $0.body != nil })
        }
    }

    private static let bodies: [(body: String, status: Int, cause: String)] = [
        ("{", 400, "malformed_json"), (#"{"a":1,"a":1}"#, 400, "malformed_json"),
        (#"{"a":01}"#, 400, "malformed_json"), ("{} {}", 400, "malformed_json"),
        ("\u{FEFF}{}", 400, "malformed_json"), (#"{"no_such":1}"#, 400, "unknown_field"),
        ("1", 422, "invalid_value"), ("null", 422, "invalid_value"),
        (#""{}""#, 422, "invalid_value"),
    ]

    @Test func `a malformed body is refused by every route that reads one`() async throws {
        try await withBodies { service, operations in
            for (body, status, cause) in Self.bodies {
                try await expectEach(operations, status, cause) {
                    try await service.admin.send(
                        $0.method, $0.target("1"), body: Array(body.utf8),
                        type: "application/json", more: [("If-Match", "*")])
                }
            }
        }
    }

    @Test func `a body of another content type is refused`() async throws {
        try await withBodies { service, operations in
            for type in ["text/plain", "text/json", "application/x-www-form-urlencoded", ""] {
                try await expectEach(operations, 415, "not_json") {
                    try await service.admin.send(
                        $0.method, $0.target("1"), body: Array("{}".utf8), type: type,
                        more: [("If-Match", "*")])
                }
            }
        }
    }

    @Test func `a body that is too large is refused by every route that reads one`()
        async throws
    {
        try await withBodies { service, operations in
            try await expectEach(operations, 413, "body_too_large") { operation in
                try await service.admin.sendRaw(
                    operation.method, operation.target("1"),
                    [
                        ("Content-Type", "application/json"), ("If-Match", "*"),
                        ("Content-Length", "9000000"),
                    ],
                    [UInt8](repeating: 0x20, count: 9_000_000))
            }
        }
    }

    /// The routes include those for files of bills.
    @Test(arguments: [("zz\r\n", 400, "body_broken"), ("", 408, "body_too_slow")])
    func `a body that breaks off or stops is refused by every route that reads one`(
        next: String, status: Int, cause: String
    ) async throws {
        try await withService {
            $0.limits.bodyGraceMilliseconds = next.isEmpty ? 100 : 600_000
        } _: { service in
            let operations = try await service.keyedOperations().filter {
                $0.value["requestBody"] != nil
            }
            try await expectEach(operations, status, cause) { operation in
                let type = operation.body == nil ? "text/csv" : "application/json"
                return try await service.admin.sendRaw(
                    operation.method, operation.target("1"),
                    [
                        ("Content-Type", type), ("If-Match", "*"),
                        ("Transfer-Encoding", "chunked"),
                    ],
                    Array("2\r\n{}\r\n\(next)".utf8))
            }
            // The failure is the sender's, so the log reports none.
            #expect(!service.log.text.contains("failed"), "\(service.log.text)")
        }
    }
}
