// A payment for a bill with dated amounts that were edited, and the expected classification.

import LoketCore
import Testing

struct DatedPayment: Sendable, CustomTestStringConvertible {
    /// The amounts that a bill has from an edit on.
    struct Edit: Sendable {
        /// Nil for the amounts with which the bill was created.
        let at: String?
        let steps: [(until: String, amount: Int64)]
        let last: Int64

        init(_ at: String? = nil, _ steps: [(until: String, amount: Int64)] = [], last: Int64) {
            (self.at, self.steps, self.last) = (at, steps, last)
        }

        /// 150,000 until 10 December, 165,000 until 31 December, then 175,000.
        static let december = Edit(
            nil, [("2026-12-10", 150_000), ("2026-12-31", 165_000)], last: 175_000)

        /// The same with a higher first amount.
        static func raised(_ at: String) -> Edit {
            Edit(at, [("2026-12-10", 155_000), ("2026-12-31", 165_000)], last: 175_000)
        }
    }

    enum Verdict: Sendable {
        case settled
        /// Settled, with the flag `old_amount`.
        case oldAmount
        case mismatch
    }

    let testDescription: String
    let edits: [Edit]
    let paid: Int64
    let date: String
    let verdict: Verdict

    init(
        _ name: String, _ edits: [Edit] = [.december], paid: Int64, at date: String,
        _ verdict: Verdict
    ) {
        testDescription = name
        (self.edits, self.paid, self.date, self.verdict) = (edits, paid, date, verdict)
    }

    /// Checks the verdict for a single-use and for a reusable bill, and for any time of receipt.
    func check() throws {
        for reusable in [false, true] {
            // The time of receipt is hours later, as with Check Status.
            for hours in [0, 6, 700] as [Int64] {
                let date = try Sample.moment(self.date)
                let made = Classify.classify(
                    Sample.receipt(amount: paid, date: date.utcMillisecondText),
                    against: try Self.history(edits, reusable: reusable),
                    now: date.adding(milliseconds: hours * 3_600_000))
                let isSettled = verdict != .mismatch
                let expected = Classification(
                    isSettled ? .settled : .amountMismatch,
                    flags: verdict == .oldAmount ? [.oldAmount] : [],
                    effect: reusable ? .none : isSettled ? .pay : .hold)
                #expect(made == expected, "\(testDescription), \(hours) h")
            }
        }
    }

    /// - Parameter edits: the amounts, oldest first; the last are the bill's.
    static func history(_ edits: [Edit], reusable: Bool) throws -> BillHistory {
        let carried = try zip(edits, edits.dropFirst().map(\.at) + [nil]).map { edit, until in
            CarriedAmounts(
                try Sample.dated(edit.steps, last: edit.last), until: try until.map(Sample.moment))
        }
        let current = try #require(carried.last).amounts
        return BillHistory(
            bill: try Sample.bill(amounts: current, reusable: reusable), amounts: carried,
            replacedAt: nil)
    }
}
