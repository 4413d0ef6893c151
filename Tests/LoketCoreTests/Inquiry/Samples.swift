// A bill, its code and the rules of its account for the tests of the guards.

import LoketCore
import Testing

enum Sample {
    static let codeText = "8896512345678123"
    static let now = Moment(milliseconds: 1_597_135_542_123)

    static func code(_ text: String = codeText) throws -> PaymentCode {
        try #require(PaymentCode(text))
    }

    static func digits(_ count: Int, startingWith prefix: String = "") -> String {
        prefix + String(repeating: "7", count: count - prefix.utf8.count)
    }

    static func suffix() throws -> InvoiceSuffix {
        try #require(InvoiceSuffix(ascii: "0123456789".utf8))
    }

    static func terms(
        _ invoicePerInquiry: InvoicePerInquiry = .reusable, isPaused: Bool = false,
        bins: [BIN]? = nil
    ) throws -> AccountRules {
        let exclusive = try BIN(digits: "889651", type: .dokuExclusive, channels: [.alfa])
        return AccountRules(
            bins: BINTable(bins ?? [exclusive]), isPaused: isPaused,
            invoicePerInquiry: invoicePerInquiry)
    }

    static func bill(
        invoiceNumber: String = "INV-1", amounts: DatedAmounts? = nil, reusable: Bool = false,
        validFrom: Moment? = nil, expiresAt: Moment? = nil, dueAt: Moment? = nil,
        state: Bill.State = .open, cancelReason: String? = nil
    ) throws -> Bill {
        Bill(
            id: 7, paymentCode: try code(),
            invoiceNumber: try #require(InvoiceNumber(invoiceNumber)),
            amounts: try amounts ?? #require(DatedAmounts(whole: 150_000)), reusable: reusable,
            validFrom: validFrom, expiresAt: expiresAt, dueAt: dueAt, state: state,
            cancelReason: cancelReason, customerName: "Anton Budiman", customerEmail: nil, info: nil
        )
    }

    /// Returns amounts with their ends as a merchant writes them: RFC 3339, or dates in Jakarta.
    static func dated(_ steps: [(until: String, amount: Int64)], last: Int64) throws
        -> DatedAmounts
    {
        try DatedAmounts(
            steps.map {
                DatedAmounts.Step(
                    amount: try #require(Rupiah(whole: $0.amount)),
                    until: try moment($0.until))
            }, last: try #require(Rupiah(whole: last)))
    }

    static func moment(_ text: String) throws -> Moment {
        try #require(Moment(rfc3339: text), "\(text)")
    }

    /// Returns the quote of a decision, which must be payable.
    static func quote(of decision: Decision) throws -> Quote {
        guard case .payable(let quote) = decision else {
            throw Declined(by: decision.answeredBy)
        }
        return quote
    }

    struct Declined: Error {
        let by: Guard
    }
}
