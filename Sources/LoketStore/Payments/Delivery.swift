// What DOKU delivered, as the ledger keeps it, and what it was read as.

import LoketCore

/// One payment notification, or one answer of Check Status: the exact bytes, and who sent them when
/// under which signature. The ledger keeps it as it came and never changes it; what it says is read
/// from it, again after each new version of the reader.
///
///     let recorded = try await store.take(delivery, contents)
///     recorded.entry?.standing      // .settled, .duplicate, …
package struct Delivery: Sendable {
    package let accountID: Int64
    package let clientID: String
    package let dialect: String
    package let receivedAt: Moment
    package let source: ReportedPayment.Source
    /// The path that was signed.
    package let target: String
    package let requestID: String
    /// DOKU's timestamp as sent.
    package let timestamp: String
    package let body: [UInt8]
    /// Its signature was verified; nil where it was recorded before that was kept.
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

/// What a delivery's body says to the current reader, and what the settings of its day say of its
/// code.
package struct DeliveryContents: Sendable {
    /// `transaction.status` as sent.
    package let status: String?
    package let reading: DeliveryReading
    /// A BIN of the account prefixes the code; true where no code could be read.
    package let codeIsOurs: Bool

    package init(status: String?, reading: DeliveryReading, codeIsOurs: Bool) {
        self.status = status
        self.reading = reading
        self.codeIsOurs = codeIsOurs
    }
}

/// Reads a delivery of the ledger again, by the version that read it first: the store does not know
/// DOKU's JSON.
package typealias DeliveryReader =
    @Sendable (Delivery, ReaderVersion) -> (status: String?, reading: DeliveryReading)

/// What became of a delivery, once it is on disk.
package struct RecordedDelivery: Sendable {
    package let deliveryID: Int64
    /// The same delivery was there before.
    package let isRepeat: Bool
    /// What it made; nil for a repeat, and where it is still to be classified.
    package var entry: PaymentOutcome?
    /// Why it is on record without being classified.
    package var fault: String?
}

/// What became of a delivery in the books.
package struct PaymentOutcome: Sendable {
    package let standing: Standing
    package let paymentID: Int64?
    /// The payment was not known before.
    package let isNew: Bool
    /// It is new and needs a decision.
    package var needsDecision = false
    /// The bill that it holds.
    package var heldBillID: Int64?
}
