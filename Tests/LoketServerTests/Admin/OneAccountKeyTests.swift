// A key for one account: everything of other accounts is treated as if it did not exist.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

struct OneAccountKeyTests {
    private static let other = "77777000001"

    /// Each account has a payment and a notification in quarantine; the neighbour's come last.
    private func withTwoAccounts(
        _ body: (RunningService, AdminClient) async throws -> Void
    ) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let neighbour = try #require(
                service.store.registerAccounts([Shop.neighbourID])[Shop.neighbourID])
            try service.store.seed(
                [.sample(Self.other, "INV-1")], accountID: neighbour, state: .open, now: .now)
            try await service.pay(Till.notice(transaction: "1"))
            try await service.pay(
                Till.notice(code: Self.other, transaction: "2"), by: Till.neighboursDoku)
            for doku in [Till.doku, Till.neighboursDoku] {
                var bad = doku.notification(Till.notice().body)
                bad.body.append(0x20)
                #expect(try await service.ask(bad).status == 401)
            }
            try await eventually {
                try await service.items("/admin/v1/quarantine").count == 2
            }
            let client = try await service.client(
                "shop", scopes: ["read", "write"], account: Shop.clientID)
            try await body(service, client)
        }
    }

    private static let lists = [
        "/admin/v1/payments", "/admin/v1/notifications", "/admin/v1/quarantine",
        "/admin/v1/payments?invoice_number=INV-1", "/admin/v1/payments?standing=settled",
        "/admin/v1/notifications?standing=settled",
    ]

    @Test(arguments: lists)
    func `a list has the account's own rows and no others`(_ path: String) async throws {
        try await withTwoAccounts { service, shop in
            #expect(try await service.items(path).count == 2)
            let own = try await shop.get(path).list("account")
            #expect(own.values == [Shop.clientID])
            #expect(own.cursor == nil)
            let joint = path.contains("?") ? "&" : "?"
            let named = try await shop.get(path + joint + "account=\(Shop.clientID)")
            #expect(try named.list("account").values == [Shop.clientID])
            for account in [Shop.neighbourID, "MCH-9"] {
                let refused = try await shop.get(path + joint + "account=\(account)")
                try expectProblem(refused, 403, "account_forbidden")
            }
            // A key of all accounts filters with the parameter.
            let theirs = try await service.admin.get(
                path + joint + "account=\(Shop.neighbourID)")
            #expect(try theirs.list("account").values == [Shop.neighbourID])
            let unknown = try await service.admin.get(path + joint + "account=MCH-9")
            try expectProblem(unknown, 400, "invalid_parameter")
        }
    }

    @Test func `another account's payment is not found`() async throws {
        try await withTwoAccounts { service, shop in
            let rows = try await service.payments()
            let theirs = try #require(rows.first?["id"]?.string)
            let own = try #require(rows.last?["id"]?.string)
            #expect(try await shop.get("/admin/v1/payments/\(own)").status == 200)
            try expectProblem(
                try await shop.get("/admin/v1/payments/\(theirs)"), 404, "not_found")
            let dismissal = #"{"action":"dismiss"}"#
            try expectProblem(
                try await shop.post("/admin/v1/payments/\(theirs)/resolve", dismissal), 404,
                "not_found")
            // The account's own payment is settled, so there is nothing to resolve.
            try expectProblem(
                try await shop.post("/admin/v1/payments/\(own)/resolve", dismissal), 409,
                "nothing_to_resolve")
            #expect(try await shop.get("/admin/v1/notifications/1").status == 200)
            try expectProblem(
                try await shop.get("/admin/v1/notifications/2"), 404, "not_found")
        }
    }

    @Test func `sums cover the key's account only`() async throws {
        try await withTwoAccounts { service, shop in
            let path = "/admin/v1/payments/totals"
            for (client, query, count) in [
                (service.admin, "", Int64(2)), (shop, "", 1),
                (service.admin, "?account=\(Shop.neighbourID)", 1),
                (shop, "?account=\(Shop.clientID)", 1),
            ] {
                let totals = try await client.get(path + query).json()
                #expect(totals["received"]?["count"]?.integer == count)
                #expect(totals["notifications"]?["recorded"]?.integer == count)
            }
            try expectProblem(
                try await shop.get(path + "?account=\(Shop.neighbourID)"), 403,
                "account_forbidden")
        }
    }

    @Test func `a retry of the quarantine covers the key's account only`() async throws {
        try await withTwoAccounts { service, shop in
            let path = "/admin/v1/quarantine/retry"
            let own = try await shop.post(path, "{}").json()
            #expect(own["entered"]?.integer == 0 && own["kept"]?.integer == 1)
            let all = try await service.admin.post(path, "{}").json()
            #expect(all["entered"]?.integer == 0 && all["kept"]?.integer == 2)
        }
    }

    @Test func `a reconciliation is only for keys of all accounts`() async throws {
        try await withTwoAccounts { service, shop in
            let path = "/admin/v1/reconcile"
            try expectProblem(try await shop.post(path, "{}"), 403, "account_forbidden")
            try expectProblem(try await shop.get(path), 403, "account_forbidden")
            #expect(try await service.admin.get(path).status == 200)
        }
    }

    @Test func `an import of all accounts is reported to each key without its counts`() async throws
    {
        try await withTwoAccounts { service, shop in
            let before = try await shop.get("/admin/v1/events").list("type").values.count
            let report = try await service.importText(
                ImportCase.head + "88965100000091,INV-91,1,A\n77777000091,INV-92,1,A\n")
            #expect(report.state == "applied", "\(report.text)")
            let told = try await shop.get("/admin/v1/events").json()["items"]?.elements ?? []
            #expect(told.count == before + 1)
            let event = try #require(told.last)
            #expect(event["type"]?.string == "import.applied")
            #expect(event["account"]?.isNull == true)
            #expect(event["import"]?["bills_created"]?.isNull == true)
            #expect(event["import"]?["bills_changed"]?.isNull == true)
            let whole = try await service.items("/admin/v1/events").last
            #expect(whole?["import"]?["bills_created"]?.integer == 2)
        }
    }
}
