// Limits of maintenance work: backups, checks of the ledger, bill files.

extension Limits {
    // MARK: The disk

    /// The default of the free bytes that imports, backups and new bills leave on the disk.
    package static let diskReserveBytes: Int64 = 64 << 20
    /// The bytes by which the database grows for each byte of imported rows, indexes included: 3.5
    /// if codes arrive in order.
    package static let importGrowth: Int64 = 4
    /// The bytes by which the database grows for each bill that an undo cancels.
    package static let undoRowBytes: Int64 = 512

    // MARK: A start

    /// The disk space, in bytes, that a start with an existing database requires: the shared memory
    /// of its processes, keys and marks, a migration.
    package static let startBytes: Int64 = 128 << 10
    /// The disk space for a start without a database: its tables, in the log and in the file.
    package static let firstStartBytes: Int64 = 1 << 20
    /// The number of schema differences listed by name.
    package static let schemaDifferencesMax = 5
    /// The seconds between notices to systemd that a start continues; systemd waits at least ten.
    package static let startNoticeSeconds: Int64 = 5

    // MARK: A stop

    /// The seconds for moving the WAL into the database file, after the last request has ended.
    package static let closingSeconds: Int64 = 60

    // MARK: Backups

    /// The number of bytes of a backup that are in memory at a time.
    package static let backupChunkBytes = 256 * 1024
    /// The seconds between two checks whether a backup is due, and before the first check after a
    /// start: a service that crashes repeatedly does not take a backup each time.
    package static let backupTickSeconds: Int64 = 60
    /// The milliseconds before a failed backup is retried, doubled with each failure up to the
    /// second value: a disk that was unplugged is back within the hour.
    package static let backupRetryMilliseconds: Int64 = 60_000
    package static let backupRetryMaxMilliseconds: Int64 = 3_600_000
    /// The milliseconds by which the time in a backup's name may be ahead of the clock. A backup
    /// further ahead was made under a wrong clock; it is neither counted nor deleted.
    package static let backupAheadMilliseconds: Int64 = 3_600_000
    /// The microseconds of pause after each MiB read from a copy.
    package static let backupPauseMicroseconds: UInt32 = 2_000
    /// The maximum interval of backups, in hours: a month.
    package static let backupHoursMax = 744
    /// The maximum number of copies retained.
    package static let backupsKeptMax = 1_000
    /// The number of faults in a backup that are reported individually.
    package static let restoreProblemsMax = 20

    // MARK: The metrics

    /// The upper bounds, in microseconds, of the duration histogram: from an answer out of memory
    /// to an answer for which a shop counter no longer waits.
    package static let durationBucketMicroseconds: [Int64] = [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
        2_500_000, 5_000_000,
    ]

    // MARK: The kill switch

    /// The number of pauses and resumptions listed in the history.
    package static let pauseHistoryMax = 100

    // MARK: The ledger

    /// The number of ledger links checked before the service starts.
    package static let ledgerLinksAtStart: Int64 = 100
    /// The number of ledger rows checked in one step in the background.
    package static let ledgerRowsAtOnce = 500
    /// The number of notifications of an earlier version that are read again in one step.
    package static let rereadAtOnce = 200

    // MARK: The daily walk over every page

    /// The number of SQLite virtual-machine instructions between two pauses of the walk.
    package static let pageWalkSteps: Int32 = 10_000
    /// The microseconds of a pause, in which other threads can use the processor.
    package static let pageWalkPauseMicroseconds: UInt32 = 2_000

    // MARK: Bill files

    /// The maximum size of a row, in bytes: the longest possible bill has 29 KiB, nearly all of
    /// them escaped NDJSON metadata. A longer row is an unclosed quote or not from a bill file.
    package static let importRowBytesMax = 64 * 1024
    /// The number of characters of a wrong value that are shown with the reason.
    package static let shownValueMax = 64
}
