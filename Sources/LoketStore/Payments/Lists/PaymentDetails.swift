// What people ask about a payment and its own row does not have: the counter, from its
// notifications, and its bill's customer, number and metadata. They are read when they are shown,
// so that a customer who was forgotten is in no answer.

import GRDB
import LoketCore

package struct PaymentDetails: Sendable, Equatable {
    /// `channel.id` as DOKU sent it; nil if unknown, or not yet read from a notification that an
    /// earlier version recorded.
    package let channelID: String?
    /// The name of the bill's customer; nil if the payment has no bill, or once forgotten.
    package let customer: String?
    /// The bill's own invoice number; the payment's may have a suffix.
    package let billInvoiceNumber: String?
    /// The bill's metadata, a JSON object.
    package let metadata: String?
    /// Whether the bill's customer was forgotten.
    package let isForgotten: Bool

    package static let none = PaymentDetails(
        channelID: nil, customer: nil, billInvoiceNumber: nil, metadata: nil, isForgotten: false)

    private init(
        channelID: String?, customer: String?, billInvoiceNumber: String?, metadata: String?,
        isForgotten: Bool
    ) {
        self.channelID = channelID
        self.customer = customer
        self.billInvoiceNumber = billInvoiceNumber
        self.metadata = metadata
        self.isForgotten = isForgotten
    }

    /// - Throws: `StoreFault.damagedRow`.
    private init(_ row: TableRow) throws(StoreFault) {
        let isForgotten = try row.value("is_forgotten") as Int64 != 0
        self.init(
            channelID: try row.value("channel"),
            customer: isForgotten ? nil : try row.value("customer_name"),
            billInvoiceNumber: try row.value("invoice_number"),
            metadata: try row.value("metadata"), isForgotten: isForgotten)
    }

    /// The SQL of a payment's channel: that of its first notification that names one.
    static let channel = """
        (
            SELECT notified.channel FROM notification AS notified
            WHERE notified.payment_id = payment.id AND notified.channel IS NOT NULL
            ORDER BY notified.delivery_id LIMIT 1
        )
        """

    /// Returns the details of payments by their ids.
    static func of(
        _ ids: [Int64], in database: Database
    ) throws -> [Int64: PaymentDetails] {
        guard !ids.isEmpty else { return [:] }
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT payment.id, \(channel) AS channel, bill.invoice_number, bill.metadata,
                    bill.customer_name,
                    coalesce(bill.customer_name = ? AND EXISTS (
                        SELECT 1 FROM bill_change
                        WHERE bill_change.bill_id = bill.id AND change = 'forgotten'
                    ), FALSE) AS is_forgotten
                FROM payment LEFT JOIN bill ON bill.id = payment.bill_id
                WHERE payment.id IN (\(ids.list))
                """, arguments: [Store.forgottenName])
        var details: [Int64: PaymentDetails] = [:]
        while let row = try rows.next() {
            let row = TableRow(row, of: "bill")
            details[try row.value("id")] = try? PaymentDetails(row)
        }
        return details
    }
}

extension PaymentRecord {
    /// The time by which the payment is accounted for: its own, or that of its receipt if its own
    /// could not be read.
    package var accountedAt: Moment { paidAt ?? receivedAt }
    /// The same in SQL, as in the indexes.
    static let accountedAt = "coalesce(paid_at, received_at)"
    /// The number that the counter's company gives to the store.
    package var store: String? { identifiers.value(of: ReportedPayment.Identifier.store) }
    /// The number that the counter's company gives to the payment.
    package var transactionID: String? {
        identifiers.value(of: ReportedPayment.Identifier.transaction)
    }
}
