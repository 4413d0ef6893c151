// The order of the guards before the look-up: of several violated guards, the first answers.

import LoketCore
import Testing

struct ScreenOrderTests {
    /// In the order of docs/using.md.
    static let order: [Guard] = [
        .serviceUnknown, .channelUnknown, .codeMalformed, .binUnknown, .lengthWrong,
        .channelNotEnabled, .paused,
    ]

    /// Screens an inquiry that violates all these guards at once.
    private func answer(whenWrong wrong: Set<Guard>) throws -> Result<PaymentCode, Guard> {
        let bin = try BIN(digits: "889651", type: .dokuExclusive, channels: [.alfa])
        let terms = try Sample.terms(
            isPaused: wrong.contains(.paused), bins: wrong.contains(.binUnknown) ? [] : [bin])
        let code = Sample.digits(wrong.contains(.lengthWrong) ? 21 : 20, startingWith: "889651")
        let channel: Channel = wrong.contains(.channelNotEnabled) ? .indomaret : .alfa
        let inquiry = Inquiry(
            speaksService: !wrong.contains(.serviceUnknown),
            channel: wrong.contains(.channelUnknown) ? nil : channel,
            paymentCode: wrong.contains(.codeMalformed) ? nil : try Sample.code(code))
        return screen(inquiry, under: terms)
    }

    @Test(arguments: zip(order, order.dropFirst()))
    func `of two successive guards that are both violated the earlier answers`(
        earlier: Guard, later: Guard
    ) throws {
        #expect(try answer(whenWrong: [later]) == .failure(later))
        #expect(try answer(whenWrong: [earlier, later]) == .failure(earlier))
    }

    @Test func `of any violated guards the first answers`() throws {
        for mask in 0..<(1 << Self.order.count) {
            let wrong = Self.order.indices.filter { mask >> $0 & 1 == 1 }.map { Self.order[$0] }
            let outcome = try answer(whenWrong: Set(wrong))
            if let first = wrong.first {
                #expect(outcome == .failure(first), "wrong: \(wrong)")
            } else {
                #expect(throws: Never.self) { try outcome.get() }
            }
        }
    }

    @Test func `a wrong length is judged by the longest BIN, though a shorter one fits`() throws {
        let bins = [
            try BIN(digits: "88965", type: .direct, channels: [.alfa, .indomaret]),
            try BIN(digits: "889651", type: .dokuExclusive, channels: [.alfa]),
        ]
        let inquiry = Inquiry(
            speaksService: true, channel: .alfa,
            paymentCode: try Sample.code(Sample.digits(21, startingWith: "889651")))
        #expect(
            screen(inquiry, under: try Sample.terms(bins: bins)) == .failure(.lengthWrong))
    }
}
