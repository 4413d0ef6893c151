// One verified inquiry and its response.

import LoketCore

package struct JournalEntry: Sendable {
    package var receivedAt: Moment
    package var dialect: String
    package var accountID: Int64
    package var requestID: String
    /// The code as sent, even malformed.
    package var codeText: String?
    package var channel: String?
    package var acquirer: String?
    package var answeredBy: Guard
    package var billID: Int64?
    /// The quoted amount in whole rupiah, if any.
    package var amount: Int64?
    package var invoiceNumber: String?
    package var durationMicroseconds: Int64
    /// Our clock minus the sender's clock.
    package var skewMilliseconds: Int64

    package init(
        receivedAt: Moment, dialect: String, accountID: Int64, requestID: String,
        codeText: String?, channel: String?, acquirer: String?, answeredBy: Guard,
        billID: Int64?, amount: Int64?, invoiceNumber: String?, durationMicroseconds: Int64,
        skewMilliseconds: Int64
    ) {
        self.receivedAt = receivedAt
        self.dialect = dialect
        self.accountID = accountID
        self.requestID = requestID
        self.codeText = codeText
        self.channel = channel
        self.acquirer = acquirer
        self.answeredBy = answeredBy
        self.billID = billID
        self.amount = amount
        self.invoiceNumber = invoiceNumber
        self.durationMicroseconds = durationMicroseconds
        self.skewMilliseconds = skewMilliseconds
    }

    /// The maximum length of a stored text, in characters.
    private static let textMax = 64

    /// Returns the stored part of a text.
    static func kept(_ text: String) -> String {
        // Few texts need more than a look at their bytes.
        text.utf8.count <= textMax && !text.utf8.contains(0)
            ? text : String(text.withoutNUL.prefix(textMax))
    }
}
