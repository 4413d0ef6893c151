// The rules of each type of BIN (docs/doku.md), at both bounds of every range.

import LoketCore
import Testing

struct BINRulesTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let digits: String
        let type: BINType
        var channels: Set<Channel> = [.alfa]
        var min: Int?
        var max: Int?
        var allowed: ClosedRange<Int>?
        var fault: BINFault?

        var testDescription: String {
            "\(type.rawValue) of \(digits.utf8.count), code_length "
                + "\(min.map(String.init) ?? "-") to \(max.map(String.init) ?? "-")"
        }
    }

    private static func exclusive(
        _ count: Int, min: Int? = nil, max: Int? = nil, allowed: ClosedRange<Int>? = nil,
        fault: BINFault? = nil
    ) -> Case {
        Case(
            digits: Sample.digits(count), type: .dokuExclusive, min: min, max: max,
            allowed: allowed, fault: fault)
    }

    private static func direct(
        _ count: Int, min: Int? = nil, max: Int? = nil, allowed: ClosedRange<Int>? = nil,
        fault: BINFault? = nil
    ) -> Case {
        Case(
            digits: Sample.digits(count), type: .direct, channels: [.alfa, .indomaret], min: min,
            max: max, allowed: allowed, fault: fault)
    }

    static let cases = [
        exclusive(1, fault: .exclusiveTooShort),
        exclusive(5, fault: .exclusiveTooShort),
        exclusive(6, allowed: 7...20),
        exclusive(7, allowed: 8...20),
        exclusive(19, allowed: 20...20),
        exclusive(20, fault: .noFreeDigit),
        exclusive(25, fault: .noFreeDigit),
        exclusive(26, fault: .noFreeDigit),

        direct(4, fault: .directNotFiveDigits),
        direct(5, allowed: 6...25),
        direct(6, fault: .directNotFiveDigits),

        exclusive(6, max: 25, allowed: 7...25),
        exclusive(6, max: 26, fault: .lengthAboveMax),
        exclusive(6, max: 7, allowed: 7...7),
        exclusive(6, max: 6, fault: .noFreeDigit),
        exclusive(6, max: 0, fault: .noFreeDigit),
        exclusive(6, max: -1, fault: .noFreeDigit),
        exclusive(6, min: 7, allowed: 7...20),
        exclusive(6, min: 6, fault: .lengthBelowFree(least: 7)),
        exclusive(6, min: 0, fault: .lengthBelowFree(least: 7)),
        exclusive(6, min: 20, allowed: 20...20),
        exclusive(6, min: 21, fault: .lengthsCrossed),
        exclusive(6, min: 21, max: 21, allowed: 21...21),
        exclusive(20, max: 21, allowed: 21...21),
        exclusive(24, max: 25, allowed: 25...25),
        exclusive(25, max: 25, fault: .noFreeDigit),

        direct(5, min: 6, max: 25, allowed: 6...25),
        direct(5, max: 26, fault: .lengthAboveMax),
        direct(5, min: 5, fault: .lengthBelowFree(least: 6)),
        direct(5, min: 25, allowed: 25...25),
        direct(5, min: 26, fault: .lengthsCrossed),
        direct(5, min: 12, max: 11, fault: .lengthsCrossed),
        direct(5, min: 12, max: 12, allowed: 12...12),

        Case(digits: "1", type: .dokuGeneral, fault: .generalIsDGPCOnly),
        Case(digits: "889651", type: .dokuGeneral, fault: .generalIsDGPCOnly),
        Case(
            digits: "889651", type: .dokuExclusive, channels: [.indomaret],
            fault: .indomaretNeedsDirect),
        Case(
            digits: "889651", type: .dokuExclusive, channels: [.alfa, .indomaret],
            fault: .indomaretNeedsDirect),
        Case(digits: "12345", type: .direct, channels: [.indomaret], allowed: 6...25),
        Case(digits: "12345", type: .direct, channels: [.alfa], allowed: 6...25),
        Case(digits: "12345", type: .direct, channels: [], fault: .noChannel),
        Case(digits: "889651", type: .dokuExclusive, channels: [], fault: .noChannel),
        Case(digits: "00000", type: .direct, allowed: 6...25),
        Case(digits: "000000", type: .dokuExclusive, allowed: 7...20),
    ]

    @Test(arguments: cases)
    func `a BIN follows the rules of its type or names the violated ones`(_ row: Case) {
        do {
            let bin = try BIN(
                digits: row.digits, type: row.type, channels: row.channels,
                codeLengthMin: row.min, codeLengthMax: row.max)
            #expect(bin.codeLength == row.allowed)
            #expect(bin.digits == row.digits)
            #expect(bin.channels == row.channels)
        } catch {
            #expect(error == row.fault)
        }
    }

    @Test(arguments: [
        "", " ", "12 45", "+1234", "-1234", "1234a", "12345\n", " 12345", "1234\u{0}",
        "\u{FF11}\u{FF12}\u{FF13}\u{FF14}\u{FF15}", "\u{661}\u{662}\u{663}\u{664}\u{665}",
        "1234\u{661}", "1234\u{301}5",
    ])
    func `a BIN is ASCII digits and nothing else`(text: String) {
        for type in BINType.allCases {
            #expect(throws: BINFault.notDigits) {
                try BIN(digits: text, type: type, channels: [.alfa])
            }
        }
    }

    @Test func `every violated rule is listed, and unknown values are not judged`() {
        func faults(
            _ digits: String?, _ type: BINType?, _ channels: Set<Channel>? = [.alfa],
            min: Int? = nil, max: Int? = nil
        ) -> [BINFault] {
            BIN.faults(
                digits: digits, type: type, channels: channels, codeLengthMin: min,
                codeLengthMax: max)
        }
        #expect(faults("12345", .direct) == [])
        #expect(
            faults("1", .dokuExclusive, [.indomaret], min: 1, max: 26)
                == [.exclusiveTooShort, .indomaretNeedsDirect, .lengthAboveMax])
        #expect(
            faults("12345", .direct, [], min: 2, max: 26)
                == [.noChannel, .lengthAboveMax, .lengthBelowFree(least: 6)])
        #expect(faults("x", .dokuGeneral, []) == [.notDigits, .generalIsDGPCOnly])
        #expect(faults(nil, .direct, min: 0, max: 26) == [.lengthAboveMax])
        #expect(faults("1", nil, [.indomaret], min: 0) == [])
        #expect(faults("889651", .dokuExclusive, nil, min: 8, max: 7) == [.lengthsCrossed])
    }

    @Test func `every fault has a different description`() {
        let faults: [BINFault] = [
            .notDigits, .generalIsDGPCOnly, .exclusiveTooShort, .directNotFiveDigits,
            .noFreeDigit, .noChannel, .indomaretNeedsDirect, .lengthBelowFree(least: 7),
            .lengthAboveMax, .lengthsCrossed,
        ]
        #expect(Set(faults.map(\.description)).count == faults.count)
        #expect(BINFault.lengthBelowFree(least: 7).description.contains("7"))
    }
}
