// What the findings are made of: what a running service has counted and knows of itself.

package struct ServiceCounts: Hashable, Sendable {
    /// Things that wait for a person.
    package struct Waiting: Hashable, Sendable {
        package var count: Int
        /// When the oldest of them came; nil where it is not known.
        package var since: Moment?
        /// The Request-Id of the newest.
        package var requestID: String?
        /// The id of the oldest; nil where it is not known.
        package var oldestID: Int64?

        package init(
            _ count: Int = 0, since: Moment? = nil, requestID: String? = nil,
            oldestID: Int64? = nil
        ) {
            self.count = count
            self.since = since
            self.requestID = requestID
            self.oldestID = oldestID
        }
    }

    /// Things that were lost since the start.
    package struct Loss: Hashable, Sendable {
        package var count: Int
        /// When the latest was lost.
        package var last: Moment?

        package init(_ count: Int = 0, last: Moment? = nil) {
            self.count = count
            self.last = last
        }
    }

    /// A failure that lasts.
    package struct Failing: Hashable, Sendable {
        package let since: Moment
        package let reason: String

        package init(since: Moment, reason: String) {
            self.since = since
            self.reason = reason
        }
    }

    package struct Pauses: Hashable, Sendable {
        package let count: Int
        /// One of them is of every account.
        package let isEverything: Bool
        package let since: Moment

        package init(count: Int, isEverything: Bool, since: Moment) {
            self.count = count
            self.isEverything = isEverything
            self.since = since
        }
    }

    package struct BackupTimer: Hashable, Sendable {
        package let everyMilliseconds: Int64
        /// The latest try was of no use.
        package let failing: Failing?

        package init(everyMilliseconds: Int64, failing: Failing? = nil) {
            self.everyMilliseconds = everyMilliseconds
            self.failing = failing
        }
    }

    package struct Disk: Hashable, Sendable {
        package let freeBytes: Int64
        package let keptBytes: Int64

        package init(freeBytes: Int64, keptBytes: Int64) {
            self.freeBytes = freeBytes
            self.keptBytes = keptBytes
        }
    }

    package let startedAt: Moment
    /// Why it cannot answer or write, a clause each.
    package var failures: [String] = []
    package var refusals = RouteCounts()
    /// The Client-Ids of the configured accounts.
    package var clientIDs: [Int64: String] = [:]
    package var pauses: Pauses?
    package var payments = Waiting()
    /// In quarantine: signed with a configured secret and a known mistake.
    package var mistaken = Waiting()
    /// In quarantine: that no mistake explains, and that came while nothing verified.
    package var unexplained = Waiting()
    package var attention = Waiting()
    /// Bills that were asked about and whose row is damaged.
    package var damagedBills = Waiting()
    /// What else is damaged in the database, a clause each.
    package var damages: [String] = []
    /// Our clock less DOKU's, in the middle one of the latest inquiries.
    package var skewMilliseconds: Int64?
    /// The newest inquiry's Request-Id.
    package var lastInquiryID: String?
    /// When the newest inquiry came, by our clock then.
    package var lastInquiryAt: Moment?
    /// There is less room than is kept.
    package var disk: Disk?
    package var journal = Loss()
    package var log = Loss()
    package var reload: Failing?
    package var reconciliation: Failing?
    /// The last one that the timer made, where there is a timer. Nil: there was none.
    package var lastBackupAt: Moment?
    /// Nil: backups are taken by hand alone.
    package var backupTimer: BackupTimer?
    /// Hours without an inquiry that are a finding; 0: none are.
    package var silenceHours = 0

    package init(startedAt: Moment) {
        self.startedAt = startedAt
    }
}
