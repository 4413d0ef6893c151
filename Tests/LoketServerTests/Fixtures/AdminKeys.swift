// Admin keys for a test, created over the API as the merchant creates them.

import DokuSimulator
import Testing

extension RunningService {
    /// A client with a new key of this name.
    func client(
        _ name: String, scopes: [String], account: String? = nil, by maker: AdminClient? = nil
    ) async throws -> AdminClient {
        let answer = try await (maker ?? admin).post(
            "/admin/v1/keys", keyJSON(name, scopes: scopes, account: account))
        let key = try #require(answer.string("key"), "\(answer.text)")
        return AdminClient(port: adminPort, key: key)
    }

    /// The id of the active key with this name.
    func keyID(_ name: String) async throws -> String {
        let page = try await admin.get("/admin/v1/keys?active=true&limit=1000").json()
        let found = page["items"]?.elements.first { $0["name"]?.string == name }
        return try #require(found?["id"]?.string)
    }
}

func keyJSON(_ name: String, scopes: [String], account: String? = nil) -> String {
    let words = scopes.map { "\"\($0)\"" }.joined(separator: ",")
    let binding = account.map { ",\"account\":\"\($0)\"" } ?? ""
    return "{\"name\":\"\(name)\",\"scopes\":[\(words)]\(binding)}"
}

extension AdminClient {
    func delete(_ path: String) async throws -> AdminAnswer {
        try await send("DELETE", path, body: nil)
    }
}

extension RunningService {
    /// A request to the admin listener, for a raw connection.
    func adminRequest(
        _ method: String, _ path: String, _ body: String, key: String? = nil
    ) -> DokuRequest {
        DokuRequest(
            method: method, target: path,
            headers: [
                Header("Authorization", "Bearer \(key ?? adminKey)"),
                Header("Content-Type", "application/json"),
            ],
            body: Array(body.utf8))
    }
}
