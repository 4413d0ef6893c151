// The time of the next scheduled backup, after the last good one, a start, and failures.

import LoketCore
import Testing

struct BackupDueTests {
    private static let start = Moment(seconds: 1_000_000)
    private static let minute: Int64 = 60_000
    private static let day: Int64 = 86_400_000

    private static func after(_ milliseconds: Int64) -> Moment {
        start.adding(milliseconds: milliseconds)
    }

    private func due(every milliseconds: Int64 = day) -> BackupDue {
        BackupDue(everyMilliseconds: milliseconds, startedAt: Self.start)
    }

    private static let byLast: [(last: Moment?, due: Moment)] = [
        (nil, after(minute)), (after(-3 * day), after(minute)), (after(-day), after(minute)),
        (after(-day + minute + 1), after(minute + 1)), (after(-1), after(day - 1)),
        (after(5 * day), after(6 * day)),
    ]

    @Test(arguments: byLast)
    func `the next backup follows the last good one, a minute after the start`(
        last: Moment?, due time: Moment
    ) {
        #expect(due().time(last: last) == time)
    }

    @Test func `each failure doubles the pause up to an hour, and a success ends it`() {
        var due = due()
        for (failures, minutes) in [1, 2, 4, 8, 16, 32, 60, 60].enumerated() {
            let failedAt = Self.after(Int64(failures) * Self.day)
            due.failed(at: failedAt)
            let next = failedAt.adding(milliseconds: Int64(minutes) * Self.minute)
            #expect(due.time(last: nil) == next, "\(failures)")
        }
        due.succeeded()
        #expect(due.time(last: nil) == Self.after(Self.minute))
    }
}
