// The payments with a code. Codes are paid in no order, so their index begins with the payment's block:
// a new payment changes one of the few pages of the newest block. A search looks into one block after
// the other, a thousand of them for a million payments.

enum PaymentCodeIndex {
    /// The payments of a block are 2 to the power of this; migration m0011 has it too.
    private static let blockBits = 10

    /// Returns the query of the ids of all payments with a code, of every account.
    ///
    /// - Parameters:
    ///   - code: the SQL of the code.
    ///   - after: the SQL of an id; only blocks from this id on are searched.
    static func ids(of code: String, after: String = "0") -> String {
        """
        WITH RECURSIVE block (number) AS (
            SELECT \(after) >> \(blockBits) UNION ALL
            SELECT number + 1 FROM block
            WHERE number < (SELECT max(id) >> \(blockBits) FROM payment)
        )
        SELECT payment.id FROM block CROSS JOIN payment INDEXED BY payment_by_code
        ON payment.id >> \(blockBits) = block.number AND payment.payment_code = \(code)
        """
    }
}
