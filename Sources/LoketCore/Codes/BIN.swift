// The prefix that says whose code it is, and DOKU's rules for each type of it.
// Where one BIN ends and another begins is BINTable's business.

/// The partnership behind a BIN, as DOKU names it.
package enum BINType: String, CaseIterable, Hashable, Sendable {
    /// Aggregator, shared: DOKU makes the codes (DGPC), so the merchant is never asked.
    case dokuGeneral = "doku_general"
    /// Aggregator, the merchant's own: 6 digits or more, up to 14 free, 20 in all. Alfa only.
    case dokuExclusive = "doku_exclusive"
    /// The merchant's own BIN at the acquirer: 5 digits, up to 20 free.
    case direct
}

/// Why a BIN cannot be configured. The text says what to do.
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
            "doku_general is for codes that DOKU makes (DGPC) and is never inquired here; "
                + "use doku_exclusive or direct"
        case .exclusiveTooShort:
            "a doku_exclusive BIN has at least \(BIN.exclusiveDigitsMin) digits"
        case .directNotFiveDigits:
            "a direct BIN has exactly \(BIN.directDigits) digits"
        case .noFreeDigit:
            "leaves no free digit for the unique payment code"
        case .noChannel:
            "needs at least one channel: alfa, indomaret"
        case .indomaretNeedsDirect:
            "Indomaret takes direct BINs only; remove the channel or use a direct BIN"
        case .lengthBelowFree(let least):
            "code_length.min counts the BIN too and must be at least \(least)"
        case .lengthAboveMax:
            "code_length.max must be at most \(Limits.paymentCodeDigitsMax)"
        case .lengthsCrossed:
            "code_length.min is above code_length.max"
        }
    }
}

/// A BIN that keeps every rule of its type.
package struct BIN: Hashable, Sendable {
    package static let exclusiveDigitsMin = 6
    package static let exclusiveFreeMax = 14
    package static let exclusiveCodeMax = 20
    package static let directDigits = 5

    package let digits: String
    package let type: BINType
    package let channels: Set<Channel>
    /// Digits that a whole code may have, BIN included.
    package let codeLength: ClosedRange<Int>

    /// - Parameters:
    ///   - codeLengthMin: replaces the type's shortest code; counts the BIN.
    ///   - codeLengthMax: replaces the type's longest code, up to 25.
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

    /// Every rule that these values break; `init` throws the first. What is nil is not judged,
    /// nor is what depends on it.
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
