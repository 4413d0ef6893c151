// Limits on what is recorded and logged about refused requests.

extension Limits {
    // MARK: Recorded for `why`

    /// The maximum number of rows of each account, and of all senders without a configured
    /// Client-Id together.
    package static let refusedRowsMax = 500
    /// The byte limit of these rows, header lines included: 100 of the largest requests.
    package static let refusedBytesMax = 4 * 1024 * 1024
    /// The maximum number of requests recorded in a burst; after it, one a second. A sender whose
    /// requests do not verify must neither fill the disk nor displace recorded requests.
    package static let refusedBurst = 100
    /// The maximum number of requests queued for the next write, and their byte limit: ten seconds
    /// of ten accounts.
    package static let refusedQueueMax = 1_000
    package static let refusedQueueBytesMax = 4 * 1024 * 1024
    /// The seconds between two writes: a crash may lose the counts of that time.
    package static let refusedFlushSeconds = 2
    /// The byte limit of a recorded path that is not a path of the gateway.
    package static let refusedTargetMax = 200

    /// The maximum number of rows of each kind that are counted again at a start.
    package static let recentRequestsMax = 1_000

    // MARK: Log lines about frequent events

    /// The seconds between two lines about the same event.
    package static let floodLineSeconds: Int64 = 60
    /// The number of lines at this interval; after them, one line in twenty minutes. A day of
    /// forged requests of every kind then produces less than 1 MB of log.
    package static let floodLinesBurst = 10
    package static let floodLinesApartSeconds: Int64 = 1_200
}
