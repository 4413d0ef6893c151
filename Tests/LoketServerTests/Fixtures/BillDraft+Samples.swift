// Bills as the tests need them, with everything that does not matter filled in.

import LoketCore
import Testing

extension BillDraft {
    /// A bill with a code and a number, as a test names them.
    static func sample(
        _ code: String, _ invoice: String, amount: Int64 = 150_000,
        _ change: (inout BillDraft) -> Void = { _ in }
    ) throws -> BillDraft {
        var draft = BillDraft(
            paymentCode: try #require(PaymentCode(code)),
            invoiceNumber: try #require(InvoiceNumber(invoice)),
            amount: try #require(Rupiah(whole: amount)), customerName: "Anton Budiman")
        change(&draft)
        return draft
    }
}
