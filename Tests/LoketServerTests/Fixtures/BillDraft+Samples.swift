// Bills for the tests, with values for everything that does not matter.

import LoketCore
import Testing

extension BillDraft {
    /// A bill with this code and this number.
    static func sample(
        _ code: String, _ invoice: String, amount: Int64 = 150_000,
        _ change: (inout BillDraft) -> Void = { _ in }
    ) throws -> BillDraft {
        var draft = BillDraft(
            paymentCode: try #require(PaymentCode(code)),
            invoiceNumber: try #require(InvoiceNumber(invoice)),
            amounts: try #require(DatedAmounts(whole: amount)), customerName: "Anton Budiman")
        change(&draft)
        return draft
    }
}
