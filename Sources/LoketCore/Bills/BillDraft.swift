// A bill before it is stored. Its values are validated; the store checks what requires the
// database: that the code is free and the invoice number is new.

package struct BillDraft: Hashable, Sendable {
    package var paymentCode: PaymentCode
    package var invoiceNumber: InvoiceNumber
    package var amounts: DatedAmounts
    package var reusable: Bool
    package var validFrom: Moment?
    package var expiresAt: Moment?
    package var dueAt: Moment?
    package var customerName: String
    package var customerEmail: String?
    package var info: String?
    /// The merchant's own data: a JSON object in canonical form (`JSONValue.canonical`).
    package var metadata: String?

    package init(
        paymentCode: PaymentCode, invoiceNumber: InvoiceNumber, amounts: DatedAmounts,
        reusable: Bool = false, validFrom: Moment? = nil, expiresAt: Moment? = nil,
        dueAt: Moment? = nil, customerName: String, customerEmail: String? = nil,
        info: String? = nil, metadata: String? = nil
    ) {
        self.paymentCode = paymentCode
        self.invoiceNumber = invoiceNumber
        self.amounts = amounts
        self.reusable = reusable
        self.validFrom = validFrom
        self.expiresAt = expiresAt
        self.dueAt = dueAt
        self.customerName = customerName
        self.customerEmail = customerEmail
        self.info = info
        self.metadata = metadata
    }

    /// Creates a draft with the content of an existing bill.
    package init(_ bill: Bill, metadata: String?) {
        self.init(
            paymentCode: bill.paymentCode, invoiceNumber: bill.invoiceNumber,
            amounts: bill.amounts, reusable: bill.reusable, validFrom: bill.validFrom,
            expiresAt: bill.expiresAt, dueAt: bill.dueAt, customerName: bill.customerName,
            customerEmail: bill.customerEmail, info: bill.info, metadata: metadata)
    }
}
