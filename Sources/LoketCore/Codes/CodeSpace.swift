// The codes that can be made under one BIN: how long they are, and whether their last digit checks
// the others. Which of them are free is the store's to say.

package struct CodeSpace: Hashable, Sendable {
    /// Digits after the BIN where its rule leaves the choice: ten thousand million codes are
    /// enough not to be guessed, and few enough to be typed.
    package static let freeDigitsDefault = 10

    package let bin: String
    /// Digits of a whole code, BIN and check digit included.
    package let length: Int
    /// The last digit is Luhn's over the whole code.
    package let hasCheckDigit: Bool
    /// BINs of the account that begin with this one: codes under them are theirs.
    private let longer: [String]

    /// - Parameter table: the account's BINs.
    package init(_ bin: BIN, in table: BINTable, hasCheckDigit: Bool) {
        self.bin = bin.digits
        self.hasCheckDigit = hasCheckDigit
        let wanted = bin.digits.utf8.count + Self.freeDigitsDefault
        length = max(min(wanted, bin.codeLength.upperBound), bin.codeLength.lowerBound)
        longer = table.bins.map(\.digits)
            .filter { $0 != bin.digits && $0.utf8.starts(with: bin.digits.utf8) }
    }

    /// Digits that are left to chance.
    package var randomDigits: Int { length - bin.utf8.count - (hasCheckDigit ? 1 : 0) }

    /// - Parameter random: `randomDigits` values from 0 to 9.
    /// - Returns: nil where the code would be another BIN's.
    package func code(_ random: [UInt8]) -> PaymentCode? {
        precondition(random.count == randomDigits, "as many digits as were asked for")
        var ascii = Array(bin.utf8) + random.map { $0 + 0x30 }
        if hasCheckDigit { ascii.append(Luhn.checkDigit(for: ascii)) }
        guard let code = PaymentCode(ascii: ascii), contains(code) else { return nil }
        return code
    }

    /// Whether a code is one that could have been made here; its length is not judged, because
    /// settings change.
    package func contains(_ code: PaymentCode) -> Bool {
        code.digits.utf8.starts(with: bin.utf8) && code.digits != bin
            && !longer.contains { code.digits.utf8.starts(with: $0.utf8) }
            && (!hasCheckDigit || Luhn.isRight(code))
    }
}

/// Luhn's check digit (ISO/IEC 7812-1): finds one wrong digit, and most swapped neighbours.
package enum Luhn {
    /// The ASCII digit that follows these.
    package static func checkDigit(for ascii: [UInt8]) -> UInt8 {
        UInt8((10 - sum(ascii.reversed(), doubling: 0) % 10) % 10) + 0x30
    }

    /// Whether the last digit checks the others.
    package static func isRight(_ code: PaymentCode) -> Bool {
        sum(code.digits.utf8.reversed(), doubling: 1) % 10 == 0
    }

    /// - Parameter doubling: 0 or 1, the first place from the right whose digit counts twice.
    private static func sum(_ fromTheRight: [UInt8], doubling: Int) -> Int {
        fromTheRight.enumerated().reduce(0) { sum, place in
            let digit = Int(place.element - 0x30)
            guard place.offset % 2 == doubling else { return sum + digit }
            return sum + (digit > 4 ? 2 * digit - 9 : 2 * digit)
        }
    }
}
