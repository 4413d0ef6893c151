// The expected answers to an inquiry, from the guards that depend on the bill (docs/using.md). The
// signature, channel and BIN are assumed to be valid.

import LoketCore

extension Auditor {
    package enum InvoiceAnswer: Sendable, Hashable {
        case exactly(String)
        /// The invoice number of a reusable or dated bill for this inquiry: this prefix and ten
        /// more characters.
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

    /// - Returns: Every valid answer, in the order of time; more than one if the bill expires, begins
    ///   to be valid or changes its amount within the span.
    package func answers(toInquiryFor code: String, at now: Span) -> [InquiryAnswer] {
        guard let bill = bill(onCode: code) else {
            return [InquiryAnswer(http: 404, status: "billing_not_found")]
        }
        return bill.changes(in: now).reduce(into: []) { answers, instant in
            let answer = Self.answer(about: bill, at: instant)
            if !answers.contains(answer) { answers.append(answer) }
        }
    }

    private static func answer(about bill: Bill, at instant: Moment) -> InquiryAnswer {
        let decline = InquiryAnswer(http: 400, status: "decline")
        let isPaid = InquiryAnswer(http: 400, status: "billing_already_paid")
        let isExpired = InquiryAnswer(http: 400, status: "billing_was_expired")
        switch bill.state {
        case .cancelled: return bill.cancelReason == "paid_elsewhere" ? isPaid : decline
        case .held: return decline
        case .paid: return isPaid
        case .replaced: return isExpired
        case .open: break
        }
        if let end = bill.expiresAt, instant >= end { return isExpired }
        if let begin = bill.validFrom, instant < begin { return decline }
        let isQuotedOnce = !bill.isReusable && !bill.isDated
        return InquiryAnswer(
            http: 200, status: "success", amount: bill.amount(at: instant),
            invoice: isQuotedOnce ? .exactly(bill.number) : .startsWith(bill.number + "-"))
    }
}
