// A payment as one delivery reports it, and the source of the delivery. DokuWire parses it
// tolerantly: fields that may be missing are optional, and nothing is validated here.

package struct ReportedPayment: Hashable, Sendable {
    /// The kind of message that reported the payment.
    package enum Source: String, CaseIterable, Sendable {
        case notification
        case checkStatus = "check_status"
    }

    package struct Identifier: Hashable, Sendable {
        /// The name of the store's number.
        package static let store = "AGENT_STORE_ID"
        /// The name of the store's number of a payment: the only identifier that every acquirer
        /// sends.
        package static let transaction = "AGENT_TRX_ID"

        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var source: Source
    package var reader: ReaderVersion
    /// Whether `service.id` is absent or the supported service.
    package var isOurService: Bool
    /// `order.invoice_number` as sent; a number that is not valid here matches no bill.
    package var invoiceNumber: String?
    package var amount: Rupiah?
    /// `online_to_offline_info.payment_code` as sent.
    package var codeText: String?
    /// `transaction.date` as sent.
    package var dateText: String?
    /// `channel.id` as sent: the kind of counter. Nothing is decided by it.
    package var channelID: String?
    package var identifiers: [Identifier]

    package init(
        source: Source, reader: ReaderVersion = .current, isOurService: Bool = true,
        invoiceNumber: String?, amount: Rupiah?, codeText: String?, dateText: String?,
        channelID: String? = nil, identifiers: [Identifier] = []
    ) {
        self.source = source
        self.reader = reader
        self.isOurService = isOurService
        self.invoiceNumber = invoiceNumber
        self.amount = amount
        self.codeText = codeText
        self.dateText = dateText
        self.channelID = channelID
        self.identifiers = identifiers
    }

    /// The payment time according to DOKU; nil if unreadable.
    package var date: Moment? {
        guard let date = dateText.flatMap({ Moment(dokuDate: $0) }) else { return nil }
        let isBelieved = reader == .strict || date.seconds >= Limits.paymentDateSecondsMin
        return isBelieved ? date : nil
    }

    /// The value of an identifier; the first value if the name occurs twice.
    package subscript(_ name: String) -> String? { identifiers.value(of: name) }
}

extension [ReportedPayment.Identifier] {
    /// Returns the value of an identifier; the first value if the name occurs twice.
    package func value(of name: String) -> String? {
        // Names are compared as bytes: `String` would equate the Kelvin sign and K.
        first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
}

/// The result of reading a delivery's body.
package enum DeliveryReading: Hashable, Sendable {
    /// `transaction.status` is SUCCESS: a customer has paid.
    case success(ReportedPayment)
    /// The status is another: FAILED, PENDING, EXPIRED, or an unknown status.
    case notSuccess(ReportedPayment)
    /// The body is not JSON, or a field that the service reads is damaged, contradicts another
    /// field, or is missing although it says what was paid. The value holds the fields that could
    /// be read; nil if none could.
    case unreadable(ReportedPayment?)

    /// The readable fields.
    package var receipt: ReportedPayment? {
        switch self {
        case .success(let receipt), .notSuccess(let receipt): receipt
        case .unreadable(let receipt): receipt
        }
    }
}
