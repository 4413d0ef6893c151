// The search by words of a customer's name over the admin API, beside codes, numbers and ids.

import LoketCore
import LoketJSON
import TestSupport
import Testing

struct NameSearchRouteTests {
    private func search(_ text: String, by client: AdminClient) async throws -> JSONValue {
        let answer = try await client.get("/admin/v1/search?q=\(text)")
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.json()
    }

    private func ids(_ list: JSONValue?) -> [String] {
        (list?.elements ?? []).compactMap { $0["id"]?.string }
    }

    /// Waits until the names of all bills are read.
    private func complete(_ service: RunningService) async throws {
        try await eventually("all names are read") {
            try await search("x", by: service.admin)["names"]?["complete"]?.bool == true
        }
    }

    @Test func `bills are found by a name, and codes are answered first`() async throws {
        try await withService { service in
            for (place, name) in ["Anton Budiman", "Toko 88965110000001"].enumerated() {
                let bill = BillJSON("8896511000000\(place + 1)", "INV-\(place + 1)")
                    .with("customer", #"{"name":"\#(name)"}"#)
                let made = try await service.admin.post("/admin/v1/bills", bill.text)
                #expect(made.status == 201, "\(made.text)")
            }
            try await complete(service)
            let byName = try await search("BUD%20ant", by: service.admin)
            #expect(ids(byName["bills"]) == [] && ids(byName["names"]?["items"]) == ["1"])
            #expect(byName["names"]?["words"]?.elements.map(\.string) == ["bud", "ant"])
            #expect(byName["names"]?["cut"]?.bool == false)
            let both = try await search("88965110000001", by: service.admin)
            #expect(ids(both["bills"]) == ["1"] && ids(both["names"]?["items"]) == ["2"])
            var neighbour = service.admin
            neighbour.key = try await service.keyForOneAccount(Shop.neighbourID)
            #expect(ids(try await search("anton", by: neighbour)["names"]?["items"]) == [])
        }
    }

    @Test func `new, edited and forgotten names are followed, and rebuilt`() async throws {
        try await withService { service in
            try await complete(service)
            let made = try await service.admin.post(
                "/admin/v1/bills", BillJSON("88965110000001").text)
            #expect(made.status == 201, "\(made.text)")
            let name = try #require(try made.json()["customer"]?["name"]?.string)
            let word = try #require(NameWords.words(of: name).first)
            try await eventually("the new bill is found") {
                ids(try await search(word, by: service.admin)["names"]?["items"]) == ["1"]
            }
            for path in ["1/cancel", "1/forget"] {
                let answer = try await service.admin.post("/admin/v1/bills/\(path)", "{}")
                #expect(answer.status == 200, "\(answer.text)")
            }
            #expect(ids(try await search(word, by: service.admin)["names"]?["items"]) == [])
            let rebuilt = try await service.admin.post("/admin/v1/search/rebuild", "{}")
            #expect(rebuilt.status == 202, "\(rebuilt.text)")
            try await complete(service)
            #expect(ids(try await search(word, by: service.admin)["names"]?["items"]) == [])
        }
    }
}
