// The set of codes that can be generated under one BIN: their length and whether the last digit is
// a check digit. The store determines which of the codes are free.

package struct CodeSpace: Hashable, Sendable {
    /// The number of digits after the BIN where the BIN's rules permit a choice: ten billion codes
    /// are too many to guess, and ten digits are short enough to type.
    package static let freeDigitsDefault = 10

    package let bin: String
    /// The number of digits of a whole code, including the BIN and the check digit.
    package let length: Int
    /// Whether the last digit is the Luhn check digit of the whole code.
    package let hasCheckDigit: Bool
    /// The account's longer BINs that begin with this BIN; codes under them are excluded.
    private let longer: [String]

    /// - Parameter table: all BINs of the account.
    package init(_ bin: BIN, in table: BINTable, hasCheckDigit: Bool) {
        self.bin = bin.digits
        self.hasCheckDigit = hasCheckDigit
        let wanted = bin.digits.utf8.count + Self.freeDigitsDefault
        length = max(min(wanted, bin.codeLength.upperBound), bin.codeLength.lowerBound)
        longer = table.bins.map(\.digits)
            .filter { $0 != bin.digits && $0.utf8.starts(with: bin.digits.utf8) }
    }

    /// The number of random digits in a code.
    package var randomDigits: Int { length - bin.utf8.count - (hasCheckDigit ? 1 : 0) }

    /// - Parameter random: `randomDigits` values from 0 to 9.
    /// - Returns: the code with these digits; nil if it belongs to another BIN.
    package func code(_ random: [UInt8]) -> PaymentCode? {
        precondition(random.count == randomDigits, "the number of random digits is wrong")
        var ascii = Array(bin.utf8) + random.map { $0 + 0x30 }
        if hasCheckDigit { ascii.append(Luhn.checkDigit(for: ascii)) }
        guard let code = PaymentCode(ascii: ascii), contains(code) else { return nil }
        return code
    }

    /// Returns whether the code could have been generated here. The length is not checked, because
    /// the settings may have changed since.
    package func contains(_ code: PaymentCode) -> Bool {
        code.digits.utf8.starts(with: bin.utf8) && code.digits != bin
            && !longer.contains { code.digits.utf8.starts(with: $0.utf8) }
            && (!hasCheckDigit || Luhn.isRight(code))
    }
}

/// The Luhn check digit (ISO/IEC 7812-1): detects one wrong digit and most swapped neighbours.
package enum Luhn {
    /// Returns the check digit to append, in ASCII.
    package static func checkDigit(for ascii: [UInt8]) -> UInt8 {
        UInt8((10 - sum(ascii.reversed(), doubling: 0) % 10) % 10) + 0x30
    }

    /// Returns whether the code's last digit is the correct check digit.
    package static func isRight(_ code: PaymentCode) -> Bool {
        sum(code.digits.utf8.reversed(), doubling: 1) % 10 == 0
    }

    /// - Parameter doubling: 0 or 1, the index from the right of the first digit that is doubled.
    private static func sum(_ fromTheRight: [UInt8], doubling: Int) -> Int {
        fromTheRight.enumerated().reduce(0) { sum, place in
            let digit = Int(place.element - 0x30)
            guard place.offset % 2 == doubling else { return sum + digit }
            return sum + (digit > 4 ? 2 * digit - 9 : 2 * digit)
        }
    }
}
