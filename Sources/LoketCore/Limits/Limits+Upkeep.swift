// Fixed numbers of what is done beside answering: backups, the ledger's walk, files of bills.

extension Limits {
    // MARK: The disk

    /// Bytes that imports, backups and new bills leave on the disk, where nothing else is set.
    package static let diskReserveBytes: Int64 = 64 << 20
    /// Bytes by which the database grows for each byte of an import's rows, indexes included: 3.5
    /// where codes come in their order.
    package static let importGrowth: Int64 = 4
    /// Bytes by which the database grows for each bill that an undo cancels.
    package static let undoRowBytes: Int64 = 512

    // MARK: A start

    /// Bytes of the disk that a start of an existing database needs: the memory that its processes
    /// share, keys and marks, a migration.
    package static let startBytes: Int64 = 128 << 10
    /// The same where the database is still to be made: its tables, in the log and in the file.
    package static let firstStartBytes: Int64 = 1 << 20
    /// Differences of a schema that are named.
    package static let schemaDifferencesMax = 5
    /// Seconds between two messages to systemd that a start goes on: it waits for ten at least.
    package static let startNoticeSeconds: Int64 = 5

    // MARK: A stop

    /// Seconds for moving the database's log into its file, after the last request has ended.
    package static let closingSeconds: Int64 = 60

    // MARK: Backups

    /// Bytes of a backup that are in memory at a time.
    package static let backupChunkBytes = 256 * 1024
    /// Seconds between two looks at whether a backup is due, and after a start before the first: one
    /// that crashes again and again makes none each time.
    package static let backupTickSeconds: Int64 = 60
    /// Milliseconds after a failed backup before it is tried again, doubled with each failure up to
    /// the second: a disk that was unplugged is back within the hour.
    package static let backupRetryMilliseconds: Int64 = 60_000
    package static let backupRetryMaxMilliseconds: Int64 = 3_600_000
    /// Milliseconds by which the name of a copy may be ahead of the clock: what is further ahead was
    /// made while the clock was wrong, and neither counts nor goes.
    package static let backupAheadMilliseconds: Int64 = 3_600_000
    /// Microseconds of a pause after each MiB that is read of a copy.
    package static let backupPauseMicroseconds: UInt32 = 2_000
    /// Hours between two backups, at most: a month.
    package static let backupHoursMax = 744
    /// Copies that are kept at most.
    package static let backupsKeptMax = 1_000
    /// Wrong places in a backup that are reported one by one.
    package static let restoreProblemsMax = 20

    // MARK: The metrics

    /// Microseconds up to which durations are counted together: from an answer out of memory to
    /// one that a counter no longer waits for.
    package static let durationBucketMicroseconds: [Int64] = [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
        2_500_000, 5_000_000,
    ]

    // MARK: The search

    /// Characters that are searched for: a Request-Id has no more.
    package static let searchTextMax = headerIdentifierMax
    /// Bills whose codes are one slip away, shown beside their number.
    package static let nearBillsMax = 10
    /// Inquiries that are shown of what was found.
    package static let searchInquiriesMax = 10
    /// Milliseconds after a refused inquiry in which the customer may have asked again with the
    /// right code: an hour.
    package static let askedAgainMilliseconds: Int64 = 3_600_000

    // MARK: The kill switch

    /// Changes that are shown of its history.
    package static let pauseHistoryMax = 100

    // MARK: The ledger

    /// Links that are checked before the service starts.
    package static let ledgerLinksAtStart: Int64 = 100
    /// Rows that are walked in one go in the background.
    package static let ledgerRowsAtOnce = 500
    /// Notifications of an earlier version that are read again in one go.
    package static let rereadAtOnce = 200

    // MARK: The daily walk over every page

    /// Steps of SQLite's machine between two pauses of the walk.
    package static let pageWalkSteps: Int32 = 10_000
    /// Microseconds of a pause, in which others have the processor.
    package static let pageWalkPauseMicroseconds: UInt32 = 2_000

    // MARK: Files of bills

    /// Bytes of one row of a file: the longest possible bill has 29 KiB, nearly all of it the
    /// escaped metadata of NDJSON. What is longer is a quote that was not closed, or no file of bills.
    package static let importRowBytesMax = 64 * 1024
    /// Characters of a wrong value that are shown with the reason.
    package static let shownValueMax = 64
}
