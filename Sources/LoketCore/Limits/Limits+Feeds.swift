// Limits of the feeds that programs follow: events and the journal, oldest first.

extension Limits {
    /// The seconds for which a request may wait for something new: less than the 60 s after which
    /// common proxies end a request without an answer.
    package static let feedWaitSecondsMax = 30
    /// The milliseconds between two reads of one waiting request: commits that bring nothing for it
    /// may follow each other by the thousand in a second.
    package static let feedGapMilliseconds = 250
    /// The maximum number of rows examined for one page if a filter applies: some 50 ms. The cursor
    /// of the page is after the last examined row.
    package static let feedScanRowsMax = 100_000
}
