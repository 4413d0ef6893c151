// The guards that need no bill (docs/using.md): each refuses at its bound, and accepts just inside
// the bound. ScreenOrderTests covers their order.

import LoketCore
import Testing

struct ScreenTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var speaksService = true
        var channel: Channel? = .alfa
        /// Nil if the code is malformed.
        var code: String? = Sample.codeText
        var isPaused = false
        let answer: Guard?

        init(
            _ name: String, speaksService: Bool = true, channel: Channel? = .alfa,
            code: String? = Sample.codeText, isPaused: Bool = false, answer: Guard?
        ) {
            testDescription = name
            self.speaksService = speaksService
            self.channel = channel
            self.code = code
            self.isPaused = isPaused
            self.answer = answer
        }
    }

    /// Exclusive 889651: Alfa only, length 7 to 20. Direct 12345: both, 6 to 25. Direct 54321:
    /// Indomaret only, 8 to 12.
    static func terms(isPaused: Bool) throws -> AccountRules {
        let bins = [
            try BIN(digits: "889651", type: .dokuExclusive, channels: [.alfa]),
            try BIN(digits: "12345", type: .direct, channels: [.alfa, .indomaret]),
            try BIN(
                digits: "54321", type: .direct, channels: [.indomaret], codeLengthMin: 8,
                codeLengthMax: 12),
        ]
        return try Sample.terms(isPaused: isPaused, bins: bins)
    }

    static let cases = [
        Case("all in order", answer: nil),
        Case("another service", speaksService: false, answer: .serviceUnknown),
        Case("another channel", channel: nil, answer: .channelUnknown),
        Case("no well-formed code", code: nil, answer: .codeMalformed),

        Case("no BIN of ours", code: "9999912345", answer: .binUnknown),
        Case("a BIN but for its last digit", code: "8896521234", answer: .binUnknown),
        Case("the start of a BIN only", code: "88965", answer: .binUnknown),
        Case("the BIN, but not in front", code: "08896511234", answer: .binUnknown),

        Case("exclusive, no free digit", code: "889651", answer: .lengthWrong),
        Case("exclusive, one free digit", code: "8896511", answer: nil),
        Case("exclusive, 20 digits", code: Sample.digits(20, startingWith: "889651"), answer: nil),
        Case(
            "exclusive, 21 digits", code: Sample.digits(21, startingWith: "889651"),
            answer: .lengthWrong),
        Case("direct, no free digit", code: "12345", answer: .lengthWrong),
        Case("direct, one free digit", code: "123450", answer: nil),
        Case("direct, 25 digits", code: Sample.digits(25, startingWith: "12345"), answer: nil),
        Case(
            "code_length.min - 1", channel: .indomaret, code: "5432177", answer: .lengthWrong),
        Case("code_length.min", channel: .indomaret, code: "54321777", answer: nil),
        Case("code_length.max", channel: .indomaret, code: "543217777777", answer: nil),
        Case(
            "code_length.max + 1", channel: .indomaret, code: "5432177777777",
            answer: .lengthWrong),

        Case("an Alfa BIN at Indomaret", channel: .indomaret, answer: .channelNotEnabled),
        Case("an Indomaret BIN at Alfa", code: "54321777", answer: .channelNotEnabled),
        Case("a BIN of both at Indomaret", channel: .indomaret, code: "123450", answer: nil),
        Case("paused", isPaused: true, answer: .paused),
    ]

    @Test(arguments: cases)
    func `each guard refuses at its bound and accepts just inside`(_ row: Case) throws {
        let inquiry = Inquiry(
            speaksService: row.speaksService, channel: row.channel,
            paymentCode: try row.code.map(Sample.code))
        let outcome = screen(inquiry, under: try Self.terms(isPaused: row.isPaused))
        if let answer = row.answer {
            #expect(outcome == .failure(answer))
        } else {
            #expect(outcome == .success(try Sample.code(try #require(row.code))))
        }
    }

    @Test func `for an account without BINs every code is unknown`() throws {
        let inquiry = Inquiry(
            speaksService: true, channel: .alfa, paymentCode: try Sample.code())
        let outcome = screen(inquiry, under: try Sample.terms(bins: []))
        #expect(outcome == .failure(.binUnknown))
    }
}
