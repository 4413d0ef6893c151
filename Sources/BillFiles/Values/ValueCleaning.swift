// Reads values in the form that `clean_codes` and `clean_spaces` declare: codes with separators, a
// spreadsheet's marks of a text, and spaces that a list or a form added. Each changed value is
// recorded, and a value that stays unreadable is refused as it is in the file.

import LoketCore

extension BillRowReader {
    /// Reads a code without its text mark and without spaces, dots and dashes between its digits.
    mutating func cleanedCode(_ cell: Bytes) throws(Misreading) -> PaymentCode {
        guard let digits = ValueCleaning.code(cell), let code = PaymentCode(digits) else {
            return try Self.code(cell)
        }
        note("clean_codes", .paymentCode, cell, digits)
        return code
    }

    /// Reads an invoice number without its text mark.
    mutating func cleanedInvoice(_ cell: Bytes) throws(Misreading) -> InvoiceNumber {
        guard let inner = ValueCleaning.unmarked(cell) else { return try invoice(cell) }
        let number = try invoice(inner)
        note("clean_codes", .invoiceNumber, cell, number.text)
        return number
    }

    /// Reads a cell of any column with its spaces removed, if it has such spaces.
    ///
    /// - Returns: false if the cell has none; nothing is read then.
    mutating func readCleaned(_ column: CSVColumn, _ cell: Bytes) -> Bool {
        guard let clean = ValueCleaning.spaces(cell) else { return false }
        if !clean.isEmpty {
            note("clean_spaces", column.name, cell, String(decoding: clean, as: UTF8.self))
        }
        let before = faults.count
        clean.withUnsafeBufferPointer { read(column, $0) }
        for place in before..<faults.count {
            faults[place] = RowFault(
                column: faults[place].column, value: shownValue(cell),
                reason: faults[place].reason)
        }
        return true
    }

    mutating func read(_ column: CSVColumn, _ cell: Bytes) {
        switch column {
        case .field(let column): read(column, cell)
        case .step(let column): read(column, cell)
        }
    }

    private mutating func note(
        _ option: String, _ column: BillColumn, _ cell: Bytes, _ result: String
    ) {
        note(option, column.name, cell, result)
    }
}

enum ValueCleaning {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// Returns the digits of a code; nil if nothing is to be removed, or if the cell has more than
    /// separators between digits: a sign, or the decimal part that a spreadsheet added.
    static func code(_ cell: Bytes) -> String? {
        let inner = (unmarked(cell) ?? cell)[...].trimmed
        guard let first = inner.first, let last = inner.last, isASCIIDigit(first),
            isASCIIDigit(last), SpreadsheetDamage.fraction(Bytes(rebasing: inner)) == nil
        else { return nil }
        let digits = inner.filter(isASCIIDigit)
        let rest = inner.filter { !isASCIIDigit($0) }
        guard digits.count < cell.count,
            String(decoding: rest, as: UTF8.self).unicodeScalars.allSatisfy(separators.contains)
        else { return nil }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Space, no-break space, dot and dash.
    private static let separators: Set<Unicode.Scalar> = [" ", "\u{A0}", ".", "-"]

    /// Returns the text in `="…"` or after a spreadsheet's apostrophe; nil if there is no such mark.
    static func unmarked(_ cell: Bytes) -> Bytes? {
        if cell.count > 3, cell[0] == UInt8(ascii: "="), cell[1] == UInt8(ascii: "\""),
            cell.last == UInt8(ascii: "\"")
        {
            return Bytes(rebasing: cell[2..<(cell.count - 1)])
        }
        guard cell.count > 1, cell[0] == UInt8(ascii: "'"), isASCIIDigit(cell[1]) else {
            return nil
        }
        return Bytes(rebasing: cell[1...])
    }

    /// Returns the text without white space at its ends and with one space for each other run of
    /// white space that is more than a space; nil if that is the same text, or it is no UTF-8.
    static func spaces(_ cell: Bytes) -> [UInt8]? {
        guard cell.contains(where: { $0 <= 0x20 || $0 >= 0x80 }), isUTF8(cell) else { return nil }
        let text = String(decoding: cell, as: UTF8.self)
        let words = text.split { $0.isWhitespace }
        let clean = words.joined(separator: " ")
        return clean == text ? nil : Array(clean.utf8)
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// The bytes without ASCII and no-break spaces at both ends.
    fileprivate var trimmed: Self {
        var rest = self
        while true {
            if rest.first == 0x20 || rest.first == 0x09 {
                rest = rest.dropFirst()
            } else if rest.last == 0x20 || rest.last == 0x09 {
                rest = rest.dropLast()
            } else if rest.starts(with: noBreak) {
                rest = rest.dropFirst(2)
            } else if rest.suffix(2).elementsEqual(noBreak) {
                rest = rest.dropLast(2)
            } else {
                return rest
            }
        }
    }

    private var noBreak: [UInt8] { [0xC2, 0xA0] }
}
