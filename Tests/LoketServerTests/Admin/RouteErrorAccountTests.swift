// A key of one account: things of another account are not found, naming it is forbidden, lists are
// limited to the key's account, and what concerns all accounts is forbidden.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

struct RouteErrorAccountTests {
    /// Runs a service where the first account has a bill, a payment, a notification, an import, an
    /// inquiry and a key, with a key of its neighbour.
    private func withNeighbour(
        _ body: (RunningService, AdminClient) async throws -> Void
    ) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice())
            try await service.pay(Till.notice { $0.status = "REFUNDED" })
            _ = try await service.ask(Till.inquirer.inquiry(Till.code, requestID: "ours"))
            let file =
                "payment_code,invoice_number,amount,customer_name\n"
                + "88965110000007,INV-7,1000,Anton\n"
            let sent = try await service.admin.send(
                "POST", "/admin/v1/imports?account=\(Shop.clientID)", body: Array(file.utf8),
                type: "text/csv")
            try #require(sent.status == 202, "\(sent.text)")
            try await eventually {
                try await service.admin.get("/admin/v1/imports/1").string("state") == "applied"
            }
            // No event of this type occurs, so nothing is sent.
            let webhook = try await service.admin.post(
                "/admin/v1/webhooks",
                #"{"url":"https://erp.example/","types":["import.undone"],"#
                    + #""account":"\#(Shop.clientID)"}"#)
            try #require(webhook.status == 201, "\(webhook.text)")
            let key = try await service.makeKey(
                #"{"name":"neighbour","scopes":["read","write","keys"],"#
                    + #""account":"\#(Shop.neighbourID)"}"#)
            try await body(service, AdminClient(port: service.adminPort, key: key.text))
        }
    }

    private static let theirs: [(method: String, path: String, body: String?)] = [
        ("GET", "/admin/v1/bills/1", nil), ("PATCH", "/admin/v1/bills/1", #"{"amount":1}"#),
        ("POST", "/admin/v1/bills/1/cancel", "{}"), ("POST", "/admin/v1/bills/1/forget", "{}"),
        ("POST", "/admin/v1/bills/1/reopen", "{}"), ("GET", "/admin/v1/bills/1/timeline", nil),
        ("GET", "/admin/v1/payments/1", nil),
        ("POST", "/admin/v1/payments/1/resolve", #"{"action":"dismiss"}"#),
        ("POST", "/admin/v1/payments/1/reopen", "{}"),
        ("POST", "/admin/v1/attention/1/resolve", "{}"), ("GET", "/admin/v1/notifications/1", nil),
        ("GET", "/admin/v1/imports/1", nil), ("GET", "/admin/v1/imports/1/rows", nil),
        ("POST", "/admin/v1/imports/1/cancel", "{}"),
        ("POST", "/admin/v1/imports/1/undo", "{}"), ("GET", "/admin/v1/inquiries/ours", nil),
        ("GET", "/admin/v1/keys/1", nil), ("DELETE", "/admin/v1/keys/1", nil),
        ("GET", "/admin/v1/webhooks/1", nil), ("DELETE", "/admin/v1/webhooks/1", nil),
        ("PATCH", "/admin/v1/webhooks/1", #"{"note":"x"}"#),
        ("POST", "/admin/v1/webhooks/1/pause", "{}"),
        ("POST", "/admin/v1/webhooks/1/resume", "{}"),
        ("POST", "/admin/v1/webhooks/1/replay", #"{"since":"2020-01-01"}"#),
        ("POST", "/admin/v1/webhooks/1/rotate-secret", "{}"),
        ("POST", "/admin/v1/webhooks/1/drop-old-secret", "{}"),
        ("POST", "/admin/v1/webhooks/1/test", "{}"), ("GET", "/admin/v1/webhooks/1/skipped", nil),
    ]

    @Test func `another account's things are not found`() async throws {
        try await withNeighbour { service, neighbour in
            for (method, path, body) in Self.theirs {
                let answer = try await neighbour.send(
                    method, path, body: body.map { Array($0.utf8) } ?? [],
                    type: "application/json", more: [("If-Match", "*")])
                try expectProblem(answer, 404, "not_found")
            }
            // Every route with an id is in the table.
            let document = try await OpenAPIReader(service)
            let withID = document.operations.filter { $0.path.contains("{") }
            #expect(withID.count == Self.theirs.count)
            #expect(try await service.state("1") == "paid")
        }
    }

    @Test func `lists are limited to the account and another may not be named`() async throws {
        try await withNeighbour { service, neighbour in
            let lists = try await OpenAPIReader(service).operations.filter {
                $0.method == "GET" && $0.hasKey && !$0.path.contains("{")
                    && $0.parameterNames(in: "query").contains("limit")
            }
            #expect(lists.count >= 8)
            for list in lists {
                let answer = try await neighbour.get(list.path)
                #expect(answer.status == 200, "\(list): \(answer.text)")
                let items = try answer.json()["items"]?.elements ?? []
                let accounts = Set(items.compactMap { $0["account"]?.string })
                #expect(accounts.isSubset(of: [Shop.neighbourID]), "\(list): \(accounts)")
                #expect(items.isEmpty || list.path == "/admin/v1/keys", "\(list)")
                guard list.parameterNames(in: "query").contains("account") else { continue }
                let own = try await neighbour.get(list.path + "?account=\(Shop.neighbourID)")
                #expect(own.status == 200, "\(list)")
                // The answer does not reveal whether there is such an account.
                for account in [Shop.clientID, "MCH-NOBODY"] {
                    let other = try await neighbour.get(list.path + "?account=\(account)")
                    try expectProblem(other, 403, "account_forbidden")
                }
                #expect(list.causes[403]?.contains("account_forbidden") == true, "\(list)")
                let all = try await service.admin.get(list.path + "?account=\(Shop.clientID)")
                #expect(all.status == 200, "\(list)")
            }
        }
    }

    private static let forbidden: [(path: String, body: String)] = [
        (
            "/admin/v1/bills",
            #"{"payment_code":"88965110000009","invoice_number":"N-1","amount":1000,"#
                + #""account":"\#(Shop.clientID)","customer":{"name":"A"}}"#
        ),
        ("/admin/v1/pause", #"{"reason":"x"}"#),
        ("/admin/v1/pause", #"{"reason":"x","account":"\#(Shop.clientID)"}"#),
        ("/admin/v1/resume", "{}"), ("/admin/v1/resume", #"{"account":"\#(Shop.clientID)"}"#),
        ("/admin/v1/reconcile", "{}"), ("/admin/v1/search/rebuild", "{}"),
        (
            "/admin/v1/keys",
            #"{"name":"x","scopes":["read"],"account":"\#(Shop.clientID)"}"#
        ),
        (
            "/admin/v1/webhooks",
            #"{"url":"https://erp.example/","account":"\#(Shop.clientID)"}"#
        ),
    ]

    @Test func `requests for another account or for all are forbidden`() async throws {
        try await withNeighbour { service, neighbour in
            let operations = try await OpenAPIReader(service).operations
            for (path, body) in Self.forbidden {
                let answer = try await neighbour.post(path, body)
                try expectProblem(answer, 403, "account_forbidden")
                let operation = operations.first { $0.method == "POST" && $0.path == path }
                #expect(operation?.causes[403]?.contains("account_forbidden") == true, "\(path)")
            }
            let file = try await neighbour.send(
                "POST", "/admin/v1/imports?account=\(Shop.clientID)", body: [], type: "text/csv")
            try expectProblem(file, 403, "account_forbidden")
            try expectProblem(
                try await neighbour.post("/admin/v1/backup", "{}"), 403, "scope_missing")
            #expect(try service.store.pauses().isEmpty)
        }
    }
}
