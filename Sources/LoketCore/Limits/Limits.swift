// Every fixed bound of the product, with its unit and its reason. What a merchant may choose is
// a setting; what stands here may not be chosen.

package enum Limits {
    // MARK: What DOKU's documents bound

    /// Digits of a whole payment code: the longest is a Direct BIN (5) with 20 free digits.
    package static let paymentCodeDigitsMax = 25
    /// Characters of an invoice number (`order.invoice_number`).
    package static let invoiceNumberMax = 64
    /// Characters of a `Request-Id` as DOKU documents it; a Client-Id is held to the same.
    package static let headerIdentifierMax = 128
    /// Rupiah: `order.amount` has at most 12 digits.
    package static let amountMax: Int64 = 999_999_999_999

    // MARK: What the gateway reads

    /// Bytes of an inquiry's body. A real one has 300; 16 KiB leaves room for what DOKU may add.
    package static let inquiryBodyBytesMax = 16 * 1024
    /// Bytes of a notification's body. A real one has 600; what is refused for its size is money
    /// that has not been seen, so there is room for what DOKU may add.
    package static let notificationBodyBytesMax = 256 * 1024
    /// Containers inside each other in a notification, which may carry objects that we do not know.
    package static let notificationDepthMax = 64
    /// Milliseconds after which a notification that is still not on disk is answered 503, so that
    /// DOKU sends it again: comparable schemes wait 8 to 14 s.
    package static let notificationAnswerMilliseconds: Int64 = 8_000
    /// Seconds after which a refused notification may be sent again.
    package static let retryAfterSeconds = 60
    /// Bytes of the request line and all header lines together.
    package static let headBytesMax = 16 * 1024
    /// Header fields of one request; a proxy in front adds a dozen.
    package static let headerFieldsMax = 64
    /// Containers inside each other in a JSON body; DOKU's deepest body has 4.
    package static let jsonDepthMax = 16
    /// Seconds that a connection may stay open between requests: longer than the 60 s for which
    /// common proxies keep theirs, so that it is never we who close under a request.
    package static let idleSeconds: Int64 = 75
    /// Seconds for which a refused sender may go on sending before the socket is closed, so that
    /// it reads our answer and not a reset.
    package static let lingerSeconds: Int64 = 2

    // MARK: The bill and its texts

    /// Characters of `customer.name`.
    package static let customerNameMax = 64
    /// Characters of `customer.email`.
    package static let customerEmailMax = 128
    /// Characters of `info`, printed at the counter as `info1`.
    package static let infoMax = 30
    /// Bytes of a bill's `metadata`, as JSON.
    package static let metadataBytesMax = 4096
    /// Codes that are tried until one is free. Where nine in ten are used, one bill in a thousand
    /// is refused; where fewer are left, more.
    package static let codeTriesMax = 64
    /// Characters of a reason given for a cancel.
    package static let reasonMax = 200

    // MARK: The admin API

    /// Bills in one POST: one transaction of about 20 ms, which a payment may have to wait for.
    package static let billsPerRequestMax = 1000
    /// Bytes of an admin body: 1,000 bills of 4 KiB of metadata fit.
    package static let adminBodyBytesMax = 8 * 1024 * 1024
    /// Items in one page of a list.
    package static let pageItemsMax = 1000
    package static let pageItemsDefault = 100
    /// Bills looked at for one page where a filter has no index: about a second.
    package static let searchRowsMax = 1_000_000
    /// Bills so few that they may be sorted for a page: what is more is read in its order.
    package static let searchSortMax = 1_000

    // MARK: Admin keys

    /// Bytes of an admin key; ours have 54.
    package static let adminKeyBytesMax = 128
    /// Characters of a key's name.
    package static let keyNameMax = 64
    /// Milliseconds for which a wrong key waits for its refusal.
    package static let wrongKeyMilliseconds = 250
    /// Connections of the admin listener open at the same time, where the limit on open files allows as
    /// many: people and scripts, not counters. Past it the one that has been silent longest is
    /// closed.
    package static let adminConnectionsMax = 256
    /// Bytes of an admin body that have to come in a second, and the milliseconds that its sender
    /// has beside: an import over the slowest line passes.
    package static let bodyBytesPerSecond: Int64 = 1024
    package static let bodyGraceMilliseconds = 10_000
    /// Seconds for which an answer may wait for its reader to take the next of it.
    package static let adminStallSeconds: Int64 = 60
    /// Seconds that requests have to end in when the service stops; an import or a backup ends by
    /// itself.
    package static let adminStopSeconds: Int64 = 5
    /// Wrong keys that wait at the same time, a quarter of the connections. One more is refused immediately
    /// and its connection closed, so that a flood of them leaves room for right ones.
    package static let wrongKeysWaitingMax = 64
    /// Bytes of a body that is read and dropped after a refusal, so that the connection can go on.
    package static let unreadBodyBytesMax = 64 * 1024

    // MARK: Secrets

    /// Bytes of a DOKU secret key below which it is refused as a mistake.
    package static let secretBytesMin = 16

    // MARK: The journal

    /// Entries waiting for the journal's writer: at 10,000 inquiries/s, six seconds of a stalled
    /// disk, in about 20 MB; the group that is being written comes on top.
    package static let journalQueueMax = 65_536
    /// Rows in one of the journal's commits, so that a payment never waits long for it.
    package static let journalGroupMax = 2_000
    /// Milliseconds for which the journal's writer gathers entries before it commits them.
    package static let journalGatherMilliseconds: UInt32 = 25
    /// Old journal rows deleted in one go.
    package static let journalPruneRowsMax = 1_000
    /// Milliseconds by which the wall clock may differ from the newest row while old rows are
    /// deleted, and by which the time of pruning may move at a start: a day.
    package static let pruningClockMilliseconds: Int64 = 86_400_000
    /// Rows read for one page where no index leads to what is asked for: half a second's worth.
    package static let journalScanRowsMax = 1_000_000
    /// Ids shown of inquiries that share one Request-Id.
    package static let journalOthersMax = 100

    // MARK: The log

    /// Bytes of log lines that may wait for the reader of the log: some 20,000 lines.
    package static let logQueueBytesMax = 4 * 1024 * 1024
    /// Seconds for which the end of the process waits for the reader of the log.
    package static let logClosingSeconds = 2

    // MARK: The one writer

    /// Writes that may wait for the next commit. Past it a notification is answered 503, and
    /// DOKU sends it again.
    package static let commitQueueMax = 4_096
    /// Bytes that waiting notifications may hold together.
    package static let commitQueueBytesMax = 64 * 1024 * 1024
    /// Writes that share one commit.
    package static let commitGroupMax = 512
    /// Milliseconds after which a group takes no further write, so that no caller waits long.
    package static let commitGroupMilliseconds = 50

    /// KiB of pages that the writer keeps: the leaves of an index into which a million random
    /// codes go, so that an import does not read them again and again.
    package static let writerCacheKiB = 32 * 1024
    /// Pages in the WAL before they are moved into the database. An import touches thousands in
    /// each batch, mostly the same ones; a payment may have to wait while they are moved.
    package static let checkpointPages = 16_000

    /// Seconds without a write after which the WAL is moved into the database.
    package static let idleCheckpointSeconds = 60
    /// Milliseconds between two writings of the mark: so much of what was committed may be lost
    /// without a start finding out.
    package static let markMilliseconds = 1_000

    // MARK: Imports

    /// Imports that may be received, or wait for their turn, at the same time.
    package static let importsAtOnce = 4
    /// Bytes of one file: ten million rows.
    package static let importFileBytesMax: Int64 = 2 * 1024 * 1024 * 1024
    /// Rows that are compared, or written, in one go. The more there are, the fewer pages are
    /// written: codes are scattered over all of their index.
    package static let importBatchRows = 8_000
    /// Rows after which a batch gives way to what waits for the one writer.
    package static let importRowsAtLeast = 100
    /// Milliseconds after which a batch ends although nothing waits.
    package static let importBatchMilliseconds = 250
    /// Imports whose notes are kept at most, newest first, within the days of the setting
    /// `imports.keep_days`: those of 200,000 changed rows take 14 MB.
    package static let importNotesKept = 1_000
    /// Milliseconds for which a reader of notes waits for another's lock on their file, which
    /// no caller keeps for longer than a commit.
    package static let notesReadMilliseconds = 250

    // MARK: Payments

    /// Milliseconds for which an unmatched payment holds a bill that is made later on its code with
    /// another invoice number: three days, in which an operator has seen it. After them the code
    /// alone says too little, for codes are used again.
    package static let holdByCodeMilliseconds: Int64 = 72 * 3_600_000
    /// Characters of an invoice number or a code that are kept outside of the raw body.
    package static let notedTextMax = 256
    /// Seconds since 1970 before which no payment was made: 2015-01-01T00:00:00Z. An earlier date
    /// comes from a clock that was never set.
    package static let paymentDateSecondsMin: Int64 = 1_420_070_400
    /// Identifiers of one receipt that are compared; real ones have three.
    package static let identifiersMax = 32

    // MARK: The quarantine

    /// Requests kept that did not verify under a known Client-Id, in each account: so many that a
    /// known mistake explains, and so many that none explains.
    package static let quarantineRowsMax = 5_000
    /// Bytes of their bodies, for each of the two.
    package static let quarantineBytesMax = 64 * 1024 * 1024
    /// Requests that no mistake explains and that are kept in a burst, and then one a second: anyone
    /// who knows a Client-Id can send them.
    package static let quarantineBurst = 100
    /// Days after which a request that no mistake explains is removed where there is no room for
    /// a new one: DOKU has long stopped sending it again, and had it been money, Check Status or
    /// DOKU's reports show it.
    package static let quarantineDays: Int64 = 30
    /// Requests that wait to be searched for a mistake: 64 MiB of the largest.
    package static let quarantineQueueMax = 256

    // MARK: Check Status

    /// Seconds after a quote before DOKU is asked whether it was paid.
    package static let checkStatusAgeSeconds: Int64 = 60
    /// Invoices asked about at the same time.
    package static let checkStatusConcurrency = 4
    /// Bytes of an answer.
    package static let checkStatusAnswerBytesMax = notificationBodyBytesMax
    /// Seconds for one answer.
    package static let checkStatusTimeoutSeconds: Int64 = 15
    /// Seconds between two scheduled passes. An invoice is asked about again only when its quote
    /// has grown twice as old, so an abandoned one costs ten questions in three days.
    package static let checkStatusIntervalSeconds: Int64 = 600
    /// Problems that a pass reports one by one.
    package static let checkStatusProblemsMax = 20

    /// Invoices that are read at a time where there may be millions: after a restore.
    package static let checkStatusPageRows = 1_000
    /// How often one invoice is asked about after a restore before it counts as failed: one lost
    /// packet among a million must not keep a shop closed.
    package static let checkStatusTriesAfterRestore = 2
}
