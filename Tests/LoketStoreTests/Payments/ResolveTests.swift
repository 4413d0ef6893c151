// A person's decisions about a payment, and their effects on bills.

import LoketCore
import Testing

@testable import LoketStore

struct ResolveTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private func word(_ outcome: ResolveOutcome) -> String {
        switch outcome {
        case .resolved: "resolved"
        case .already: "already"
        case .otherwise: "otherwise"
        case .nothingToResolve: "nothing"
        case .billPaid: "bill paid"
        case .billMissing: "bill missing"
        case .billUnknown: "bill unknown"
        case .unknown: "unknown"
        }
    }

    /// The notice pays bill 1; bill 2 is another open bill, bill 3 is another account's, bill 4 is
    /// reusable, bill 5 is paid.
    private func prepare() async throws {
        try await till.bill()
        try await till.bill("INV-2", code: "8896510000000124")
        let other = try till.open.secondAccount()
        try await till.open.create(Sample.draft(), account: other)
        try await till.bill("INV-4", code: "8896510000000125", reusable: true)
        try await till.bill("INV-5", code: "8896510000000126")
        try await till.take(Notice(number: "INV-5"))
    }

    struct Row: Sendable {
        let notice: Notice
        let action: Resolution
        var bill: Int64?
        let outcome: String
        /// The states of bills 1 and 2 afterwards.
        let states: [Bill.State]
        var standing: Standing
        /// The bill that the payment pays afterwards.
        var paid: Int64?
    }

    private static let mismatch = Notice(amount: 7)
    private static let unmatched = Notice(number: "X")
    private static let stray = Notice(number: "X", code: "8896510000000999")
    private static let flagged = Notice(code: "1")

    static let rows: [Row] = [
        Row(
            notice: mismatch, action: .accept, outcome: "resolved", states: [.paid, .open],
            standing: .settled, paid: 1),
        Row(
            notice: mismatch, action: .accept, bill: 1, outcome: "resolved",
            states: [.paid, .open], standing: .settled, paid: 1),
        Row(
            notice: mismatch, action: .accept, bill: 2, outcome: "resolved",
            states: [.open, .paid], standing: .settled, paid: 2),
        Row(
            notice: mismatch, action: .accept, bill: 4, outcome: "resolved",
            states: [.open, .open], standing: .settled),
        Row(
            notice: mismatch, action: .accept, bill: 5, outcome: "bill paid",
            states: [.held, .open], standing: .amountMismatch),
        Row(
            notice: mismatch, action: .accept, bill: 3, outcome: "bill unknown",
            states: [.held, .open], standing: .amountMismatch),
        Row(
            notice: mismatch, action: .accept, bill: 99, outcome: "bill unknown",
            states: [.held, .open], standing: .amountMismatch),
        Row(
            notice: mismatch, action: .refunded, outcome: "resolved", states: [.open, .open],
            standing: .amountMismatch),
        Row(
            notice: mismatch, action: .dismiss, outcome: "resolved", states: [.open, .open],
            standing: .amountMismatch),
        Row(
            notice: unmatched, action: .accept, outcome: "bill missing",
            states: [.held, .open], standing: .unmatched),
        Row(
            notice: unmatched, action: .accept, bill: 1, outcome: "resolved",
            states: [.paid, .open], standing: .settled, paid: 1),
        Row(
            notice: unmatched, action: .accept, bill: 2, outcome: "resolved",
            states: [.open, .paid], standing: .settled, paid: 2),
        Row(
            notice: unmatched, action: .refunded, outcome: "resolved", states: [.open, .open],
            standing: .unmatched),
        Row(
            notice: stray, action: .dismiss, outcome: "resolved", states: [.open, .open],
            standing: .unmatched),
        Row(
            notice: stray, action: .accept, bill: 2, outcome: "resolved",
            states: [.open, .paid], standing: .settled, paid: 2),
        Row(
            notice: flagged, action: .accept, outcome: "resolved", states: [.paid, .open],
            standing: .settled, paid: 1),
        Row(
            notice: flagged, action: .accept, bill: 1, outcome: "resolved",
            states: [.paid, .open], standing: .settled, paid: 1),
        Row(
            notice: flagged, action: .accept, bill: 2, outcome: "nothing",
            states: [.paid, .open], standing: .settled, paid: 1),
        Row(
            notice: flagged, action: .dismiss, outcome: "resolved", states: [.paid, .open],
            standing: .settled, paid: 1),
        Row(
            notice: flagged, action: .refunded, outcome: "resolved", states: [.paid, .open],
            standing: .settled, paid: 1),
        Row(
            notice: Notice(), action: .accept, outcome: "nothing", states: [.paid, .open],
            standing: .settled, paid: 1),
        Row(
            notice: Notice(), action: .refunded, outcome: "nothing", states: [.paid, .open],
            standing: .settled, paid: 1),
        Row(
            notice: Notice(amount: nil, isUnreadable: true), action: .accept,
            outcome: "bill missing", states: [.open, .open], standing: .unreadable),
        Row(
            notice: Notice(amount: nil, isUnreadable: true), action: .accept, bill: 1,
            outcome: "resolved", states: [.paid, .open], standing: .settled, paid: 1),
        Row(
            notice: Notice(amount: nil, isUnreadable: true), action: .dismiss,
            outcome: "resolved", states: [.open, .open], standing: .unreadable),
    ]

    @Test(arguments: rows.indices)
    func `each decision has the documented effect on payment and bills`(place: Int) async throws {
        let row = Self.rows[place]
        try await prepare()
        let id = try await till.pay(row.notice)
        let before = try await till.payment(id)
        let outcome = try await till.resolve(id, row.action, bill: row.bill, note: "n")
        #expect(word(outcome) == row.outcome, "\(row)")
        #expect(try await till.state(1) == row.states[0], "\(row)")
        #expect(try await till.state(2) == row.states[1], "\(row)")
        let after = try await till.payment(id)
        #expect(after.standing == row.standing && after.paidBillID == row.paid, "\(row)")
        #expect(after.classifiedAs == before.classifiedAs && after.flags == before.flags)
        let isDone = row.outcome == "resolved"
        #expect(after.needsAttention == (isDone ? false : before.needsAttention))
        #expect((after.resolution != nil) == isDone)
        if isDone {
            #expect(after.resolution?.action == row.action && after.resolution?.note == "n")
            #expect(after.resolution?.actor == "ops" && after.resolution?.at == Sample.now)
            let again = try await till.resolve(id, row.action, bill: row.bill, note: "n")
            #expect(word(again) == "already")
            for action in Resolution.allCases where action != row.action {
                #expect(word(try await till.resolve(id, action, note: "n")) == "otherwise")
            }
            let noted = try await till.resolve(id, row.action, bill: row.bill, note: "m")
            #expect(word(noted) == "otherwise")
        }
        #expect(try till.audit().problems == [])
    }

    @Test func `an unknown payment cannot be resolved`() async throws {
        for id in [0, 1, -1, Int64.max] {
            #expect(word(try await till.resolve(id, .dismiss)) == "unknown")
        }
    }

    @Test func `a duplicate cannot pay its bill again, but may pay another`() async throws {
        try await prepare()
        _ = try await till.pay()
        let second = try await till.pay(Notice(date: Notice.date(5000)))
        #expect(word(try await till.resolve(second, .accept)) == "bill paid")
        #expect(word(try await till.resolve(second, .accept, bill: 2)) == "resolved")
        #expect(try await till.payment(second).billID == 2)
        #expect(try till.audit().problems == [])
    }

    @Test func `a payment after a cancel may be accepted for the bill`() async throws {
        let bill = try await till.bill()
        _ = try await till.store.cancel(
            id: bill, reason: Bill.paidElsewhere, actor: "ops", now: Sample.now)
        let id = try await till.pay()
        #expect(word(try await till.resolve(id, .accept)) == "resolved")
        let record = try #require(try await till.store.bill(id: bill))
        #expect(record.bill.state == .paid && record.bill.cancelReason == nil)
        #expect(record.history.map(\.change) == ["cancelled", "paid"])
        #expect(try till.audit().problems == [])
    }

    @Test func `a foreign payment may be resolved, and is separate until accepted`()
        async throws
    {
        let bill = try await till.bill()
        let one = try await till.pay(Notice(isOurService: false))
        let two = try await till.pay(Notice(number: "X", isOurService: false))
        #expect(word(try await till.resolve(one, .dismiss)) == "resolved")
        #expect(try await till.payment(one).standing == .foreign)
        #expect(word(try await till.resolve(two, .accept, bill: bill)) == "resolved")
        let totals = try await till.store.paymentTotals()
        #expect(totals.received == .init(count: 1, amount: 150_000))
        #expect(totals.standings[.settled] == totals.received)
        #expect(try till.audit().problems == [])
    }

    @Test func `of many concurrent acceptances one pays the bill`() async throws {
        try await prepare()
        var ids: [Int64] = []
        for place in 0..<12 {
            ids.append(try await till.pay(Notice(number: "X\(place)", code: "889651\(place)")))
        }
        let words = try await withThrowingTaskGroup(of: String.self) { group in
            for id in ids {
                group.addTask { word(try await till.resolve(id, .accept, bill: 2)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(words.count { $0 == "resolved" } == 1)
        #expect(words.count { $0 == "bill paid" } == 11)
        #expect(try till.audit().problems == [])
    }
}
