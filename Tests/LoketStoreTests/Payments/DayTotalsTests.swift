// Sums of payments by day in Jakarta and by channel, and sums of a range of time.

import LoketCore
import Testing

@testable import LoketStore

struct DayTotalsTests {
    private let till: Till

    init() throws {
        till = try Till()
    }

    private typealias Day = Store.PaymentTotals.Day

    private static let alfa = "ONLINE_TO_OFFLINE_ALFA"

    private static func time(_ text: String) throws -> Moment {
        try #require(Moment(rfc3339Beginning: text))
    }

    /// Two days: at Alfa one settled payment and one too low; without a channel one settled the
    /// day after, and one that was given back.
    private func fill() async throws {
        for place in 1...4 {
            try await till.bill("INV-\(place)", code: "889651000000010\(place)")
        }
        func pay(
            _ place: Int, _ amount: Int64, _ time: String, channel: String? = Self.alfa
        ) async throws -> Int64 {
            try await till.pay(
                Notice(
                    number: "INV-\(place)", amount: amount, code: "889651000000010\(place)",
                    date: time, channel: channel))
        }
        _ = try await pay(1, 150_000, "2026-11-29T23:59:59+07:00")
        _ = try await pay(2, 149_000, "2026-11-28T17:00:00Z")
        _ = try await pay(3, 150_000, "2026-11-30T00:00:00+07:00", channel: nil)
        let back = try await pay(4, 7, "2026-11-30T12:00:00+07:00")
        try await till.resolve(back, .refunded)
        _ = try await pay(9, 70, "2026-11-29T12:00:00+07:00")
    }

    @Test func `days begin at midnight in Jakarta`() async throws {
        try await fill()
        let days = try await till.store.paymentTotals(from: Moment(milliseconds: 0)).days
        #expect(
            days == [
                Day(
                    begins: try Self.time("2026-11-29"), channelID: Self.alfa,
                    settled: .init(count: 1, amount: 150_000),
                    undecided: .init(count: 2, amount: 149_070)),
                Day(
                    begins: try Self.time("2026-11-30"), channelID: nil,
                    settled: .init(count: 1, amount: 150_000), undecided: .init()),
            ])
    }

    @Test func `a range narrows every sum, and its parts add up to the whole`() async throws {
        try await fill()
        let noon = try Self.time("2026-11-30")
        let all = try await till.store.paymentTotals()
        let before = try await till.store.paymentTotals(to: noon)
        let after = try await till.store.paymentTotals(from: noon)
        #expect(before.received == .init(count: 3, amount: 299_070))
        #expect(after.received == .init(count: 2, amount: 150_007))
        #expect(all.received == .init(count: 5, amount: 449_077))
        let whole = try await till.store.paymentTotals(from: Moment(milliseconds: 0))
        #expect(before.days + after.days == whole.days && before.days.count == 1)
        #expect(all.days.isEmpty)
        #expect(whole.received == all.received && whole.standings == all.standings)
        #expect(before.standings[.settled] == .init(count: 1, amount: 150_000))
        #expect(before.needsAttention[.unmatched] == 1)
        #expect(after.standings[.unmatched] == nil)
        #expect(before.notifications == nil && all.notifications?.recorded == 5)
    }

    @Test func `an unreadable amount counts as a payment without an amount`() async throws {
        try await till.take(Notice(amount: nil, isUnreadable: true))
        let totals = try await till.store.paymentTotals(from: Moment(milliseconds: 0))
        let day = try #require(totals.days.first)
        #expect(day.settled == .init() && day.undecided == .init(count: 1, amount: 0))
    }
}
