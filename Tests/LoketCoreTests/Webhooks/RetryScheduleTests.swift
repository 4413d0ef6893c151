// When a refused event is sent again, and when it is skipped.

import LoketCore
import Testing

struct RetryScheduleTests {
    private static let start = Moment(seconds: 1_800_000_000)

    @Test func `an event is sent again at once, then ever later, and each hour for a day`() {
        var schedule: RetrySchedule?
        var now = Self.start
        var pauses: [Int64] = []
        while true {
            let next = RetrySchedule(after: schedule, refusedAt: now)
            pauses.append((next.nextAttemptAt.milliseconds - now.milliseconds) / 1000)
            #expect(next.firstFailedAt == Self.start)
            #expect(next.attempts == pauses.count)
            if next.isOver(now) { break }
            #expect(next.isDue(now) == (pauses.count == 1))
            #expect(next.isDue(next.nextAttemptAt))
            (schedule, now) = (next, next.nextAttemptAt)
        }
        #expect(Array(pauses.prefix(5)) == [0, 5, 300, 1800, 3600])
        #expect(pauses.dropFirst(4).allSatisfy { $0 == 3600 })
        // 24 hours after the first attempt, or up to an hour later.
        let tried = now.milliseconds - Self.start.milliseconds
        #expect((Limits.webhookGiveUpMilliseconds...90_000_000).contains(tried))
        #expect(pauses.count == 29)
    }

    @Test func `a clock that is set back does not delay the next attempt`() {
        let schedule = RetrySchedule(
            attempts: 5, firstFailedAt: Self.start,
            nextAttemptAt: Self.start.adding(milliseconds: 3_600_000))
        #expect(!schedule.isDue(Self.start))
        #expect(schedule.isDue(Self.start.adding(milliseconds: -1)))
    }

    @Test(
        arguments: [(3_600_000, true), (3_600_001, false), (172_800_000, false)] as [(Int64, Bool)])
    func `more than an hour without a due attempt does not count`(late: Int64, goesOn: Bool) {
        let before = RetrySchedule(
            attempts: 5, firstFailedAt: Self.start,
            nextAttemptAt: Self.start.adding(milliseconds: 7_200_000))
        let now = before.nextAttemptAt.adding(milliseconds: late)
        let after = RetrySchedule(after: before, refusedAt: now)
        let begun = goesOn ? Self.start : Self.start.adding(milliseconds: late)
        #expect(after.firstFailedAt == begun)
        #expect(after.attempts == 6)
        #expect(!after.isOver(now))
    }

    @Test func `a clock that is set back before the first attempt begins the day again`() {
        let before = RetrySchedule(
            attempts: 1, firstFailedAt: Self.start, nextAttemptAt: Self.start)
        let now = Self.start.adding(milliseconds: -1)
        #expect(RetrySchedule(after: before, refusedAt: now).firstFailedAt == now)
        #expect(RetrySchedule(after: before, refusedAt: Self.start).firstFailedAt == Self.start)
    }
}
