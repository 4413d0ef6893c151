// A payment as one delivery reports it, and where the delivery came from. Read tolerantly by the
// wire: what may be missing is optional, and nothing is judged here.

package struct ReportedPayment: Hashable, Sendable {
    /// How we came to know of it.
    package enum Source: String, CaseIterable, Sendable {
        case notification
        case checkStatus = "check_status"
    }

    package struct Identifier: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var source: Source
    package var reader: ReaderVersion
    /// `service.id` is absent or the one we speak.
    package var isOurService: Bool
    /// `order.invoice_number` as sent: longer or stranger than ours it finds no bill.
    package var invoiceNumber: String?
    package var amount: Rupiah?
    /// `online_to_offline_info.payment_code` as sent.
    package var codeText: String?
    /// `transaction.date` as sent.
    package var dateText: String?
    package var identifiers: [Identifier]

    package init(
        source: Source, reader: ReaderVersion = .current, isOurService: Bool = true,
        invoiceNumber: String?, amount: Rupiah?, codeText: String?, dateText: String?,
        identifiers: [Identifier] = []
    ) {
        self.source = source
        self.reader = reader
        self.isOurService = isOurService
        self.invoiceNumber = invoiceNumber
        self.amount = amount
        self.codeText = codeText
        self.dateText = dateText
        self.identifiers = identifiers
    }

    /// When DOKU says the customer paid; nil where that cannot be read.
    package var date: Moment? {
        guard let date = dateText.flatMap({ Moment(dokuDate: $0) }) else { return nil }
        let isBelieved = reader == .strict || date.seconds >= Limits.paymentDateSecondsMin
        return isBelieved ? date : nil
    }

    /// The value of an identifier; the first, if one is named twice.
    package subscript(_ name: String) -> String? {
        // By their bytes: `String` would take a Kelvin sign for a K.
        identifiers.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
}

/// What the body of a delivery came to.
package enum DeliveryReading: Hashable, Sendable {
    /// `transaction.status` is SUCCESS: a customer has paid.
    case success(ReportedPayment)
    /// Any other status: FAILED, PENDING, EXPIRED, or one that we do not know.
    case notSuccess(ReportedPayment)
    /// It is not JSON, a field that is used is damaged or says two things, or one is missing without
    /// which does not say what was paid; what could be read is kept.
    case unreadable(ReportedPayment?)

    /// What could be read.
    package var receipt: ReportedPayment? {
        switch self {
        case .success(let receipt), .notSuccess(let receipt): receipt
        case .unreadable(let receipt): receipt
        }
    }
}
