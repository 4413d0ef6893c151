// The amounts of a bill by date: faults of the steps, the amount at each moment, and the stored
// form.

import LoketCore
import TestSupport
import Testing

struct DatedAmountsTests {
    /// Amounts 1, 2, 3, …, which end at these milliseconds, and a last amount.
    private static func steps(_ ends: [Int64]) throws -> [DatedAmounts.Step] {
        try ends.enumerated().map { index, end in
            DatedAmounts.Step(
                amount: try #require(Rupiah(whole: Int64(index + 1))),
                until: Moment(milliseconds: end))
        }
    }

    private static func amounts(_ ends: [Int64]) throws -> DatedAmounts {
        try DatedAmounts(steps(ends), last: try #require(Rupiah(whole: Int64(ends.count + 1))))
    }

    private static func faults(_ ends: [Int64]) throws -> DatedAmounts.Faults? {
        do {
            _ = try amounts(ends)
            return nil
        } catch let faults as DatedAmounts.Faults {
            return faults
        }
    }

    // MARK: Faults

    struct Faulty: Sendable {
        let ends: [Int64]
        let faults: [DatedAmounts.Fault]

        init(_ ends: [Int64], _ faults: DatedAmounts.Fault...) {
            (self.ends, self.faults) = (ends, faults)
        }
    }

    static let faulty = [
        Faulty([2, 1], .order(1)), Faulty([1, 1], .sameTime(1)), Faulty([1, 5, 4], .order(2)),
        Faulty([1, 2, 2, 3], .sameTime(2)), Faulty([3, 2, 1], .order(1), .order(2)),
        Faulty([2, 2, 1, 1], .sameTime(1), .order(2), .sameTime(3)),
        Faulty([.max, .min], .order(1)), Faulty(Array(1...12), .tooMany),
        Faulty(Array(1...11) + [11], .tooMany, .sameTime(11)),
        Faulty(Array(0..<200), .tooMany),
    ]

    @Test(arguments: faulty.indices)
    func `steps must be in order, at different times and not too many`(place: Int) throws {
        let row = Self.faulty[place]
        #expect(try Self.faults(row.ends)?.all == row.faults)
    }

    @Test(arguments: [[], [1], [1, 2], [-5, 0, 5], [.min, .max], Array(1...11)] as [[Int64]])
    func `one to twelve amounts with ascending ends are accepted`(ends: [Int64]) throws {
        let amounts = try Self.amounts(ends)
        #expect(amounts.steps.map(\.until.milliseconds) == ends)
        #expect(amounts.steps.map(\.amount.whole) == ends.indices.map { Int64($0 + 1) })
        #expect(amounts.last.whole == Int64(ends.count + 1))
        #expect(amounts.isDated == !ends.isEmpty)
    }

    @Test func `the limit counts the last amount`() throws {
        #expect(Limits.amountStepsMax == 12)
        #expect(try Self.amounts(Array(1...11)).steps.count == 11)
    }

    @Test func `each fault is named with its place`() throws {
        #expect(
            try Self.faults([2, 2, 1])?.text
                == "amount 2 ends at the same time as amount 1; "
                + "amount 3 ends before amount 2: order the amounts by their ends")
        #expect(try Self.faults(Array(1...12))?.text == "a bill has at most 12 amounts")
        #expect(
            [DatedAmounts.Fault.tooMany, .order(1), .sameTime(7)].map(\.index) == [nil, 1, 7])
    }

    // MARK: The amount at a moment

    @Test func `an amount is valid until its end, which belongs to the next amount`() throws {
        let amounts = try Self.amounts([-1000, 0, 1, 5000])
        let table: [(Int64, Int64)] = [
            (.min, 1), (-1001, 1), (-1000, 2), (-1, 2), (0, 3), (1, 4), (2, 4), (4999, 4),
            (5000, 5), (5001, 5), (.max, 5),
        ]
        for (now, amount) in table {
            let moment = Moment(milliseconds: now)
            #expect(amounts.amount(at: moment).whole == amount, "\(now)")
        }
    }

    @Test func `a plain amount is the same at every moment and never changes`() throws {
        let amounts = try #require(DatedAmounts(whole: 150_000))
        for now in [.min, 0, 1_597_135_542_123, .max] as [Int64] {
            #expect(amounts.amount(at: Moment(milliseconds: now)).whole == 150_000)
            #expect(amounts.change(after: Moment(milliseconds: now)) == nil)
        }
        #expect(!amounts.isDated)
        #expect(amounts == (try DatedAmounts([], last: amounts.last)))
    }

    @Test func `the next change is the first end after the moment, with its amount`() throws {
        let amounts = try Self.amounts([-1000, 0, 5000])
        let table: [(now: Int64, at: Int64?, to: Int64?)] = [
            (.min, -1000, 2), (-1001, -1000, 2), (-1000, 0, 3), (-1, 0, 3), (0, 5000, 4),
            (4999, 5000, 4), (5000, nil, nil), (.max, nil, nil),
        ]
        for row in table {
            let change = amounts.change(after: Moment(milliseconds: row.now))
            #expect(change?.at.milliseconds == row.at, "\(row.now)")
            #expect(change?.to.whole == row.to, "\(row.now)")
        }
    }

    @Test func `a date ends in the last second of the day in Jakarta`() throws {
        let amounts = try Sample.dated([("2026-12-10", 150_000)], last: 165_000)
        for (text, amount): (String, Int64) in [
            ("2026-12-10T23:59:58.999+07:00", 150_000), ("2026-12-10T23:59:59+07:00", 165_000),
            ("2026-12-10T16:59:58Z", 150_000), ("2026-12-10T17:00:00Z", 165_000),
            ("2026-12-11T00:00:00+07:00", 165_000),
        ] {
            #expect(amounts.amount(at: try Sample.moment(text)).whole == amount, "\(text)")
        }
        #expect(amounts.text == "150000 until 2026-12-10T16:59:59Z, then 165000")
    }

    @Test func `every amount is contained, and no other`() throws {
        let amounts = try Self.amounts([0, 5])
        #expect(try (1...3).allSatisfy { amounts.contains(try #require(Rupiah(whole: $0))) })
        #expect(!amounts.contains(try #require(Rupiah(whole: 4))))
    }

    // MARK: The stored form

    @Test func `the stored form is read back as the same amounts`() throws {
        var random = SeededRandom(seed: 0xDA7E)
        for count in 1...11 {
            for _ in 0..<50 {
                let ends = (0..<count).map { _ in
                    Int64.random(in: Int64.min...Int64.max, using: &random)
                }
                let amounts = try Self.amounts(Set(ends).sorted())
                let stored = try #require(amounts.stored)
                #expect(DatedAmounts(stored: stored) == amounts, "\(stored)")
            }
        }
        #expect(try Self.amounts([-5, 1_000]).stored == "-5=1;1000=2;3")
        #expect(DatedAmounts(whole: 1)?.stored == nil)
    }

    @Test(arguments: [
        "", "1", "150000", ";1", "5=1;", "5=1;;2", "5=1", "=1;2", "5=;2", "5=1=1;2", "5;2",
        " 5=1;2", "5=1;2 ", "5 =1;2", "5=1; 2", "+5=1;2", "5=+1;2", "5=1;+2", "05=1;2",
        "5=01;2", "5=1;02", "-0=1;2", "5=0;2", "5=1;0", "5=-1;2", "5=1000000000000;2",
        "5=1;1000000000000", "6=1;5=2;3", "5=1;5=2;3", "5=1,2", "5.0=1;2", "5=1.0;2", "five=1;2",
        "9223372036854775808=1;2", "5=1;2\n", "５=1;2", "5=1;2\u{0}",
        "1=1;2=1;3=1;4=1;5=1;6=1;7=1;8=1;9=1;10=1;11=1;12=1;13",
    ])
    func `any text that the stored form never has is refused`(text: String) {
        #expect(DatedAmounts(stored: text) == nil)
    }

    // MARK: The beginning

    @Test(arguments: [
        // Two amounts, the first until 10 December; valid until 31 December.
        ("2026-11-01T00:00:00+07:00", nil), ("2026-12-10T23:59:58.999+07:00", nil),
        ("2026-12-10T23:59:59+07:00", "must be before 2026-12-10T23:59:59+07:00, "),
        ("2026-12-31T00:00:00+07:00", "must be before 2026-12-10T23:59:59+07:00, "),
        ("2027-01-31T00:00:00+07:00", "must be before 2026-12-10T23:59:59+07:00, "),
    ])
    func `a bill begins before its last amount does`(from: String, fault: String?) throws {
        let bill = try Sample.bill(
            amounts: Sample.dated([("2026-12-10", 150_000)], last: 165_000),
            validFrom: Sample.moment(from), expiresAt: Sample.moment("2026-12-31"))
        #expect(
            bill.validFromFault
                == fault.map { $0 + "when the last of the dated amounts begins" })
    }

    @Test(arguments: [
        ("2026-12-31T23:59:58.999+07:00", false), ("2026-12-31T23:59:59+07:00", true),
        ("2027-01-01T00:00:00+07:00", true),
    ])
    func `a bill begins before it expires`(from: String, isFaulty: Bool) throws {
        let bill = try Sample.bill(
            validFrom: Sample.moment(from), expiresAt: Sample.moment("2026-12-31"))
        let fault = "must be before the bill's expiry, 2026-12-31T23:59:59+07:00"
        #expect(bill.validFromFault == (isFaulty ? fault : nil))
    }

    @Test func `without dates, any beginning is accepted, and none is one`() throws {
        #expect(try Sample.bill().validFromFault == nil)
        #expect(try Sample.bill(validFrom: Moment(milliseconds: .max)).validFromFault == nil)
        #expect(try Sample.bill(expiresAt: Moment(milliseconds: 0)).validFromFault == nil)
        let due = try Sample.bill(validFrom: Sample.now, dueAt: Moment(milliseconds: 0))
        #expect(due.validFromFault == nil)
    }
}
