// The order of the guards that depend on the bill, with every combination of faults of a bill.

import LoketCore
import Testing

struct DecideOrderTests {
    struct Standing: Sendable {
        let state: Bill.State
        let reason: String?
        /// The guard that answers before dates and room are checked; nil: these decide.
        let answer: Guard?
    }

    static let standings = [
        Standing(state: .cancelled, reason: nil, answer: .billCancelled),
        Standing(state: .cancelled, reason: "other", answer: .billCancelled),
        Standing(state: .cancelled, reason: Bill.paidElsewhere, answer: .billPaid),
        Standing(state: .held, reason: nil, answer: .billHeld),
        Standing(state: .paid, reason: nil, answer: .billPaid),
        Standing(state: .replaced, reason: nil, answer: .billExpired),
        Standing(state: .open, reason: nil, answer: nil),
    ]

    /// In every combination, with the bill's amounts dated or with a reusable bill.
    @Test(arguments: standings, [(false, false), (false, true), (true, false), (true, true)])
    func `cancelled or held, paid, expired, not yet valid, no room, and then payable`(
        standing: Standing, dates: (isExpired: Bool, isEarly: Bool)
    ) throws {
        let later = Sample.now.adding(milliseconds: 1)
        let dated = try Sample.dated([("2021-01-01", 150_000)], last: 165_000)
        for (hasRoom, isDated) in [(false, false), (false, true), (true, false), (true, true)] {
            let bill = try Sample.bill(
                invoiceNumber: String(repeating: "I", count: hasRoom ? 53 : 54),
                amounts: isDated ? dated : nil, reusable: !isDated,
                validFrom: dates.isEarly ? later : nil,
                expiresAt: dates.isExpired ? Sample.now : nil, dueAt: Sample.now,
                state: standing.state, cancelReason: standing.reason)
            let suffix = try Sample.suffix()
            let decision = decide(
                .bill(bill), under: try Sample.terms(), now: Sample.now, suffix: suffix)
            let expected =
                standing.answer
                ?? (dates.isExpired
                    ? .billExpired
                    : dates.isEarly ? .billNotYetValid : hasRoom ? .payable : .noRoomForSuffix)
            #expect(decision.answeredBy == expected, "room: \(hasRoom), dated: \(isDated)")
        }
    }

    /// Pauses and BINs are checked before the look-up, and not again for a found bill.
    @Test func `the bill's guards do not depend on BINs or pauses`() throws {
        let suffix = try Sample.suffix()
        let decision = decide(
            .bill(try Sample.bill()), under: try Sample.terms(isPaused: true, bins: []),
            now: Sample.now, suffix: suffix)
        #expect(decision.answeredBy == .payable)
    }
}
