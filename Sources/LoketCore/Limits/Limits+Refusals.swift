// Fixed numbers of what is kept and logged of requests that were refused.

extension Limits {
    // MARK: Kept for `why`

    /// Rows of each account, and of everybody who names none of ours together.
    package static let refusedRowsMax = 500
    /// Bytes that they may hold, header lines included: 100 of the largest.
    package static let refusedBytesMax = 4 * 1024 * 1024
    /// Requests that are kept in a burst, and then one a second: a sender whose requests do not verify must
    /// neither fill a disk nor push out what is kept.
    package static let refusedBurst = 100
    /// Requests, and their bytes, that may wait for the next write: ten seconds of ten accounts.
    package static let refusedQueueMax = 1_000
    package static let refusedQueueBytesMax = 4 * 1024 * 1024
    /// Seconds between two writes: so much of the sums of what was refused may be lost in a crash.
    package static let refusedFlushSeconds = 2
    /// Bytes that are kept of a path that is none of the gateway's.
    package static let refusedTargetMax = 200

    /// Rows of each kind that a start counts again.
    package static let recentRequestsMax = 1_000

    // MARK: Log lines about what comes in floods

    /// Seconds between two lines about one thing.
    package static let floodLineSeconds: Int64 = 60
    /// Lines at that distance; after them one in twenty minutes. A day of forged requests of every
    /// kind is then less than 1 MB of log.
    package static let floodLinesBurst = 10
    package static let floodLinesApartSeconds: Int64 = 1_200
}
