// Two bills are the same if their contents are, however the client's library spells them; a text
// that only looks the same is different.

import Testing

struct SameBillTests {
    private func post(_ bill: BillJSON, _ status: Int, on service: RunningService) async throws {
        let answer = try await service.admin.post("/admin/v1/bills", bill.text)
        #expect(answer.status == status, "\(answer.text)")
    }

    @Test func `the order of metadata's members does not matter`() async throws {
        try await withService { service in
            let bill = BillJSON().with("metadata", #"{"b":{"y":1,"x":[2,1]},"a":"é"}"#)
            try await post(bill, 201, on: service)
            let other = #"{ "a" : "\u00e9", "b":{"x":[2,1],"y":1}}"#
            try await post(bill.with("metadata", other), 200, on: service)
            let differs = #"{"a":"é","b":{"x":[1,2],"y":1}}"#
            try await post(bill.with("metadata", differs), 409, on: service)
            let shown = try await service.bill()["metadata"]?.rawBytes
            #expect(
                shown.map { String(decoding: $0, as: UTF8.self) }
                    == #"{"a":"é","b":{"x":[2,1],"y":1}}"#)
        }
    }

    @Test func `a text in another Unicode form is another text`() async throws {
        try await withService { service in
            let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
            let bill = BillJSON().with("info", "\"\(composed)\"")
                .with("metadata", "{\"x\":\"\(composed)\"}")
            try await post(bill, 201, on: service)
            try await post(bill.with("info", "\"\(decomposed)\""), 409, on: service)
            let body = "{\"info\":\"\(decomposed)\",\"metadata\":{\"x\":\"\(decomposed)\"}}"
            #expect(try await service.edit(body).status == 200)
            let edited = try await service.bill()
            for text in [edited["info"]?.string, edited["metadata"]?["x"]?.string] {
                #expect(text.map { Array($0.utf8) } == Array(decomposed.utf8))
            }
            let last = edited["history"]?.elements.last
            #expect(last?["detail"]?.string == "info, metadata")
        }
    }

    @Test(arguments: [
        ("2099-01-01T00:00:00.123456Z", "2099-01-01T00:00:00.123Z"),
        ("2099-01-01t07:00:00.0+07:00", "2099-01-01T00:00:00Z"),
        ("2099-01-01", "2099-01-01T16:59:59Z"),
    ])
    func `an expiry as sent equals the one shown`(_ sent: String, shown: String) async throws {
        try await withService { service in
            try await post(BillJSON().with("expires_at", "\"\(sent)\""), 201, on: service)
            #expect(try await service.bill()["expires_at"]?.string == shown)
            try await post(BillJSON().with("expires_at", "\"\(shown)\""), 200, on: service)
        }
    }

    @Test func `an expiry in a year of five digits is refused`() async throws {
        try await withService { service in
            let far = BillJSON().with("expires_at", "\"9999-12-31T23:59:59-00:01\"")
            try await post(far, 422, on: service)
        }
    }

    @Test(arguments: ["\u{200B}", "\u{202E}", " \u{2060} "])
    func `a name of invisible characters is refused`(_ name: String) async throws {
        try await withService { service in
            let bill = BillJSON().with("customer", "{\"name\":\"\(name)\"}")
            try await post(bill, 422, on: service)
        }
    }
}
