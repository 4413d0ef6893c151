// The format of amounts, declared for the whole file. It is never guessed: `1.500` is fifteen
// hundred to one accountant and one and a half to another. The reason for a refusal suggests a
// format that would read the amount, but no other format is used.

import LoketCore

package enum AmountFormat: String, CaseIterable, Sendable {
    /// Digits only: `150000`.
    case plain
    /// `150.000`, `150.000,00`, `Rp150.000,00`, `Rp. 150.000,00`.
    case indonesian
    /// `150,000`, `150,000.00`, `Rp150,000.00`, `Rp. 150,000.00`.
    case english
}

extension AmountFormat {
    /// The fault of an amount in the declared format.
    enum Misfit: Error {
        case form, leadingZero, cents, zero, tooLarge
    }

    /// Returns nil unless the bytes are 1 to 999,999,999,999 rupiah in this format.
    package func amount(_ bytes: UnsafeBufferPointer<UInt8>) -> Rupiah? {
        try? read(bytes)
    }

    func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(Misfit) -> Rupiah {
        guard self != .plain else { return try rupiah(bytes[...], group: nil) }
        let (group, point) = marks
        var rest = bytes[...]
        if rest.starts(with: "Rp".utf8) {
            rest = rest.dropFirst(2)
            if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst() }
            if rest.first == 0x20 { rest = rest.dropFirst() }
        }
        let whole = rest.prefix { $0 != point }
        let cents = rest.dropFirst(whole.count).dropFirst()
        let amount = try rupiah(whole, group: group)
        guard whole.count == rest.count || cents.count == 2 else { throw .form }
        guard cents.allSatisfy(isASCIIDigit) else { throw .form }
        guard cents.allSatisfy({ $0 == UInt8(ascii: "0") }) else { throw .cents }
        return amount
    }

    /// The separator of thousands and the decimal separator.
    private var marks: (group: UInt8, point: UInt8) {
        self == .indonesian
            ? (UInt8(ascii: "."), UInt8(ascii: ",")) : (UInt8(ascii: ","), UInt8(ascii: "."))
    }

    /// Parses digits, all together or in groups of three.
    private func rupiah(
        _ text: Slice<UnsafeBufferPointer<UInt8>>, group: UInt8?
    ) throws(Misfit) -> Rupiah {
        var value: Int64 = 0
        var digits = 0
        /// The number of digits after the last separator.
        var run = 0
        var isGrouped = false
        for byte in text {
            if byte == group {
                guard isGrouped ? run == 3 : (1...3).contains(run) else { throw .form }
                isGrouped = true
                run = 0
                continue
            }
            guard isASCIIDigit(byte) else { throw .form }
            digits += 1
            run += 1
            if digits <= 15 { value = value * 10 + Int64(byte - 0x30) }
        }
        guard digits > 0, !isGrouped || run == 3 else { throw .form }
        guard text.first != UInt8(ascii: "0") || digits == 1 else { throw .leadingZero }
        guard value > 0 else { throw .zero }
        guard digits <= 15, let rupiah = Rupiah(whole: value) else { throw .tooLarge }
        return rupiah
    }
}

extension AmountFormat {
    /// Returns the amount, or throws the complete reason for the refusal.
    func amount(of cell: UnsafeBufferPointer<UInt8>) throws(Misreading) -> Rupiah {
        do throws(Misfit) {
            return try read(cell)
        } catch {
            throw Misreading(reason: reason(error, cell))
        }
    }

    private func reason(_ misfit: Misfit, _ cell: UnsafeBufferPointer<UInt8>) -> String {
        switch misfit {
        case .zero, .tooLarge:
            return "must be 1 to \(Limits.amountMax) rupiah"
        case .leadingZero:
            return "begins with a zero: write the amount without leading zeros"
        case .cents:
            return "has cents: amounts are whole rupiah, so only 00 may follow the decimal mark"
        case .form:
            if cell.isEmpty { return "is missing" }
            if cell.first == UInt8(ascii: "-") || cell.first == UInt8(ascii: "(") {
                return "is negative or not an amount: write 1 to \(Limits.amountMax) rupiah"
            }
            if let damage = SpreadsheetDamage.certain(cell) ?? SpreadsheetDamage.scientific(cell) {
                return damage
            }
            let others = Self.allCases.compactMap { other in
                other == self
                    ? nil : other.amount(cell).map { "amount_format=\(other) reads it as \($0)" }
            }
            if !others.isEmpty {
                return "is not \(example); " + others.joined(separator: ", ")
                    + ": set this option if it fits all amounts in the file"
            }
            return SpreadsheetDamage.ofNumber(cell) ?? "is not \(example)"
        }
    }

    private var example: String {
        switch self {
        case .plain: "an amount of digits only, such as 150000"
        case .indonesian: "an amount in the form 150.000, 150.000,00 or Rp150.000"
        case .english: "an amount in the form 150,000, 150,000.00 or Rp150,000"
        }
    }
}
