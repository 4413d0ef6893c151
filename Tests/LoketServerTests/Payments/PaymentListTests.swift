// Lists of payments, notifications and events: filters, pages, and what is refused.

import DokuSimulator
import LoketCore
import LoketJSON
import Testing

struct PaymentListTests {
    private static let payments = "/admin/v1/payments"

    /// Payments 1 to 6: settled, duplicate, amount mismatch, unmatched, foreign, settled late.
    private func withPayments(_ body: (RunningService) async throws -> Void) async throws {
        try await withTill { service in
            let soon = Moment.now.adding(milliseconds: 60_000)
            try service.seed([
                .sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2"),
                .sample("88965110000003", "INV-3") { $0.expiresAt = soon },
            ])
            try await service.pay(Till.notice(transaction: "1"))
            try await service.pay(Till.notice(transaction: "2"))
            try await service.pay(Till.notice("INV-2", amount: 7, code: Till.otherCode))
            try await service.pay(Till.notice("INV-9", code: Till.code))
            try await service.pay(Till.notice("INV-8") { $0.serviceID = "QRIS" })
            let late = Moment.now.adding(milliseconds: 3_600_000)
            try await service.pay(Till.notice("INV-3", code: Till.code, at: late))
            _ = try await service.notify(Till.notice { $0.status = "FAILED" })
            try await body(service)
        }
    }

    private static let filters: [(query: String, ids: [String])] = [
        ("", ["6", "5", "4", "3", "2", "1"]), ("?standing=settled", ["6", "1"]),
        ("?standing=duplicate", ["2"]), ("?standing=amount_mismatch", ["3"]),
        ("?standing=after_cancel", []), ("?standing=unmatched", ["4"]),
        ("?standing=foreign", ["5"]), ("?standing=unreadable", []), ("?flag=late", ["6"]),
        ("?flag=code_differs", ["6"]), ("?flag=old_amount", []), ("?flag=bill_damaged", []),
        ("?bill_id=1", ["2", "1"]), ("?bill_id=2", ["3"]), ("?bill_id=99", []),
        ("?invoice_number=INV-1", ["2", "1"]), ("?invoice_number=inv-1", []),
        ("?invoice_number=INV-1%25", []), ("?needs_attention=true", ["6", "4", "3", "2"]),
        ("?needs_attention=true&standing=settled&flag=late&bill_id=3", ["6"]),
        ("?standing=settled&flag=late&bill_id=1", []),
    ]

    @Test func `each filter narrows the list, and together they narrow it further`() async throws {
        try await withPayments { service in
            for (query, ids) in Self.filters {
                let found = try await service.payments(query).compactMap { $0["id"]?.string }
                #expect(found == ids, "\(query)")
            }
        }
    }

    @Test func `payments are found by the time of their decision`() async throws {
        try await withPayments { service in
            let body = #"{"action":"dismiss"}"#
            for id in ["2", "3"] { #expect(try await service.resolve(id, body).status == 200) }
            let reopened = try await service.admin.post("/admin/v1/payments/2/reopen", "{}")
            #expect(reopened.status == 200, "\(reopened.text)")
            #expect(try await service.resolve("4", body).status == 200)
            let tomorrow = Moment.now.adding(milliseconds: 86_400_000).utcText
            for (query, ids) in [
                ("?decided_from=2020-01-01", ["4", "3"]), ("?decided_from=\(tomorrow)", []),
                ("?decided_from=2020-01-01&sort=oldest&from=2020-01-01", ["3", "4"]),
                ("?decided_from=2020-01-01&account=\(Shop.clientID)&bill_id=2", ["3"]),
                ("?decided_from=2020-01-01&needs_attention=true", []),
            ] {
                let found = try await service.payments(query).compactMap { $0["id"]?.string }
                #expect(found == ids, "\(query)")
            }
        }
    }

    @Test func `the pages contain everything once`() async throws {
        try await withPayments { service in
            for (path, count) in [
                (Self.payments, 6), ("/admin/v1/notifications", 7),
                ("/admin/v1/payments?needs_attention=true", 4),
            ] {
                var ids: [String] = []
                var cursor: String?
                repeat {
                    let mark = path.contains("?") ? "&" : "?"
                    let more = cursor.map { "&cursor=\($0)" } ?? ""
                    let page = try await service.admin.get("\(path)\(mark)limit=2\(more)")
                        .list("id")
                    ids += page.values
                    cursor = page.cursor
                } while cursor != nil
                #expect(ids.count == count)
                #expect(ids == Set(ids).sorted(by: >))
            }
        }
    }

    private static let wrong: [(String, String)] = [
        ("/payments?standing=not_success", "invalid_parameter"),
        ("/payments?standing=Settled", "invalid_parameter"),
        ("/payments?standing=", "invalid_parameter"), ("/payments?flag=x", "invalid_parameter"),
        ("/payments?bill_id=x", "invalid_parameter"),
        ("/payments?needs_attention=yes", "invalid_parameter"),
        ("/payments?decided_from=today", "invalid_parameter"),
        ("/payments?limit=0", "invalid_parameter"), ("/payments?limit=1001", "invalid_parameter"),
        ("/payments?cursor=5", "invalid_parameter"), ("/payments?state=x", "unknown_parameter"),
        ("/payments?standing=settled&standing=settled", "invalid_parameter"),
        ("/payments/1?x=1", "unknown_parameter"), ("/payments/totals?x=1", "unknown_parameter"),
        ("/notifications?standing=x", "invalid_parameter"),
        ("/notifications?source=x", "invalid_parameter"),
        ("/notifications?flag=late", "unknown_parameter"),
        ("/notifications/1?x=1", "unknown_parameter"), ("/events?after=x", "invalid_parameter"),
        ("/events?after=", "invalid_parameter"), ("/events?after=1", "invalid_parameter"),
        ("/events?after=0123456789abcdef-", "invalid_parameter"),
        ("/events?after=0123456789abcdef-1-1", "invalid_parameter"),
        ("/events?after=00", "invalid_parameter"),
        ("/events?cursor=before-1", "unknown_parameter"), ("/events?limit=x", "invalid_parameter"),
    ]

    @Test func `a wrong parameter is refused`() async throws {
        try await withPayments { service in
            for (path, cause) in Self.wrong {
                let answer = try await service.admin.get("/admin/v1" + path)
                try expectProblem(answer, 400, cause)
            }
            for path in [
                "/payments/7", "/payments/x", "/payments/-1", "/notifications/8",
                "/notifications/0",
            ] {
                let answer = try await service.admin.get("/admin/v1" + path)
                try expectProblem(answer, 404, "not_found")
            }
            let other = try await service.admin.get("/admin/v1/events?after=0123456789abcdef-1")
            try expectProblem(other, 410, "cursor_gone")
        }
    }

    @Test func `notifications are found by standing, and shown whole`() async throws {
        try await withPayments { service in
            let path = "/admin/v1/notifications"
            for (standing, ids) in [
                ("not_success", ["7"]), ("settled", ["6", "1"]), ("foreign", ["5"]),
                ("unreadable", []),
            ] {
                let found = try await service.items("\(path)?standing=\(standing)")
                #expect(found.compactMap { $0["id"]?.string } == ids, "\(standing)")
                #expect(found.allSatisfy { $0["body"] == nil && $0["body_base64"] == nil })
            }
            let one = try await service.admin.get(path + "/1").json()
            #expect(one["payment_id"]?.string == "1")
            #expect(one["target"]?.string == Till.signedTarget)
            #expect(one["hash"]?.string?.utf8.count == 64)
            #expect(one["status"]?.string == "SUCCESS")
            #expect(one["amount"]?.integer == 150_000)
            let body = try #require(one["body"]?.string)
            #expect(try StrictJSON(Array(body.utf8)).root.isObject)
        }
    }

    @Test func `events are read in their order, from the start or after one`() async throws {
        try await withPayments { service in
            let all = try await service.items("/admin/v1/events")
            let ids = all.compactMap { $0["id"]?.string }
            #expect(
                all.compactMap { $0["type"]?.string } == [
                    "payment.settled", "payment.flagged", "bill.held", "payment.flagged",
                    "payment.flagged", "payment.foreign", "payment.settled", "payment.flagged",
                    "attention.raised",
                ])
            let rest = try await service.items("/admin/v1/events?after=\(ids[2])")
            #expect(rest.compactMap { $0["id"]?.string } == Array(ids.dropFirst(3)))
            let page = try await service.admin.get("/admin/v1/events?limit=3").list("id")
            #expect(page.values == Array(ids.prefix(3)))
            #expect(page.cursor == ids[2])
            let settled = try #require(all.first)
            #expect(settled["bill"]?["state"]?.string == "paid")
            #expect(settled["bill"]?["invoice_number"]?.string == "INV-1")
            #expect(settled["payment"]?["standing"]?.string == "settled")
            #expect(settled["notification_id"]?.string == "1")
            #expect(settled["ledger"]?["number"]?.string == "1")
            let hash = try await service.admin.get("/admin/v1/notifications/1").string("hash")
            #expect(settled["ledger"]?["hash"]?.string == hash)
            let holding = try #require(all[3]["payment"]?["id"]?.string)
            #expect(all[2]["payment"]?["id"]?.string == holding)
        }
    }

    /// Requests pages until there are no more.
    ///
    /// - Returns: the ids received, and the cursor for the next request.
    private func poll(
        _ client: AdminClient, after start: String, limit: Int
    ) async throws -> (ids: [String], cursor: String) {
        var (ids, cursor, hasMore) = ([String](), start, true)
        while hasMore {
            let page = try await client.get("/admin/v1/events?limit=\(limit)&after=\(cursor)")
            ids += try page.list("id").values
            cursor = try #require(page.string("next_cursor"), "\(page.text)")
            hasMore = try #require(page.json()["has_more"], "\(page.text)").bool == true
        }
        return (ids, cursor)
    }

    @Test func `a reader who keeps the cursor sees each event once`() async throws {
        try await withTill { service in
            let shop = try await service.client("shop", scopes: ["read"], account: Shop.clientID)
            let none = try await poll(service.admin, after: "0", limit: 3)
            #expect(none.ids.isEmpty)
            var (all, own) = (none, try await poll(shop, after: "0", limit: 1))
            for number in 1...4 {
                let code = "8896511000000\(number)"
                let bill = BillJSON(code, "INV-\(number)").text
                let made = try await service.admin.post("/admin/v1/bills", bill)
                #expect(made.status == 201, "\(made.text)")
                all = try await poll(service.admin, after: all.cursor, limit: number)
                own = try await poll(shop, after: own.cursor, limit: 2)
                #expect(all.ids.count == 1, "\(all)")
                #expect(own.ids == all.ids)
            }
            let again = try await poll(service.admin, after: all.cursor, limit: 2)
            #expect(again.ids.isEmpty)
            #expect(again.cursor == all.cursor)
            #expect(try await poll(service.admin, after: none.cursor, limit: 2).ids.count == 4)
        }
    }

    @Test func `metrics count notifications by their outcome`() async throws {
        try await withPayments { service in
            for (standing, count) in [
                ("settled", 2), ("duplicate", 1), ("amount_mismatch", 1), ("unmatched", 1),
                ("foreign", 1), ("not_success", 1), ("unreadable", 0), ("after_cancel", 0),
            ] {
                let name = "loket_notifications_total{standing=\"\(standing)\"}"
                #expect(try await service.metric(name) == count, "\(standing)")
            }
            for name in [
                "loket_notification_repeats_total", "loket_notifications_not_recorded_total",
                "loket_notifications_unclassified_total",
            ] {
                #expect(try await service.metric(name) == 0, "\(name)")
            }
            #expect(try await service.metric("loket_commits_total") ?? 0 > 0)
            #expect(try await service.metric("loket_committed_writes_total") ?? 0 >= 7)
            let ready = try await service.admin.get("/ready")
            #expect(ready.status == 200, "\(ready.text)")
        }
    }
}
