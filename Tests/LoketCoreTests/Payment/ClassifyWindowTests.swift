// The time windows of a payment's classification, to the millisecond: 24 hours for an old amount,
// 60 seconds between two clocks, 15 minutes before a payment is late.

import LoketCore
import Testing

struct ClassifyWindowTests {
    private static let minute: Int64 = 60_000
    private static let day = Sample.day
    private static let late = 15 * minute

    /// A bill of 150,000 that had other amounts before, and a payment of one of them.
    struct Amounts: Sendable {
        let past: [(amount: Int64, until: Int64)]
        let paid: Int64
        /// Nil if the bill never had the amount in the window.
        let isOld: Bool?

        init(_ past: [(amount: Int64, until: Int64)], paid: Int64 = 100, isOld: Bool?) {
            self.past = past
            self.paid = paid
            self.isOld = isOld
        }
    }

    /// Times are milliseconds after DOKU's date of the payment.
    static let amounts: [Amounts] = [
        // The amount was replaced within the day before the payment, or earlier.
        Amounts([(100, -1)], isOld: true), Amounts([(100, 0)], isOld: true),
        Amounts([(100, 1 - day)], isOld: true), Amounts([(100, -day)], isOld: nil),
        Amounts([(100, -day - 1)], isOld: nil), Amounts([(100, -30 * day)], isOld: nil),
        // The amount was replaced after the payment, so it was valid at its date.
        Amounts([(100, 1)], isOld: false), Amounts([(100, minute)], isOld: false),
        Amounts([(100, 10 * day)], isOld: false),
        // The current amount began shortly after the date, by our clock.
        Amounts([(100, 0)], paid: 150_000, isOld: false),
        Amounts([(100, minute)], paid: 150_000, isOld: false),
        Amounts([(100, minute + 1)], paid: 150_000, isOld: nil),
        Amounts([(100, 10 * day)], paid: 150_000, isOld: nil),
        Amounts([(100, -10 * day)], paid: 150_000, isOld: false),
        // The first amount has always been valid, the later ones have not.
        Amounts([(100, 5 * day), (200, 6 * day)], paid: 100, isOld: false),
        Amounts([(100, 5 * day), (200, 6 * day)], paid: 200, isOld: nil),
        Amounts([(100, -5 * day), (200, 1)], paid: 200, isOld: false),
        Amounts([(100, -5 * day), (200, 0)], paid: 200, isOld: true),
        Amounts([(100, minute), (200, minute + 5)], paid: 200, isOld: false),
        Amounts([(100, minute + 1), (200, minute + 5)], paid: 200, isOld: nil),
        // An amount that returned: the current one counts, then the latest within the day.
        Amounts([(150_000, -2 * day), (100, -1)], paid: 150_000, isOld: false),
        Amounts([(100, -2 * day), (200, -day), (100, -1)], paid: 100, isOld: true),
        Amounts([(100, -2 * day), (200, -1)], paid: 100, isOld: nil),
        Amounts([(100, -1), (200, 5), (100, 10)], paid: 100, isOld: false),
        // A changed expiry creates two versions with the same amount.
        Amounts([(150_000, -1)], paid: 150_000, isOld: false),
        Amounts([(150_000, minute + 1)], paid: 150_000, isOld: false),
        // Several edits at the same moment, and one by a clock that was set back.
        Amounts([(100, -1), (200, -1)], paid: 200, isOld: true),
        Amounts([(100, -1), (200, -1)], paid: 100, isOld: true),
        Amounts([(100, -1), (200, -500)], paid: 200, isOld: true),
        Amounts([(100, -1)], paid: 300, isOld: nil),
    ]

    @Test(arguments: amounts.indices)
    func `an amount counts if the bill had it in the day before`(place: Int) throws {
        let row = Self.amounts[place]
        for reusable in [false, true] {
            let bill = try Sample.bill(reusable: reusable)
            let made = Classify.classify(
                Sample.receipt(amount: row.paid),
                against: try Sample.history(bill, past: row.past),
                now: Sample.date.adding(milliseconds: 900 * Self.day))
            guard let isOld = row.isOld else {
                #expect(made.standing == .amountMismatch, "\(row)")
                continue
            }
            #expect(made.standing == .settled, "\(row)")
            #expect(made.flags == (isOld ? [.oldAmount] : []), "\(row)")
        }
    }

    @Test(arguments: [
        (Int64(-1), false), (0, false), (1, false), (late - 1, false), (late, false),
        (late + 1, true), (day, true), (-day, false),
    ])
    func `a payment is late more than 15 minutes past the expiry`(
        pastExpiry: Int64, isLate: Bool
    ) throws {
        for reusable in [false, true] {
            let expiry = Sample.date.adding(milliseconds: -pastExpiry)
            let bill = try Sample.bill(reusable: reusable, expiresAt: expiry)
            let made = Classify.classify(
                Sample.receipt(), against: try Sample.history(bill), now: Sample.date)
            #expect(made.standing == .settled)
            #expect(made.flags == (isLate ? [.late] : []))
        }
    }

    @Test(arguments: [
        (late, false), (late + 1, true), (-day, false), (0, false),
    ])
    func `a replaced bill is also late after its replacement`(
        pastReplacement: Int64, isLate: Bool
    ) throws {
        // The expiry passed and was then moved far ahead, so only the replacement counts.
        let far = Sample.date.adding(milliseconds: Self.day)
        let bill = try Sample.bill(expiresAt: far, state: .replaced)
        let made = Classify.classify(
            Sample.receipt(),
            against: try Sample.history(bill, replacedAfter: -pastReplacement),
            now: Sample.date)
        #expect(made == Classification(.settled, flags: isLate ? [.late] : [], effect: .pay))
    }

    @Test func `a replacement that was undone makes no payment late`() throws {
        let made = Classify.classify(
            Sample.receipt(),
            against: try Sample.history(Sample.bill(), replacedAfter: -Self.day),
            now: Sample.date)
        #expect(made.flags.isEmpty)
    }

    @Test func `late, old amount and a wrong code are flagged together`() throws {
        let bill = try Sample.bill(expiresAt: Sample.date.adding(milliseconds: -Self.day))
        let made = Classify.classify(
            Sample.receipt(amount: 100, code: "1"),
            against: try Sample.history(bill, past: [(100, -1)]), now: Sample.date)
        #expect(
            made
                == Classification(
                    .settled, flags: [.late, .oldAmount, .codeDiffers], effect: .pay))
    }

    @Test(arguments: [nil, "", "yesterday", "2021-08-12", "2021-08-12T07:06:28"])
    func `without a readable date the time of receipt decides`(date: String?) throws {
        let expiry = Sample.date.adding(milliseconds: Self.day)
        let history = try Sample.history(
            Sample.bill(expiresAt: expiry), past: [(100, 2 * Self.day)])
        let receipt = Sample.receipt(amount: 100, date: date)
        for (now, flags): (Int64, [PaymentFlag]) in [
            (Self.day, []), (2 * Self.day, [.late, .oldAmount]),
        ] {
            let made = Classify.classify(
                receipt, against: history, now: Sample.date.adding(milliseconds: now))
            #expect(made == Classification(.settled, flags: Set(flags), effect: .pay))
        }
        let tooLate = Classify.classify(
            receipt, against: history, now: Sample.date.adding(milliseconds: 3 * Self.day))
        #expect(tooLate == Classification(.amountMismatch, effect: .hold))
    }

    @Test func `with a readable date the time of receipt does not matter`() throws {
        let history = try Sample.history(Sample.bill(expiresAt: Sample.date), past: [(100, 5)])
        for now: Int64 in [-900, -1, 0, 1, 900] {
            let made = Classify.classify(
                Sample.receipt(amount: 100), against: history,
                now: Sample.date.adding(milliseconds: now * Self.day))
            #expect(made == Classification(.settled, effect: .pay))
        }
    }
}
