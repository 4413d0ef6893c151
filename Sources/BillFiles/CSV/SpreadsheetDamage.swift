// Detection of changes that a spreadsheet or an editor makes to a value, so that the reason for a
// refusal can name the change. Nothing is repaired.

import LoketCore

enum SpreadsheetDamage {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// Returns the damage visible in any value except a text, even in a legal invoice number.
    static func certain(_ cell: Bytes) -> String? {
        narrow(cell) ?? ofText(cell)
    }

    /// Returns the damage visible in a name or another text, where `##` may be intended.
    static func ofText(_ cell: Bytes) -> String? {
        guard let first = cell.first else { return nil }
        switch first {
        case UInt8(ascii: "#"): return error(cell)
        case UInt8(ascii: "="):
            if cell.count >= 3, cell[1] == UInt8(ascii: "\""), cell.last == UInt8(ascii: "\"") {
                return "is a formula around a text (=\"…\"): write only the text"
            }
            return "is a formula: write the value that the formula gives"
        case UInt8(ascii: "'"):
            guard cell.count > 1, isASCIIDigit(cell[1]) else { return nil }
            return "begins with an apostrophe, which a spreadsheet adds to text: remove it"
        default: return nil
        }
    }

    /// Returns the damage to a value that should be digits or a short ASCII text.
    static func ofNumber(_ cell: Bytes) -> String? {
        certain(cell) ?? spaces(cell) ?? scientific(cell) ?? leading(cell)
            ?? strangeCharacter(cell) ?? letter(cell)
    }

    /// Detects `8.9E+19`, `8,9E+19` or `8E19`: the other digits are lost.
    static func scientific(_ cell: Bytes) -> String? {
        exponential(cell) == nil ? nil : isScientific
    }

    /// Detects scientific notation as spreadsheets write it, where `12E5`, `7E-001` or `9E-2026` is
    /// legal text: a signed exponent of two or three digits; a fraction too if it is negative.
    static func lostNumber(_ cell: Bytes) -> String? {
        guard let (hasFraction, sign, digits) = exponential(cell), let sign,
            digits.count == 2 || digits.count == 3 && digits.first != UInt8(ascii: "0"),
            sign == UInt8(ascii: "+") || hasFraction
        else { return nil }
        return isScientific
    }

    private static let isScientific =
        "is in scientific notation: a spreadsheet read the value as a number and lost digits; "
        + "format the column as text and export the file again from its source"

    /// Parses one digit, an optional fraction and an exponent; returns nil for other texts.
    private static func exponential(
        _ cell: Bytes
    ) -> (hasFraction: Bool, sign: UInt8?, digits: Slice<Bytes>)? {
        var rest = cell[...]
        guard let first = rest.popFirst(), isASCIIDigit(first) else { return nil }
        let hasFraction = rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",")
        if hasFraction {
            rest.removeFirst()
            let digits = rest.prefix(while: isASCIIDigit)
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count)
        }
        guard let mark = rest.popFirst(), mark | 0x20 == UInt8(ascii: "e") else { return nil }
        let hasSign = rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-")
        let sign = hasSign ? rest.removeFirst() : nil
        guard !rest.isEmpty, rest.allSatisfy(isASCIIDigit) else { return nil }
        return (hasFraction, sign, rest)
    }

    // MARK: Individual checks

    private static func narrow(_ cell: Bytes) -> String? {
        guard cell.count > 1, cell.allSatisfy({ $0 == UInt8(ascii: "#") }) else { return nil }
        return "is only number signs, which a spreadsheet shows if a column is too narrow: "
            + "widen the column and save the file again"
    }

    private static func error(_ cell: Bytes) -> String? {
        let errors = [
            "#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!",
            "#CALC!",
        ]
        guard let error = errors.first(where: { $0.utf8.elementsEqual(cell) }) else {
            return nil
        }
        return "is the spreadsheet error \(error): correct the formula and save the file again"
    }

    static func spaces(_ cell: Bytes) -> String? {
        let isSpace = { (byte: UInt8?) in byte == 0x20 || byte == 0x09 }
        guard isSpace(cell.first) || isSpace(cell.last) else { return nil }
        return "begins or ends with a space: remove the space"
    }

    private static func leading(_ cell: Bytes) -> String? {
        guard cell.count > 1, let first = cell.first else { return nil }
        return switch first {
        case UInt8(ascii: "'"):
            "begins with an apostrophe, which a spreadsheet adds to text: remove it"
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"):
            "begins with \(Unicode.Scalar(first)), like a formula: remove it"
        case UInt8(ascii: "\""): "is in quotes twice: remove the inner quotes"
        default: nil
        }
    }

    private static func strangeCharacter(_ cell: Bytes) -> String? {
        guard cell.contains(where: { $0 >= 0x80 }) else { return nil }
        for scalar in String(decoding: cell, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0..<0x80: continue
            case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000:
                return "contains a non-breaking or other unusual space: remove the space"
            case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0xFEFF, 0xAD:
                return "contains an invisible character: type the value again"
            case 0xFF10...0xFF19:
                return "contains fullwidth digits: write the digits 0 to 9"
            case 0x2018...0x201F:
                return "contains typographic quotes: remove the quotes"
            case 0x2010...0x2015, 0x2212:
                return "contains a typographic dash: write - or remove the dash"
            default:
                if scalar.properties.numericType == .decimal {
                    return "contains digits of another script: write the digits 0 to 9"
                }
            }
        }
        return nil
    }

    /// Detects letters that look like digits among digits.
    private static func letter(_ cell: Bytes) -> String? {
        let letters = cell.filter { !isASCIIDigit($0) }
        guard letters.count < cell.count, let first = letters.first,
            letters.allSatisfy({ Array("OoIl".utf8).contains($0) })
        else { return nil }
        return first | 0x20 == UInt8(ascii: "o")
            ? "contains the letter O instead of the digit 0"
            : "contains the letter I or l instead of the digit 1"
    }

    /// Detects `8899.0`, with any number of zeros: a program stored the code as a number.
    static func fraction(_ cell: Bytes) -> String? {
        let digits = cell.prefix(while: isASCIIDigit)
        let rest = cell.dropFirst(digits.count)
        guard !digits.isEmpty, let mark = rest.first,
            mark == UInt8(ascii: ".") || mark == UInt8(ascii: ","), rest.count > 1,
            rest.dropFirst().allSatisfy({ $0 == UInt8(ascii: "0") })
        else { return nil }
        return "has a decimal part: a program changed the value to a number; format the column as "
            + "text"
    }
}
