// What each scope opens, route by route, and that no key gives what it lacks.

import Testing

struct KeyScopeTests {
    struct Door: Sendable {
        let method: String
        let path: String
        let scope: String
        var body: String?
    }

    /// A route of each kind; every one is answered by more than the key alone.
    static let doors: [Door] = [
        Door(method: "GET", path: "/bills", scope: "read"),
        Door(method: "GET", path: "/bills/404", scope: "read"),
        Door(method: "POST", path: "/bills", scope: "write", body: BillJSON().text),
        Door(method: "PATCH", path: "/bills/404", scope: "write", body: "{}"),
        Door(method: "POST", path: "/bills/404/cancel", scope: "write", body: "{}"),
        Door(method: "GET", path: "/payments", scope: "read"),
        Door(method: "GET", path: "/payments/totals", scope: "read"),
        Door(method: "GET", path: "/payments/404", scope: "read"),
        Door(
            method: "POST", path: "/payments/404/resolve", scope: "write",
            body: #"{"action":"dismiss"}"#),
        Door(method: "POST", path: "/payments/404/reopen", scope: "write", body: "{}"),
        Door(method: "GET", path: "/notifications", scope: "read"),
        Door(method: "GET", path: "/notifications/404", scope: "read"),
        Door(method: "GET", path: "/quarantine", scope: "read"),
        Door(method: "POST", path: "/quarantine/retry", scope: "write", body: "{}"),
        Door(method: "GET", path: "/events", scope: "read"),
        Door(method: "GET", path: "/inquiries", scope: "read"),
        Door(method: "GET", path: "/status", scope: "read"),
        Door(method: "GET", path: "/reconcile", scope: "read"),
        Door(method: "POST", path: "/reconcile", scope: "write", body: "{}"),
        Door(method: "POST", path: "/pause", scope: "write", body: #"{"reason":"test"}"#),
        Door(method: "POST", path: "/resume", scope: "write", body: "{}"),
        Door(method: "GET", path: "/keys", scope: "keys"),
        Door(method: "GET", path: "/keys/404", scope: "keys"),
        Door(method: "DELETE", path: "/keys/404", scope: "keys"),
        Door(method: "POST", path: "/keys", scope: "keys", body: "{}"),
        Door(method: "POST", path: "/backup", scope: "backup", body: "{}"),
    ]

    @Test(arguments: ["read", "write", "keys", "backup"])
    func `a scope opens its routes and no others`(_ scope: String) async throws {
        try await withService { service in
            let client = try await service.client("one", scopes: [scope])
            for door in Self.doors {
                let answer = try await client.send(
                    door.method, "/admin/v1" + door.path, body: door.body.map { Array($0.utf8) })
                if door.scope == scope {
                    #expect(![401, 403].contains(answer.status), "\(door): \(answer.text)")
                } else {
                    try expectProblem(answer, 403, "scope_missing")
                    #expect(answer.text.contains("`\(door.scope)`"), "\(door)")
                }
            }
        }
    }

    @Test func `a path written otherwise opens nothing more`() async throws {
        try await withService { service in
            let reader = try await service.client("reader", scopes: ["read"])
            for path in [
                "/admin/v1/keys/", "/admin//v1/keys", "//admin/v1/keys", "/admin/v1/%6Beys",
                "/admin/v1/keys?limit=1", "/admin/v1/./keys", "/admin/v1/bills/../keys",
                "/admin/v1/keys/1", "/admin/v1//keys/1",
            ] {
                let answer = try await reader.get(path)
                #expect([403, 404].contains(answer.status), "\(path): \(answer.text)")
                #expect(!answer.text.contains("created_by"), "\(path)")
            }
        }
    }

    @Test func `no key gives a scope that it lacks`() async throws {
        try await withService { service in
            let office = try await service.client("office", scopes: ["keys", "read"])
            for (scopes, lacking) in [
                (["write"], ["write"]), (["read", "backup"], ["backup"]),
                (["backup", "keys", "write"], ["write", "backup"]),
            ] {
                let answer = try await office.post(
                    "/admin/v1/keys", keyJSON("more", scopes: scopes))
                try expectProblem(answer, 403, "scope_missing")
                for scope in lacking { #expect(answer.text.contains("`\(scope)`")) }
            }
            let reader = try await service.client("reader", scopes: ["read"], by: office)
            #expect(try await reader.get("/admin/v1/bills").status == 200)
            let made = try await service.admin.get("/admin/v1/keys").json()
            #expect(made["items"]?.elements.first?["created_by"]?.string == "office")
        }
    }

    @Test func `a key of one account makes keys of that account only`() async throws {
        try await withService { service in
            let all = ["read", "write", "keys"]
            let office = try await service.client("office", scopes: all, account: Shop.clientID)
            _ = try await service.client("other", scopes: all, account: Shop.neighbourID)
            for (name, account) in [("a", nil), ("b", Shop.clientID)] {
                let answer = try await office.post(
                    "/admin/v1/keys", keyJSON(name, scopes: ["read"], account: account))
                #expect(answer.status == 201)
                #expect(answer.string("account") == Shop.clientID)
            }
            for account in [Shop.neighbourID, "MCH-9"] {
                let answer = try await office.post(
                    "/admin/v1/keys", keyJSON("c", scopes: ["read"], account: account))
                try expectProblem(answer, 403, "account_forbidden")
                try expectProblem(
                    try await office.get("/admin/v1/keys?account=\(account)"), 403,
                    "account_forbidden")
            }
            let backup = try await office.post(
                "/admin/v1/keys", keyJSON("c", scopes: ["backup"]))
            try expectProblem(backup, 403, "scope_missing")

            #expect(
                try await office.get("/admin/v1/keys").list("name").values == ["b", "a", "office"])
            for name in ["first", "other"] {
                let id = try await service.keyID(name)
                for method in ["GET", "DELETE"] {
                    let answer = try await office.send(
                        method, "/admin/v1/keys/\(id)", body: nil)
                    try expectProblem(answer, 404, "not_found")
                }
            }
            let own = try await service.keyID("a")
            #expect(try await office.delete("/admin/v1/keys/\(own)").status == 200)
        }
    }
}
