// Every route of the API's document with every mistake that a client can make anywhere: no key, a
// revoked one, one without the scope, one for another account, a parameter too many, a body that
// is not what it should be. The routes come from the document, so that a new one is in the tables
// by itself; and each answer must be one that the document has for that route.

import DokuWire
import LoketCore
import Testing

struct RouteErrorTests {
    /// Sends the same mistake to each operation and compares cause, status and document.
    private func expectEach(
        _ operations: [OpenAPIReader.Operation], _ status: Int, _ cause: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ send: (OpenAPIReader.Operation) async throws -> AdminAnswer
    ) async throws {
        #expect(!operations.isEmpty, sourceLocation: sourceLocation)
        for operation in operations {
            let answer = try await send(operation)
            try expectProblem(answer, status, cause, sourceLocation: sourceLocation)
            #expect(
                operation.causes[status]?.contains(cause) == true,
                "\(operation) does not document \(cause)", sourceLocation: sourceLocation)
        }
    }

    private func keyed(_ service: RunningService) async throws -> [OpenAPIReader.Operation] {
        try await OpenAPIReader(service).operations.filter(\.hasKey)
    }

    @Test func `without a key nothing is told`() async throws {
        try await withService { service in
            let stranger = AdminClient(port: service.adminPort)
            try await expectEach(try await keyed(service), 401, "key_missing") {
                try await stranger.send($0.method, $0.target("1"), body: nil)
            }
        }
    }

    @Test func `a revoked key opens nothing`() async throws {
        try await withService { service in
            let made = try await service.makeKey(#"{"name":"old","scopes":["read"]}"#)
            let revoked = AdminClient(port: service.adminPort, key: made.text)
            #expect(try await revoked.get("/admin/v1/bills").status == 200)
            let answer = try await service.admin.send(
                "DELETE", "/admin/v1/keys/\(made.id)", body: nil)
            #expect(answer.status == 200, "\(answer.text)")
            try await expectEach(try await keyed(service), 401, "key_missing") {
                try await revoked.send($0.method, $0.target("1"), body: nil)
            }
        }
    }

    @Test func `a key with every scope but the one that is needed is refused`() async throws {
        try await withService { service in
            var clients: [String: AdminClient] = [:]
            let scopes = ["read", "write", "keys", "backup"]
            for scope in scopes {
                let others = scopes.filter { $0 != scope }.map { "\"\($0)\"" }
                let key = try await service.makeKey(
                    #"{"name":"no-\#(scope)","scopes":[\#(others.joined(separator: ","))]}"#)
                clients[scope] = AdminClient(port: service.adminPort, key: key.text)
            }
            try await expectEach(try await keyed(service), 403, "scope_missing") { operation in
                let client = try #require(clients[operation.scope ?? ""], "\(operation)")
                return try await client.send(
                    operation.method, operation.target("1"), body: nil)
            }
        }
    }

    @Test func `a parameter that does not exist is refused by open routes too`() async throws {
        try await withService { service in
            let operations = try await OpenAPIReader(service).operations
            try await expectEach(operations, 400, "unknown_parameter") {
                try await service.admin.send(
                    $0.method, $0.target("1") + "?limits=1", body: nil)
            }
        }
    }

    /// Values that no list takes, for the parameters that it has.
    private static let wrongValues: [(name: String, values: [String])] = [
        ("limit", ["0", "1001", "-1", "x", "1.5", ""]),
        ("cursor", ["x", "", "before-", "before-0", "before-x", "0", "eyJpZCI6MX0", "-1"]),
        ("account", ["MCH-NOBODY", ""]), ("sort", ["newset"]), ("state", ["opened"]),
        ("standing", ["settle"]), ("flag", ["x"]), ("active", ["yes"]),
        ("needs_attention", ["1"]), ("bill_id", ["x", "0", "+1", "01"]), ("guard", ["x"]),
        ("status", ["x"]),
        ("from", ["yesterday"]), ("to", ["2026-13-01"]), ("expires_from", ["1"]),
        ("expires_to", ["x"]), ("payment_code", ["x"]), ("outcome", ["x"]), ("after", ["x"]),
        ("dry_run", ["1"]), ("amount_format", ["x"]), ("format", ["xlsx"]),
    ]

    @Test func `a wrong value of a parameter and a cursor from nowhere are refused`()
        async throws
    {
        try await withService { service in
            let operations = try await OpenAPIReader(service).operations
            for (name, values) in Self.wrongValues {
                let readers = operations.filter {
                    $0.parameterNames(in: "query").contains(name)
                }
                for value in values {
                    try await expectEach(readers, 400, "invalid_parameter") {
                        try await service.admin.send(
                            $0.method, $0.target("1") + "?\(name)=\(value)",
                            body: $0.method == "POST" ? [] : nil, type: "text/csv")
                    }
                }
            }
            let all = Set(operations.flatMap { $0.parameterNames(in: "query") })
            // Any text may be looked for.
            let free = [
                "customer", "invoice_number", "invoice_prefix", "code", "request_id",
            ]
            #expect(all.subtracting(Self.wrongValues.map(\.name)) == Set(free))
        }
    }

    @Test func `an id that is nobody's is not found`() async throws {
        try await withTill { service in
            // There is a 1 of these, which has one spelling.
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice())
            let operations = try await keyed(service).filter { $0.path.contains("{") }
            for id in ["999999", "0", "-1", "x", "01", "+1", "99999999999999999999", "%00"] {
                try await expectEach(operations, 404, "not_found") { operation in
                    try await service.admin.send(
                        operation.method, operation.target(id),
                        body: operation.method == "GET" ? [] : Array(validBody(operation).utf8),
                        type: "application/json", more: [("If-Match", "*")])
                }
            }
        }
    }

    private func validBody(_ operation: OpenAPIReader.Operation) -> String {
        operation.path.hasSuffix("/resolve") ? #"{"action":"dismiss"}"# : "{}"
    }

    // MARK: Bodies

    private func withBodies(
        _ body: (RunningService, [OpenAPIReader.Operation]) async throws -> Void
    ) async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            try await body(service, try await keyed(service).filter { $0.body != nil })
        }
    }

    private static let bodies: [(body: String, status: Int, cause: String)] = [
        ("{", 400, "malformed_json"), (#"{"a":1,"a":1}"#, 400, "malformed_json"),
        (#"{"a":01}"#, 400, "malformed_json"), ("{} {}", 400, "malformed_json"),
        ("\u{FEFF}{}", 400, "malformed_json"), (#"{"no_such":1}"#, 400, "unknown_field"),
        ("1", 422, "invalid_value"), ("null", 422, "invalid_value"),
        (#""{}""#, 422, "invalid_value"),
    ]

    @Test(arguments: bodies)
    func `a body that is none is refused by every route that reads one`(
        body: String, status: Int, cause: String
    ) async throws {
        try await withBodies { service, operations in
            try await expectEach(operations, status, cause) {
                try await service.admin.send(
                    $0.method, $0.target("1"), body: Array(body.utf8), type: "application/json",
                    more: [("If-Match", "*")])
            }
        }
    }

    @Test(arguments: ["text/plain", "text/json", "application/x-www-form-urlencoded", ""])
    func `a body that says it is something else is refused`(_ type: String) async throws {
        try await withBodies { service, operations in
            try await expectEach(operations, 415, "not_json") {
                try await service.admin.send(
                    $0.method, $0.target("1"), body: Array("{}".utf8), type: type,
                    more: [("If-Match", "*")])
            }
        }
    }

    @Test func `a body that is too large is refused by every route that reads one`()
        async throws
    {
        try await withBodies { service, operations in
            try await expectEach(operations, 413, "body_too_large") { operation in
                let raw = try await RawConnection.open(port: service.adminPort)
                try await raw.send(
                    """
                    \(operation.method) \(operation.target("1")) HTTP/1.1\r\nHost: x\r\n\
                    Content-Type: application/json\r\nIf-Match: *\r\n\
                    Authorization: Bearer \(service.adminKey)\r\n\
                    Content-Length: 9000000\r\n\r\n
                    """)
                raw.sendUnawaited([UInt8](repeating: 0x20, count: 9_000_000))
                let answer = try await raw.answer()
                await raw.close()
                return AdminAnswer(
                    status: answer.status, type: answer.header("Content-Type"),
                    body: Array(answer.text.utf8))
            }
        }
    }
}

extension RunningService {
    /// - Returns: the new key's id and its text.
    func makeKey(_ body: String) async throws -> (id: String, text: String) {
        let answer = try await admin.post("/admin/v1/keys", body)
        try #require(answer.status == 201, "\(answer.text)")
        return (try #require(answer.string("id")), try #require(answer.string("key")))
    }
}
