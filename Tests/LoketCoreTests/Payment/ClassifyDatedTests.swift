// The classification of a payment for a bill with dated amounts: it settles at an amount that the
// steps gave within 24 hours before its date. ClassifyDatedEditTests has the edits.

import LoketCore
import Testing

struct ClassifyDatedTests {
    // MARK: Steps

    static let steps: [DatedPayment] = [
        DatedPayment("the first amount", paid: 150_000, at: "2026-12-10T09:00:00+07:00", .settled),
        DatedPayment("long before", paid: 150_000, at: "2020-01-01T00:00:00Z", .settled),
        DatedPayment("a later amount", paid: 165_000, at: "2026-12-10T09:00:00+07:00", .mismatch),
        DatedPayment("the last amount", paid: 175_000, at: "2027-06-01T00:00:00Z", .settled),
        DatedPayment("no amount", paid: 160_000, at: "2026-12-11T00:00:20+07:00", .mismatch),
        DatedPayment(
            "quoted at 23:59:50, paid at 00:00:20", paid: 150_000,
            at: "2026-12-11T00:00:20+07:00", .settled),
        DatedPayment(
            "quoted after midnight", paid: 165_000, at: "2026-12-11T00:00:20+07:00", .settled),
        DatedPayment(
            "1 ms to the end", paid: 150_000, at: "2026-12-10T23:59:58.999+07:00", .settled),
        DatedPayment("at the end", paid: 150_000, at: "2026-12-10T23:59:59+07:00", .settled),
        DatedPayment(
            "1 ms less than 15 min after", paid: 150_000, at: "2026-12-11T00:14:58.999+07:00",
            .settled),
        DatedPayment("15 min after", paid: 150_000, at: "2026-12-11T00:14:59+07:00", .oldAmount),
        DatedPayment("20 min after", paid: 150_000, at: "2026-12-11T00:19:59+07:00", .oldAmount),
        DatedPayment("23 h after", paid: 150_000, at: "2026-12-11T22:59:59+07:00", .oldAmount),
        DatedPayment(
            "1 ms less than 24 h after", paid: 150_000, at: "2026-12-11T23:59:58.999+07:00",
            .oldAmount),
        DatedPayment("24 h after", paid: 150_000, at: "2026-12-11T23:59:59+07:00", .mismatch),
        DatedPayment("25 h after", paid: 150_000, at: "2026-12-12T00:59:59+07:00", .mismatch),
        DatedPayment(
            "a clock a minute behind at the beginning", paid: 165_000,
            at: "2026-12-10T23:58:59+07:00", .settled),
        DatedPayment(
            "a clock more than a minute behind", paid: 165_000,
            at: "2026-12-10T23:58:58.999+07:00", .mismatch),
        DatedPayment(
            "a clock a minute ahead at the end", paid: 150_000,
            at: "2026-12-11T00:00:58+07:00", .settled),
    ]

    @Test(arguments: steps)
    func `a payment settles at a step's amount for 24 hours after its end`(payment: DatedPayment)
        throws
    {
        try payment.check()
    }

    // MARK: The date

    @Test func `a date hours before its receipt decides by itself`() throws {
        // Reported by Check Status 40 days after the step of the quote has ended.
        let history = try DatedPayment.history([.december], reusable: false)
        let made = Classify.classify(
            Sample.receipt(.checkStatus, amount: 150_000, date: "2026-12-10T20:00:00+07:00"),
            against: history, now: try Sample.moment("2027-01-20T09:00:00+07:00"))
        #expect(made == Classification(.settled, effect: .pay))
    }

    @Test func `without a date the time of receipt decides`() throws {
        let history = try DatedPayment.history([.december], reusable: false)
        for (now, verdict): (String, Classification) in [
            ("2026-12-11T00:00:20+07:00", Classification(.settled, effect: .pay)),
            (
                "2026-12-11T06:00:00+07:00",
                Classification(.settled, flags: [.oldAmount], effect: .pay)
            ),
            ("2026-12-12T06:00:00+07:00", Classification(.amountMismatch, effect: .hold)),
        ] {
            let made = Classify.classify(
                Sample.receipt(.checkStatus, amount: 150_000, date: nil), against: history,
                now: try Sample.moment(now))
            #expect(made == verdict, "\(now)")
        }
    }

    @Test func `an amount that returns counts from its new beginning`() throws {
        let edit = DatedPayment.Edit(
            nil, [("2026-12-10", 150_000), ("2026-12-11", 165_000), ("2026-12-12", 150_000)],
            last: 175_000)
        for (date, verdict): (String, DatedPayment.Verdict) in [
            ("2026-12-11T12:00:00+07:00", .oldAmount), ("2026-12-11T23:59:00+07:00", .settled),
            ("2026-12-12T12:00:00+07:00", .settled), ("2026-12-13T12:00:00+07:00", .oldAmount),
        ] {
            try DatedPayment("returns", [edit], paid: 150_000, at: date, verdict).check()
        }
    }

    @Test func `the beginning and the due date decide nothing about a payment`() throws {
        let bill = try Sample.bill(
            validFrom: Moment(milliseconds: .max), dueAt: Moment(milliseconds: 0))
        let made = Classify.classify(
            Sample.receipt(), against: try Sample.history(bill), now: Sample.date)
        #expect(made == Classification(.settled, effect: .pay))
    }
}
