// Query parameters as clients encode them: `+` is a space, and a wrong escape is refused.

import Testing

struct QueryTests {
    private func found(_ query: String, on service: RunningService) async throws -> [String] {
        let answer = try await service.admin.get("/admin/v1/bills?" + query)
        try #require(answer.status == 200, "\(query): \(answer.text)")
        return try answer.list("invoice_number").values
    }

    @Test func `a plus is a space, and names are escaped like values`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1") { $0.customerName = "Anton B+C" }])
            for query in [
                "customer=Anton+B", "customer=Anton%20B", "c%75stomer=anton", "customer=B%2BC",
                "invoice_number=INV-1&&", "payment%5Fcode=88965110000001",
            ] {
                #expect(try await found(query, on: service) == ["INV-1"], "\(query)")
            }
            #expect(try await found("customer=B+C", on: service) == [])
        }
    }

    @Test(arguments: ["customer=%zz", "customer=%ff", "customer=%4", "%ff=1", "limit=%"])
    func `a query that is not percent-encoded UTF-8 is refused`(_ query: String) async throws {
        try await withService { service in
            // Written by hand: a client library would correct the query.
            let answer = try await service.admin.sendRaw("GET", "/admin/v1/bills?" + query, [], [])
            try expectProblem(answer, 400, "invalid_parameter")
        }
    }

    @Test(arguments: ["limit=+5", "limit=05", "cursor=before-+5", "cursor=before-05"])
    func `a number has one spelling`(_ query: String) async throws {
        try await withService { service in
            try expectProblem(
                try await service.admin.get("/admin/v1/payments?" + query), 400,
                "invalid_parameter")
        }
    }

    @Test(arguments: ["%2B07:00", "+07:00", "Z"])
    func `the plus of a time's offset needs no escape`(_ offset: String) async throws {
        try await withService { service in
            for query in ["bills?expires_from=", "inquiries?from="] {
                let path = "/admin/v1/\(query)2030-01-01T00:00:00\(offset)"
                let answer = try await service.admin.get(path)
                #expect(answer.status == 200, "\(answer.text)")
            }
        }
    }
}
