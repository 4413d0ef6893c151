// What an inquiry for a code would be answered at a time, over the admin API.

import DokuSimulator
import LoketCore
import LoketJSON
import LoketStore
import TestSupport
import Testing

struct QuoteRouteTests {
    private static let path = "/admin/v1/quote?payment_code="
    private static let code = "88965110000001"

    private func quotes(
        _ query: String, of service: RunningService, by client: AdminClient? = nil
    ) async throws -> [JSONValue] {
        let answer = try await (client ?? service.admin).get(Self.path + query)
        return try #require(try answer.json()["items"], "\(answer.text)").elements
    }

    private func text(_ quote: JSONValue?) -> String {
        let amount = quote?["amount"]?.integer.map { "\($0)" } ?? "no amount"
        let until = quote?["amount_until"]?.string.map { " until \($0)" } ?? ""
        let next = quote?["next_amount"]?.integer.map { ", then \($0)" } ?? ""
        return "\(quote?["guard"]?.string ?? ""): \(amount)\(until)\(next)"
    }

    /// The bill's amounts end at 2020-01-31 and 2099-12-10; it is valid from 2019-12-01 to
    /// 2099-12-31.
    private static let times: [(at: String, text: String)] = [
        ("", "payable: 150000 until 2099-12-10T16:59:59Z, then 175000"),
        ("&at=2019-11-30T23:59:59.999%2B07:00", "bill_not_yet_valid: no amount"),
        ("&at=2019-12-01", "payable: 100000 until 2020-01-31T16:59:59Z, then 150000"),
        (
            "&at=2020-01-31T23:59:58+07:00",
            "payable: 100000 until 2020-01-31T16:59:59Z, then 150000"
        ),
        ("&at=2020-01-31T16:59:59Z", "payable: 150000 until 2099-12-10T16:59:59Z, then 175000"),
        // A date is the beginning of the day.
        ("&at=2099-12-10", "payable: 150000 until 2099-12-10T16:59:59Z, then 175000"),
        ("&at=2099-12-11", "payable: 175000"), ("&at=2099-12-31", "payable: 175000"),
        ("&at=2099-12-31T23:59:59%2B07:00", "bill_expired: no amount"),
    ]

    @Test func `a dated bill is quoted at any time with the step and the next one`() async throws {
        try await withService { service in
            let bill = BillJSON.dated().with("valid_from", "\"2019-12-01\"")
                .with("expires_at", "\"2099-12-31\"")
            let made = try await service.admin.post("/admin/v1/bills", bill.text)
            #expect(made.status == 201, "\(made.text)")
            for (at, expected) in Self.times {
                let found = try await quotes(Self.code + at, of: service)
                #expect(found.map { text($0) } == [expected], "\(at)")
            }
            let answer = try await service.admin.get(Self.path + "88965-11000.0001&at=2099-12-11")
            let quote = try answer.json()
            #expect(quote["at"]?.string == "2099-12-10T17:00:00Z")
            let item = quote["items"]?.elements.first
            #expect(item?["account"]?.string == Shop.clientID)
            #expect(item?["bill_id"]?.string == "1")
            #expect(item?["invoice_number"]?.string == "INV-1")
            #expect(item?["meaning"]?.string == Guard.payable.meaning)
            // A question of the merchant is not an inquiry.
            #expect(try await service.items("/admin/v1/inquiries").isEmpty)
        }
    }

    private static let states: [(Bill.State, String)] = [
        (.open, "payable: 150000"), (.held, "bill_held: no amount"),
        (.paid, "bill_paid: no amount"), (.cancelled, "bill_cancelled: no amount"),
        (.replaced, "bill_expired: no amount"),
    ]

    @Test func `a bill in any state is quoted as an inquiry would be answered`() async throws {
        for (state, expected) in Self.states {
            try await withService { service in
                try service.seed([.sample(Self.code, "INV-1")], state: state)
                #expect(try await quotes(Self.code, of: service).map { text($0) } == [expected])
                let heard = try await service.ask(Shop.doku.inquiry(Self.code))
                #expect((heard.status == 200) == (state == .open))
            }
        }
    }

    @Test func `a key sees the bills of its account, and all if it is for all`() async throws {
        try await withService { service in
            let code = "54321000001"
            for account in [Shop.clientID, Shop.neighbourID] {
                let bill = BillJSON(code, "INV-1").with("account", "\"\(account)\"")
                #expect(try await service.admin.post("/admin/v1/bills", bill.text).status == 201)
            }
            func accounts(_ client: AdminClient) async throws -> Set<String> {
                Set(
                    try await quotes(code, of: service, by: client).compactMap {
                        $0["account"]?.string
                    })
            }
            #expect(try await accounts(service.admin) == [Shop.clientID, Shop.neighbourID])
            let neighbour = try await service.client(
                "neighbour", scopes: ["read"], account: Shop.neighbourID)
            #expect(try await accounts(neighbour) == [Shop.neighbourID])
            #expect(try await quotes("88965199999999", of: service).isEmpty)
        }
    }

    @Test(arguments: [
        "", "?at=2099-01-01", "?payment_code=", "?payment_code=x",
        "?payment_code=12345678901234567890123456", "?payment_code=1&at=",
        "?payment_code=1&at=soon",
        "?payment_code=1&at=2099-02-30", "?payment_code=1&at=2099-01-01T00:00:00",
        "?payment_code=1&payment_code=1",
    ])
    func `a quote without a code or with a wrong time is refused`(_ query: String) async throws {
        try await withService { service in
            try expectProblem(
                try await service.admin.get("/admin/v1/quote" + query), 400, "invalid_parameter")
        }
    }
}
