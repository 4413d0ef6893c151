// When an event that a webhook refused is sent again, and when it is skipped.

/// The refused attempts of one event.
package struct RetrySchedule: Hashable, Sendable {
    /// The number of attempts so far, all refused.
    package let attempts: Int
    /// When the day of attempts began.
    package let firstFailedAt: Moment
    package let nextAttemptAt: Moment

    /// The milliseconds from an attempt to the next: at once, 5 s, 5 min, 30 min, then each hour.
    private static let pauses: [Int64] = [0, 5_000, 300_000, 1_800_000]
    private static let lastPause: Int64 = 3_600_000

    package init(attempts: Int, firstFailedAt: Moment, nextAttemptAt: Moment) {
        self.attempts = attempts
        self.firstFailedAt = firstFailedAt
        self.nextAttemptAt = nextAttemptAt
    }

    /// The schedule after an attempt that was refused.
    ///
    /// If the attempt comes more than an hour after it was due, as when the service did not run, this
    /// time does not count. If the clock was set back, the day begins again.
    ///
    /// - Parameter before: the earlier refused attempts of the same event; nil if none.
    package init(after before: RetrySchedule?, refusedAt now: Moment) {
        attempts = (before?.attempts ?? 0) + 1
        firstFailedAt = before?.firstFailedAt(at: now) ?? now
        let pause =
            Self.pauses.indices.contains(attempts - 1) ? Self.pauses[attempts - 1] : Self.lastPause
        nextAttemptAt = now.adding(milliseconds: pause)
    }

    /// Returns when the day of attempts began, so that a time without attempts does not count.
    private func firstFailedAt(at now: Moment) -> Moment {
        guard now >= firstFailedAt else { return now }
        let late = now.milliseconds - nextAttemptAt.milliseconds
        return late > Self.lastPause ? firstFailedAt.adding(milliseconds: late) : firstFailedAt
    }

    /// Whether the event is sent again at `now`. A clock that was set back does not delay it.
    package func isDue(_ now: Moment) -> Bool {
        now >= nextAttemptAt || nextAttemptAt.milliseconds - now.milliseconds > Self.lastPause
    }

    /// Whether the event was tried for so long, at `now`, that it is skipped.
    package func isOver(_ now: Moment) -> Bool {
        now.milliseconds - firstFailedAt.milliseconds >= Limits.webhookGiveUpMilliseconds
    }
}
