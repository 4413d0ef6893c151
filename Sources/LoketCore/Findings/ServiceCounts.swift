// The input of the finding rules: the counts and the state of a running service.

package struct ServiceCounts: Hashable, Sendable {
    /// Items that require a person's action.
    package struct Waiting: Hashable, Sendable {
        package var count: Int
        /// The arrival time of the oldest item; nil if unknown.
        package var since: Moment?
        /// The Request-Id of the newest item.
        package var requestID: String?
        /// The id of the oldest item; nil if unknown.
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

    /// Items lost since the service started.
    package struct Loss: Hashable, Sendable {
        package var count: Int
        /// The time of the latest loss.
        package var last: Moment?

        package init(_ count: Int = 0, last: Moment? = nil) {
            self.count = count
            self.last = last
        }
    }

    /// A continuing failure.
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
        /// Whether one of the pauses applies to all accounts.
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
        /// The failure of the latest attempt; nil if it succeeded.
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
    /// The reasons why the service cannot answer or write, one clause each.
    package var failures: [String] = []
    package var refusals = RouteCounts()
    /// The Client-Ids of the configured accounts, by account id.
    package var clientIDs: [Int64: String] = [:]
    package var pauses: Pauses?
    package var payments = Waiting()
    /// Quarantined notifications signed with a configured secret, with a known mistake.
    package var mistaken = Waiting()
    /// Quarantined notifications without a known mistake, received while nothing verified.
    package var unexplained = Waiting()
    package var attention = Waiting()
    /// Bills with a damaged row for which an inquiry was received.
    package var damagedBills = Waiting()
    /// Other damage in the database, one clause each.
    package var damages: [String] = []
    /// This machine's clock minus DOKU's, in milliseconds: the median of the latest inquiries.
    package var skewMilliseconds: Int64?
    /// The Request-Id of the newest inquiry.
    package var lastInquiryID: String?
    /// The arrival time of the newest inquiry, by this machine's clock at the time.
    package var lastInquiryAt: Moment?
    /// The disk space, if less than the reserve is free; otherwise nil.
    package var disk: Disk?
    package var journal = Loss()
    package var log = Loss()
    package var reload: Failing?
    package var reconciliation: Failing?
    /// The time of the last backup (of the timer's last, if there is a timer); nil if none.
    package var lastBackupAt: Moment?
    /// The backup timer; nil if backups are taken only by hand.
    package var backupTimer: BackupTimer?
    /// The webhooks that need a person, by id.
    package var webhooks: [WebhookTrouble] = []
    /// The number of hours without an inquiry that produces a finding; 0 disables the finding.
    package var silenceHours = 0

    package init(startedAt: Moment) {
        self.startedAt = startedAt
    }
}
