// A bill that does not exist yet. Its values have been checked; the store checks what only the
// database knows: whether the code is free and the number new.

package struct BillDraft: Hashable, Sendable {
    package var paymentCode: PaymentCode
    package var invoiceNumber: InvoiceNumber
    package var amount: Rupiah
    package var reusable: Bool
    package var expiresAt: Moment?
    package var customerName: String
    package var customerEmail: String?
    package var info: String?
    /// A JSON object in its one spelling (`JSONValue.canonical`); the merchant's own.
    package var metadata: String?

    package init(
        paymentCode: PaymentCode, invoiceNumber: InvoiceNumber, amount: Rupiah,
        reusable: Bool = false, expiresAt: Moment? = nil, customerName: String,
        customerEmail: String? = nil, info: String? = nil, metadata: String? = nil
    ) {
        self.paymentCode = paymentCode
        self.invoiceNumber = invoiceNumber
        self.amount = amount
        self.reusable = reusable
        self.expiresAt = expiresAt
        self.customerName = customerName
        self.customerEmail = customerEmail
        self.info = info
        self.metadata = metadata
    }

    /// The draft that makes a bill of the same content.
    package init(_ bill: Bill, metadata: String?) {
        self.init(
            paymentCode: bill.paymentCode, invoiceNumber: bill.invoiceNumber, amount: bill.amount,
            reusable: bill.reusable, expiresAt: bill.expiresAt, customerName: bill.customerName,
            customerEmail: bill.customerEmail, info: bill.info, metadata: metadata)
    }
}
