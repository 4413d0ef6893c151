// The list of bills over the admin API: its filters, its orders, and its cursors, each valid only
// for the list that returned it.

import LoketCore
import LoketStore
import Testing

struct SearchBillTests {
    private static let path = "/admin/v1/bills"
    private static let day: Int64 = 86_400_000

    /// Bill A is open and expires tomorrow, B has expired, C is paid, D cancelled, E held, and F
    /// belongs to the neighbour.
    private func withBills(_ body: (RunningService) async throws -> Void) async throws {
        try await withService { service in
            let now = Moment.now
            try service.seed([
                .sample("88965110000001", "INV-A") {
                    $0.expiresAt = now.adding(milliseconds: Self.day)
                    $0.customerName = "Siti Nurhalizah"
                },
                .sample("88965110000002", "INV-B") {
                    $0.expiresAt = now.adding(milliseconds: -Self.day)
                    $0.customerEmail = "Siti@Example.com"
                },
            ])
            try service.seed([.sample("88965110000003", "PRE-C")], state: .paid)
            try service.seed([.sample("88965110000001", "INV-D")], state: .cancelled)
            try service.seed(
                [
                    .sample("88965110000005", "PRE-E") {
                        $0.expiresAt = now.adding(milliseconds: 2 * Self.day)
                    }
                ], state: .held)
            let neighbour = BillJSON("77777000001", "INV-F")
            #expect(try await service.admin.post(Self.path, neighbour.text).status == 201)
            try await body(service)
        }
    }

    private static let searches: [(query: String, letters: String)] = [
        ("sort=newest", "FEDCBA"), ("sort=oldest", "ABCDEF"),
        ("sort=expires_at", "BAE"), ("sort=invoice_number", "ABDCEF"),
        ("ids=5,1,99,3", "ECA"), ("ids=1,2,4&state=open&sort=oldest", "AB"),
        ("ids=2,6&account=\(Shop.neighbourID)", "F"),
        ("payment_code=88965110000001", "DA"), ("payment_code=88965110000001&state=open", "A"),
        ("payment_code=88965110000001&sort=oldest", "AD"), ("invoice_number=INV-B", "B"),
        ("invoice_prefix=INV", "ABDF"), ("invoice_prefix=INV&sort=newest", "FDBA"),
        ("invoice_prefix=inv", ""), ("invoice_prefix=PRE-&state=held", "E"),
        ("customer=SITI", "BA"), ("customer=siti%40", "B"), ("customer=%25", ""),
        ("customer=siti&state=expired", "B"), ("state=open", "FBA"), ("state=expired", "B"),
        ("state=held", "E"), ("state=paid", "C"), ("state=cancelled", "D"),
        ("state=replaced", ""), ("account=\(Shop.neighbourID)", "F"),
        ("account=\(Shop.clientID)&state=open", "BA"),
        ("expires_from=2001-01-01", "EBA"), ("expires_to=2001-01-01", ""),
        ("expires_from=2001-01-01&state=held&sort=expires_at", "E"),
    ]

    @Test func `a list is filtered and ordered as requested`() async throws {
        try await withBills { service in
            for (query, letters) in Self.searches {
                for limit in [1, 2, 100] {
                    var found = ""
                    var cursor: String?
                    repeat {
                        let more = cursor.map { "&cursor=\($0)" } ?? ""
                        let page = try await service.admin.get(
                            Self.path + "?limit=\(limit)&\(query)\(more)"
                        ).list("invoice_number")
                        #expect(page.values.count <= limit)
                        found += page.values.compactMap(\.last).map(String.init).joined()
                        cursor = page.cursor
                    } while cursor != nil
                    #expect(found == letters, "\(query), \(limit) on a page")
                }
            }
        }
    }

    /// A date means its first moment in Jakarta; the end of a range is excluded.
    @Test func `a range of expiries is half open`() async throws {
        try await withService { service in
            for (place, expiry) in [
                "2099-12-30T23:59:59+07:00", "2099-12-31T00:00:00+07:00", "2099-12-31",
                "2100-01-01T00:00:00+07:00",
            ].enumerated() {
                let bill = BillJSON("8896511000000\(place)", "INV-\(place)")
                    .with("expires_at", "\"\(expiry)\"")
                #expect(try await service.admin.post(Self.path, bill.text).status == 201)
            }
            for (query, numbers) in [
                ("expires_from=2099-12-31&expires_to=2100-01-01", ["INV-1", "INV-2"]),
                ("expires_to=2099-12-31", ["INV-0"]),
                ("expires_from=2100-01-01T00:00:00%2B07:00", ["INV-3"]),
                ("expires_from=2099-12-31T16:59:59Z&expires_to=2099-12-31T17:00:00Z", ["INV-2"]),
            ] {
                let page = try await service.admin.get(Self.path + "?sort=oldest&" + query)
                #expect(try page.list("invoice_number").values == numbers, "\(query)")
            }
        }
    }

    private static let wrong = [
        "cursor=x", "cursor=", "cursor=before-", "cursor=before-x", "cursor=before-7",
        "cursor=7", "cursor=0-7", "limit=0", "limit=1001", "limit=x", "limit=", "limit=-1",
        "limit=1.0", "limit=1&limit=1", "payment_code=x", "payment_code=", "invoice_number=",
        "invoice_number=a%20b", "invoice_prefix=", "invoice_prefix=%C3%A9", "customer=",
        "customer=%20", "customer=a%0Ab", "state=", "state=Open", "state=open,held",
        "account=", "account=MCH-0", "expires_from=", "expires_from=soon",
        "expires_to=2099-02-30", "expires_to=2099-01-01T00:00:00", "sort=", "sort=amount",
        "sort=NEWEST", "sort=expires_at&state=paid",
        "expires_from=2026-11-30&expires_to=2026-11-30",
        "expires_from=2026-11-30&expires_to=2026-11-01",
    ]

    @Test func `a parameter that is wrong is refused`() async throws {
        try await withService { service in
            for query in Self.wrong {
                let answer = try await service.admin.get(Self.path + "?" + query)
                #expect(answer.cause == "invalid_parameter", "\(query)")
                try expectProblem(answer, 400, "invalid_parameter")
            }
        }
    }

    private static let lists = [
        "sort=newest", "sort=oldest", "sort=invoice_number", "sort=expires_at", "state=open",
        "invoice_prefix=INV-", "invoice_prefix=INV-&sort=newest",
        "account=\(Shop.clientID)", "customer=s", "expires_from=2001-01-01",
        "expires_from=2001-01-02",
    ]

    @Test func `a cursor is valid only unchanged and for its own list`() async throws {
        try await withBills { service in
            var cursors: [String: String] = [:]
            for list in Self.lists {
                let page = try await service.admin.get(Self.path + "?limit=1&" + list)
                let cursor: String = try #require(try page.list("id").cursor, "\(list)")
                cursors[list] = cursor
            }
            for (list, cursor) in cursors {
                for other in Self.lists {
                    let answer = try await service.admin.get(
                        Self.path + "?limit=5&\(other)&cursor=\(cursor)")
                    #expect((answer.status == 200) == (list == other), "\(list), \(other)")
                }
                // Any character changed, one character too many, one too few.
                for place in cursor.indices {
                    var tampered = cursor
                    tampered.replaceSubrange(
                        place...place, with: cursor[place] == "0" ? "1" : "0")
                    try expectProblem(
                        try await service.admin.get(
                            Self.path + "?\(list)&cursor=\(tampered)"), 400,
                        "invalid_parameter")
                }
                for tampered in [cursor + "0", String(cursor.dropLast()), "0" + cursor] {
                    try expectProblem(
                        try await service.admin.get(
                            Self.path + "?\(list)&cursor=\(tampered)"), 400,
                        "invalid_parameter")
                }
            }
        }
    }
}
