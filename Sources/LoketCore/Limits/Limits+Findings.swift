// Thresholds of findings, and the intervals at which a running service checks them.

extension Limits {
    /// The number of refused requests within ten minutes, with none verified, from which all
    /// requests count as refused; fewer may be a stranger's.
    package static let refusedMin = 5
    /// The permitted difference, in milliseconds, of this clock and DOKU's: far below the limit for
    /// requests, so that there is time to correct the clock.
    package static let clockSkewMilliseconds: Int64 = 60_000
    /// The number of inquiries whose median skew counts, and the minimum for a result.
    package static let skewInquiries = 20
    package static let skewInquiriesMin = 5
    /// The milliseconds for which a loss is a finding: what is lost cannot be recovered, and by
    /// then the operator has seen the finding.
    package static let lossMilliseconds: Int64 = 3_600_000
    /// The age, in days, from which a backup is old: a weekly backup has then failed.
    package static let backupDaysMax: Int64 = 8
    /// The milliseconds after a start for which the timer's first backup is not yet overdue.
    package static let firstBackupMilliseconds: Int64 = 3_600_000
    /// The milliseconds before and after a quarantined request within which a verified inquiry
    /// proves that the secret and the paths are right.
    package static let quarantineNearMilliseconds: Int64 = 600_000
    /// The milliseconds for which an unexplained quarantined request is a finding: DOKU resends a
    /// notification within 12 hours and then never.
    package static let quarantineFreshMilliseconds: Int64 = 86_400_000
    /// The number of unexplained quarantined requests of one account, with no notification verified
    /// since, that is a finding even if inquiries verify. DOKU sends each notification four times.
    package static let quarantineUnexplainedMin = 3
    /// The number of latest quarantine rows searched for unexplained requests.
    package static let quarantineRowsLooked = 500
    /// The number of damaged bills remembered, to detect when they are correct again.
    package static let damagedBillsMax = 20

    /// The seconds between two evaluations of findings: a finding is logged well within a minute.
    package static let watchSeconds: Int64 = 5
    /// The milliseconds after which a continuing finding is logged again.
    package static let reminderMilliseconds: Int64 = 3_600_000
    /// The number of latest events searched at a start for findings that have not ended.
    package static let findingEventsLooked = 100_000
    /// The number of journal rows searched for the last inquiry of each channel.
    package static let lastInquiryRows = 10_000

    /// The timeout, in seconds, of one attempt to send an alert, and the number of attempts.
    package static let alertTimeoutSeconds: Int64 = 10
    package static let alertTries = 3
    /// The seconds before the second attempt and before the third.
    package static let alertRetrySeconds: [Int64] = [5, 20]
    /// The number of alerts that may be queued: two for each kind of finding.
    package static let alertQueueMax = 32
    /// The number of bytes read of the response to an alert.
    package static let alertAnswerBytesMax = 64 * 1024
}
