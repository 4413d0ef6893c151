// The order of the guards that depend on the bill, with every combination of faults of a bill.

import LoketCore
import Testing

struct DecideOrderTests {
    struct Standing: Sendable {
        let state: Bill.State
        let reason: String?
        /// The guard that answers before expiry and room are checked; nil: these decide.
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

    @Test(arguments: standings, [false, true])
    func `cancelled or held, then paid, then expired, then no room, then payable`(
        standing: Standing, isExpired: Bool
    ) throws {
        for hasRoom in [false, true] {
            let bill = try Sample.bill(
                invoiceNumber: String(repeating: "I", count: hasRoom ? 53 : 54),
                reusable: true, expiresAt: isExpired ? Sample.now : nil,
                state: standing.state, cancelReason: standing.reason)
            let suffix = try Sample.suffix()
            let decision = decide(
                .bill(bill), under: try Sample.terms(), now: Sample.now, suffix: suffix)
            let expected =
                standing.answer
                ?? (isExpired ? .billExpired : hasRoom ? .payable : .noRoomForSuffix)
            #expect(decision.answeredBy == expected, "has room: \(hasRoom)")
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
