// Inquiries for bills with dated amounts and a beginning: the answer depends on the time at which
// the inquiry is received.

import DokuSimulator
import LoketCore
import LoketJSON
import Testing

struct DatedInquiryTests {
    private static let code = "88965110000001"

    /// The times in milliseconds after the end of the first amount, and the answers.
    private static let times: [(after: Int64, amount: Int64)] = [
        (-86_400_000, 150_000), (-1, 150_000), (0, 165_000), (1, 165_000), (86_399_999, 165_000),
        (86_400_000, 175_000), (864_000_000, 175_000),
    ]

    private func withBill(
        more: String = "", _ change: (inout BillDraft) -> Void = { _ in },
        _ body: (InquiryDesk) async throws -> Void
    ) async throws {
        try await withDesk(more: more) { desk in
            let (first, second, last) = (
                try #require(Rupiah(whole: 150_000)), try #require(Rupiah(whole: 165_000)),
                try #require(Rupiah(whole: 175_000))
            )
            let amounts = try DatedAmounts(
                [
                    .init(amount: first, until: InquiryDesk.now),
                    .init(amount: second, until: InquiryDesk.now.adding(milliseconds: 86_400_000)),
                ], last: last)
            try desk.seed([
                .sample(Self.code, "INV-1") {
                    $0.amounts = amounts
                    change(&$0)
                }
            ])
            try await body(desk)
        }
    }

    @Test func `an inquiry is answered with the amount of its time, and journaled so`() async throws
    {
        try await withBill { desk in
            for (after, amount) in Self.times {
                let now = InquiryDesk.now.adding(milliseconds: after)
                let request = Shop.doku.inquiry(Self.code, at: now)
                let answer = try desk.ask(request, now: now)
                let order = try StrictJSON(answer.body).root["order"]
                let number = try #require(order?["invoice_number"]?.string)
                // DOKU is quoted one amount under each number.
                #expect(InvoiceNumber(number)?.withoutSuffix?.text == "INV-1", "\(number)")
                expectSigned(
                    answer, to: request, status: 200,
                    body: """
                        {"order":{"invoice_number":"\(number)","amount":\(amount)},\
                        "online_to_offline_info":{"payment_code":"\(Self.code)"},\
                        "online_to_offline_inquiry":{"status":"success"},\
                        "customer":{"name":"Anton Budiman"}}
                        """)
            }
            let entries = try await desk.journaled()
            #expect(entries.map(\.amount) == Self.times.map(\.amount))
            #expect(Set(entries.map(\.invoiceNumber)).count == Self.times.count)
        }
    }

    @Test func `with the setting never, every amount has the bill's own number`() async throws {
        try await withBill(more: "invoice_per_inquiry: never") { desk in
            for (after, amount) in Self.times {
                let now = InquiryDesk.now.adding(milliseconds: after)
                let answer = try desk.ask(Shop.doku.inquiry(Self.code, at: now), now: now)
                #expect(
                    answer.text.contains(
                        #"{"invoice_number":"INV-1","amount":\#(amount)}"#), "\(answer.text)")
            }
        }
    }

    @Test func `a bill is declined until the millisecond in which it becomes valid`() async throws {
        try await withBill({ $0.validFrom = InquiryDesk.now }) { desk in
            for (after, status) in [(Int64(-1), 400), (0, 200)] {
                let now = InquiryDesk.now.adding(milliseconds: after)
                let answer = try desk.ask(Shop.doku.inquiry(Self.code, at: now), now: now)
                #expect(answer.status == status)
            }
            #expect(
                try await desk.journaled().map(\.answeredBy) == [.billNotYetValid, .payable])
        }
    }

    @Test func `a due date that has passed declines nothing`() async throws {
        try await withBill({ $0.dueAt = InquiryDesk.now.adding(milliseconds: -86_400_000) }) {
            desk in
            let answer = try desk.ask(Self.code)
            #expect(answer.status == 200)
        }
    }
}
