// The answer for a bill with dated amounts or a beginning: the amount at the time of the inquiry,
// under a number of its own.

import LoketCore
import Testing

struct DatedAnswerTests {
    private static func dated() throws -> DatedAmounts {
        try Sample.dated([("2026-12-10", 150_000), ("2026-12-31", 165_000)], last: 175_000)
    }

    private func decision(
        _ bill: Bill, _ text: String, _ setting: InvoicePerInquiry = .reusable
    ) throws -> Decision {
        let suffix = try Sample.suffix()
        return decide(
            .bill(bill), under: try Sample.terms(setting), now: try Sample.moment(text),
            suffix: suffix)
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00+07:00", 150_000), ("2026-12-10T23:59:50+07:00", 150_000),
        ("2026-12-10T23:59:58.999+07:00", 150_000), ("2026-12-10T23:59:59+07:00", 165_000),
        ("2026-12-11T00:00:20+07:00", 165_000), ("2026-12-31T23:59:58.999+07:00", 165_000),
        ("2026-12-31T23:59:59+07:00", 175_000), ("2036-01-01T00:00:00Z", 175_000),
    ])
    func `the quote has the amount at the time of the inquiry`(now: String, amount: Int64) throws {
        for reusable in [false, true] {
            let bill = try Sample.bill(amounts: Self.dated(), reusable: reusable)
            for setting in InvoicePerInquiry.allCases {
                let quote = try Sample.quote(of: try decision(bill, now, setting))
                #expect(quote.amount.whole == amount)
                #expect(quote.bill == bill)
            }
        }
    }

    @Test(arguments: [
        (InvoicePerInquiry.never, false), (.reusable, true), (.always, true),
    ])
    func `a dated bill is quoted under a number of its own, unless never`(
        setting: InvoicePerInquiry, isSuffixed: Bool
    ) throws {
        // Also after its last step, when its amount no longer changes.
        for now in ["2026-12-10T12:00:00+07:00", "2027-06-01T12:00:00+07:00"] {
            for count in [1, 53, 54, 64] {
                let text = String(repeating: "I", count: count)
                let bill = try Sample.bill(invoiceNumber: text, amounts: Self.dated())
                let decision = try decision(bill, now, setting)
                guard !isSuffixed || count <= 53 else {
                    #expect(decision == .declined(.noRoomForSuffix, bill: bill))
                    continue
                }
                let quote = try Sample.quote(of: decision)
                #expect(quote.invoiceNumber.text == text + (isSuffixed ? "-0123456789" : ""))
                #expect(quote.isPerInquiry == isSuffixed)
            }
        }
    }

    @Test func `a bill with one amount and other dates is quoted under its own number`() throws {
        let bill = try Sample.bill(
            validFrom: Sample.now, expiresAt: Moment(milliseconds: .max), dueAt: Sample.now)
        let quote = try Sample.quote(of: try decision(bill, "2026-12-10"))
        #expect(quote.invoiceNumber == bill.invoiceNumber && !quote.isPerInquiry)
    }

    @Test(arguments: [
        (-86_400_000, false), (-1, false), (0, false), (1, true), (1000, true),
    ])
    func `a bill is declined before its beginning, to the millisecond`(
        beginningAfterNow: Int64, isEarly: Bool
    ) throws {
        for amounts in [nil, try Self.dated()] {
            let bill = try Sample.bill(
                amounts: amounts, validFrom: Sample.now.adding(milliseconds: beginningAfterNow))
            #expect(bill.isNotYetValid(at: Sample.now) == isEarly)
            #expect(bill.refusal(at: Sample.now) == (isEarly ? .billNotYetValid : nil))
            let suffix = try Sample.suffix()
            let answer = decide(
                .bill(bill), under: try Sample.terms(), now: Sample.now, suffix: suffix)
            #expect(answer.answeredBy == (isEarly ? .billNotYetValid : .payable))
            if isEarly { #expect(answer == .declined(.billNotYetValid, bill: bill)) }
        }
    }

    @Test func `a due date decides nothing`() throws {
        for due: Int64? in [nil, -86_400_000, 0, 86_400_000] {
            let bill = try Sample.bill(dueAt: due.map { Sample.now.adding(milliseconds: $0) })
            #expect(bill.refusal(at: Sample.now) == nil)
        }
    }

    @Test(arguments: [
        ("2026-10-31T23:59:59.999+07:00", Guard.billNotYetValid),
        ("2026-11-01T00:00:00+07:00", nil), ("2027-01-31T23:59:58.999+07:00", nil),
        ("2027-01-31T23:59:59+07:00", .billExpired), ("2030-01-01T00:00:00Z", .billExpired),
    ])
    func `a bill is payable from its beginning until its expiry`(
        now: String, refusal: Guard?
    ) throws {
        let beginning = try #require(Moment(rfc3339Beginning: "2026-11-01"))
        let bill = try Sample.bill(
            amounts: Self.dated(), validFrom: beginning,
            expiresAt: Sample.moment("2027-01-31"))
        #expect(bill.refusal(at: try Sample.moment(now)) == refusal)
    }

    /// The store refuses such a bill, but the answer must be defined.
    @Test func `of a bill that expires before it begins, the expiry answers`() throws {
        let bill = try Sample.bill(
            validFrom: Sample.now.adding(milliseconds: 1), expiresAt: Sample.now)
        #expect(bill.refusal(at: Sample.now) == .billExpired)
        #expect(bill.refusal(at: Sample.now.adding(milliseconds: -1)) == .billNotYetValid)
    }

    @Test(arguments: Bill.State.allCases)
    func `a closed bill is refused for its state, not for its dates`(state: Bill.State) throws {
        let plain = try Sample.bill(state: state)
        let early = try Sample.bill(
            amounts: Self.dated(), validFrom: Moment(milliseconds: .max), state: state)
        let expected = plain.refusal(at: Sample.now) ?? .billNotYetValid
        #expect(early.refusal(at: Sample.now) == expected)
    }
}
