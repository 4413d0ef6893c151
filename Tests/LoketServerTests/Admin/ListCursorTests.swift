// The cursors of lists by id: each is valid in the list that returned it, with the same filters.

import DokuSimulator
import LoketCore
import Testing

struct ListCursorTests {
    /// The lists that have at least two items, and queries with which the cursor is refused.
    private static let lists: [(path: String, others: [String])] = [
        (
            "/notifications",
            [
                "/notifications?standing=unmatched", "/notifications?source=notification",
                "/attention?", "/keys?",
            ]
        ),
        (
            "/attention",
            ["/attention?kind=unknown_status", "/attention?resolved=false", "/quarantine?"]
        ),
        ("/keys", ["/keys?active=true", "/keys?account=\(Shop.clientID)", "/imports?"]),
    ]

    @Test func `a cursor is refused in another list and with other filters`() async throws {
        try await withTill { service in
            for place in 1...2 {
                try await service.pay(Till.notice("INV-\(place)"))
                _ = try await service.notify(
                    Till.notice("INV-\(place)", amount: 8) { $0.status = "REFUNDED" })
                _ = try await service.client("key-\(place)", scopes: ["read"])
            }
            for (path, others) in Self.lists {
                let list = "/admin/v1" + path
                let page = try await service.admin.get(list + "?limit=1").list("id")
                let cursor = try #require(page.cursor, "\(path)")
                let next = try await service.admin.get(list + "?limit=1&cursor=" + cursor)
                #expect(try next.list("id").values != page.values, "\(path)")
                for other in others {
                    let separator = other.hasSuffix("?") ? "" : "&"
                    let refused = try await service.admin.get(
                        "/admin/v1\(other)\(separator)cursor=\(cursor)")
                    try expectProblem(refused, 400, "invalid_parameter")
                    #expect(refused.text.contains("leave it out to begin"), "\(refused.text)")
                }
            }
        }
    }
}
