// What each scope permits, route by route; no key grants a scope that it lacks.

import Testing

struct KeyScopeTests {
    /// OpenAPITests compares the scopes of the document with the rule.
    @Test(arguments: ["read", "write", "keys", "backup"])
    func `a scope permits its routes and no others`(_ scope: String) async throws {
        try await withService { service in
            let client = try await service.client("one", scopes: [scope])
            let operations = try await OpenAPIReader(service).operations
            for operation in operations where operation.path.hasPrefix("/admin/") {
                let answer = try await client.send(
                    operation.method, operation.target(),
                    body: operation.method == "GET" ? nil : Array("{}".utf8))
                let needed = try #require(operation.scope)
                if needed == scope {
                    #expect(![401, 403].contains(answer.status), "\(operation): \(answer.text)")
                } else {
                    try expectProblem(answer, 403, "scope_missing")
                    #expect(answer.text.contains("`\(needed)`"), "\(operation)")
                }
            }
        }
    }

    @Test func `another spelling of a path permits nothing more`() async throws {
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

    @Test func `no key grants a scope that it lacks`() async throws {
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

    @Test func `a key of one account creates keys of that account only`() async throws {
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
