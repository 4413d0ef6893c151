// Every field of a bill, with every kind of wrong value: the answer is 422 with the field's place,
// and nothing is stored.

import LoketCore
import Testing

struct BillFieldTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let field: String
        let json: String?
        var pointer: String?

        var testDescription: String { "\(field): \((json ?? "absent").prefix(60))" }
    }

    private static func cases(_ field: String, _ wrong: [String?], at pointer: String? = nil)
        -> [Case]
    {
        wrong.map { Case(field: field, json: $0, pointer: pointer) }
    }

    private static let amounts = cases(
        "amount",
        [
            nil, "null", "0", "-1", "-0", "150000.0", "1.5e5", "1e5", "1000000000000",
            "99999999999999999999999", "\"150000\"", "true", "[]",
        ])
    private static let codes = cases(
        "payment_code",
        [
            nil, "null", "\"\"", "88965110000001", "\"8896511000000A\"", "\"8896511000000１\"",
            "\"889651 10000001\"", "\"12345678901234567890123456\"", "\" 88965110000001\"",
            // A BIN that no account has, a code too short for its BIN, a code too long for it.
            "\"9999910000001\"", "\"889651\"", "\"889651123456789012345\"", "\"1234501\"",
        ])
    private static let numbers = cases(
        "invoice_number",
        [
            nil, "null", "\"\"", "1", "\"INV 1\"", "\"INV-é\"", "\"INV\\n\"",
            "\"\(String(repeating: "A", count: 65))\"",
        ])
    private static let expiries = cases(
        "expires_at",
        [
            "\"2001-01-01T00:00:00Z\"", "\"2001-01-01\"", "\"soon\"", "\"\"", "4102444800",
            "\"2099-02-30\"", "\"2099-01-01T00:00:00\"", "\"2099-01-01 00:00:00Z\"",
            "\"2099-13-01\"", "\"2099-1-1\"", "true",
        ])
    private static let names = cases(
        "customer",
        [
            nil, "null", "{}", "{\"name\":null}", "{\"name\":\"\"}", "{\"name\":\"   \"}",
            "{\"name\":7}", "{\"name\":\"a\\u0000b\"}", "{\"name\":\"a\\nb\"}",
            "{\"name\":\"a\\u001bb\"}", "{\"name\":\"a\\u0085b\"}", "\"Anton\"", "[]",
            "{\"name\":\"a\\u2028b\"}", "{\"name\":\"a\\u202eb\"}",
            "{\"name\":\"\(String(repeating: "x", count: 65))\"}",
        ],
        at: "/customer/name")
    private static let emails = cases(
        "customer",
        [
            "anton", "@example.com", "anton@", "a@b@c", "a b@example.com", "",
            "a \u{301}b@example.com",
            String(repeating: "e", count: 120) + "@example.com",
        ].map { "{\"name\":\"Anton\",\"email\":\"\($0)\"}" } + [
            "{\"name\":\"Anton\",\"email\":5}"
        ],
        at: "/customer/email")
    private static let others =
        cases(
            "info",
            [
                "\"\"", "\" \"", "5", "\"\(String(repeating: "i", count: 31))\"", "\"a\\tb\"",
                "\"a\\u2029b\"", "\"a\\u2066b\"",
            ])
        + cases("reusable", ["1", "\"true\"", "[]"])
        + cases(
            "metadata",
            ["[]", "\"x\"", "1", "{\"a\":\"\(String(repeating: "m", count: 4100))\"}"])
        + cases("account", ["\"MCH-9999\"", "5", "\"\"", "\"\(Shop.neighbourID)\""])

    private static let all =
        amounts + codes + numbers + expiries + names + emails + others

    @Test func `a wrong value is refused with its place and nothing is stored`() async throws {
        try await withService { service in
            for wrong in Self.all {
                let bill = BillJSON().with(wrong.field, wrong.json)
                let answer = try await service.admin.post("/admin/v1/bills", bill.text)
                try expectProblem(answer, 422, "invalid_value")
                // With another account, the code is wrong: its BIN is not that account's.
                let isForeignAccount = wrong.json == "\"\(Shop.neighbourID)\""
                let expected =
                    wrong.pointer ?? (isForeignAccount ? "/payment_code" : "/" + wrong.field)
                #expect(answer.pointers == [expected], "\(wrong.testDescription)")
            }
            #expect(try await service.billCount == 0)
        }
    }

    @Test func `every wrong field is reported in one answer`() async throws {
        try await withService { service in
            let bill = BillJSON().with("amount", "1.5").with("payment_code", "1")
                .with("customer", "{}").with("info", "7")
            let answer = try await service.admin.post("/admin/v1/bills", bill.text)
            try expectProblem(answer, 422, "invalid_value")
            #expect(
                Set(answer.pointers) == ["/amount", "/payment_code", "/customer/name", "/info"])
        }
    }

    @Test func `errors of the BIN, the clock and other bills are in one answer too`() async throws {
        try await withService { service in
            try service.seed([.sample("88965110000001", "INV-1")])
            try service.seed([.sample("88965110000002", "INV-2")])
            let taken = BillJSON("88965110000001", "INV-2").with("expires_at", "\"2001-01-01\"")
            let two = try await service.admin.post("/admin/v1/bills", taken.text)
            try expectProblem(two, 409, "invoice_number_taken")
            let all = BillJSON("88965110000001", "INV-3-0123456789")
                .with("expires_at", "\"2001-01-01\"")
            let late = try await service.admin.post("/admin/v1/bills", all.text)
            try expectProblem(late, 422, "invalid_value")
            #expect(late.pointers == ["/expires_at", "/payment_code"])
            let bill = BillJSON("777", "INV-2").with("account", "\"\(Shop.clientID)\"")
                .with("expires_at", "\"2001-01-01\"").with("amont", "5").with("amount", nil)
            let answer = try await service.admin.post("/admin/v1/bills", bill.text)
            try expectProblem(answer, 400, "unknown_field")
            #expect(
                answer.pointers == [
                    "/amont", "/amount", "/payment_code", "/invoice_number", "/expires_at",
                ], "\(answer.text)")
            #expect(answer.text.contains("did you mean `amount`?"), "\(answer.text)")
            #expect(try await service.billCount == 2)
        }
    }

    private static let borders: [(String, String)] = [
        ("amount", "1"), ("amount", "999999999999"),
        ("payment_code", "\"8896510\""), ("payment_code", "\"88965112345678901234\""),
        ("payment_code", "\"12345678\""), ("payment_code", "\"1234567890123456789012345\""),
        ("invoice_number", "\"\(String(repeating: "A", count: 64))\""),
        ("expires_at", "\"2099-12-31\""), ("expires_at", "null"),
        ("expires_at", "\"2099-12-31T23:59:59.999-05:30\""),
        ("customer", "{\"name\":\"\(String(repeating: "名", count: 64))\",\"email\":null}"),
        ("customer", "{\"name\":\"A\",\"email\":\"\(String(repeating: "e", count: 122))@id.co\"}"),
        ("info", "\"\(String(repeating: "é", count: 30))\""), ("info", "null"),
        ("reusable", "null"), ("metadata", "null"), ("metadata", "{}"), ("account", "null"),
        ("account", "\"\(Shop.clientID)\""),
    ]

    @Test func `a value at its limit is accepted`() async throws {
        try await withService { service in
            for (place, (field, json)) in Self.borders.enumerated() {
                let bill = BillJSON("\(88_965_110_000_100 + place)", "INV-\(place)")
                let answer = try await service.admin.post(
                    "/admin/v1/bills", bill.with(field, json).text)
                #expect(answer.status == 201, "\(field) \(json): \(answer.text)")
            }
        }
    }

    @Test func `an expiry without a time is the end of the day in Jakarta`() async throws {
        try await withService { service in
            let answer = try await service.admin.post(
                "/admin/v1/bills", BillJSON().with("expires_at", "\"2099-12-31\"").text)
            #expect(answer.string("expires_at") == "2099-12-31T16:59:59Z")
        }
    }

    @Test func `a reusable bill leaves room for a suffix`() async throws {
        try await withService { service in
            for (length, status) in [(53, 201), (54, 422)] {
                let number = String(repeating: "R", count: length)
                let bill = BillJSON("8896511000\(length)", number).with("reusable", "true")
                let answer = try await service.admin.post("/admin/v1/bills", bill.text)
                #expect(answer.status == status)
                if status == 422 { #expect(answer.pointers == ["/invoice_number"]) }
            }
        }
    }

    @Test func `an amount outside the limits of a channel of the BIN is refused`() async throws {
        let more = "channels: { alfa: { amount: { min: 10000, max: 5000000 } } }"
        try await withService(more: more) { service in
            for (amount, status) in [
                (9999, 422), (10_000, 201), (5_000_000, 201), (5_000_001, 422),
            ] {
                let bill = BillJSON("8896511\(amount)", "INV-\(amount)").with("amount", "\(amount)")
                let answer = try await service.admin.post("/admin/v1/bills", bill.text)
                #expect(answer.status == status, "\(answer.text)")
                if status == 422 { #expect(answer.pointers == ["/amount"]) }
            }
        }
    }

    @Test func `a bill under a BIN of two accounts must name its account`() async throws {
        try await withService { service in
            let bill = BillJSON("54321000001", "INV-1")
            let vague = try await service.admin.post("/admin/v1/bills", bill.text)
            try expectProblem(vague, 422, "invalid_value")
            #expect(vague.pointers == ["/account"])
            for account in [Shop.clientID, Shop.neighbourID] {
                let named = bill.with("account", "\"\(account)\"")
                let answer = try await service.admin.post("/admin/v1/bills", named.text)
                #expect(answer.status == 201)
                #expect(answer.string("account") == account)
            }
        }
    }
}
