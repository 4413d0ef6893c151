// When something counts as a finding, and how often a running service looks.

extension Limits {
    /// Requests refused within ten minutes, while none verifies, that are everybody: fewer may be a
    /// stranger who tries.
    package static let refusedMin = 5
    /// Milliseconds by which our clock and DOKU's may differ: far less than is allowed, so that
    /// there is time to set it right.
    package static let clockSkewMilliseconds: Int64 = 60_000
    /// Inquiries of whose skews the middle one counts, and the fewest that say anything.
    package static let skewInquiries = 20
    package static let skewInquiriesMin = 5
    /// Milliseconds for which something lost is a finding: it cannot be found again, and the operator
    /// has seen it by then.
    package static let lossMilliseconds: Int64 = 3_600_000
    /// Days after which a backup is old: a weekly one has failed.
    package static let backupDaysMax: Int64 = 8
    /// Milliseconds after a start in which the timer's first backup may be under way.
    package static let firstBackupMilliseconds: Int64 = 3_600_000
    /// Milliseconds before and after a request in quarantine in which an inquiry that verifies shows
    /// that the secret and the paths are right.
    package static let quarantineNearMilliseconds: Int64 = 600_000
    /// Milliseconds for which a request in quarantine that nothing explains is a finding: DOKU sends
    /// a notification again within 12 hours and then never.
    package static let quarantineFreshMilliseconds: Int64 = 86_400_000
    /// Requests of one account in quarantine that nothing explains, with no notification that has
    /// verified since, are a finding also where inquiries verify. DOKU sends each four times.
    package static let quarantineUnexplainedMin = 3
    /// Rows of the quarantine, the latest, among which unexplained ones are looked for.
    package static let quarantineRowsLooked = 500
    /// Damaged bills that are kept in mind, to see when they are right again.
    package static let damagedBillsMax = 20

    /// Seconds between two looks: a finding is in the log well within a minute.
    package static let watchSeconds: Int64 = 5
    /// Milliseconds after which a finding that lasts is logged again.
    package static let reminderMilliseconds: Int64 = 3_600_000
    /// Events, the latest, among which a start looks for findings that have not ended.
    package static let findingEventsLooked = 100_000
    /// Rows of the journal among which the last inquiry of each channel is looked for.
    package static let lastInquiryRows = 10_000

    /// Seconds for one try to send an alert, and how often it is tried.
    package static let alertTimeoutSeconds: Int64 = 10
    package static let alertTries = 3
    /// Seconds before the second try and the third.
    package static let alertRetrySeconds: [Int64] = [5, 20]
    /// Alerts that may wait: two for each finding that there is.
    package static let alertQueueMax = 30
    /// Bytes of the answer to an alert that are read.
    package static let alertAnswerBytesMax = 64 * 1024
}
