// The fixed limits of the product, with unit and reason. A limit that the merchant may choose is a
// setting instead.

package enum Limits {
    // MARK: Limits from DOKU's documents

    /// The maximum digits of a whole payment code: a Direct BIN (5) with 20 free digits.
    package static let paymentCodeDigitsMax = 25
    /// The character limit of an invoice number (`order.invoice_number`).
    package static let invoiceNumberMax = 64
    /// The character limit of a `Request-Id`, as DOKU documents; applied to a Client-Id too.
    package static let headerIdentifierMax = 128
    /// The maximum amount in rupiah: `order.amount` has at most 12 digits.
    package static let amountMax: Int64 = 999_999_999_999

    // MARK: The input of the gateway

    /// The byte limit of an inquiry's body. A real body has 300; 16 KiB leave room for new fields.
    package static let inquiryBodyBytesMax = 16 * 1024
    /// The byte limit of a notification's body. A real body has 600; there is room for new fields,
    /// because a payment whose notification is refused for its size goes unnoticed.
    package static let notificationBodyBytesMax = 256 * 1024
    /// The nesting limit of a notification's JSON, which may contain unknown objects.
    package static let notificationDepthMax = 64
    /// The milliseconds after which a notification that is not yet on disk is answered 503, so that
    /// DOKU sends it again: comparable schemes wait 8 to 14 s.
    package static let notificationAnswerMilliseconds: Int64 = 8_000
    /// The seconds after which a refused notification may be sent again.
    package static let retryAfterSeconds = 60
    /// The byte limit of the request line and all header lines together.
    package static let headBytesMax = 16 * 1024
    /// The maximum number of header fields of one request; a proxy in front adds a dozen.
    package static let headerFieldsMax = 64
    /// The nesting limit of a JSON body; DOKU's deepest body has 4.
    package static let jsonDepthMax = 16
    /// The seconds for which an idle connection remains open: longer than the 60 s of common
    /// proxies, so that the proxy closes first and never sends a request into a closing connection.
    package static let idleSeconds: Int64 = 75
    /// The seconds for which a refused sender may continue to send before the socket is closed, so
    /// that the sender reads the answer and not a reset.
    package static let lingerSeconds: Int64 = 2

    // MARK: The bill and its texts

    /// The character limit of `customer.name`.
    package static let customerNameMax = 64
    /// The character limit of `customer.email`.
    package static let customerEmailMax = 128
    /// The character limit of `info`, printed at the counter as `info1`.
    package static let infoMax = 30
    /// The maximum number of amounts of one bill: one for each month of a year.
    package static let amountStepsMax = 12
    /// The byte limit of a bill's `metadata`, as JSON.
    package static let metadataBytesMax = 4096
    /// The maximum number of random codes tried until a free code is found. If nine in ten codes
    /// are used, one bill in a thousand is refused; if more are used, more bills are.
    package static let codeTriesMax = 64
    /// The character limit of the reason for a cancel.
    package static let reasonMax = 200

    // MARK: The admin API

    /// The maximum number of bills in one POST: a payment may have to wait for the 20 ms of their
    /// transaction.
    package static let billsPerRequestMax = 1000
    /// The byte limit of an admin body: sufficient for 1,000 bills with 4 KiB of metadata.
    package static let adminBodyBytesMax = 8 * 1024 * 1024
    /// The maximum number of items in one page of a list.
    package static let pageItemsMax = 1000
    package static let pageItemsDefault = 100
    /// The maximum number of bills examined for one page if a filter has no index: about a second.
    package static let searchRowsMax = 1_000_000
    /// The number of matches up to which bills are sorted for a page; more are read in sort order.
    package static let searchSortMax = 1_000

    // MARK: Admin keys

    /// The byte limit of an admin key; generated keys have 54.
    package static let adminKeyBytesMax = 128
    /// The character limit of a key's name.
    package static let keyNameMax = 64
    /// The milliseconds for which the refusal of a wrong key is delayed.
    package static let wrongKeyMilliseconds = 250
    /// The maximum number of open connections of the admin listener, if the limit on open files
    /// permits them: for people and scripts, not counters. Above the limit, the connection that has
    /// been silent longest is closed.
    package static let adminConnectionsMax = 256
    /// The minimum rate of an admin body, in bytes a second, and the milliseconds that the sender
    /// has in addition: an import over the slowest line is fast enough.
    package static let bodyBytesPerSecond: Int64 = 1024
    package static let bodyGraceMilliseconds = 10_000
    /// The seconds for which sending an answer may stall because the client does not read.
    package static let adminStallSeconds: Int64 = 60
    /// The seconds for requests to end when the service stops; an import or a backup ends without
    /// this limit.
    package static let adminStopSeconds: Int64 = 5
    /// The maximum number of wrong keys whose refusal is delayed at the same time, a quarter of the
    /// connections. A further wrong key is refused immediately and its connection closed, so that a
    /// flood of wrong keys leaves room for right keys.
    package static let wrongKeysWaitingMax = 64
    /// The byte limit of a body read and discarded after a refusal to retain the connection.
    package static let unreadBodyBytesMax = 64 * 1024

    // MARK: Secrets

    /// The minimum length, in bytes, of a DOKU secret key; a shorter key is refused as a mistake.
    package static let secretBytesMin = 16

    // MARK: The journal

    /// The maximum number of entries queued for the journal's writer: at 10,000 inquiries/s, six
    /// seconds of a stalled disk, in about 20 MB. The entries being written are not included.
    package static let journalQueueMax = 65_536
    /// The row limit of one commit of the journal, so that a payment never waits long for it.
    package static let journalGroupMax = 2_000
    /// The milliseconds for which the journal's writer collects entries under load.
    package static let journalGatherMilliseconds: UInt32 = 50
    /// The maximum number of old journal rows deleted in one step.
    package static let journalPruneRowsMax = 1_000
    /// The milliseconds by which the wall clock may differ from the newest row while old rows are
    /// deleted, and by which the pruning time may advance at a start: a day.
    package static let pruningClockMilliseconds: Int64 = 86_400_000
    /// The maximum number of rows read for one page if no index fits the query: some 50 ms.
    package static let journalScanRowsMax = 40_000
    /// The number of ids listed of inquiries with the same Request-Id.
    package static let journalOthersMax = 100

    // MARK: The log

    /// The byte limit of log lines that may wait for the log's reader: some 20,000 lines.
    package static let logQueueBytesMax = 4 * 1024 * 1024
    /// The seconds for which the process waits at its end for the log's reader.
    package static let logClosingSeconds = 2

    // MARK: The writer

    /// The maximum number of writes that may wait for the next commit. Beyond this number, a
    /// notification is answered 503, and DOKU sends it again.
    package static let commitQueueMax = 4_096
    /// The byte limit of all waiting notifications together.
    package static let commitQueueBytesMax = 64 * 1024 * 1024
    /// The maximum number of writes that share one commit.
    package static let commitGroupMax = 512
    /// The milliseconds after which a group accepts no further write, so that no caller waits long.
    package static let commitGroupMilliseconds = 50

    /// The writer's page cache, in KiB: large enough for the index leaves that a million random
    /// codes touch, so that an import does not read them repeatedly.
    package static let writerCacheKiB = 32 * 1024
    /// The number of WAL pages at which they are moved into the database. An import writes
    /// thousands in each batch, mostly the same pages.
    package static let checkpointPages = 16_000

    /// The seconds without a write after which the WAL is moved into the database.
    package static let idleCheckpointSeconds = 60
    /// The milliseconds between two writes of the mark: a start cannot detect the loss of commits
    /// of that time.
    package static let markMilliseconds = 1_000

    // MARK: Imports

    /// The maximum number of imports that may be received, or wait to run, at the same time.
    package static let importsAtOnce = 4
    /// The byte limit of one file: ten million rows.
    package static let importFileBytesMax: Int64 = 2 * 1024 * 1024 * 1024
    /// The characters in the name of an imported file: the longest name on usual file systems.
    package static let fileNameMax = 255
    /// The maximum number of rows compared or written in one step. More rows mean fewer page
    /// writes, because codes are scattered over their whole index.
    package static let importBatchRows = 8_000
    /// The number of rows after which a batch may yield to other work for the writer.
    package static let importRowsAtLeast = 100
    /// The milliseconds after which a batch ends although no other work waits.
    package static let importBatchMilliseconds = 250
    /// The number of imports, newest first, whose notes are retained within the days of the setting
    /// `imports.keep_days`: the notes of 200,000 changed rows have 14 MB.
    package static let importNotesKept = 1_000
    /// The number of causes of refused rows that are counted, and of those that are kept.
    package static let importCausesCounted = 1_000
    package static let importCausesMax = 50
    /// The number of line numbers that are kept with a cause.
    package static let importCauseLines = 5
    /// The number of refused rows of one import that are kept for its file of refused rows: those
    /// that could not be read, and as many that the comparison refused.
    package static let importBadRowsMax = 10_000
    /// The bytes of the rows that could not be read that are kept.
    package static let importBadRowsBytesMax = 8 * 1024 * 1024
    /// The numbers of refused rows and of notes that are read or changed under one lock on their
    /// file.
    package static let importBadRowsPage = 1_000
    package static let importNotesPage = 10_000
    /// The milliseconds for which a reader of notes waits for another caller's lock on their file;
    /// no caller holds the lock for longer than a commit.
    package static let notesReadMilliseconds = 250

    // MARK: Payments

    /// The milliseconds for which an unmatched payment holds a bill created later with its code and
    /// another invoice number: three days, in which an operator has seen the payment. Later the
    /// code is no evidence, because codes are reused.
    package static let holdByCodeMilliseconds: Int64 = 72 * 3_600_000
    /// The character limit of an invoice number or a code stored outside the raw body.
    package static let notedTextMax = 256
    /// The minimum payment date, in seconds since 1970: 2015-01-01T00:00:00Z. An earlier date is
    /// that of a clock that was never set.
    package static let paymentDateSecondsMin: Int64 = 1_420_070_400
    /// The maximum number of identifiers compared of one receipt; real receipts have three.
    package static let identifiersMax = 32

    // MARK: The quarantine

    /// The maximum number of stored unverified requests of each account. The limit applies twice:
    /// to requests that a known mistake explains, and to requests without an explanation.
    package static let quarantineRowsMax = 5_000
    /// The byte limit of their bodies, for each of these two groups.
    package static let quarantineBytesMax = 64 * 1024 * 1024
    /// The maximum number of unexplained requests stored in a burst; after it, one a second: anyone
    /// who knows a Client-Id can send such requests.
    package static let quarantineBurst = 100
    /// The days after which an unexplained request is removed if there is no room for a new
    /// request: DOKU has long stopped resending it, and Check Status or DOKU's reports show whether
    /// it was money.
    package static let quarantineDays: Int64 = 30
    /// The maximum number of requests queued for the search for mistakes: 64 MiB of the largest.
    package static let quarantineQueueMax = 256

    // MARK: Check Status

    /// The seconds after a quote before Check Status is queried for its invoice.
    package static let checkStatusAgeSeconds: Int64 = 60
    /// The maximum number of invoices queried at the same time.
    package static let checkStatusConcurrency = 4
    /// The byte limit of an answer.
    package static let checkStatusAnswerBytesMax = notificationBodyBytesMax
    /// The timeout of one answer, in seconds.
    package static let checkStatusTimeoutSeconds: Int64 = 15
    /// The seconds between two scheduled passes. An invoice is queried again only when its quote is
    /// twice as old, so an abandoned invoice costs ten queries in three days.
    package static let checkStatusIntervalSeconds: Int64 = 600
    /// The number of problems that a pass reports individually.
    package static let checkStatusProblemsMax = 20

    /// The maximum number of invoices read at a time where there may be millions: after a restore.
    package static let checkStatusPageRows = 1_000
    /// The maximum number of attempts for one invoice after a restore before it counts as failed:
    /// one lost packet in a million must not keep a shop closed.
    package static let checkStatusTriesAfterRestore = 2
}
