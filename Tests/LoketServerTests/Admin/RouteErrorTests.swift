// Every route of the API's document with every mistake that a client can make on any route: no key,
// a key without the scope, an unknown parameter, an unknown id, a database that fails.
// RouteErrorBodyTests has the mistakes in bodies. The routes come from the document, so that a new
// route is tested too; each answer must be documented for its route.

import LoketCore
import TestSupport
import Testing

struct RouteErrorTests {
    @Test func `without a key nothing is revealed`() async throws {
        try await withService { service in
            let stranger = AdminClient(port: service.adminPort)
            try await expectEach(try await service.keyedOperations(), 401, "key_missing") {
                try await stranger.send($0.method, $0.target("1"), body: nil)
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
            try await expectEach(try await service.keyedOperations(), 403, "scope_missing") {
                operation in
                let client = try #require(clients[operation.scope ?? ""], "\(operation)")
                return try await client.send(
                    operation.method, operation.target("1"), body: nil)
            }
        }
    }

    @Test func `a key with its share of requests in progress is refused by every route`()
        async throws
    {
        try await withService {
            $0.limits.bodyGraceMilliseconds = 600_000
        } _: { service in
            let operations = try await service.keyedOperations()
            let held = try await service.holdShare(of: service.admin)
            try await expectEach(operations, 429, "too_many_requests") {
                try await service.admin.send($0.method, $0.target("1"), body: nil)
            }
            for connection in held { await connection.close() }
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

    /// Values that no list accepts, for its parameters.
    private static let wrongValues: [(name: String, values: [String])] = [
        ("limit", ["0", "1001", "-1", "x", "1.5", ""]),
        ("cursor", ["x", "", "before-", "before-0", "before-x", "0", "eyJpZCI6MX0", "-1"]),
        ("account", ["MCH-NOBODY", ""]), ("sort", ["newset"]), ("state", ["opened"]),
        ("standing", ["settle"]), ("source", ["x"]), ("flag", ["x"]), ("active", ["yes"]),
        ("needs_attention", ["1"]), ("kind", ["x"]), ("resolved", ["1"]),
        ("bill_id", ["x", "0", "+1", "01"]), ("ids", ["", "x", "1,", "0", "1,01"]),
        ("guard", ["x"]),
        ("status", ["x"]),
        ("refused", ["1"]), ("unpaid", ["yes"]), ("channel", ["", "%20", "%00"]),
        ("at", ["yesterday", ""]), ("from", ["yesterday"]), ("to", ["2026-13-01"]),
        ("expires_from", ["1"]), ("expires_to", ["x"]), ("decided_from", ["x"]),
        ("payment_code", ["x"]),
        ("outcome", ["x"]), ("after", ["x"]), ("delimiter", ["x"]),
        ("q", ["", "%00"]), ("dry_run", ["1"]), ("amount_format", ["x"]), ("format", ["xlsx"]),
        ("types", ["", "x"]), ("wait", ["31", "-1"]), ("delimiter", ["x"]), ("encoding", ["x"]),
        ("date_format", ["x"]), ("skip_lines", ["x", "-1"]), ("clean_codes", ["1"]),
        ("clean_spaces", ["1"]), ("accept_warnings", ["1"]), ("like", ["x", "0", "999999"]),
        ("rows_of", ["x", "0", "999999"]),
        ("map", ["x", "x=y"]), ("note", ["%00"]), ("file_name", ["%00"]),
    ]

    @Test func `a wrong value of a parameter and an invalid cursor are refused`() async throws {
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
            // Any text may be searched for, and be in a file.
            let free = [
                "customer", "invoice_number", "invoice_prefix", "code", "request_id", "ignore",
                "skip_rows", "routes",
            ]
            #expect(all.subtracting(Self.wrongValues.map(\.name)) == Set(free))
        }
    }

    @Test func `an id that does not exist is not found`() async throws {
        try await withTill { service in
            // These have an id 1, which has one spelling.
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice())
            let operations = try await service.keyedOperations().filter { $0.path.contains("{") }
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

    /// The key is looked up in the database before anything else.
    @Test func `a database that fails is reported by every route with a key`() async throws {
        try await withService { service in
            let operations = try await service.keyedOperations()
            let database = service.folder.file("loket.db")
            try ForeignHand.run(database, "ALTER TABLE admin_key RENAME TO lost_key")
            try await expectEach(operations, 503, "store_failed") {
                try await service.admin.send($0.method, $0.target("1"), body: nil)
            }
            #expect(service.log.text.contains("no such table: admin_key"))
            try ForeignHand.run(database, "ALTER TABLE lost_key RENAME TO admin_key")
            #expect(try await service.admin.get("/admin/v1/bills").status == 200)
        }
    }

    private func validBody(_ operation: OpenAPIReader.Operation) -> String {
        operation.path == "/admin/v1/payments/{id}/resolve" ? #"{"action":"dismiss"}"# : "{}"
    }
}
