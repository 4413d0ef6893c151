// The classification of a payment for a bill whose dated amounts were edited: before, at and after
// the end of a step.

import LoketCore
import Testing

struct ClassifyDatedEditTests {
    static let edits: [DatedPayment] = [
        // The first step changes between the quote and the payment.
        DatedPayment(
            "the new amount", [.december, .raised("2026-12-05T10:00:00+07:00")], paid: 155_000,
            at: "2026-12-05T10:05:00+07:00", .settled),
        DatedPayment(
            "the quoted amount", [.december, .raised("2026-12-05T10:00:00+07:00")], paid: 150_000,
            at: "2026-12-05T10:05:00+07:00", .oldAmount),
        DatedPayment(
            "the quoted amount, by a date before the edit",
            [.december, .raised("2026-12-05T10:00:00+07:00")], paid: 150_000,
            at: "2026-12-05T09:55:00+07:00", .settled),
        DatedPayment(
            "the quoted amount a day later", [.december, .raised("2026-12-05T10:00:00+07:00")],
            paid: 150_000, at: "2026-12-06T10:00:00+07:00", .mismatch),
        DatedPayment(
            "the new amount before the edit", [.december, .raised("2026-12-05T10:00:00+07:00")],
            paid: 155_000, at: "2026-12-05T09:58:59+07:00", .mismatch),
        // A step that the edit did not change.
        DatedPayment(
            "an unchanged step", [.december, .raised("2026-12-05T10:00:00+07:00")],
            paid: 165_000, at: "2026-12-20T10:00:00+07:00", .settled),
        DatedPayment(
            "an unchanged step before it began",
            [.december, .raised("2026-12-05T10:00:00+07:00")], paid: 165_000,
            at: "2026-12-05T10:05:00+07:00", .mismatch),
        // The first step has passed before the edit changes it: it never had the new amount.
        DatedPayment(
            "a past step's new amount", [.december, .raised("2026-12-11T00:00:10+07:00")],
            paid: 155_000, at: "2026-12-11T00:00:20+07:00", .mismatch),
        DatedPayment(
            "a past step's own amount", [.december, .raised("2026-12-11T00:00:10+07:00")],
            paid: 150_000, at: "2026-12-11T00:00:20+07:00", .settled),
        DatedPayment(
            "the amount after a past step", [.december, .raised("2026-12-11T00:00:10+07:00")],
            paid: 165_000, at: "2026-12-11T00:00:20+07:00", .settled),
        // The edit is exactly at the end of the first step.
        DatedPayment(
            "at the end: the new amount", [.december, .raised("2026-12-10T23:59:59+07:00")],
            paid: 155_000, at: "2026-12-11T00:00:20+07:00", .mismatch),
        DatedPayment(
            "at the end: the next amount", [.december, .raised("2026-12-10T23:59:59+07:00")],
            paid: 165_000, at: "2026-12-11T00:00:20+07:00", .settled),
        DatedPayment(
            "at the end: a day later", [.december, .raised("2026-12-10T23:59:59+07:00")],
            paid: 150_000, at: "2026-12-11T23:59:59+07:00", .mismatch),
        // A millisecond before the end, the new amount was valid for that millisecond.
        DatedPayment(
            "before the end: the new amount",
            [.december, .raised("2026-12-10T23:59:58.999+07:00")],
            paid: 155_000, at: "2026-12-11T00:00:20+07:00", .settled),
        DatedPayment(
            "before the end: the old amount",
            [.december, .raised("2026-12-10T23:59:58.999+07:00")],
            paid: 150_000, at: "2026-12-11T00:00:20+07:00", .oldAmount),
        // From one amount to dated amounts, and back.
        DatedPayment(
            "made dated", [.init(last: 140_000), .raised("2026-12-05T10:00:00+07:00")],
            paid: 140_000, at: "2026-12-05T10:05:00+07:00", .oldAmount),
        DatedPayment(
            "made dated, its first step",
            [.init(last: 140_000), .raised("2026-12-05T10:00:00+07:00")],
            paid: 155_000, at: "2026-12-05T10:05:00+07:00", .settled),
        DatedPayment(
            "made plain", [.december, .init("2026-12-20T10:00:00+07:00", last: 140_000)],
            paid: 165_000, at: "2026-12-20T10:05:00+07:00", .oldAmount),
        DatedPayment(
            "made plain: a step that never began",
            [.december, .init("2026-12-20T10:00:00+07:00", last: 140_000)], paid: 175_000,
            at: "2027-01-01T10:05:00+07:00", .mismatch),
        DatedPayment(
            "made plain: a step long past",
            [.december, .init("2026-12-20T10:00:00+07:00", last: 140_000)], paid: 150_000,
            at: "2026-12-20T10:05:00+07:00", .mismatch),
        // Two edits within a step.
        DatedPayment(
            "the amount of the first edit",
            [
                .december, .raised("2026-12-05T10:00:00+07:00"),
                .init("2026-12-05T11:00:00+07:00", [("2026-12-10", 1)], last: 2),
            ], paid: 155_000, at: "2026-12-05T12:00:00+07:00", .oldAmount),
        DatedPayment(
            "the amount before both",
            [
                .december, .raised("2026-12-05T10:00:00+07:00"),
                .init("2026-12-05T11:00:00+07:00", [("2026-12-10", 1)], last: 2),
            ], paid: 150_000, at: "2026-12-06T09:59:59+07:00", .oldAmount),
        DatedPayment(
            "the step that only the first edit had",
            [
                .december, .raised("2026-12-05T10:00:00+07:00"),
                .init("2026-12-05T11:00:00+07:00", [("2026-12-10", 1)], last: 2),
            ], paid: 165_000, at: "2026-12-11T12:00:00+07:00", .mismatch),
    ]

    @Test(arguments: edits)
    func `a payment settles at an amount that an edit replaced within 24 hours`(
        payment: DatedPayment
    ) throws {
        try payment.check()
    }

    /// An edit of the expiry repeats the amounts, and the verdict on every payment.
    @Test(arguments: [
        "2026-11-01T00:00:00+07:00", "2026-12-10T23:59:50+07:00", "2026-12-10T23:59:59+07:00",
        "2026-12-11T00:00:10+07:00", "2026-12-11T12:00:00+07:00", "2027-01-01T00:00:00+07:00",
    ])
    func `an edit that keeps the amounts changes no verdict`(at: String) throws {
        let december = DatedPayment.Edit.december
        let same = DatedPayment.Edit(at, december.steps, last: december.last)
        for payment in ClassifyDatedTests.steps {
            try DatedPayment(
                payment.testDescription, [december, same], paid: payment.paid, at: payment.date,
                payment.verdict
            ).check()
        }
    }
}
