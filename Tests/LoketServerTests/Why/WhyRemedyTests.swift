// What `why` advises where the bill has changed since the inquiry, or cannot be read: the admin API
// must accept each remedy.

import DokuSimulator
import LoketCore
import LoketStore
import Testing

struct WhyRemedyTests {
    private static let code = "88965110000001"

    private func expired(_ code: String = Self.code, _ invoice: String = "INV-1") throws
        -> BillDraft
    {
        try .sample(code, invoice) { $0.expiresAt = Moment(rfc3339: "2020-01-01T00:00:00Z") }
    }

    private func remedy(_ service: RunningService) async throws -> String {
        let found = try await service.why("asked")
        return try #require(found["would_have_passed"]?.string)
    }

    @Test func `an expired bill is to be prolonged only while it is open`() async throws {
        try await withService { service in
            try service.seed([expired()])
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "asked"))
            #expect(try await remedy(service).contains("PATCH /admin/v1/bills/1"))
            _ = try await service.store.cancel(id: 1, reason: nil, actor: "ops", now: .now)
            let text = try await remedy(service)
            for word in ["new bill", "cancelled", "2020-01-01T00:00:00Z"] {
                #expect(text.contains(word), "\(word) in \(text)")
            }
            #expect(!text.contains("PATCH"), "\(text)")
        }
    }

    @Test func `an expired bill that was replaced gives way to the newer one`() async throws {
        try await withService { service in
            try service.seed([expired()])
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "asked"))
            _ = try await service.why("asked")
            let answer = try await service.admin.post(
                "/admin/v1/bills",
                """
                {"payment_code":"\(Self.code)","account":"\(Shop.clientID)",
                "invoice_number":"INV-2","amount":150000,"customer":{"name":"Anton Budiman"}}
                """)
            #expect(answer.status == 201, "\(answer.text)")
            let newer = try await remedy(service)
            #expect(newer.contains("(INV-2)") && newer.contains("after the inquiry"), "\(newer)")
            #expect(!newer.contains("PATCH"), "\(newer)")
            _ = try await service.store.cancel(id: 2, reason: nil, actor: "ops", now: .now)
            let text = try await remedy(service)
            #expect(text.contains("new bill") && text.contains("replaced"), "\(text)")
        }
    }

    @Test func `an expired bill that is held waits for a decision about its payment`()
        async throws
    {
        try await withTill { service in
            try service.seed([expired(Till.code)])
            _ = try await service.ask(Till.inquirer.inquiry(Till.code, requestID: "asked"))
            _ = try await service.why("asked")
            try await service.pay(Till.notice(amount: 1))
            #expect(try await service.state() == "held")
            let text = try await remedy(service)
            #expect(text.contains("payment 1, Rp1 of Rp150.000, amount_mismatch"), "\(text)")
            #expect(!text.contains("PATCH"), "\(text)")
        }
    }

    @Test func `a damaged bill is to be cancelled before it is added again`() async throws {
        try await withService { service in
            try service.seed([.sample(Self.code, "INV-1")])
            try await service.python("UPDATE bill SET amount = amount + 1 WHERE id = 1")
            _ = try await service.ask(Shop.doku.inquiry(Self.code, requestID: "asked"))
            let found = try await service.why("asked")
            #expect(found["answer"]?["guard"]?.string == "bill_damaged")
            let text = try await remedy(service)
            for word in ["`loket bills cancel 1`", "restore a backup", "another invoice number"] {
                #expect(text.contains(word), "\(word) in \(text)")
            }
        }
    }
}
