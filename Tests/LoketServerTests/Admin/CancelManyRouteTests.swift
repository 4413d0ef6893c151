// Cancelling many bills over the admin API: the dry run, the outcome of each number, and the
// account that the numbers belong to.

import DokuSimulator
import LoketCore
import LoketJSON
import Testing

struct CancelManyRouteTests {
    private static let path = "/admin/v1/bills/cancel"

    private func outcomes(_ answer: AdminAnswer) throws -> [String] {
        #expect(answer.status == 200, "\(answer.text)")
        return try answer.json()["items"]?.elements.map { item in
            let parts = ["invoice_number", "outcome", "bill_id", "state"].map { name in
                item.members.first { $0.name == name }?.value.string ?? "-"
            }
            return parts.joined(separator: " ")
        } ?? []
    }

    @Test func `a dry run says what would be cancelled, and a second run what was`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2")])
            try await service.pay(Till.notice("INV-2", code: Till.otherCode))
            let shop = try await service.client("shop", scopes: ["write"], account: Shop.clientID)
            func cancel(_ more: String) async throws -> AdminAnswer {
                try await shop.post(
                    Self.path, #"{"invoice_numbers":["INV-1","INV-2","INV-3"]\#(more)}"#)
            }
            let rest = ["INV-2 refused 2 paid", "INV-3 unknown - -"]
            let tried = try await cancel(#","dry_run":true"#)
            #expect(try outcomes(tried) == ["INV-1 cancelled 1 cancelled"] + rest)
            #expect(try tried.json()["dry_run"]?.bool == true)
            #expect(try await service.state() == "open")
            let done = try await cancel(#","reason":"left""#)
            #expect(try outcomes(done) == ["INV-1 cancelled 1 cancelled"] + rest)
            #expect(try done.json()["cancelled"]?.integer == 1)
            let bill = try await service.bill()
            #expect(bill["cancel_reason"]?.string == "left")
            #expect(bill["history"]?.elements.last?["actor"]?.string == "shop")
            #expect(try outcomes(try await cancel("")) == ["INV-1 already 1 cancelled"] + rest)
        }
    }

    @Test func `a number is looked up in its account only`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            let neighbour = try await service.client(
                "neighbour", scopes: ["write"], account: Shop.neighbourID)
            let numbers = #"{"invoice_numbers":["INV-1"]"#
            let theirs = try await neighbour.post(Self.path, numbers + "}")
            #expect(try outcomes(theirs) == ["INV-1 unknown - -"])
            #expect(try await service.state() == "open")
            let named = numbers + #","account":"\#(Shop.clientID)"}"#
            try expectProblem(
                try await neighbour.post(Self.path, named), 403, "account_forbidden")
            let ours = try await service.admin.post(Self.path, named)
            #expect(try outcomes(ours) == ["INV-1 cancelled 1 cancelled"])
        }
    }

    @Test func `a filter's bills are cancelled if their number is that of the dry run`()
        async throws
    {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1"), .sample(Till.otherCode, "INV-2")])
            let theirs = try await service.admin.post(
                "/admin/v1/bills", BillJSON("7777700000001", "INV-3").text)
            #expect(theirs.status == 201, "\(theirs.text)")
            let shop = try await service.client("shop", scopes: ["write"], account: Shop.clientID)
            func cancel(_ more: String) async throws -> AdminAnswer {
                try await shop.post(
                    Self.path, #"{"filter":{"invoice_prefix":"INV-"},"reason":"left"\#(more)}"#)
            }
            let tried = try await cancel(#","dry_run":true"#)
            #expect(tried.status == 200, "\(tried.text)")
            #expect(try tried.json()["matched"]?.integer == 2)
            #expect(try tried.json()["amount"]?.integer == 300_000)
            #expect(try tried.json()["dry_run"]?.bool == true)
            // One of the bills is paid between.
            try await service.pay(Till.notice("INV-2", code: Till.otherCode))
            try expectProblem(try await cancel(#","expected_count":2"#), 409, "count_changed")
            #expect(try await service.state() == "open")
            let done = try await cancel(#","expected_count":1"#)
            #expect(done.status == 200, "\(done.text)")
            #expect(try done.json()["cancelled"]?.integer == 1)
            #expect(try done.json()["left"]?.integer == 0)
            #expect(try done.json()["stopped_by"]?.isNull == true)
            let bill = try await service.bill()
            #expect(bill["cancel_reason"]?.string == "left")
            #expect(bill["history"]?.elements.last?["actor"]?.string == "shop")
            #expect(try await service.state("3") == "open")
        }
    }

    /// Prevents the cancellation of a bill, so that its commit fails.
    private func hold(_ invoice: String, in service: RunningService) throws {
        try ForeignHand.run(
            service.folder.file("loket.db"),
            """
            CREATE TRIGGER no_cancel BEFORE UPDATE ON bill WHEN NEW.invoice_number = '\(invoice)'
            BEGIN SELECT RAISE(ABORT, 'held by a test'); END
            """)
    }

    @Test func `a request that stops after some bills says what is left and why`() async throws {
        try await withTill { service in
            let count = Limits.cancelledAtOnce + 50
            try service.seed(
                (1...count).map { try .sample("\(88_965_110_000_000 + $0)", "INV-\($0)") })
            let shop = try await service.client("shop", scopes: ["write"], account: Shop.clientID)
            let numbers = (1...count).map { "\"INV-\($0)\"" }.joined(separator: ",")
            try hold("INV-\(count)", in: service)
            let answer = try await shop.post(Self.path, #"{"invoice_numbers":[\#(numbers)]}"#)
            #expect(try answer.json()["cancelled"]?.integer == Int64(Limits.cancelledAtOnce))
            #expect(try answer.json()["left"]?.integer == 50)
            let reason = try answer.json()["stopped_by"]?.string
            #expect(reason?.contains("held by a test") == true, "\(answer.text)")
            let outcomes = try outcomes(answer)
            #expect(outcomes.count == count)
            #expect(outcomes.first == "INV-1 cancelled 1 cancelled")
            #expect(outcomes.last == "INV-\(count) left - -")
            #expect(try await service.state("\(Limits.cancelledAtOnce)") == "cancelled")
            #expect(try await service.state("\(count - 1)") == "open")
            #expect(service.log.all.contains { $0.contains("only some bills of a request") })
        }
    }
}
