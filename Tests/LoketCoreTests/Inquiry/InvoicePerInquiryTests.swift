// The invoice number in the answer for a payable bill: its own, or one generated for this inquiry.

import LoketCore
import Testing

struct InvoicePerInquiryTests {
    @Test(arguments: [
        (InvoicePerInquiry.never, false, false),
        (.never, true, false),
        (.reusable, false, false),
        (.reusable, true, true),
        (.always, false, true),
        (.always, true, true),
    ])
    func `never, reusable and always decide who gets a number of their own`(
        setting: InvoicePerInquiry, reusable: Bool, isSuffixed: Bool
    ) throws {
        let bill = try Sample.bill(reusable: reusable)
        let suffix = try Sample.suffix()
        let decision = decide(
            .bill(bill), under: try Sample.terms(setting), now: Sample.now, suffix: suffix)
        let quote = try Sample.quote(of: decision)
        #expect(quote.bill == bill)
        #expect(quote.invoiceNumber.text == (isSuffixed ? "INV-1-0123456789" : "INV-1"))
        #expect(quote.isPerInquiry == isSuffixed)
    }

    @Test(arguments: [
        (InvoicePerInquiry.never, false), (.never, true), (.reusable, false), (.reusable, true),
        (.always, false), (.always, true),
    ])
    func `a number of 53 characters takes a suffix, a longer one may be declined`(
        setting: InvoicePerInquiry, reusable: Bool
    ) throws {
        let suffix = try Sample.suffix()
        for count in [1, 52, 53, 54, 63, 64] {
            let text = String(repeating: "I", count: count)
            let bill = try Sample.bill(invoiceNumber: text, reusable: reusable)
            let decision = decide(
                .bill(bill), under: try Sample.terms(setting), now: Sample.now, suffix: suffix)
            if setting.suffixes(reusable), count > 53 {
                #expect(decision == .declined(.noRoomForSuffix, bill: bill))
            } else {
                #expect(decision.answeredBy == .payable, "\(count) characters")
            }
        }
    }

    @Test func `no suffix is generated if no answer needs one`() throws {
        let suffix = try Sample.suffix()
        var made = 0
        func counted() -> InvoiceSuffix {
            made += 1
            return suffix
        }
        let found: [LookupResult] = [
            .nothing, .damaged(billID: 7), .bill(try Sample.bill()),
            .bill(try Sample.bill(reusable: true, state: .held)),
            .bill(try Sample.bill(reusable: true, expiresAt: Sample.now)),
        ]
        for row in found {
            _ = decide(row, under: try Sample.terms(), now: Sample.now, suffix: counted())
        }
        #expect(made == 0)
        let reusable = try Sample.bill(reusable: true)
        _ = decide(.bill(reusable), under: try Sample.terms(), now: Sample.now, suffix: counted())
        #expect(made == 1)
    }

    @Test func `the same inquiry of the same bill is answered the same`() throws {
        let bill = try Sample.bill(reusable: true)
        let suffix = try Sample.suffix()
        let terms = try Sample.terms()
        let first = decide(.bill(bill), under: terms, now: Sample.now, suffix: suffix)
        let later = Sample.now.adding(milliseconds: 60_000)
        #expect(decide(.bill(bill), under: terms, now: later, suffix: suffix) == first)
    }
}
