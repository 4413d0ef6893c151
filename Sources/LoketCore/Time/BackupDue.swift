// The time of the timer's next backup. It depends on the last good copy, not on the start, so that
// a service that is restarted often does not take a backup each time.

package struct BackupDue: Sendable {
    package let everyMilliseconds: Int64
    package let startedAt: Moment
    /// The number of failures since the last good copy.
    private(set) var failures = 0
    private(set) var failedAt: Moment?

    package init(everyMilliseconds: Int64, startedAt: Moment) {
        self.everyMilliseconds = everyMilliseconds
        self.startedAt = startedAt
    }

    package mutating func failed(at now: Moment) {
        failures += 1
        failedAt = now
    }

    package mutating func succeeded() {
        failures = 0
        failedAt = nil
    }

    /// Returns the time at which the next backup is due.
    /// - Parameter last: the time of the last good copy.
    package func time(last: Moment?) -> Moment {
        let first = startedAt.adding(milliseconds: Limits.backupTickSeconds * 1000)
        let next = last?.adding(milliseconds: everyMilliseconds) ?? first
        let retry = failedAt?.adding(milliseconds: pause) ?? first
        return max(first, next, retry)
    }

    private var pause: Int64 {
        let doublings = min(max(0, failures - 1), 20)
        return min(
            Limits.backupRetryMilliseconds << Int64(doublings), Limits.backupRetryMaxMilliseconds,
            everyMilliseconds)
    }
}
