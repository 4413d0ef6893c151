// A key for one account: bills of another account are not found, and naming it is forbidden.

import LoketCore
import LoketStore
import Testing

struct BillScopeTests {
    private static let path = "/admin/v1/bills"

    /// Bill 1 belongs to the first account, bill 2 to its neighbour; their codes have the same BIN.
    private func withNeighbours(
        _ body: (_ service: RunningService, _ neighbour: AdminClient) async throws -> Void
    ) async throws {
        try await withService { service in
            for (place, account) in [Shop.clientID, Shop.neighbourID].enumerated() {
                let bill = BillJSON("5432100000\(place)", "INV-1")
                    .with("account", "\"\(account)\"")
                #expect(try await service.admin.post(Self.path, bill.text).status == 201)
            }
            let ids = try service.store.registerAccounts([Shop.neighbourID])
            let id = try #require(ids[Shop.neighbourID])
            let key = String(repeating: "n", count: 40)
            try service.store.addKey(
                key, name: "neighbour", scopes: [.read, .write], now: .now)
            try ForeignHand.damage(
                service.store.path,
                "UPDATE admin_key SET account_id = \(id) WHERE name = 'neighbour'")
            try await body(service, AdminClient(port: service.adminPort, key: key))
        }
    }

    @Test func `another account's bill is not found`() async throws {
        try await withNeighbours { service, neighbour in
            for answer in [
                try await neighbour.get(Self.path + "/1"),
                try await neighbour.post(Self.path + "/1/cancel", "{}"),
                try await neighbour.post(Self.path + "/1/reopen", "{}"),
                try await neighbour.post(Self.path + "/1/forget", "{}"),
                try await neighbour.send(
                    "PATCH", Self.path + "/1", body: Array(#"{"amount":1}"#.utf8),
                    type: "application/json", more: [("If-Match", "*")]),
            ] {
                try expectProblem(answer, 404, "not_found")
            }
            #expect(try await service.admin.get(Self.path + "/1").string("state") == "open")
            #expect(try await neighbour.get(Self.path + "/2").status == 200)
        }
    }

    @Test func `a list is limited to the key's account, without an error`() async throws {
        try await withNeighbours { service, neighbour in
            for query in [
                "", "?invoice_number=INV-1", "?invoice_prefix=INV", "?state=open",
                "?sort=oldest", "?customer=anton", "?account=\(Shop.neighbourID)",
            ] {
                let page = try await neighbour.get(Self.path + query).list("account")
                #expect(page.values == [Shop.neighbourID], "\(query)")
            }
            let other = try await neighbour.get(Self.path + "?payment_code=54321000000")
            #expect(try other.list("id").values.isEmpty)
            #expect(try await service.admin.get(Self.path).list("id").values.count == 2)
        }
    }

    @Test func `naming another account is forbidden, whether it exists or not`() async throws {
        try await withNeighbours { service, neighbour in
            for account in [Shop.clientID, "MCH-NOBODY"] {
                let bill = BillJSON("54321000009", "INV-9").with("account", "\"\(account)\"")
                let made = try await neighbour.post(Self.path, "[\(bill.text)]")
                try expectProblem(made, 403, "account_forbidden")
                #expect(made.pointers == ["/0/account"])
                try expectProblem(
                    try await neighbour.get(Self.path + "?account=\(account)"), 403,
                    "account_forbidden")
            }
            #expect(try await service.billCount == 2)
        }
    }

    @Test func `a bill without an account belongs to the key's account`() async throws {
        try await withNeighbours { _, neighbour in
            let shared = try await neighbour.post(
                Self.path, BillJSON("54321000009", "INV-9").text)
            #expect(shared.status == 201)
            #expect(shared.string("account") == Shop.neighbourID)
            let foreign = try await neighbour.post(
                Self.path, BillJSON("88965110000001", "INV-10").text)
            try expectProblem(foreign, 422, "invalid_value")
            #expect(foreign.pointers == ["/payment_code"])
        }
    }
}
