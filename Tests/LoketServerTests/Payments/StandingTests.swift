// One case per standing and per flag: the state before, DOKU's report, and what the admin API then
// returns for the payment, the bill, the totals and the events.

import DokuSimulator
import LoketCore
import LoketStore
import Testing

struct StandingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var standing: String
        var flags: [String] = []
        /// The state of bill 1 afterwards.
        var state: String
        /// Whether the payment names bill 1.
        var namesBill = true
        /// The number of earlier payments of 150000 each.
        var before: Int64 = 0
        /// The last events.
        var events: [String]
        var arrange: @Sendable (RunningService) async throws -> Void = StandingTests.single
        var notice: @Sendable () -> PaymentNotice = { Till.notice() }
    }

    @Sendable static func single(_ service: RunningService) async throws {
        try service.seed([.sample(Till.code, "INV-1")])
    }

    @Sendable static func reusable(_ service: RunningService) async throws {
        try service.seed([.sample(Till.code, "INV-1") { $0.reusable = true }])
    }

    @Sendable static func paid(_ service: RunningService) async throws {
        try await single(service)
        try await service.pay(Till.notice(transaction: "first"))
    }

    @Sendable static func cancelled(_ service: RunningService) async throws {
        try await single(service)
        _ = try await service.admin.post("/admin/v1/bills/1/cancel", "{}")
    }

    @Sendable static func held(_ service: RunningService) async throws {
        try await single(service)
        try await service.pay(Till.notice("NOBODYS", transaction: "first"))
        #expect(try await service.state() == "held")
    }

    @Sendable static func edited(_ service: RunningService) async throws {
        try await single(service)
        #expect(try await service.edit(#"{"amount":175000}"#).status == 200)
    }

    /// Bill 1 expired a minute ago, and another bill took its code.
    @Sendable static func replaced(_ service: RunningService) async throws {
        let past = Moment.now.adding(milliseconds: -60_000)
        try service.seed([.sample(Till.code, "INV-1") { $0.expiresAt = past }])
        let next = BillJSON(Till.code, "INV-2").text
        #expect(try await service.admin.post("/admin/v1/bills", next).status == 201)
        #expect(try await service.state() == "replaced")
    }

    @Sendable static func expiring(_ service: RunningService) async throws {
        let soon = Moment.now.adding(milliseconds: 60_000)
        try service.seed([.sample(Till.code, "INV-1") { $0.expiresAt = soon }])
    }

    static func later(_ minutes: Int64) -> Moment {
        Moment.now.adding(milliseconds: minutes * 60_000)
    }

    static let suffixed = "INV-1-0123456789"
    private static let flagged = ["payment.flagged"]
    private static let settled = ["payment.settled"]
    private static let both = ["payment.settled", "payment.flagged"]

    static let cases: [Case] = [
        Case(testDescription: "settled", standing: "settled", state: "paid", events: settled),
        Case(
            testDescription: "a reusable bill", standing: "settled", state: "open",
            events: settled, arrange: reusable),
        Case(
            testDescription: "a reusable bill, suffixed", standing: "settled", state: "open",
            events: settled, arrange: reusable, notice: { Till.notice(suffixed) }),
        Case(
            testDescription: "a held bill", standing: "settled", state: "paid", before: 1,
            events: settled, arrange: held),
        Case(
            testDescription: "a replaced bill", standing: "settled", state: "paid",
            events: settled, arrange: replaced),
        Case(
            testDescription: "the amount before the edit, dated before it", standing: "settled",
            state: "paid", events: settled, arrange: edited,
            notice: { Till.notice(at: later(-60)) }),
        Case(
            testDescription: "old amount", standing: "settled", flags: ["old_amount"],
            state: "paid", events: both, arrange: edited, notice: { Till.notice(at: later(10)) }),
        Case(
            testDescription: "the new amount, dated a little before the edit",
            standing: "settled", state: "paid", events: settled, arrange: edited,
            notice: { Till.notice(amount: 175_000, at: .now.adding(milliseconds: -30_000)) }),
        Case(
            testDescription: "late by expiry", standing: "settled", flags: ["late"],
            state: "paid", events: both, arrange: expiring, notice: { Till.notice(at: later(17)) }),
        Case(
            testDescription: "not late yet", standing: "settled", state: "paid", events: settled,
            arrange: expiring, notice: { Till.notice(at: later(15)) }),
        Case(
            testDescription: "late by replacement", standing: "settled", flags: ["late"],
            state: "paid", events: both, arrange: replaced, notice: { Till.notice(at: later(16)) }),
        Case(
            testDescription: "code differs", standing: "settled", flags: ["code_differs"],
            state: "paid", events: both, notice: { Till.notice(code: Till.otherCode) }),
        Case(
            testDescription: "code differs and late", standing: "settled",
            flags: ["code_differs", "late"], state: "paid", events: both, arrange: expiring,
            notice: { Till.notice(code: "x", at: later(17)) }),
        Case(
            testDescription: "no code", standing: "settled", state: "paid", events: settled,
            notice: { Till.notice(code: nil) }),
        Case(
            testDescription: "duplicate", standing: "duplicate", state: "paid", before: 1,
            events: flagged, arrange: paid, notice: { Till.notice(transaction: "second") }),
        Case(
            testDescription: "duplicate with another amount", standing: "duplicate",
            flags: ["code_differs"], state: "paid", before: 1, events: flagged, arrange: paid,
            notice: { Till.notice(amount: 5, code: Till.otherCode) }),
        Case(
            testDescription: "amount mismatch", standing: "amount_mismatch", state: "held",
            events: ["bill.held", "payment.flagged"], notice: { Till.notice(amount: 149_999) }),
        Case(
            testDescription: "amount mismatch, code differs", standing: "amount_mismatch",
            flags: ["code_differs"], state: "held", events: ["bill.held", "payment.flagged"],
            notice: { Till.notice(amount: 1, code: "1234567890") }),
        Case(
            testDescription: "amount mismatch of a held bill", standing: "amount_mismatch",
            state: "held", before: 1, events: flagged, arrange: held,
            notice: { Till.notice(amount: 1) }),
        Case(
            testDescription: "amount mismatch of a reusable bill", standing: "amount_mismatch",
            state: "open", events: flagged, arrange: reusable, notice: { Till.notice(amount: 1) }),
        Case(
            testDescription: "amount mismatch of a replaced bill", standing: "amount_mismatch",
            state: "replaced", events: flagged, arrange: replaced,
            notice: { Till.notice(amount: 1) }),
        Case(
            testDescription: "an amount of more than a day ago", standing: "amount_mismatch",
            state: "held", events: ["bill.held", "payment.flagged"], arrange: edited,
            notice: { Till.notice(at: later(24 * 60 + 1)) }),
        Case(
            testDescription: "an amount of later", standing: "amount_mismatch", state: "held",
            events: ["bill.held", "payment.flagged"], arrange: edited,
            notice: { Till.notice(amount: 175_000, at: later(-5)) }),
        Case(
            testDescription: "after cancel", standing: "after_cancel", state: "cancelled",
            events: flagged, arrange: cancelled),
        Case(
            testDescription: "after cancel, another amount", standing: "after_cancel",
            flags: ["code_differs"], state: "cancelled", events: flagged, arrange: cancelled,
            notice: { Till.notice(amount: 1, code: "1") }),
        Case(
            testDescription: "unmatched", standing: "unmatched", state: "held", namesBill: false,
            events: ["bill.held", "payment.flagged"], notice: { Till.notice("INV-9") }),
        Case(
            testDescription: "unmatched on a reusable bill's code", standing: "unmatched",
            state: "open", namesBill: false, events: flagged, arrange: reusable,
            notice: { Till.notice("INV-9") }),
        Case(
            testDescription: "unmatched on nobody's code", standing: "unmatched", state: "open",
            namesBill: false, events: flagged,
            notice: { Till.notice("INV-9", code: Till.otherCode) }),
        Case(
            testDescription: "unmatched without a code", standing: "unmatched", state: "open",
            namesBill: false, events: flagged, notice: { Till.notice("INV-9", code: nil) }),
        Case(
            testDescription: "unmatched, the code is no digits", standing: "unmatched",
            state: "open", namesBill: false, events: flagged,
            notice: { Till.notice("INV-9", code: "88965110000001 ") }),
        Case(
            testDescription: "a suffixed number with another code", standing: "unmatched",
            state: "open", namesBill: false, events: flagged, arrange: reusable,
            notice: { Till.notice(suffixed, code: Till.otherCode) }),
        Case(
            testDescription: "a number that no bill may have", standing: "unmatched",
            state: "held", namesBill: false, events: ["bill.held", "payment.flagged"],
            notice: { Till.notice(String(repeating: "INV \"1\" \u{E9}", count: 50)) }),
    ]

    @Test(arguments: cases)
    func `a payment has its standing and flags, and its effect on the bill`(
        _ each: Case
    ) async throws {
        try await withTill { service in
            try await each.arrange(service)
            let eventsBefore = try await service.events().count
            let notice = each.notice()
            let payment = try #require(try await service.pay(notice))
            let text = "\(String(decoding: payment.minified, as: UTF8.self))"
            #expect(payment["standing"]?.string == each.standing, "\(text)")
            #expect(payment["classified_as"]?.string == each.standing)
            #expect(payment["flags"]?.elements.map(\.string) == each.flags, "\(text)")
            #expect(payment["bill_id"]?.string == (each.namesBill ? "1" : nil))
            #expect(payment["amount"]?.integer == notice.amount)
            #expect(payment["source"]?.string == "notification")
            #expect(payment["account"]?.string == Shop.clientID)
            #expect(payment["dated_at"]?.string == notice.date)
            #expect(payment["resolution"]?.isNull == true)
            let isQuiet = each.standing == "settled" && each.flags.isEmpty
            #expect(payment["needs_attention"]?.bool == !isQuiet)
            #expect(try await service.state() == each.state)
            #expect(try await Array(service.events().dropFirst(eventsBefore)) == each.events)
            try await expectTotalsAgree(
                service, count: each.before + 1,
                amount: each.before * 150_000 + (notice.amount ?? 0))
        }
    }
}
