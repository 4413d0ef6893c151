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
    /// Bytes of the request line and all header lines together.
    package static let headBytesMax = 16 * 1024
    /// Header fields of one request; a proxy in front adds a dozen.
    package static let headerFieldsMax = 64
    /// Containers inside each other in a JSON body; DOKU's deepest body has 4.
    package static let jsonDepthMax = 16
    /// Connections open at once. Past it a new one is closed: DOKU's side opens tens.
    package static let connectionsMax = 4096
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
    /// Characters of a reason given for a cancel.
    package static let reasonMax = 200

    // MARK: The admin API

    /// Bills in one POST: one transaction of about 20 ms, which no payment should wait behind.
    package static let billsPerRequestMax = 1000
    /// Bytes of an admin body: 1,000 bills of 4 KiB of metadata fit.
    package static let adminBodyBytesMax = 8 * 1024 * 1024
    /// Items in one page of a list.
    package static let pageItemsMax = 1000
    package static let pageItemsDefault = 100

    // MARK: Secrets

    /// Bytes of a DOKU secret key below which it is refused as a mistake.
    package static let secretBytesMin = 16

    // MARK: The journal

    /// Entries waiting for the journal's writer: at 10,000 inquiries/s, six seconds of a stalled
    /// disk, in about 20 MB; the group that is being written comes on top.
    package static let journalQueueMax = 65_536
    /// Rows in one of the journal's commits, so that a payment never waits long behind it.
    package static let journalGroupMax = 2_000
    /// Milliseconds for which the journal's writer gathers entries before it commits them.
    package static let journalGatherMilliseconds: UInt32 = 25
    /// Old journal rows deleted in one go.
    package static let journalPruneRowsMax = 1_000
}
