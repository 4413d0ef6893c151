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

    static let insertSQL = """
        INSERT INTO inquiry (
            received_at, dialect, account_id, request_id, payment_code, channel, acquirer,
            guard, bill_id, amount, invoice_number, duration_us, skew_ms
        ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        """

    /// - Parameter texts: the buffer for the texts, used for one row after the other.
    func insert(with statement: RawStatement, _ texts: inout BoundTexts) throws(StoreFault) {
        texts.removeAll()
        texts.add(dialect, at: 2)
        texts.add(requestID, at: 4)
        texts.add(codeText.map(Self.kept), at: 5)
        texts.add(channel.map(Self.kept), at: 6)
        texts.add(acquirer.map(Self.kept), at: 7)
        texts.add(answeredBy.rawValue, at: 8)
        texts.add(invoiceNumber, at: 11)
        try texts.bound(to: statement) { () throws(StoreFault) in
            statement.bind(receivedAt.milliseconds, at: 1)
            statement.bind(accountID, at: 3)
            statement.bind(billID, at: 9)
            statement.bind(amount, at: 10)
            statement.bind(durationMicroseconds, at: 12)
            statement.bind(skewMilliseconds, at: 13)
            _ = try statement.step()
            statement.reset()
        }
    }
}
