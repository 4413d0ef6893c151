// The classification of a payment for the bill with its invoice number: every standing and effect.

import LoketCore
import Testing

struct ClassifyTests {
    /// Long after the payment; used only if the payment has no date.
    private let now = Sample.date.adding(milliseconds: 30 * Sample.day)

    private func made(
        _ receipt: ReportedPayment, _ bill: Bill
    ) throws -> Classification {
        Classify.classify(receipt, against: try Sample.history(bill), now: now)
    }

    struct Row: Sendable {
        let state: Bill.State
        let reusable: Bool
        let amount: Int64
        let standing: Standing
        let effect: Classification.Effect

        init(
            _ state: Bill.State, reusable: Bool = false, amount: Int64 = 150_000,
            _ standing: Standing, _ effect: Classification.Effect = .none
        ) {
            self.state = state
            self.reusable = reusable
            self.amount = amount
            self.standing = standing
            self.effect = effect
        }
    }

    static let rows: [Row] = [
        Row(.open, .settled, .pay), Row(.held, .settled, .pay), Row(.replaced, .settled, .pay),
        Row(.paid, .duplicate), Row(.cancelled, .afterCancel),
        Row(.open, amount: 150_001, .amountMismatch, .hold),
        Row(.open, amount: 149_999, .amountMismatch, .hold),
        Row(.open, amount: 1, .amountMismatch, .hold),
        Row(.open, amount: 999_999_999_999, .amountMismatch, .hold),
        Row(.held, amount: 1, .amountMismatch, .hold),
        Row(.replaced, amount: 1, .amountMismatch),
        // The state is checked before the amount.
        Row(.paid, amount: 1, .duplicate), Row(.cancelled, amount: 1, .afterCancel),
        Row(.open, reusable: true, .settled), Row(.held, reusable: true, .settled),
        Row(.replaced, reusable: true, .settled), Row(.cancelled, reusable: true, .afterCancel),
        Row(.open, reusable: true, amount: 1, .amountMismatch),
        Row(.replaced, reusable: true, amount: 1, .amountMismatch),
        Row(.cancelled, reusable: true, amount: 1, .afterCancel),
    ]

    @Test(arguments: rows.indices)
    func `state, kind and amount give one standing and one effect`(place: Int) throws {
        let row = Self.rows[place]
        let bill = try Sample.bill(reusable: row.reusable, state: row.state)
        let made = try made(Sample.receipt(amount: row.amount), bill)
        #expect(made.standing == row.standing, "\(row)")
        #expect(made.effect == row.effect, "\(row)")
        #expect(made.flags.isEmpty, "\(row)")
    }

    @Test func `a reusable bill is never paid and never held`() throws {
        for state in Bill.State.allCases {
            for amount: Int64 in [150_000, 1] {
                let bill = try Sample.bill(reusable: true, state: state)
                #expect(try made(Sample.receipt(amount: amount), bill).effect == .none)
            }
        }
    }

    @Test func `only a settled payment pays, and only a mismatch holds`() throws {
        for state in Bill.State.allCases {
            for amount: Int64 in [150_000, 1] {
                let made = try made(Sample.receipt(amount: amount), Sample.bill(state: state))
                #expect((made.effect == .pay) == (made.standing == .settled))
                if made.effect == .hold { #expect(made.standing == .amountMismatch) }
            }
        }
    }

    @Test(arguments: [nil, "customer asked", Bill.paidElsewhere])
    func `the reason of a cancel makes no difference`(reason: String?) throws {
        let bill = try Sample.bill(state: .cancelled, cancelReason: reason)
        #expect(try made(Sample.receipt(), bill) == Classification(.afterCancel))
    }

    @Test(arguments: [
        (Sample.codeText, false), ("8896512345678124", true), ("08896512345678123", true),
        ("8896512345678123 ", true), ("", true), ("８８９６５１２３４５６７８１２３", true),
        (nil, false),
    ])
    func `a code other than the bill's is flagged with any standing`(
        code: String?, isFlagged: Bool
    ) throws {
        for row in Self.rows {
            let bill = try Sample.bill(reusable: row.reusable, state: row.state)
            let made = try made(Sample.receipt(amount: row.amount, code: code), bill)
            #expect(made.standing == row.standing && made.effect == row.effect)
            #expect(made.flags == (isFlagged ? [.codeDiffers] : []))
        }
    }

    @Test func `a payment with an unreadable amount never settles`() throws {
        let made = try made(Sample.receipt(amount: nil), Sample.bill())
        #expect(made == Classification(.amountMismatch, effect: .hold))
    }

    @Test(arguments: [
        (Bill.State.open, false, true), (.held, false, true), (.paid, false, false),
        (.cancelled, false, false), (.replaced, false, false), (.open, true, false),
        (.held, true, false),
    ])
    func `an unknown number holds the single-use bill that has its code`(
        state: Bill.State, reusable: Bool, holds: Bool
    ) throws {
        let holder = try Sample.bill(reusable: reusable, state: state)
        let made = Classify.classifyUnmatched(holder: holder)
        #expect(made == Classification(.unmatched, effect: holds ? .hold : .none))
    }

    @Test func `without a bill with its code an unknown number changes nothing`() {
        #expect(Classify.classifyUnmatched(holder: nil) == Classification(.unmatched))
    }

    @Test func `the standings that need a decision are stable`() {
        let decided = Standing.allCases.filter(\.needsDecision)
        #expect(
            decided == [.duplicate, .amountMismatch, .afterCancel, .unmatched, .unreadable])
        #expect(
            Standing.allCases.filter(\.isOurs)
                == [.settled, .duplicate, .amountMismatch, .afterCancel, .unmatched])
    }

    @Test func `the words of the API are stable`() {
        #expect(
            Standing.allCases.map(\.rawValue) == [
                "settled", "duplicate", "amount_mismatch", "after_cancel", "unmatched",
                "foreign", "unreadable", "not_success",
            ])
        #expect(
            PaymentFlag.allCases.map(\.rawValue) == [
                "old_amount", "late", "code_differs", "bill_damaged",
            ])
        #expect(Resolution.allCases.map(\.rawValue) == ["accept", "refunded", "dismiss"])
        #expect(
            ReportedPayment.Source.allCases.map(\.rawValue) == ["notification", "check_status"])
    }
}
