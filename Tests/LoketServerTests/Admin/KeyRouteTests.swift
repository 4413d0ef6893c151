// Admin keys over the admin API: created, shown once, listed, revoked; and what creates no key.

import LoketCore
import LoketStore
import TestSupport
import Testing

struct KeyRouteTests {
    private static let path = "/admin/v1/keys"

    @Test func `a key is shown once, works, and is listed without its text`() async throws {
        try await withService { service in
            let answer = try await service.admin.send(
                "POST", Self.path, body: Array(keyJSON("till", scopes: ["write", "read"]).utf8))
            #expect(answer.status == 201)
            let text = try #require(answer.string("key"))
            #expect(text.hasPrefix("loket_") && text.utf8.count == 54)
            let made = try answer.json()
            #expect(made["scopes"]?.elements.compactMap(\.string) == ["read", "write"])
            #expect(made["account"]?.isNull == true)
            #expect(made["created_by"]?.string == "first")
            #expect(made["last_used_at"]?.isNull == true)
            #expect(made["revoked_at"]?.isNull == true && made["revoked_by"]?.isNull == true)
            let id = try #require(answer.string("id"))

            let till = AdminClient(port: service.adminPort, key: text)
            #expect(try await till.get("/admin/v1/bills").status == 200)
            for path in [Self.path, "\(Self.path)/\(id)"] {
                let shown = try await service.admin.get(path)
                #expect(shown.status == 200)
                #expect(!shown.text.contains(text.dropFirst("loket_".count)))
                #expect(shown.text.contains("\"till\""))
            }
            let used = try await service.admin.get("\(Self.path)/\(id)").string("last_used_at")
            #expect(used.flatMap { Moment(rfc3339: $0) }.map { $0.milliseconds % 60_000 } == 0)
            #expect(!service.log.text.contains(text.dropFirst("loket_".count)))
        }
    }

    @Test func `a revoked key opens nothing, even on an open connection`() async throws {
        try await withService { service in
            let till = try await service.client("till", scopes: ["read", "write"])
            let connection = try await RawConnection.open(port: service.adminPort)
            let asked = service.adminRequest("GET", "/admin/v1/bills", "", key: till.key).wire
            try await connection.send(asked)
            #expect(try await connection.answer().status == 200)
            let id = try await service.keyID("till")
            let revoked = try await service.admin.delete("\(Self.path)/\(id)")
            #expect(revoked.status == 200)
            #expect(revoked.string("revoked_by") == "first")
            #expect(revoked.string("revoked_at") != nil)
            try await connection.send(asked)
            #expect(try await connection.answer().status == 401)
            try expectProblem(try await till.get("/admin/v1/bills"), 401, "key_missing")
            let again = try await service.admin.delete("\(Self.path)/\(id)")
            #expect(again.status == 200 && again.body == revoked.body)
            // The name is free for another key.
            let next = try await service.client("till", scopes: ["read"])
            #expect(try await next.get("/admin/v1/bills").status == 200)
        }
    }

    /// The head is sent with an active key, which is revoked before the body is complete.
    @Test func `a key revoked during its own request creates no other key`() async throws {
        try await withService { service in
            let office = try await service.client("office", scopes: ["keys"])
            let request = service.adminRequest(
                "POST", Self.path, keyJSON("heir", scopes: ["keys"]), key: office.key)
            let connection = try await RawConnection.open(port: service.adminPort)
            try await connection.send(request.wire.dropLast())
            let id = try await service.keyID("office")
            try await eventually {
                try await service.admin.get("\(Self.path)/\(id)").string("last_used_at") != nil
            }
            #expect(try await service.admin.delete("\(Self.path)/\(id)").status == 200)
            try await connection.send([UInt8(ascii: "}")])
            #expect(try await connection.answer().status == 401)
            let names = try await service.admin.get(Self.path).list("name").values
            #expect(names == ["office", "first"])
        }
    }

    @Test func `the last key that can create keys is kept until there is another`() async throws {
        try await withService { service in
            _ = try await service.client("shop", scopes: ["keys"], account: Shop.clientID)
            _ = try await service.client("reader", scopes: ["read"])
            try expectProblem(try await service.admin.delete("\(Self.path)/1"), 409, "last_key")
            let maker = try await service.client("maker", scopes: ["keys"])
            try expectProblem(try await maker.delete("\(Self.path)/1"), 409, "last_key")
            let second = try await service.client(
                "second", scopes: ["read", "write", "keys", "backup"])
            #expect(try await second.delete("\(Self.path)/1").status == 200)
            let id = try await second.get(Self.path).list("id").values[0]
            try expectProblem(try await second.delete("\(Self.path)/\(id)"), 409, "last_key")
        }
    }

    @Test func `a list has pages, and can be limited to active or revoked keys`() async throws {
        try await withService { service in
            for name in ["a", "b", "c"] { _ = try await service.client(name, scopes: ["read"]) }
            #expect(try await service.admin.delete("\(Self.path)/3").status == 200)
            let page = try await service.admin.get(Self.path + "?limit=3").list("name")
            #expect(page.values == ["c", "b", "a"])
            let cursor = try #require(page.cursor)
            let rest = try await service.admin.get(Self.path + "?cursor=\(cursor)").list("name")
            #expect(rest.values == ["first"] && rest.cursor == nil)
            for (query, names) in [
                ("active=true", ["c", "a", "first"]), ("active=false", ["b"]),
                ("account=\(Shop.clientID)", []),
            ] {
                let found = try await service.admin.get(Self.path + "?" + query).list("name")
                #expect(found.values == names, "\(query)")
            }
            for query in ["active=yes", "active=", "account=MCH-9", "limit=0", "cursor=x"] {
                try expectProblem(
                    try await service.admin.get(Self.path + "?" + query), 400,
                    "invalid_parameter")
            }
            try expectProblem(
                try await service.admin.get(Self.path + "?name=a"), 400, "unknown_parameter")
        }
    }

    /// A body, and the places that are reported as wrong.
    static let wrong: [(body: String, pointers: [String])] = [
        ("{}", ["/name", "/scopes"]),
        (#"{"name":"","scopes":["read"]}"#, ["/name"]),
        (#"{"name":"a b","scopes":["read"]}"#, ["/name"]),
        (#"{"name":"kasir\u00e9","scopes":["read"]}"#, ["/name"]),
        (#"{"name":"\#(String(repeating: "n", count: 65))","scopes":["read"]}"#, ["/name"]),
        (#"{"name":7,"scopes":[]}"#, ["/name", "/scopes"]),
        (#"{"name":"a","scopes":"read"}"#, ["/scopes"]),
        (#"{"name":"a","scopes":["read","root"]}"#, ["/scopes"]),
        (#"{"name":"a","scopes":["read","read"]}"#, ["/scopes"]),
        (#"{"name":"a","scopes":[null]}"#, ["/scopes"]),
        (#"{"name":"a","scopes":["read"],"account":7}"#, ["/account"]),
        (#"{"name":"a","scopes":["read"],"account":"MCH-9"}"#, ["/account"]),
        (#"{"name":"a","scopes":["backup"],"account":"\#(Shop.clientID)"}"#, ["/scopes"]),
        (#"[]"#, []),
    ]

    @Test(arguments: wrong.indices)
    func `a wrong body is refused with the places of its faults`(_ place: Int) async throws {
        try await withService { service in
            let answer = try await service.admin.post(Self.path, Self.wrong[place].body)
            try expectProblem(answer, 422, "invalid_value")
            #expect(answer.pointers == Self.wrong[place].pointers, "\(answer.text)")
            #expect(try await service.admin.get(Self.path).list("id").values == ["1"])
        }
    }

    @Test func `a name in use, an unknown field and an unknown key are refused`() async throws {
        try await withService { service in
            let longest = String(repeating: "n", count: 64)
            _ = try await service.client(longest, scopes: ["read"])
            for name in ["first", longest] {
                let answer = try await service.admin.post(
                    Self.path, keyJSON(name, scopes: ["read"]))
                try expectProblem(answer, 409, "key_name_taken")
                #expect(answer.pointers == ["/name"])
            }
            let odd = #"{"name":"a","scopes":["read"],"key":"mine"}"#
            try expectProblem(
                try await service.admin.post(Self.path, odd), 400, "unknown_field")
            for id in ["404", "0", "-1", "first", "9223372036854775808"] {
                for method in ["GET", "DELETE"] {
                    let answer = try await service.admin.send(
                        method, "\(Self.path)/\(id)", body: nil)
                    try expectProblem(answer, 404, "not_found")
                }
            }
            try expectProblem(
                try await service.admin.delete("\(Self.path)/2?force=true"), 400,
                "unknown_parameter")
        }
    }
}
