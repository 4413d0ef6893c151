// The prefix that identifies the merchant in a payment code, and DOKU's rules for each type of BIN.
// BINTable finds the BIN of a code.

/// The type of partnership that a BIN belongs to, named as DOKU names it.
package enum BINType: String, CaseIterable, Hashable, Sendable {
    /// Aggregator, shared BIN: DOKU generates the codes (DGPC) and sends the merchant no inquiries.
    case dokuGeneral = "doku_general"
    /// Aggregator, the merchant's own BIN: 6 or more digits, up to 14 free, 20 in total. Alfa only.
    case dokuExclusive = "doku_exclusive"
    /// The merchant's own BIN at the acquirer: 5 digits and up to 20 free digits.
    case direct
}

/// The reason why a BIN cannot be configured. Its description states the remedy.
package enum BINFault: Error, Equatable, CustomStringConvertible {
    case notDigits
    case generalIsDGPCOnly
    case exclusiveTooShort
    case directNotFiveDigits
    case noFreeDigit
    case noChannel
    case indomaretNeedsDirect
    case lengthBelowFree(least: Int)
    case lengthAboveMax
    case lengthsCrossed

    package var description: String {
        switch self {
        case .notDigits:
            "must be 1 to \(Limits.paymentCodeDigitsMax - 1) ASCII digits"
        case .generalIsDGPCOnly:
            "doku_general is for codes that DOKU generates (DGPC), and DOKU sends no inquiries for "
                + "them; use doku_exclusive or direct"
        case .exclusiveTooShort:
            "a doku_exclusive BIN has at least \(BIN.exclusiveDigitsMin) digits"
        case .directNotFiveDigits:
            "a direct BIN has exactly \(BIN.directDigits) digits"
        case .noFreeDigit:
            "leaves no free digit for the unique payment code"
        case .noChannel:
            "needs at least one channel: alfa, indomaret"
        case .indomaretNeedsDirect:
            "Indomaret accepts only direct BINs; remove the channel or use a direct BIN"
        case .lengthBelowFree(let least):
            "code_length.min counts the BIN too and must be at least \(least)"
        case .lengthAboveMax:
            "code_length.max must be at most \(Limits.paymentCodeDigitsMax)"
        case .lengthsCrossed:
            "code_length.min is above code_length.max"
        }
    }
}

/// A BIN that satisfies every rule of its type.
package struct BIN: Hashable, Sendable {
    package static let exclusiveDigitsMin = 6
    package static let exclusiveFreeMax = 14
    package static let exclusiveCodeMax = 20
    package static let directDigits = 5

    package let digits: String
    package let type: BINType
    package let channels: Set<Channel>
    /// The permitted number of digits of a whole code, including the BIN.
    package let codeLength: ClosedRange<Int>

    /// - Parameters:
    ///   - codeLengthMin: the shortest code, in digits with the BIN; nil for the type's default.
    ///   - codeLengthMax: the longest code, up to 25; nil for the type's default.
    /// - Throws: the first of the `faults`.
    package init(
        digits: String, type: BINType, channels: Set<Channel>,
        codeLengthMin: Int? = nil, codeLengthMax: Int? = nil
    ) throws(BINFault) {
        let faults = Self.faults(
            digits: digits, type: type, channels: channels, codeLengthMin: codeLengthMin,
            codeLengthMax: codeLengthMax)
        if let fault = faults.first { throw fault }
        let count = digits.utf8.count
        self.digits = digits
        self.type = type
        self.channels = channels
        let longest = codeLengthMax ?? Self.defaultCodeMax(type: type, binDigits: count)
        codeLength = (codeLengthMin ?? count + 1)...longest
    }

    /// Returns every rule that the values violate; `init` throws the first. A nil value, and any
    /// rule that depends on a nil value, is not checked.
    package static func faults(
        digits: String?, type: BINType?, channels: Set<Channel>?, codeLengthMin: Int?,
        codeLengthMax: Int?
    ) -> [BINFault] {
        var faults: [BINFault] = []
        let isNumber = digits.map { !$0.isEmpty && $0.utf8.allSatisfy(isASCIIDigit) }
        if isNumber == false { faults.append(.notDigits) }
        if type == .dokuGeneral { return faults + [.generalIsDGPCOnly] }

        var count = isNumber == true ? digits?.utf8.count : nil
        if let given = count, let type, let fault = lengthFault(of: type, digits: given) {
            faults.append(fault)
            count = nil
        }
        if channels?.isEmpty == true { faults.append(.noChannel) }
        if type == .dokuExclusive, channels?.contains(.indomaret) == true {
            faults.append(.indomaretNeedsDirect)
        }
        let longestAllowed = Limits.paymentCodeDigitsMax
        if let codeLengthMax, codeLengthMax > longestAllowed { faults.append(.lengthAboveMax) }
        guard let count, let type else { return faults }

        let least = count + 1
        let longest = min(
            codeLengthMax ?? defaultCodeMax(type: type, binDigits: count), longestAllowed)
        if longest < least { faults.append(.noFreeDigit) }
        if let codeLengthMin, codeLengthMin < least {
            faults.append(.lengthBelowFree(least: least))
        } else if let codeLengthMin, longest >= least, codeLengthMin > longest {
            faults.append(.lengthsCrossed)
        }
        return faults
    }

    private static func lengthFault(of type: BINType, digits: Int) -> BINFault? {
        switch type {
        case .dokuExclusive: digits < exclusiveDigitsMin ? .exclusiveTooShort : nil
        case .direct: digits != directDigits ? .directNotFiveDigits : nil
        case .dokuGeneral: nil
        }
    }

    private static func defaultCodeMax(type: BINType, binDigits: Int) -> Int {
        switch type {
        case .direct: Limits.paymentCodeDigitsMax
        case .dokuExclusive, .dokuGeneral: min(binDigits + exclusiveFreeMax, exclusiveCodeMax)
        }
    }
}
