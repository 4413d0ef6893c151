// The expected answers to an inquiry, from the guards that depend on the bill (docs/using.md). The
// signature, channel and BIN are assumed to be valid.

extension Auditor {
    package enum InvoiceAnswer: Sendable, Hashable {
        case exactly(String)
        /// The invoice number of a reusable bill for this inquiry: this prefix and ten more
        /// characters.
        case startsWith(String)
    }

    package struct InquiryAnswer: Sendable, Hashable {
        package let http: Int
        package let status: String
        package var amount: Int64?
        package var invoice: InvoiceAnswer?

        package init(
            http: Int, status: String, amount: Int64? = nil, invoice: InvoiceAnswer? = nil
        ) {
            self.http = http
            self.status = status
            self.amount = amount
            self.invoice = invoice
        }
    }

    /// - Returns: Every valid answer; more than one if the bill expires within the span.
    package func answers(toInquiryFor code: String, at now: Span) -> [InquiryAnswer] {
        let decline = InquiryAnswer(http: 400, status: "decline")
        let isPaid = InquiryAnswer(http: 400, status: "billing_already_paid")
        let isExpired = InquiryAnswer(http: 400, status: "billing_was_expired")
        guard let bill = bill(onCode: code) else {
            return [InquiryAnswer(http: 404, status: "billing_not_found")]
        }
        switch bill.state {
        case .cancelled: return [bill.cancelReason == "paid_elsewhere" ? isPaid : decline]
        case .held: return [decline]
        case .paid: return [isPaid]
        case .replaced: return [isExpired]
        case .open: break
        }
        let payable = InquiryAnswer(
            http: 200, status: "success", amount: bill.amount,
            invoice: bill.isReusable ? .startsWith(bill.number + "-") : .exactly(bill.number))
        switch bill.isExpired(at: now) {
        case true?: return [isExpired]
        case false?: return [payable]
        case nil: return [payable, isExpired]
        }
    }
}
