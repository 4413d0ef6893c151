// What the log reports about the admin API: who changed what, and tries with wrong keys.

import Testing

struct AdminLogTests {
    /// Each successful write, and its log line.
    private static let writes: [(path: String, body: String, line: [String])] = [
        ("bills", BillJSON().text, ["POST /admin/v1/bills", "1", ""]),
        (
            "bills",
            "["
                + [BillJSON().text, BillJSON("88965110000002", "INV-2").text]
                .joined(separator: ",") + "]",
            ["POST /admin/v1/bills", "1", "2"]
        ),
        ("bills/2/cancel", "{}", ["POST /admin/v1/bills/{id}/cancel", "2", ""]),
        ("bills/2/forget", "{}", ["POST /admin/v1/bills/{id}/forget", "2", ""]),
        ("bills/2/reopen", "{}", ["POST /admin/v1/bills/{id}/reopen", "2", ""]),
        ("pause", #"{"reason":"night"}"#, ["POST /admin/v1/pause", "", ""]),
    ]

    @Test func `each write over the admin API is in the log with actor, route and id`()
        async throws
    {
        try await withService { service in
            let clerk = try await service.client("clerk", scopes: ["read", "write"])
            for (path, body, _) in Self.writes {
                let answer = try await clerk.post("/admin/v1/" + path, body)
                #expect(answer.status < 300, "\(answer.text)")
            }
            let file = try await service.importText(ImportCase.head + ImportCase.row(1))
            // Refused requests and reads are not logged as writes.
            #expect(try await clerk.post("/admin/v1/bills/2/cancel", "[]").status == 422)
            #expect(try await clerk.post("/admin/v1/keys", "{}").status == 403)
            #expect(try await clerk.get("/admin/v1/bills").status == 200)

            let lines = service.log.lines("admin write")
            #expect(lines.allSatisfy { $0.level == .info })
            let shown = lines.filter { $0.text("actor") == "clerk" }.map { line in
                ["route", "id", "count"].map { line.text($0) ?? "" }
            }
            #expect(shown == Self.writes.map(\.line))
            let others = lines.filter { $0.text("actor") == "first" }
            #expect(others.compactMap { $0.text("route") }.contains("POST /admin/v1/keys"))
            #expect(others.compactMap { $0.text("key") } == ["clerk"])
            #expect(others.last?.text("id") == "\(file.id)")
            for secret in ["Anton", clerk.key ?? "?", "88965110000001"] {
                #expect(!service.log.text.contains(secret), "\(secret)")
            }
        }
    }

    @Test func `wrong admin keys have one line a minute with where they come from`() async throws {
        try await withService { service in
            let stranger = AdminClient(port: service.adminPort, key: "loket_wrong")
            for _ in 0..<3 {
                try expectProblem(try await stranger.get("/admin/v1/bills"), 401, "key_missing")
            }
            let lines = service.log.lines.filter { $0.message.contains("an admin request was") }
            #expect(lines.map { $0.text("source") } == ["127.0.0.1"])
            #expect(lines.map(\.level) == [.warning])
            #expect(!service.log.text.contains("loket_wrong"))
            #expect(try await service.metric("loket_wrong_admin_keys_total") == 3)
        }
    }

    @Test func `the setting names the least level that is written`() async throws {
        try await withService(more: "log: { level: warning }") { service in
            let bill = try await service.admin.post("/admin/v1/bills", BillJSON().text)
            #expect(bill.status == 201)
            let stranger = AdminClient(port: service.adminPort, key: "loket_wrong")
            #expect(try await stranger.get("/admin/v1/bills").status == 401)
            #expect(Set(service.log.lines.map(\.level)) == [.warning])
        }
    }
}
