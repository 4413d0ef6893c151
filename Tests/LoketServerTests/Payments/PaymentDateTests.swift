// "What came in today?" over the admin API: ranges of time, customers and channels, cursors that
// belong to their list, and sums by day.

import DokuSimulator
import LoketCore
import LoketJSON
import TestSupport
import Testing

struct PaymentDateTests {
    private static let path = "/admin/v1/payments"

    private static func time(_ text: String) throws -> Moment {
        try #require(Moment(rfc3339: text))
    }

    /// Payments 1 to 4, in another order than that of their times: on the 30th at Alfa and at
    /// Indomaret, on the 29th, and on December 1st at a channel that the settings do not have.
    private func withPayments(_ body: (RunningService) async throws -> Void) async throws {
        try await withTill { service in
            try service.seed([
                .sample(Till.code, "INV-1") { $0.customerName = "Agus Setiawan" },
                .sample(Till.otherCode, "INV-2") { $0.customerEmail = "SITI@example.com" },
            ])
            try await service.pay(
                Till.notice(at: try Self.time("2026-11-30T14:00:00+07:00"), transaction: "1246"))
            try await service.pay(
                Till.notice(
                    "INV-2", code: Till.otherCode, at: try Self.time("2026-11-30T00:00:00+07:00")
                ) { $0.counter = .indomaret })
            try await service.pay(
                Till.notice("INV-7", amount: 70, at: try Self.time("2026-11-29T23:59:59+07:00")))
            let last = Till.notice(
                "INV-8", amount: 80, at: try Self.time("2026-12-01T00:00:00+07:00"))
            let text = String(decoding: last.body, as: UTF8.self)
                .replacing("ONLINE_TO_OFFLINE_ALFA", with: "KIOSK_7")
            let answer = try await service.ask(Till.doku.notification(Array(text.utf8)))
            #expect(answer.status == 200)
            try await body(service)
        }
    }

    private static let filters: [(query: String, ids: [String])] = [
        ("?from=2026-11-30&to=2026-12-01", ["1", "2"]), ("?from=2026-11-30", ["4", "1", "2"]),
        ("?to=2026-11-30", ["3"]), ("?from=2026-11-30T14:00:00%2B07:00&to=2026-12-01", ["1"]),
        ("?from=2026-11-01&sort=oldest", ["3", "2", "1", "4"]),
        ("?sort=oldest", ["1", "2", "3", "4"]), ("?customer=agus", ["1"]),
        ("?customer=siti@EXAMPLE", ["2"]), ("?customer=agus&to=2026-11-30", []),
        ("?payment_code=\(Till.otherCode)", ["2"]), ("?payment_code=8896+5110+0000+02", ["2"]),
        ("?channel=alfa", ["3", "1"]), ("?channel=indomaret", ["2"]), ("?channel=KIOSK_7", ["4"]),
        ("?channel=ONLINE_TO_OFFLINE_ALFA", ["3", "1"]), ("?channel=kiosk_7", []),
        ("?channel=alfa&from=2026-11-30&to=2026-12-01&needs_attention=false", ["1"]),
        ("?needs_attention=true&from=2026-11-30", ["4"]),
    ]

    @Test func `each filter narrows the list`() async throws {
        try await withPayments { service in
            for (query, ids) in Self.filters {
                let found = try await service.payments(query).compactMap { $0["id"]?.string }
                #expect(found == ids, "\(query)")
            }
        }
    }

    @Test func `a payment has its channel, its store, its customer and its bill`() async throws {
        try await withPayments { service in
            let listed = try await service.payments()
            let shown = try await service.admin.get(Self.path + "/1").json()
            for payment in [try #require(listed.last), shown] {
                #expect(payment["channel"]?.string == "alfa")
                #expect(payment["store"]?.string == "B071")
                #expect(payment["transaction_id"]?.string == "1246")
                #expect(payment["customer"]?.string == "Agus Setiawan")
                #expect(payment["bill_invoice_number"]?.string == "INV-1")
            }
            let channels = listed.map { $0["channel"]?.string }
            #expect(channels == ["KIOSK_7", "alfa", "indomaret", "alfa"])
            #expect(listed.first?["customer"]?.isNull == true)
            #expect(listed.first?["transaction_id"]?.isNull == true)
            _ = try await service.admin.post("/admin/v1/bills/1/forget", "{}")
            let forgotten = try await service.admin.get(Self.path + "/1").json()
            #expect(forgotten["customer"]?.isNull == true)
            #expect(forgotten["bill_invoice_number"]?.string == "INV-1")
        }
    }

    @Test func `a cursor belongs to its filters and order, not to its page's size`() async throws {
        try await withPayments { service in
            for query in ["?from=2026-11-01", "?sort=oldest", "?channel=alfa", "?customer=a"] {
                let path = Self.path + query
                let page = try await service.admin.get(path + "&limit=1").list("id")
                let cursor = try #require(page.cursor, "\(query)")
                let next = try await service.admin.get(path + "&limit=9&cursor=\(cursor)")
                #expect(next.status == 200, "\(next.text)")
                #expect(try !next.list("id").values.contains(page.values[0]))
                for other in ["", "&to=2026-12-31", "&standing=settled"] {
                    let list = other.isEmpty ? Self.path + "?cursor=" : path + other + "&cursor="
                    let refused = try await service.admin.get(list + cursor)
                    try expectProblem(refused, 400, "invalid_parameter")
                    #expect(refused.text.contains("leave it out to begin"), "\(refused.text)")
                }
            }
        }
    }

    /// A text for each day and channel of totals.
    private func days(_ totals: JSONValue) -> [String] {
        (totals["days"]?.elements ?? []).map { day in
            let (count, undecided) = (day["count"]?.integer, day["undecided"])
            return "\(day["date"]?.string ?? "") \(day["channel"]?.string ?? "-") "
                + "\(count ?? -1) \(day["amount"]?.integer ?? -1) "
                + "\(undecided?["count"]?.integer ?? -1) "
                + "\(undecided?["amount"]?.integer ?? -1)"
        }
    }

    @Test func `totals of a range are by day and channel`() async throws {
        try await withPayments { service in
            let whole = try await service.admin.get(Self.path + "/totals").json()
            #expect(days(whole).isEmpty)
            let all = try await service.admin.get(
                Self.path + "/totals?from=2026-11-01&to=2027-11-01"
            ).json()
            for name: StaticString in ["count", "amount"] {
                let sums = [all, whole].map { $0["received"]?[name]?.integer }
                #expect(sums[0] == sums[1])
            }
            #expect(
                days(all) == [
                    "2026-11-29 alfa 0 0 1 70", "2026-11-30 alfa 1 150000 0 0",
                    "2026-11-30 indomaret 1 150000 0 0", "2026-12-01 KIOSK_7 0 0 1 80",
                ])
            #expect(whole["notifications"]?["recorded"]?.integer == 4)
            let day = try await service.admin.get(
                Self.path + "/totals?from=2026-11-30&to=2026-12-01"
            ).json()
            #expect(days(day) == Array(days(all)[1...2]))
            #expect(day["received"]?["amount"]?.integer == 300_000)
            #expect(day["notifications"]?.isNull == true)
        }
    }

    private static let refusedTotals: [(query: String, said: String)] = [
        ("to=2026-12-01", "`to` needs `from`"),
        ("from=2025-01-01&to=2026-01-03", "give a `to` of 2026-01-02 or earlier"),
        ("from=2020-01-01", "give a `to` of 2021-01-01 or earlier"),
    ]

    @Test func `totals of an open or too long range are refused`() async throws {
        try await withService { service in
            for (query, said) in Self.refusedTotals {
                let answer = try await service.admin.get(Self.path + "/totals?" + query)
                try expectProblem(answer, 400, "invalid_parameter")
                #expect(answer.string("detail")?.contains(said) == true, "\(answer.text)")
            }
            let year = try await service.admin.get(
                Self.path + "/totals?from=2025-01-01&to=2026-01-02")
            #expect(year.status == 200)
        }
    }

    @Test func `channels of earlier payments are read after a start`() async throws {
        try await withFolder { folder in
            try await withTill(in: folder) { service in
                try await service.pay(Till.notice())
                #expect(try await service.payments("?channel=alfa").count == 1)
            }
            for sql in [
                "UPDATE notification SET channel = NULL",
                "INSERT INTO channel_reading VALUES (1, 0, 1)",
            ] {
                try ForeignHand.run(folder.file("loket.db"), sql)
            }
            try await withTill(in: folder) { service in
                try await eventually {
                    try await service.payments("?channel=alfa").count == 1
                }
            }
        }
    }
}
