// A receipt as stored in a row of `notification`.

import GRDB
import LoketCore

extension ReportedPayment {
    /// Creates a receipt from a row of `notification` joined with its delivery's source.
    ///
    /// - Throws: `StoreFault.damagedRow`.
    init(_ row: Row) throws(StoreFault) {
        let row = TableRow(row, of: "notification")
        self.init(
            source: try row.word("source"), reader: try row.word("reader"),
            isOurService: try row.value("is_our_service"),
            invoiceNumber: try row.value("invoice_number"),
            amount: (try row.value("amount") as Int64?).flatMap { Rupiah(whole: $0) },
            codeText: try row.value("payment_code"), dateText: try row.value("date_text"),
            channelID: try row.value("channel"),
            identifiers: Identifiers.read(try row.value("identifiers")))
    }
}
