// The timeline of a bill and the filters of the journal that lead to it, over the admin API.

import DokuSimulator
import LoketCore
import LoketJSON
import TestSupport
import Testing

struct TimelineRouteTests {
    private static let path = "/admin/v1/bills/1/timeline"

    /// Bill 1 was asked for at both counters and paid; bill 2 was asked for and not paid.
    private func withHistory(_ body: (RunningService) async throws -> Void) async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2")])
            for code in [Till.code, Till.otherCode, "88965199999999"] {
                _ = try await service.ask(Till.inquirer.inquiry(code))
            }
            try await eventually {
                try await service.items("/admin/v1/inquiries").count == 3
            }
            try await service.pay(Till.notice(transaction: "1246"))
            try await body(service)
        }
    }

    @Test func `a bill's changes, inquiries and payments are in one list`() async throws {
        try await withHistory { service in
            let items = try await service.items(Self.path)
            #expect(
                items.map { $0["kind"]?.string } == ["change", "payment", "inquiry", "change"])
            #expect(items[0]["change"]?["change"]?.string == "paid")
            #expect(items[0]["change"]?["payment_id"]?.string == "1")
            #expect(items[1]["payment"]?["transaction_id"]?.string == "1246")
            #expect(items[1]["payment"]?["customer"]?.string == "Anton Budiman")
            #expect(items[2]["inquiry"]?["guard"]?.string == "payable")
            #expect(items[3]["change"]?["change"]?.string == "created")
            for item in items {
                let parts = ["change", "inquiry", "payment"].filter { name in
                    item.members.contains { $0.name == name && $0.value.isObject }
                }
                #expect(parts == [item["kind"]?.string])
                #expect(item["at"]?.string.flatMap { Moment(rfc3339: $0) } != nil)
            }
        }
    }

    @Test func `a timeline is paged, and its cursor belongs to its bill`() async throws {
        try await withHistory { service in
            var kinds: [String] = []
            var cursor: String?
            repeat {
                let more = cursor.map { "&cursor=\($0)" } ?? ""
                let page = try await service.admin.get(Self.path + "?limit=1" + more).list("kind")
                kinds += page.values
                cursor = page.cursor
                if let cursor {
                    let other = try await service.admin.get(
                        "/admin/v1/bills/2/timeline?cursor=\(cursor)")
                    try expectProblem(other, 400, "invalid_parameter")
                }
            } while cursor != nil
            #expect(kinds == ["change", "payment", "inquiry", "change"])
        }
    }

    @Test func `a key of another account finds no timeline`() async throws {
        try await withHistory { service in
            let neighbour = try await service.client(
                "neighbour", scopes: ["read"], account: Shop.neighbourID)
            try expectProblem(try await neighbour.get(Self.path), 404, "not_found")
            let shop = try await service.client("shop", scopes: ["read"], account: Shop.clientID)
            #expect(try await shop.get(Self.path).status == 200)
        }
    }

    private static let filters: [(query: String, ids: [String])] = [
        ("bill_id=1", ["1"]), ("bill_id=2&refused=false", ["2"]), ("bill_id=2&refused=true", []),
        ("bill_id=99", []), ("refused=true", ["3"]), ("refused=false", ["2", "1"]),
        ("refused=true&status=success", []), ("channel=alfa", ["3", "2", "1"]),
        ("channel=indomaret", []), ("unpaid=true", ["2"]), ("unpaid=true&from=2020-01-01", ["2"]),
        ("unpaid=true&to=2020-01-01", []), ("unpaid=false", ["3", "2", "1"]),
    ]

    @Test func `inquiries are found by bill, by refusal, by channel, and unpaid`() async throws {
        try await withHistory { service in
            for (query, ids) in Self.filters {
                let found = try await service.items("/admin/v1/inquiries?" + query)
                #expect(found.compactMap { $0["id"]?.string } == ids, "\(query)")
            }
            let page = try await service.admin.get("/admin/v1/inquiries?refused=false&limit=1")
            let cursor = try #require(try page.list("id").cursor)
            for query in ["?", "?refused=true&", "?refused=false&channel=alfa&"] {
                let refused = try await service.admin.get(
                    "/admin/v1/inquiries\(query)cursor=\(cursor)")
                try expectProblem(refused, 400, "invalid_parameter")
            }
            let next = try await service.admin.get(
                "/admin/v1/inquiries?refused=false&cursor=\(cursor)")
            #expect(try next.list("id").values == ["1"])
        }
    }
}
