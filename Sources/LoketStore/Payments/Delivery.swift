// A delivery from DOKU as stored in the ledger, and the result of reading it.

import LoketCore

/// One payment notification, or one response of Check Status: the exact bytes, the sender, the time
/// and the signature data. The ledger stores a delivery as received and never changes it. The
/// fields are read from the body, again after each new version of the reader.
///
///     let recorded = try await store.take(delivery, contents)
///     recorded.entry?.standing      // .settled, .duplicate, …
package struct Delivery: Sendable {
    package let accountID: Int64
    package let clientID: String
    package let dialect: String
    package let receivedAt: Moment
    package let source: ReportedPayment.Source
    /// The signed request path.
    package let target: String
    package let requestID: String
    /// DOKU's timestamp as sent.
    package let timestamp: String
    package let body: [UInt8]
    /// Whether the signature was verified; nil if recorded before this field existed.
    package let isSigned: Bool?

    package init(
        accountID: Int64, clientID: String, dialect: String, receivedAt: Moment,
        source: ReportedPayment.Source, target: String, requestID: String, timestamp: String,
        body: [UInt8], isSigned: Bool?
    ) {
        self.accountID = accountID
        self.clientID = clientID
        self.dialect = dialect
        self.receivedAt = receivedAt
        self.source = source
        self.target = target
        self.requestID = requestID
        self.timestamp = timestamp
        self.body = body
        self.isSigned = isSigned
    }
}

/// The fields of a delivery's body, read by the current reader, and whether its code is ours by the
/// settings at the time of receipt.
package struct DeliveryContents: Sendable {
    /// `transaction.status` as sent.
    package let status: String?
    package let reading: DeliveryReading
    /// Whether the code begins with a BIN of the account; true if no code could be read.
    package let codeIsOurs: Bool

    package init(status: String?, reading: DeliveryReading, codeIsOurs: Bool) {
        self.status = status
        self.reading = reading
        self.codeIsOurs = codeIsOurs
    }
}

/// Reads a stored delivery with the given version of the reader. The store cannot parse DOKU's JSON
/// itself.
package typealias DeliveryReader =
    @Sendable (Delivery, ReaderVersion) -> (status: String?, reading: DeliveryReading)

/// The result of recording a delivery on disk.
package struct RecordedDelivery: Sendable {
    package let deliveryID: Int64
    /// Whether the same delivery was recorded before.
    package let isRepeat: Bool
    /// The outcome of classification; nil for a repeat, or if not yet classified.
    package var entry: PaymentOutcome?
    /// The reason why the delivery is recorded but not classified.
    package var fault: String?
}

/// The result of classifying a delivery.
package struct PaymentOutcome: Sendable {
    package let standing: Standing
    package let paymentID: Int64?
    /// Whether this delivery created the payment.
    package let isNew: Bool
    /// Whether a new payment needs a decision.
    package var needsDecision = false
    /// The bill held by the payment.
    package var heldBillID: Int64?
}
