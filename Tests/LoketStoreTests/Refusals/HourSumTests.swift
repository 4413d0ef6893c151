// The sums of each hour: written together with the rows that they count. A damaged sum does not
// prevent writing the rows.

import LoketCore
import LoketStore
import Testing

struct HourSumTests {
    private static let hour: Int64 = 3_600_000
    /// The hour of `Sample.now`.
    private static let begin = Moment(
        milliseconds: Sample.now.milliseconds / hour * hour)

    private let till: Till

    init() throws {
        till = try Till()
    }

    private func sums(
        from: Int64 = 0, to: Int64 = 1, accountID: Int64? = nil
    ) async throws -> [HourSum] {
        try await till.store.hourSums(
            from: Self.begin.adding(milliseconds: from * Self.hour),
            to: Self.begin.adding(milliseconds: to * Self.hour), accountID: accountID)
    }

    private func sum(
        _ kind: HourSum.Kind, _ cause: String, hour: Int64 = 0, channel: Channel? = nil,
        _ count: Int, _ amount: Int64 = 0
    ) -> HourSum {
        HourSum(
            hour: Self.begin.adding(milliseconds: hour * Self.hour),
            accountID: till.open.account, kind: kind, cause: cause, channel: channel,
            count: count, amount: amount)
    }

    private func journal(_ entries: [JournalEntry]) {
        let journal = Journal(on: till.store)
        for entry in entries { #expect(journal.offer(entry)) }
        journal.close()
    }

    private func entry(
        _ reason: Guard = .payable, channel: String? = "alfa", after milliseconds: Int64 = 0,
        account: Int64? = nil
    ) -> JournalEntry {
        var entry = Sample.entry(
            "r", account: account ?? till.open.account,
            receivedAt: Sample.now.adding(milliseconds: milliseconds))
        entry.answeredBy = reason
        entry.channel = channel
        if reason != .payable { entry.amount = nil }
        return entry
    }

    @Test func `inquiries are summed by hour, account, guard and channel`() async throws {
        let other = try till.open.secondAccount()
        journal([
            entry(), entry(), entry(channel: "indomaret"), entry(.stale, channel: nil),
            entry(.channelUnknown, channel: "LAWSON"), entry(after: Self.hour),
            entry(account: other),
        ])
        journal([entry()])
        let wanted = [
            sum(.asked, "payable", channel: .alfa, 3, 450_000),
            sum(.asked, "payable", channel: .indomaret, 1, 150_000),
            sum(.asked, "stale", 1), sum(.asked, "channel_unknown", 1),
        ]
        #expect(try await Set(sums(accountID: till.open.account)) == Set(wanted))
        #expect(try await sums().count == wanted.count + 1)
        #expect(
            try await sums(from: 1, to: 2)
                == [sum(.asked, "payable", hour: 1, channel: .alfa, 1, 150_000)])
        #expect(try await sums(from: 2, to: 9).isEmpty)
    }

    @Test func `a payment is summed once, by its first standing`() async throws {
        try await till.bill()
        try await till.take(request: "one")
        try await till.take(request: "one")
        try await till.take(request: "two")
        try await till.take(Notice(number: "INV-9", amount: 7, ids: ["AGENT_TRX_ID=9"]))
        try await till.take(Notice(number: "INV-1", status: "FAILED"))
        #expect(
            try await Set(sums()) == [
                sum(.paid, "settled", 1, 150_000), sum(.paid, "unmatched", 1, 7),
            ])
    }

    @Test func `sums are added over commits, and stop at the largest number`() async throws {
        for _ in 0..<3 {
            var sums = HourSums()
            for _ in 0..<3 {
                sums.add(
                    .refused, "signature_wrong", at: Sample.now, accountID: nil,
                    amount: .max / 2)
            }
            #expect(try await till.store.keep([], sums))
        }
        let found = try #require(try await sums().first)
        #expect(found.count == 9 && found.amount == .max && found.accountID == nil)
        #expect(found.kind == .refused && found.hour == Self.begin)
    }

    @Test func `a damaged row of sums blocks neither the journal nor a payment`() async throws {
        try await till.take()
        journal([entry()])
        try RawDatabase.damage(till.path, "UPDATE hour_sum SET count = -5, amount = 'x'")
        journal([entry()])
        try await till.take(Notice(number: "INV-2", ids: ["AGENT_TRX_ID=2"]))
        #expect(try RawDatabase.count(till.path, "inquiry") == 2)
        #expect(try RawDatabase.count(till.path, "payment") == 2)
    }
}
