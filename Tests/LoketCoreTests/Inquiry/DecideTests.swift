// The guards that depend on the bill (docs/using.md), each at its bounds.

import LoketCore
import Testing

struct DecideTests {
    private func decision(
        _ found: LookupResult, _ setting: InvoicePerInquiry = .reusable, now: Moment = Sample.now
    ) throws -> Decision {
        let suffix = try Sample.suffix()
        return decide(found, under: try Sample.terms(setting), now: now, suffix: suffix)
    }

    @Test func `a code that no bill ever had is unknown`() throws {
        #expect(try decision(.nothing) == .declined(.billUnknown, bill: nil))
    }

    @Test func `a damaged bill is declined and none of its data is shown`() throws {
        #expect(try decision(.damaged(billID: 7)) == .declined(.billDamaged, bill: nil))
    }

    @Test(arguments: [
        (Bill.State.held, nil, Guard.billHeld),
        (.paid, nil, .billPaid),
        (.replaced, nil, .billExpired),
        (.cancelled, nil, .billCancelled),
        (.cancelled, "customer asked", .billCancelled),
        (.cancelled, "", .billCancelled),
        (.cancelled, "paid_elsewhere", .billPaid),
        (.cancelled, "PAID_ELSEWHERE", .billCancelled),
        (.cancelled, "paid_elsewhere ", .billCancelled),
        (.held, "paid_elsewhere", .billHeld),
        (.paid, "paid_elsewhere", .billPaid),
        (.replaced, "paid_elsewhere", .billExpired),
    ])
    func `each closed or held state declines by its own guard`(
        state: Bill.State, cancelReason: String?, answer: Guard
    ) throws {
        for reusable in [false, true] {
            let bill = try Sample.bill(
                reusable: reusable, state: state, cancelReason: cancelReason)
            #expect(try decision(.bill(bill)) == .declined(answer, bill: bill))
        }
    }

    @Test func `an open bill is payable, even with the reason of an undone cancel`() throws {
        let bill = try Sample.bill(cancelReason: "paid_elsewhere")
        let quote = try Sample.quote(of: try decision(.bill(bill)))
        #expect(quote.bill == bill)
        #expect(quote.invoiceNumber == bill.invoiceNumber)
        #expect(!quote.isPerInquiry)
    }

    @Test(arguments: [
        (-86_400_000, true), (-1, true), (0, true), (1, false), (999, false), (1000, false),
    ])
    func `an expired bill is declined from its expiry on, to the millisecond`(
        expiryAfterNow: Int64, isExpired: Bool
    ) throws {
        for reusable in [false, true] {
            let expiry = Sample.now.adding(milliseconds: expiryAfterNow)
            let bill = try Sample.bill(reusable: reusable, expiresAt: expiry)
            let answer = try decision(.bill(bill)).answeredBy
            #expect(answer == (isExpired ? .billExpired : .payable))
            #expect(bill.isExpired(at: Sample.now) == isExpired)
        }
    }

    @Test func `a bill without expiry never expires`() throws {
        let bill = try Sample.bill()
        let farAway = Moment(milliseconds: .max)
        #expect(!bill.isExpired(at: farAway))
        #expect(try decision(.bill(bill), now: farAway).answeredBy == .payable)
    }

    @Test func `only open and held bills reserve their code`() {
        #expect(Bill.State.allCases.filter(\.holdsCode) == [.open, .held])
    }

    @Test func `the guards' names in journal and metrics are stable`() {
        #expect(
            Guard.allCases.map(\.rawValue) == [
                "stale", "unreadable", "service_unknown", "channel_unknown", "code_malformed",
                "bin_unknown", "length_wrong", "channel_not_enabled", "paused", "bill_unknown",
                "bill_cancelled", "bill_held", "bill_damaged", "bill_paid", "bill_expired",
                "bill_not_yet_valid", "no_room_for_suffix", "payable", "overloaded",
                "store_failed", "journal_full",
            ])
    }
}
