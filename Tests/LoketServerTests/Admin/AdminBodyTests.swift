// Bodies and parameters that no route accepts: one problem each, of one shape.

import LoketCore
import Testing

struct AdminBodyTests {
    private static let bills = "/admin/v1/bills"

    private static let unknownFields: [(String, String)] = [
        (BillJSON().with("amout", "1").text, "/amout"),
        (BillJSON().with("customer", #"{"name":"A","phone":"1"}"#).text, "/customer/phone"),
        ("[" + BillJSON().with("x", "null").text + "]", "/0/x"),
        (BillJSON().with("id", "\"1\"").text, "/id"),
        (BillJSON().with("Amount", "1").text, "/Amount"),
    ]

    @Test func `a field that does not exist is named`() async throws {
        try await withService { service in
            for (body, pointer) in Self.unknownFields {
                let answer = try await service.admin.post(Self.bills, body)
                try expectProblem(answer, 400, "unknown_field")
                #expect(answer.pointers == [pointer])
            }
            #expect(try await service.billCount == 0)
        }
    }

    /// RFC 6901 §3: `~` is `~0` and `/` is `~1`.
    @Test func `a pointer escapes the characters with a meaning in pointers`() async throws {
        try await withService { service in
            let answer = try await service.admin.post(
                Self.bills, BillJSON().with("a/b~c", "1").text)
            try expectProblem(answer, 400, "unknown_field")
            #expect(answer.pointers == ["/a~1b~0c"])
        }
    }

    private static let malformed: [String] = [
        "", "{", "nil", "{\"amount\":1,\"amount\":1}", "{\"a\":1,}", "[1,]", "{} {}",
        "\u{FEFF}{}", "{\"a\":01}", "{\"a\":\"\u{1}\"}", "{'a':1}", "{\"a\":NaN}",
        BillJSON().text + BillJSON().text, String(repeating: "[", count: 100_000),
    ]

    @Test func `a body that is not strict JSON is refused`() async throws {
        try await withService { service in
            for body in Self.malformed {
                let answer = try await service.admin.post(Self.bills, body)
                try expectProblem(answer, 400, "malformed_json")
            }
        }
    }

    @Test func `JSON that is not a bill is refused`() async throws {
        try await withService { service in
            for (body, pointer) in [
                ("1", ""), ("\"x\"", ""), ("null", ""), ("[1]", "/0"), ("[[]]", "/0"),
            ] {
                let answer = try await service.admin.post(Self.bills, body)
                try expectProblem(answer, 422, "invalid_value")
                #expect(answer.pointers == [pointer])
            }
        }
    }

    @Test func `a wrong content type is refused, a parameter of the right one is not`() async throws
    {
        try await withService { service in
            let bill = BillJSON().text
            for type in [nil, "text/plain", "application/x-www-form-urlencoded", "text/json"] {
                let answer = try await service.admin.post(Self.bills, bill, type: type)
                try expectProblem(answer, 415, "not_json")
            }
            let answer = try await service.admin.post(
                Self.bills, bill, type: "Application/JSON; charset=utf-8")
            #expect(answer.status == 201)
        }
    }

    @Test(arguments: [
        "Content-Length: 9000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n895440\r\n",
    ])
    func `a body over 8 MiB is refused, announced or in chunks`(_ framing: String) async throws {
        try await withService { service in
            let raw = try await RawConnection.open(port: service.adminPort)
            try await raw.send(
                """
                POST /admin/v1/bills HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Authorization: Bearer \(service.adminKey)\r\n\(framing)
                """)
            raw.sendUnawaited([UInt8](repeating: 0x20, count: 9_000_000))
            let answer = try await raw.answer()
            #expect(answer.status == 413)
            #expect(answer.header("Content-Type") == "application/problem+json")
            #expect(answer.text.contains("urn:loket:problem:body_too_large"))
        }
    }

    private static let routes: [(String, String)] = [
        ("GET", "/nowhere"), ("GET", "/admin/v1"), ("GET", "/admin/v2/bills"),
        ("GET", "/admin/v1/bills/1/nothing"), ("POST", "/admin/v1/bills/1"),
        ("DELETE", "/admin/v1/bills/1"), ("PUT", "/admin/v1/bills"), ("POST", "/ready"),
    ]

    @Test func `an unknown route is answered with a problem like the others`() async throws {
        try await withService { service in
            for (method, path) in Self.routes {
                let answer = try await service.admin.send(method, path, body: nil)
                #expect([404, 405].contains(answer.status), "\(method) \(path)")
                let cause = answer.status == 404 ? "not_found" : "method_not_allowed"
                try expectProblem(answer, answer.status, cause)
            }
        }
    }

    private static let parameters: [(String, String, String)] = [
        ("GET", "/admin/v1/bills?states=open", ""), ("GET", "/admin/v1/bills/1?x=1", ""),
        ("GET", "/admin/v1/inquiries?limit=1&x", ""),
        ("POST", "/admin/v1/bills?dry_run=true", BillJSON().text),
        ("POST", "/admin/v1/bills/1/cancel?x=1", "{}"),
        ("POST", "/admin/v1/pause?x=1", #"{"reason":"x"}"#),
        ("POST", "/admin/v1/resume?account=x", "{}"),
    ]

    @Test(arguments: parameters)
    func `a query parameter that does not exist is refused on every route`(
        method: String, path: String, body: String
    ) async throws {
        try await withService { service in
            try service.seed([.sample("88965110000009", "INV-9")])
            let answer = try await service.admin.send(
                method, path, body: method == "GET" ? nil : Array(body.utf8))
            try expectProblem(answer, 400, "unknown_parameter")
            #expect(try await service.billCount == 1)
            #expect(try service.store.pauses().isEmpty)
        }
    }
}
